"""Checks one artifact: verdict, because, path, do, how sure.

The artifact comes from the workspace (an id or a Hub URL), from a card or folder, or from a recipe.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from clausegraph.ground.verdict_types import CheckAnswer
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.asking import asked_back
from clausegraph.reasoning.features import features_of
from clausegraph.reasoning.judge import Judge
from clausegraph.reasoning.judge_situation import Features, SituationJudge, unsuitable
from clausegraph.reasoning.outcome_json import finding_dict, obligation_dict, order_findings, order_obligations
from clausegraph.reasoning.outcomes import Judgment, Level, Outcome, Verdict
from clausegraph.reasoning.parts import Part
from clausegraph.reasoning.taken import answered_for, answered_words
from clausegraph.reasoning.trace import Node, Paths, Step, Trace

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Note:
    """A finding about what the card or a file says: code, the value at issue, and a sentence."""

    code: str
    subject: str
    message: str

    def finding(self) -> dict[str, Any]:
        """Return it in the form of the other findings; it rests on no clause."""
        from clausegraph.library.codes import codes

        nothing = dict.fromkeys(("license", "section", "clause", "kind", "mode", "certainty", "reading"))
        head = {"code": self.code, "severity": codes()[self.code].severity, **nothing}
        said = {"title": codes()[self.code].name, "message": f"{self.subject}: {self.message}", "remedy": ""}
        return head | said | {"subject": self.subject}


@dataclass(frozen=True, eq=False)
class CheckResult:
    """The answer for one artifact or planned work; true for compatible and conditional only.

    `reading` is how contested law was read; `missing` are the ancestors of which nothing but their name is
    known, each with the node that stands for its license.
    `passed_over` are contested clauses that a lenient reading let go; `taken` says for whom answers about one licensor
    were taken, and asks back where a like question is open. `known` are the works whose license
    comes from known artifacts or from the Hub: the day, the source that was read, and who told it; `gaps` says why the
    Hub told nothing of others.
    """

    library: Library
    id: str
    kind: str
    declared: Expression | None
    judgment: Judgment
    paths: Paths
    encumbrances: tuple[str, ...]
    own_duties: tuple[Outcome, ...]
    alternatives: tuple[str, ...]
    notes: tuple[Note, ...]
    parents: int = 0
    stated: tuple[str, ...] = ()
    reading: str = "open"
    missing: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[Outcome, ...] = ()
    taken: tuple[str, ...] = ()
    known: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`compatible`, `conditional`, `unknown` or `conflict`."""
        return self.judgment.verdict.name

    def __bool__(self) -> bool:
        return self.judgment.verdict.green

    @property
    def data_version(self) -> str:
        """The version of the legal content."""
        return self.library.data_version

    def origin_of(self, outcome: Outcome) -> str | None:
        """Return the artifact from which an outcome came: itself for what its own license says."""
        if outcome.own:
            return self.id
        return self.paths.origin(outcome.encumbrance.iri) if outcome.encumbrance else None

    def path_of(self, outcome: Outcome) -> tuple[Step, ...]:
        """Return the path by which an outcome reached the artifact."""
        return self.paths.path(outcome.encumbrance.iri) if outcome.encumbrance and not outcome.own else ()

    def _with_path(self, found: dict[str, Any], outcome: Outcome, whole: bool) -> dict[str, Any]:
        iri = outcome.encumbrance.iri if outcome.encumbrance and not outcome.own else ""
        steps = self.paths.path(iri) if whole else self.paths.last_step(iri)
        found["origin"] = self.origin_of(outcome)
        named = [work for work, license_id in self.missing.items() if license_id == outcome.clause.license]
        if outcome.gap and named:
            found["origins"] = named
            found["message"] = f"{', '.join(named)}: {found['message']}"
        found["path"] = [_step(s) for s in steps]
        return found

    def findings(self, *, whole_paths: bool = True) -> list[dict[str, Any]]:
        """Return all findings, those about clauses first: the one list that every format shows."""
        ordered = order_findings(self.judgment)
        about = [self._with_path(finding_dict(self.library, o), o, whole_paths) for o in ordered]
        return about + [note.finding() | {"origin": self.id, "path": []} for note in self.notes]

    def to_dict(self, *, whole_paths: bool = True) -> CheckAnswer:
        """Return the answer as JSON values; a path may be shortened to its last step."""
        judged = self.judgment
        return cast(
            CheckAnswer,
            {
                "schema_version": 2,
                "id": self.id,
                "kind": self.kind,
                "declared": str(self.declared) if self.declared else None,
                "stated": list(self.stated),
                "reading": self.reading,
                "passed_over": [o.clause.iri for o in self.passed_over],
                "verdict": self.verdict,
                "unknown_because": list(judged.reasons),
                "encumbrances": list(self.encumbrances),
                "missing": sorted(self.missing),
                "findings": self.findings(whole_paths=whole_paths),
                "obligations": [
                    *(
                        self._with_path(obligation_dict(self.library, o), o, whole_paths)
                        for o in order_obligations(judged)
                    ),
                    *(obligation_dict(self.library, o) | {"origin": self.id, "path": []} for o in self.own_duties),
                ],
                "alternatives": list(self.alternatives),
                "notes": [{"code": n.code, "subject": n.subject, "message": n.message} for n in self.notes],
                "data_version": self.data_version,
                "taken": list(self.taken),
                "known_artifacts": [
                    {"id": id_, "day": day, "source": source, "by": by} for id_, (day, source, by) in self.known.items()
                ],
                "gaps": [{"id": id_, "reason": reason} for id_, reason in self.gaps.items()],
            },
        )

    def _repr_html_(self) -> str:
        from clausegraph.answers.html import table

        return table(self.verdict, self.id, self.to_dict()["findings"], self.data_version)


def _step(step: Step) -> dict[str, str]:
    """Return a step; the relation that tags suggest is told where none is stated."""
    found = {"parent": step.parent, "relation": step.relation, "child": step.child}
    return found | ({"inferred": step.inferred} if step.inferred else {})


def declaration_notes(library: Library, node: Node) -> list[Note]:
    """Return what is odd about a declaration: a license on the wrong kind of thing, or of the code only."""
    from clausegraph.library.codes import message_of
    from clausegraph.workspace.data_findings import CODE_ONLY, UNSUITABLE

    if node.declared is None:
        return []
    notes = [Note(UNSUITABLE, i, message_of(UNSUITABLE)) for i in unsuitable(library, node.kind, node.declared.ids)]
    if node.release and node.terms:
        notes.append(Note(CODE_ONLY, str(node.terms), message_of(CODE_ONLY)))
    return notes


@dataclass(frozen=True, eq=False)
class Subject:
    """An artifact or planned work among its ancestors, about to be judged.

    `extra` is a relation by which everything on it moves once more; `named` says that the node's id is the name under
    which it is published. A node that declares `None` is judged under the best license that there is.
    """

    library: Library
    trace: Trace
    node: Node
    judges: SituationJudge
    notes: tuple[Note, ...] = ()
    extra: str | None = None
    stated: tuple[str, ...] = ()
    named: bool = True

    @cached_property
    def features(self) -> Features:
        """What the artifact itself shows."""
        return features_of(self.library, self.trace, self.node, self.named)

    @property
    def judge(self) -> Judge:
        """The judge under the assumptions and features of the subject; what is open does not hold for it."""
        return self.judges.judge_with(self.features)

    def judged(self, declared: Expression, left_open: tuple[str, ...] = ()) -> Judgment:
        """Judge the subject as if it declared a license."""
        return self.judges.judgment(self.features, self.parts, declared, left_open)

    @cached_property
    def states(self) -> tuple[tuple[int, int], ...]:
        """The states that encumber it: pairs of the state that came, and what it is once it has moved."""
        move, extra = self.trace.states.move, self.extra
        held = self.trace.states_of(self.node.id)
        return tuple((s, m) for s in held if (m := move(s, extra) if extra else s) is not None)

    @property
    def parts(self) -> list[Part]:
        """What is judged."""
        return [self.trace.states.parts[moved] for _, moved in self.states]

    @cached_property
    def paths(self) -> Paths:
        """How encumbrances came to it."""
        parts = self.trace.states.parts
        origins = {e.iri: state for state, moved in self.states for option in parts[moved] for e in option}
        return Paths(self.trace, self.node.id, origins)

    def _ancestors(self) -> Iterable[Node]:
        """Return what the node was made from, directly and further up, each once."""
        found: dict[str, None] = {}
        queue = [self.node.id]
        while queue:
            current = self.trace.nodes.get(queue.pop())
            fresh = [e.parent for e in current.edges if e.parent not in found] if current else []
            found |= dict.fromkeys(fresh)
            queue += fresh
        return [self.trace.nodes[i] for i in sorted(found) if i in self.trace.nodes]

    def without(self, works: Iterable[str], *, permitted: bool = False) -> "Subject":
        """Return the subject as it would be without some ancestors, or with a permission of their licensors."""
        gone = frozenset(works)
        nodes = []
        for node in self.trace.nodes.values():
            if permitted and node.id in gone:
                nodes.append(replace(node, declared=None))
            elif node.id not in gone:
                nodes.append(replace(node, edges=tuple(e for e in node.edges if permitted or e.parent not in gone)))
        trace = Trace(self.library, nodes)
        return replace(self, trace=trace, node=trace.nodes[self.node.id])

    def check(self) -> CheckResult:
        """Judge the subject under what it declares."""
        node, judges, parts = self.node, self.judges, self.parts
        declared = node.declared or Expression.of(judges.possible(self.features, parts)[0][1])
        judgment = self.judged(declared, node.left_open)
        open_question = node.declared is None or judgment.verdict is Verdict.conflict
        possible = judges.possible(self.features, parts) if open_question else ()
        return CheckResult(
            library=self.library,
            id=node.id,
            kind=node.kind,
            declared=node.declared,
            judgment=judgment,
            paths=self.paths,
            encumbrances=tuple(self.trace.states.labels[m] for _, m in self.states),
            own_duties=own_duties(self.library, self.judge, node.declared),
            alternatives=tuple(license_id for verdict, license_id in possible if verdict.green),
            notes=(*declaration_notes(self.library, node), *self.notes),
            parents=len(node.edges),
            stated=self.stated,
            reading=judges.given.reading,
            taken=(
                *answered_words(judges.given, answered_for(self.library, judges.given, parts)),
                *asked_back(self.library, judges.given, parts),
            ),
            missing={n.id: min(n.declared.ids) for n in self._ancestors() if not n.known and n.declared},
            passed_over=self.judge.passed_over(parts, declared),
        )


def own_duties(library: Library, judge: Judge, declared: Expression | None) -> tuple[Outcome, ...]:
    """Return the duties that the artifact's own license puts on those who pass it on."""
    if declared is None or len(declared.options) != 1:
        return ()
    parts = [Part(((library.encumbrances[s],),)) for i in sorted(declared.ids) if (s := library.start(i))]
    found = judge.judge(parts, declared)
    return tuple(o for o in order_obligations(found) if o.clause.kind.form == "duty" and o.level is Level.owes)
