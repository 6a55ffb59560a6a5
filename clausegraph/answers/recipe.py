"""Recipes: works that do not exist yet, steps that make them, and what will be published.

```yaml
works:
  corpus: {kind: dataset, license: cc-by-sa-4.0}
steps:
  - make: model
    kind: model
    license: mit            # without it, the licenses that are possible are the answer
    from: [{work: corpus, via: train}]
publish: {work: model, policy: share, form: weights}
assume: {region: DE}
```

The steps are those of one party, so that the licenses of intermediate works do not bind it; the
licenses of `works` and of artifacts that are loaded do.
"""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from clausegraph.answers.check import CheckResult, Subject
from clausegraph.answers.nodes import Artifacts
from clausegraph.ground.errors import UnknownIdentifier, UnreadableInput, UsageError
from clausegraph.ground.verdict_types import RecipeAnswer, RecipeArtifact
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.reasoning.trace import Edge, Node, Trace

#: The keys of a recipe, of a work, of a step, of what a step takes, and of what is published.
_TOP, _WORK = {"works", "steps", "publish", "assume"}, {"kind", "license"}
_STEP, _ENTRY, _PUBLISH = {"make", "kind", "license", "from"}, {"work", "via"}, {"work", "policy", "form"}


@dataclass(frozen=True, eq=False)
class RecipeResult:
    """The answer for a recipe: one check per work, and the verdict of what is published.

    True for compatible and conditional only.
    """

    works: Mapping[str, CheckResult]
    published: str | None
    data_version: str
    notes: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()

    @property
    def verdict(self) -> str:
        """The verdict of the published work, or the worst of all works."""
        if self.published is not None:
            return self.works[self.published].verdict
        return max((r.judgment.verdict for r in self.works.values()), default=Verdict.compatible).name

    def __bool__(self) -> bool:
        return Verdict[self.verdict].green

    def to_dict(self) -> RecipeAnswer:
        """Return the answer as the contract prescribes it.

        A work of which another one is made shows the last step of its paths; the step before stands at its parent.
        """
        works = {}
        for name, found in self.works.items():
            facts = found.to_dict(whole_paths=name == self.published or name not in self.used)
            works[name] = {key: value for key, value in facts.items() if key in RecipeArtifact.__annotations__}
        reading = next((found.reading for found in self.works.values()), "open")
        answer: dict[str, Any] = {"schema_version": 2, "reading": reading, "verdict": self.verdict, "works": works}
        answer["data_version"] = self.data_version
        return cast(RecipeAnswer, answer | ({"notes": list(self.notes)} if self.notes else {}))


class _Recipe:
    """A recipe while it is read; errors name the file and the key."""

    def __init__(self, library: Library, data: Any, place: str, catalogue: Artifacts | None) -> None:
        self.library = library
        self.place = place
        self.catalogue = catalogue
        self.notes: list[str] = []
        self.nodes: dict[str, Node] = {}
        self.made: list[str] = []
        self.data = self._mapping(data, "the recipe", _TOP)
        if not self.data.get("works") and not self.data.get("steps"):
            raise self.wrong(
                "it has neither `works` nor `steps`",
                "Add the works that you use and the steps that you take; `clausegraph load` reads other documents.",
            )

    def wrong(self, what: str, fix: str) -> UsageError:
        """Return an error that names the file, the place and the fix."""
        return UsageError(f"{self.place}: {what}. {fix}")

    def _mapping(self, value: Any, what: str, known: Container[str] | None = None) -> Mapping[str, Any]:
        """Return a mapping; what it says under keys that are not `known` is noted."""
        if not isinstance(value, Mapping):
            raise self.wrong(f"{what} is no mapping", "Write keys and values, as in `works: {name: {kind: model}}`.")
        for key in value:
            if known is not None and key not in known:
                self.notes.append(f"{what} has the key {key!r}, which is not known and was ignored")
        return value

    def _kind(self, value: Any, what: str) -> str:
        found = self.library.kinds_by_spelling.get(str(value).strip().casefold())
        if found is None:
            known = ", ".join(sorted(self.library.kinds_by_spelling))
            raise self.wrong(f"{what} has the kind {value!r}", f"Use one of {known}.")
        return found.name

    def _license(self, value: Any, what: str) -> Expression:
        values = value if isinstance(value, list) else [value]
        found: Expression | None = None
        for text in values:
            expression = self.library.names.expression(str(text))
            if expression is None:
                error = self.library.names.unknown(str(text))
                raise UsageError(f"{self.place}: {what}: {error}")
            found = expression if found is None else found.together(expression)
        assert found is not None
        return found

    def read_works(self) -> None:
        """Read the works that exist already."""
        for name, work in self._mapping(self.data.get("works") or {}, "`works`").items():
            facts = self._mapping(work, f"the work {name!r}", _WORK)
            declared = self._license(facts.get("license") or "none", f"the work {name!r}")
            self.nodes[str(name)] = Node(
                str(name), self._kind(facts.get("kind", "model"), f"the work {name!r}"), declared
            )

    def read_steps(self) -> None:
        """Read the steps; a step may name works, earlier steps, or artifacts that are loaded."""
        steps = self.data.get("steps") or []
        if not isinstance(steps, list):
            raise self.wrong("`steps` is no list", "Write one entry per step, each with `make` and `from`.")
        names = [str(self._mapping(s, f"step {n}").get("make", "")) for n, s in enumerate(steps, 1)]
        made = Counter(names)
        for number, (name, step) in enumerate(zip(names, steps, strict=True), 1):
            what = f"step {number} ({name or 'without a name'})"
            if not name or made[name] > 1 or name in self.nodes:
                raise self.wrong(f"{what} has no name of its own", "Give each step a `make:` that nothing else has.")
            self._mapping(step, what, _STEP)
            edges = tuple(self._edge(entry, what, made) for entry in self._entries(step, what))
            declared = self._license(step["license"], what) if step.get("license") else None
            self.nodes[name] = Node(name, self._kind(step.get("kind", "model"), what), declared, edges)
            self.made.append(name)

    def _entries(self, step: Mapping[str, Any], what: str) -> list[Any]:
        found = step.get("from") or []
        if not isinstance(found, list):
            raise self.wrong(f"`from` of {what} is no list", "Write `from: [{work: name, via: finetune}]`.")
        return found

    def _edge(self, entry: Any, what: str, steps: Container[str]) -> Edge:
        facts = self._mapping(entry, f"`from` of {what}", _ENTRY)
        work, via = str(facts.get("work", "")), str(facts.get("via", ""))
        try:
            via = self.library.relation(via).name
        except UnknownIdentifier as error:
            raise UsageError(f"{self.place}: {what} reuses {work!r}: {error}") from error
        if work in steps:
            return Edge(work, via, same_party=True)
        if work not in self.nodes:
            work = self._from_workspace(work, what)
        return Edge(work, via)

    def _from_workspace(self, work: str, what: str) -> str:
        """Take an artifact and its ancestors from the workspace, and return its address."""
        if self.catalogue is None:
            raise self.wrong(
                f"{what} uses {work!r}, which is no work of the recipe",
                "Add it to `works`, or load a source that holds it and name the --workspace.",
            )
        try:
            for node in self.catalogue.nodes(work):
                self.nodes.setdefault(node.id, node)
        except UnknownIdentifier as error:
            raise self.wrong(
                f"{what} uses {work!r}, which is no work of the recipe: {error}",
                "Add it to `works` with its kind and license.",
            ) from error
        return self.catalogue.entry(work).address


def read_recipe(path: Path) -> Any:
    """Return what a recipe in YAML or JSON says; raises `UnreadableInput` with the place of a mistake."""
    from clausegraph.loaders.document import parse_json
    from clausegraph.loaders.front_matter import load_yaml

    json_ = path.suffix.casefold() == ".json"
    try:
        return parse_json(path.read_bytes()) if json_ else load_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}. Check the path.") from error
    except (ValueError, UnicodeError) as error:
        raise UnreadableInput(f"{path}: {error}. Fix the {'JSON' if json_ else 'YAML'}.") from error


@dataclass(frozen=True, eq=False)
class Plan:
    """A recipe that was read: its works in order, each ready to be judged, and what is published."""

    subjects: Mapping[str, Subject]
    published: str | None
    made: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def last(self) -> str:
        """The work that the recipe is about: what is published, else what was made last, else the last work."""
        return self.published or (*self.subjects, *self.made)[-1]

    def check(self) -> RecipeResult:
        """Judge all works of the recipe."""
        works = {name: subject.check() for name, subject in self.subjects.items()}
        first = next(iter(self.subjects.values()))
        used = frozenset(edge.parent for node in first.trace.nodes.values() for edge in node.edges)
        return RecipeResult(works, self.published, first.library.data_version, self.notes, used)


def plan_recipe(
    library: Library, data: Any, assume: Assumptions, place: str = "recipe", catalogue: Artifacts | None = None
) -> Plan:
    """Read a recipe; raises `UsageError` with file, place and fix where it is written wrongly."""
    recipe = _Recipe(library, data, place, catalogue)
    recipe.read_works()
    recipe.read_steps()
    publish = recipe._mapping(recipe.data.get("publish") or {}, "`publish`", _PUBLISH)
    values = dict(recipe._mapping(recipe.data.get("assume") or {}, "`assume`")) | dict(assume.given)
    policy, form = publish.get("policy"), publish.get("form")
    if policy is not None and policy not in library.policies:
        raise recipe.wrong(f"`publish` has the policy {policy!r}", f"Use one of {', '.join(library.policies)}.")
    if form is not None and form not in library.publish_forms:
        raise recipe.wrong(f"`publish` has the form {form!r}", f"Use one of {', '.join(library.publish_forms)}.")
    published = publish.get("work")
    if published is not None and published not in recipe.nodes:
        raise recipe.wrong(f"`publish` names {published!r}", "Name a work or a step of the recipe.")
    base, notes = Assumptions.read(library, values)
    base = base.with_reading(assume.reading)
    trace = Trace(library, recipe.nodes.values())
    subjects = {}
    judges: dict[Assumptions, SituationJudge] = {}
    for name in [*(str(n) for n in recipe.data.get("works") or {}), *recipe.made]:
        assumptions, extra = base, None
        if name == published:
            for key, value in library.policies.get(policy or "", {}).items():
                assumptions = assumptions.with_value(key, value)
            extra = library.publish_forms.get(form or "")
        elif published is not None:
            assumptions = assumptions.with_value("distributed", False)
        if assumptions not in judges:
            judges[assumptions] = SituationJudge(library, assumptions)
        subjects[name] = Subject(library, trace, recipe.nodes[name], judges[assumptions], extra=extra, named=False)
    return Plan(subjects, published, tuple(recipe.made), (*recipe.notes, *notes))


def check_recipe(
    library: Library, data: Any, assume: Assumptions, place: str = "recipe", catalogue: Artifacts | None = None
) -> RecipeResult:
    """Judge a recipe; raises `UsageError` with file, place and fix where it is written wrongly."""
    return plan_recipe(library, data, assume, place, catalogue).check()
