"""Two or more licenses and a reuse relation, no artifact needed: the machine contract's `compat`.

A case says which upstream licenses are reused by which relation, what is declared downstream, and
what is assumed; the answer holds the verdict, findings, obligations and alternatives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from clausegraph.ground.errors import ClausegraphError, UnknownIdentifier, UsageError
from clausegraph.ground.verdict_types import CompatAnswer
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import MISFIT, ArtifactKind, Relation
from clausegraph.library.names import Expression
from clausegraph.reasoning.asking import asked_back
from clausegraph.reasoning.judge import Judge
from clausegraph.reasoning.outcome_json import finding_dict, obligation_dict, order_findings, order_obligations
from clausegraph.reasoning.outcomes import Judgment, Outcome, Verdict
from clausegraph.reasoning.parts import Part, part_of
from clausegraph.reasoning.taken import answered_for, answered_words

#: The word of the contract that asks whether any license would do.
ANY = "any"
_FIELDS = {"id", "upstream", "upstream_artifact", "via", "downstream", "artifact", "assume", "reading"}


@dataclass(frozen=True)
class Case:
    """One question: `upstream` licenses reused `via` a relation in an artifact that declares `downstream`.

    `upstream_artifact` is the kind of what is reused; where it is not said, it is one that fits the relation.
    """

    upstream: tuple[str, ...]
    via: str
    downstream: tuple[str, ...]
    artifact: str = "model"
    upstream_artifact: str | None = None
    assume: Mapping[str, Any] = field(default_factory=dict)
    id: str | int | None = None
    reading: str = "open"
    notes: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], library: Library) -> "Case":
        """Read a case of the contract; unknown keys are noted, assumptions beside `assume` are taken in.

        Raises `UsageError` naming the key that is missing or has the wrong type.
        """
        notes = []
        assume = dict(_typed(data, "assume", Mapping, {}) or {})
        for key in data:
            if key in library.keys:
                assume.setdefault(key, data[key])
            elif key not in _FIELDS:
                notes.append(f"the key {key!r} is not known and was ignored")
        artifact = _typed(data, "artifact", str, "model")
        return cls(
            upstream=_strings(data, "upstream"),
            via=_typed(data, "via", str, None),
            downstream=_strings(data, "downstream"),
            artifact=artifact,
            upstream_artifact=_typed(data, "upstream_artifact", str, None),
            assume=assume,
            id=data.get("id"),
            reading=_typed(data, "reading", str, "open"),
            notes=tuple(notes),
        )


def _typed(data: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = data.get(key, default)
    if value is None and key == "via":
        raise UsageError("the key 'via' is missing; name a reuse relation such as 'finetune'")
    if value is not None and not isinstance(value, kind):
        raise UsageError(f"the key {key!r} takes a {kind.__name__.lower()}, not {value!r}")
    return value


def _strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key)
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, Sequence) or not value or not all(isinstance(v, str) for v in value):
        raise UsageError(f"the key {key!r} takes a list of license ids, not {value!r}")
    return tuple(value)


@dataclass(frozen=True, eq=False)
class CompatResult:
    """The answer to a case; true for compatible and conditional only."""

    case: Case
    judgment: Judgment
    alternatives: tuple[str, ...]
    library: Library
    notes: tuple[str, ...] = ()
    passed_over: tuple[Outcome, ...] = ()

    @property
    def data_version(self) -> str:
        """The version of the legal content."""
        return self.library.data_version

    @property
    def reading(self) -> str:
        """How contested law was read."""
        return self.case.reading

    @property
    def verdict(self) -> str:
        """`compatible`, `conditional`, `unknown` or `conflict`."""
        return self.judgment.verdict.name

    def __bool__(self) -> bool:
        return self.judgment.verdict.green

    def to_dict(self) -> CompatAnswer:
        """Return the answer as the contract prescribes it."""
        answer: dict[str, Any] = {} if self.case.id is None else {"id": self.case.id}
        answer |= {
            "verdict": self.verdict,
            "findings": [finding_dict(self.library, o) for o in order_findings(self.judgment)],
            "obligations": [obligation_dict(self.library, o) for o in order_obligations(self.judgment)],
            "alternatives": list(self.alternatives),
            "data_version": self.data_version,
            "schema_version": 2,
            "reading": self.reading,
            "unknown_because": list(self.judgment.reasons),
        }
        if self.passed_over:
            answer["passed_over"] = [o.clause.iri for o in self.passed_over]
        if self.notes:
            answer["notes"] = list(self.notes)
        return cast(CompatAnswer, answer)

    def to_rdf(self) -> Any:
        """Return the answer as an rdflib graph of findings."""
        from clausegraph.answers.answer_graph import findings_graph

        return findings_graph(self.to_dict()["findings"])

    def _repr_html_(self) -> str:
        from clausegraph.answers.html import table

        case = self.case
        subject = f"{' + '.join(case.upstream)} → {case.via} → {' AND '.join(case.downstream)}"
        return table(self.verdict, subject, self.to_dict()["findings"], self.data_version)


class Compat:
    """Answers cases against one library; judges are kept per set of assumptions."""

    def __init__(self, library: Library | None = None) -> None:
        self.library = library or Library.load()
        self._judge = lru_cache(maxsize=512)(self._new_judge)
        self._alternatives = lru_cache(maxsize=65536)(self._find_alternatives)
        self._candidates = tuple(Expression.of(i) for i in self.library.declarable)

    def _new_judge(self, assumptions: Assumptions) -> Judge:
        return Judge(self.library, assumptions)

    def answer(self, case: Case, *, suggest: bool = True) -> CompatResult:
        """Answer one case; raises `UnknownIdentifier` or `UsageError` where it cannot be read.

        Without `suggest` a conflict names no alternatives, for which every license of the library is judged.
        """
        relation = self.library.relation(case.via)
        kind = _known(self.library.kinds_by_spelling, "kind of artifact", case.artifact)
        fits = True
        if case.upstream_artifact is not None:
            fits = relation.fits(_known(self.library.kinds_by_spelling, "kind of artifact", case.upstream_artifact))
        upstream = [self._expression(text) for text in case.upstream]
        assumptions, notes = Assumptions.read(self.library, case.assume)
        assumptions = assumptions.with_reading(case.reading)
        if relation.family_when_alike:
            assumptions = assumptions.with_value("same_family", len(set(upstream)) == 1)
        judge = self._judge(assumptions)
        bringing = upstream if fits else [Expression.of(self.library.missing[MISFIT])]
        parts = tuple(self.part(e, r, kind) for e in bringing for r in self._relations(relation, assumptions, e))
        if any(text.strip().casefold() == ANY for text in case.downstream):
            judgment, alternatives = self._any(judge, parts, upstream)
        else:
            declared = self._expression(case.downstream[0])
            for text in case.downstream[1:]:
                declared = declared.together(self._expression(text))
            judgment = judge.judge(parts, declared)
            alternatives = ()
            if suggest and judgment.verdict is Verdict.conflict:
                alternatives = self._alternatives(assumptions, parts)
        passed = judge.passed_over(parts, judgment.declared) if judgment.declared else ()
        notes += answered_words(assumptions, answered_for(self.library, assumptions, parts))
        notes += asked_back(self.library, assumptions, parts)
        return CompatResult(case, judgment, alternatives, self.library, (*case.notes, *notes), passed)

    def _relations(self, stated: Relation, assumptions: Assumptions, upstream: Expression) -> tuple[Relation, ...]:
        """Return the stated relation, and those that assumptions about an upstream work imply beside it."""
        implied = [
            self.library.relations[key.implies]
            for key in self.library.keys.values()
            if key.implies and any(assumptions.of_license(i).value(key.name) is True for i in upstream.ids)
        ]
        return (stated, *implied)

    def part(self, expression: Expression, relation: Relation, kind: ArtifactKind) -> Part:
        """Return what an upstream expression becomes downstream: a choice of sets of encumbrances."""
        steps = (relation.name, kind.implies) if kind.implies else (relation.name,)
        options = sorted(expression.options, key=sorted)
        rows = (tuple(self.library.move(self.library.start(i), *steps) for i in sorted(option)) for option in options)
        return part_of(self.library, tuple(rows), listed=expression.listed)

    def _expression(self, text: str) -> Expression:
        found = self.library.names.expression(text)
        if found is None:
            raise self.library.names.unknown(text)
        return found

    def _any(
        self, judge: Judge, parts: tuple[Part, ...], upstream: Sequence[Expression]
    ) -> tuple[Judgment, tuple[str, ...]]:
        """Return the best judgment over all candidates, and the candidates that work."""
        together = upstream[0]
        for expression in upstream[1:]:
            together = together.together(expression)
        judged = [(judge.judge(parts, c), c) for c in dict.fromkeys((*self._candidates, together))]
        best = min(judged, key=lambda pair: pair[0].verdict)[0]
        working = tuple(str(c) for j, c in judged if j.verdict.green)
        return best, working

    def _find_alternatives(self, assumptions: Assumptions, parts: tuple[Part, ...]) -> tuple[str, ...]:
        judge = self._judge(assumptions)
        working = [(judge.judge(parts, c).verdict, str(c)) for c in self._candidates]
        return tuple(name for verdict, name in sorted(working) if verdict.green)


def _known(table: Mapping[str, Any], sort: str, name: str) -> Any:
    found = table.get(name.strip().casefold())
    if found is None:
        raise UnknownIdentifier(sort, name, table, f"Known are {', '.join(sorted(table))}.")
    return found


def compat(
    upstream: str | Sequence[str],
    via: str,
    downstream: str | Sequence[str],
    *,
    artifact: str = "model",
    upstream_artifact: str | None = None,
    reading: str = "open",
    **assume: Any,
) -> CompatResult:
    """Answer whether `upstream` may be reused `via` a relation under `downstream`.

    >>> compat("gpl-3.0", "finetune", "mit").verdict
    'conflict'
    """
    case = Case(
        (upstream,) if isinstance(upstream, str) else tuple(upstream),
        via,
        (downstream,) if isinstance(downstream, str) else tuple(downstream),
        artifact,
        upstream_artifact,
        assume,
        reading=reading,
    )
    return Compat().answer(case)


def answer_record(compat_: Compat, data: Any) -> CompatAnswer:
    """Answer a record of a batch; a record that cannot be read gives `unknown` and an `error`."""
    id_ = data.get("id") if isinstance(data, Mapping) else None
    try:
        if not isinstance(data, Mapping):
            raise UsageError(f"a case is a JSON object, not {data!r}")
        return compat_.answer(Case.from_dict(data, compat_.library)).to_dict()
    except ClausegraphError as error:
        answer: dict[str, Any] = {} if id_ is None else {"id": id_}
        answer |= {
            "verdict": Verdict.unknown.name,
            "findings": [],
            "obligations": [],
            "alternatives": [],
            "data_version": compat_.library.data_version,
            "schema_version": 2,
            "reading": "open",
            "unknown_because": [],
            "error": str(error),
        }
        return cast(CompatAnswer, answer)
