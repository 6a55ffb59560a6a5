"""Checks one artifact: verdict, because, path, do, how sure.

The artifact comes from the workspace (an id or a Hub URL), from a card or folder, or from a recipe.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausegraph.conditions import NAME_TESTS, Assumptions, name_holds
from clausegraph.judge import Judge, Part
from clausegraph.judging import SituationJudge, code_only, unsuitable
from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.outcomes import Judgment, Level, Outcome, Verdict
from clausegraph.results import finding_dict, obligation_dict, order_findings, order_obligations
from clausegraph.trace import Edge, Node, Paths, Step, Trace

if TYPE_CHECKING:
    from clausegraph.loaders.records import Artifact, Reference


@dataclass(frozen=True, slots=True)
class Note:
    """A finding about what the card says: code, license or parent, and a sentence."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, eq=False)
class CheckResult:
    """The answer for one artifact or planned work; true unless there is a conflict."""

    id: str
    kind: str
    declared: Expression | None
    judgment: Judgment
    paths: Paths
    encumbrances: tuple[str, ...]
    own_duties: tuple[Outcome, ...]
    alternatives: tuple[str, ...]
    notes: tuple[Note, ...]
    data_version: str
    parents: int = 0
    stated: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> str:
        """`compatible`, `conditional`, `unknown` or `conflict`."""
        return self.judgment.verdict.name

    def __bool__(self) -> bool:
        return self.judgment.verdict is not Verdict.conflict

    def path_of(self, outcome: Outcome) -> tuple[Step, ...]:
        """Return the path by which an outcome reached the artifact."""
        return self.paths.path(outcome.encumbrance.iri) if outcome.encumbrance else ()

    def _with_path(self, found: dict[str, Any], outcome: Outcome, whole: bool) -> dict[str, Any]:
        iri = outcome.encumbrance.iri if outcome.encumbrance else ""
        steps = self.paths.path(iri) if whole else self.paths.last_step(iri)
        found["origin"] = self.paths.origin(iri)
        found["path"] = [{"parent": s.parent, "relation": s.relation, "child": s.child} for s in steps]
        return found

    def to_dict(self, *, whole_paths: bool = True) -> dict[str, Any]:
        """Return the answer as JSON values; a path may be shortened to its last step."""
        judged = self.judgment
        return {
            "schema_version": 1,
            "id": self.id,
            "kind": self.kind,
            "declared": str(self.declared) if self.declared else None,
            "stated": list(self.stated),
            "verdict": self.verdict,
            "encumbrances": list(self.encumbrances),
            "findings": [self._with_path(finding_dict(o), o, whole_paths) for o in order_findings(judged)],
            "obligations": [self._with_path(obligation_dict(o), o, whole_paths) for o in order_obligations(judged)]
            + [obligation_dict(o) | {"origin": self.id, "path": []} for o in self.own_duties],
            "alternatives": list(self.alternatives),
            "notes": [{"code": n.code, "subject": n.subject, "message": n.message} for n in self.notes],
            "data_version": self.data_version,
        }

    def _repr_html_(self) -> str:
        from clausegraph.render.html import check_html

        return check_html(self)


def declaration_notes(library: Library, kind: str, name: str, declared: Expression | None) -> list[Note]:
    """Return what a declaration leaves open, with the codes of the declaration shapes."""
    from clausegraph.codes import declaration_codes, message_of

    if declared is None:
        return []
    notes = [
        Note(code, license_id, message_of(code))
        for license_id in sorted(declared.ids)
        for code in declaration_codes(library.licenses[license_id])
    ]
    notes += [Note("CG104", i, message_of("CG104")) for i in unsuitable(library, kind, declared.ids)]
    release = code_only(library, kind, name, declared)
    return [*notes, Note("CG105", release.weights, message_of("CG105"))] if release else notes


@dataclass(frozen=True, eq=False)
class Subject:
    """An artifact or planned work among its ancestors, about to be judged.

    `extra` is a relation by which everything on it moves once more; `named` says that the node's id is the name under
    which it is published.
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
    def features(self) -> tuple[tuple[str, bool], ...]:
        """What the artifact itself shows."""
        return _features(self.library, self.trace, self.node, self.named)

    @property
    def judge(self) -> Judge:
        """The judge under the assumptions and features of the subject."""
        return self.judges.judge_with(self.features)

    @cached_property
    def states(self) -> tuple[tuple[int, int], ...]:
        """The states that lie on it: pairs of the state that came, and what it is once it has moved."""
        move, extra = self.trace.states.move, self.extra
        lying = self.trace.states_of(self.node.id)
        return tuple((s, m) for s in lying if (m := move(s, extra) if extra else s) is not None)

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
        judgment = self.judge.judge(parts, declared)
        open_question = node.declared is None or judgment.verdict is Verdict.conflict
        possible = judges.possible(self.features, parts) if open_question else ()
        return CheckResult(
            id=node.id,
            kind=node.kind,
            declared=node.declared,
            judgment=judgment,
            paths=self.paths,
            encumbrances=tuple(self.trace.states.labels[m] for _, m in self.states),
            own_duties=own_duties(self.library, self.judge, node.declared),
            alternatives=tuple(license_id for verdict, license_id in possible if verdict <= Verdict.conditional),
            notes=(*declaration_notes(self.library, node.kind, node.id, node.declared), *self.notes),
            data_version=self.library.data_version,
            parents=len(node.edges),
            stated=self.stated,
        )


def own_duties(library: Library, judge: Judge, declared: Expression | None) -> tuple[Outcome, ...]:
    """Return the duties that the artifact's own license puts on those who pass it on."""
    if declared is None or len(declared.options) != 1:
        return ()
    starts = [library.start(i) for i in sorted(declared.ids)]
    parts = [((library.encumbrances[s],),) for s in starts if s]
    found = judge.judge(parts, declared)
    return tuple(o for o in order_obligations(found) if o.clause.kind.form == "duty" and o.level is Level.owes)


def _features(library: Library, trace: Trace, node: Node, named: bool) -> tuple[tuple[str, bool], ...]:
    """Return what the artifact itself shows: its name, and whether all parents of a merge carry one license."""
    merged = {
        trace.nodes[e.parent].declared
        for e in node.edges
        if library.relations[e.relation].family_when_alike and e.parent in trace.nodes
    }
    found = []
    for condition in library.artifact_conditions:
        if condition.operator not in NAME_TESTS:
            found.append((condition.iri, len(merged) == 1))
        elif named:
            found.append((condition.iri, name_holds(condition, node.id)))
    return tuple(found)


def card_subject(library: Library, path: Path, assumptions: Assumptions, ancestors: Any = None) -> Subject:
    """Return a local card or folder as a subject; parents are looked up by `ancestors`, if there is a workspace."""
    from clausegraph.lineage import declared_expression
    from clausegraph.load import context
    from clausegraph.loaders.card import read_card
    from clausegraph.quality import REPAIR_CODES

    artifact = read_card(path, context(lambda _: None))
    declared = declared_expression(library, artifact.licenses, artifact.license_name)
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    notes = _statement_notes(library, artifact, declared)
    for reference in _best(artifact.references):
        reason = library.names_no_artifact(reference.parent_kind, reference.parent)
        if reason:
            notes.append(Note(REPAIR_CODES["no_artifact"], reference.parent, reason))
            continue
        found = ancestors.find(reference.parent_kind, reference.parent) if ancestors else None
        if found is None:
            notes.append(Note(REPAIR_CODES["gone"], reference.parent, _missing(reference.parent)))
            continue
        for node in ancestors.nodes(found):
            nodes[node.id] = node
        edges.append(Edge(found, reference.relation))
    subject = Node(artifact.id, artifact.kind, declared, tuple(edges))
    trace = Trace(library, [*nodes.values(), subject])
    judges = SituationJudge(library, assumptions)
    return Subject(library, trace, subject, judges, tuple(notes), stated=artifact.licenses)


def _best(references: Sequence["Reference"]) -> list["Reference"]:
    """Return the references whose relation counts most for each parent: declared, the Hub's, inferred."""
    from clausegraph.loaders.records import BASES

    best: dict[tuple[str, str], int] = {}
    for one in references:
        key = (one.parent_kind, one.parent)
        best[key] = min(best.get(key, len(BASES)), BASES.index(one.basis))
    kept = [one for one in references if BASES.index(one.basis) == best[one.parent_kind, one.parent]]
    return list({(one.parent_kind, one.parent, one.relation): one for one in kept}.values())


def _statement_notes(library: Library, artifact: "Artifact", declared: Expression) -> list[Note]:
    """Return where a file beside the card says another license than the card."""
    from clausegraph.codes import message_of
    from clausegraph.quality import COMPARISON_CODES
    from clausegraph.statements import compare

    notes = []
    for one in artifact.statements:
        code = COMPARISON_CODES.get(compare(library, declared, [one.value], one.place))
        if code:
            notes.append(Note(code, f"{one.value} ({one.name or one.place})", message_of(code)))
    return notes


def _missing(parent: str) -> str:
    return f"The card names {parent}, which is not in the workspace: its terms are unknown. Load a source with it."
