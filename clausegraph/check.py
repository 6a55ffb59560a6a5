"""Checks one artifact: verdict, because, path, do, how sure.

The artifact comes from the workspace (an id or a Hub URL), from a card or folder, or from a recipe.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausegraph.conditions import NAME_TESTS, Assumptions, name_holds
from clausegraph.judge import Judge
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


def judge_node(
    library: Library,
    trace: Trace,
    node: Node,
    judges: SituationJudge,
    *,
    notes: Sequence[Note] = (),
    extra: str | None = None,
    stated: tuple[str, ...] = (),
    named: bool = True,
) -> CheckResult:
    """Judge one node of a trace.

    `extra` is a relation by which everything on it moves once more; `named` says that the node's id
    is the name under which it is published.
    """
    features = _features(library, trace, node, named)
    judge = judges.judge_with(features)
    lying = list(trace.states_of(node.id))
    moved = [(s, m) for s in lying if (m := trace.states.move(s, extra) if extra else s) is not None]
    parts = [trace.states.parts[m] for _, m in moved]
    declared = node.declared or Expression.of(judges.possible(features, parts)[0][1])
    judgment = judge.judge(parts, declared)
    origins = {e.iri: state for state, target in moved for option in trace.states.parts[target] for e in option}
    open_question = node.declared is None or judgment.verdict is Verdict.conflict
    possible = judges.possible(features, parts) if open_question else ()
    return CheckResult(
        id=node.id,
        kind=node.kind,
        declared=node.declared,
        judgment=judgment,
        paths=Paths(trace, node.id, origins),
        encumbrances=tuple(trace.states.labels[m] for _, m in moved),
        own_duties=own_duties(library, judge, node),
        alternatives=tuple(license_id for verdict, license_id in possible if verdict <= Verdict.conditional),
        notes=(*declaration_notes(library, node.kind, node.id, node.declared), *notes),
        data_version=library.data_version,
        parents=len(node.edges),
        stated=stated,
    )


def own_duties(library: Library, judge: Judge, node: Node) -> tuple[Outcome, ...]:
    """Return the duties that the artifact's own license puts on those who pass it on."""
    if node.declared is None or len(node.declared.options) != 1:
        return ()
    starts = [library.start(i) for i in sorted(node.declared.ids)]
    parts = [((library.encumbrances[s],),) for s in starts if s]
    found = judge.judge(parts, node.declared)
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


def check_card(library: Library, path: Path, assumptions: Assumptions, ancestors: Any = None) -> CheckResult:
    """Check a local card or folder; parents are looked up by `ancestors`, if there is a workspace."""
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
    return judge_node(
        library, trace, subject, SituationJudge(library, assumptions), notes=notes, stated=artifact.licenses
    )


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
