"""A card or folder as the subject of a check: what it declares, and the parents that it names."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from clausegraph.answers.check import Note, Subject
from clausegraph.answers.nodes import missing_node, with_terms
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import message_of
from clausegraph.library.names import UNDECLARED, Expression
from clausegraph.library.releases import terms_of
from clausegraph.loaders.records import BASES, FILE, INFERRED, MODEL, Artifact, Reference, Rejected
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.workspace.comparisons import compare, is_text, of_the_code
from clausegraph.workspace.data_findings import COMPARISON_CODES, REPAIR_CODES, comparison_reasons
from clausegraph.workspace.missing import is_identifier


def card_subject(
    library: Library,
    path: Path,
    assumptions: Assumptions,
    ancestors: Any = None,
    reject: Callable[[Rejected], None] = lambda _: None,
) -> Subject:
    """Return a local card or folder as a subject; parents are looked up by `ancestors`, if there is a workspace.

    `reject` gets what is put aside, with file, line and reason.

    It is a work of the user's own: while it is not given to others, it needs no license.
    """
    from clausegraph.loaders.card import read_card
    from clausegraph.workspace.context import context, date_of

    artifact = read_card(path, context(reject))
    declared: Expression | None = library.names.stated(artifact.licenses, artifact.license_name)
    assert declared is not None
    notes, left_open = _statement_notes(library, artifact, declared)
    nodes, edges, said = _parents(library, artifact, ancestors)
    notes += said
    if declared == Expression.of(UNDECLARED) and assumptions.value("distributed") is False:
        declared = None
    subject = Node(artifact.id, artifact.kind, declared, edges, left_open=left_open)
    if artifact.kind == MODEL and declared is not None:
        owner, _, name = artifact.id.rpartition("/")
        terms = terms_of(library, name, owner, declared, date_of(path))
        subject = with_terms(library, subject, terms.expression, terms.code_only.iri if terms.code_only else None)
    trace = Trace(library, [*nodes, subject])
    judges = SituationJudge(library, assumptions)
    return Subject(library, trace, subject, judges, tuple(notes), stated=artifact.licenses)


def _parents(
    library: Library, artifact: Artifact, ancestors: Any
) -> tuple[tuple[Node, ...], tuple[Edge, ...], list[Note]]:
    """Return the ancestors that a card names, the edges to them, and what is told of how they are named."""
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    told = _told(artifact.references, ancestors)
    notes = [Note(REPAIR_CODES["form"], stated, f"read as {id_}") for stated, id_ in told[1]]
    for reference in _best(told[0]):
        if (reference.parent_kind, reference.parent) == (artifact.kind, artifact.id):
            code = REPAIR_CODES["self_loop"]
            notes.append(Note(code, reference.parent, message_of(code)))
            continue
        relation, guess = _judged_relation(library, reference)
        reason = library.names_no_artifact(reference.parent_kind, reference.parent)
        found = _look_up(ancestors, reference) if ancestors and not reason else None
        if found is not None:
            nodes |= {node.id: node for node in ancestors.nodes(found)}
            edges[Edge(found, relation, inferred=guess)] = None
        elif reason and not library.relations[reference.relation].needs_upstream and reference.parent:
            notes.append(Note(REPAIR_CODES["no_artifact"], reference.parent, reason))
        elif not _named_elsewhere(reference, told[0]):
            lost = missing_node(library, reference.parent_kind, reference.parent, unnamed=bool(reason))
            nodes[lost.id] = lost
            edges[Edge(lost.id, relation, inferred=guess)] = None
    return tuple(nodes.values()), tuple(edges), notes


def _judged_relation(library: Library, reference: Reference) -> tuple[str, str | None]:
    """Return the relation along which a reference is judged, and the one that tags suggest where none is stated."""
    if reference.basis != INFERRED or reference.place == FILE or reference.parent_kind != MODEL:
        return reference.relation, None
    return library.unstated["base_model"].name, reference.relation


def _named_elsewhere(reference: Reference, references: Sequence[Reference]) -> bool:
    """Say whether a path in a file, or no name at all, stands beside a base that the card names."""
    if reference.place != FILE or is_identifier(reference.parent):
        return False
    return any(r.parent_kind == MODEL and r.place != FILE and is_identifier(r.parent) for r in references)


def _told(references: Sequence[Reference], ancestors: Any) -> tuple[list[Reference], list[tuple[str, str]]]:
    """Return references with the identifiers that they mean, and what is stated in another form with what it means."""
    from clausegraph.loaders.forms import meant

    plain: list[Reference] = []
    told: list[tuple[str, str]] = []
    for reference in references:
        kind, stated = reference.parent_kind, reference.parent
        known = _look_up(ancestors, reference) if ancestors and stated else None
        ids = () if known is not None else meant(kind, stated)
        plain += [replace(reference, parent=id_) for id_ in ids] or [reference]
        told += [(stated, id_) for id_ in ids if id_ != stated]
    return plain, list(dict.fromkeys(told))


def _look_up(ancestors: Any, reference: Reference) -> str | None:
    """Return the address of a parent, or `None`; the Hub is asked only for what the card names, not files beside it."""
    found: str | None = ancestors.find(reference.parent_kind, reference.parent, ask=reference.place != FILE)
    return found


def _best(references: Sequence[Reference]) -> list[Reference]:
    """Return the references whose relation counts most for each parent: declared, the Hub's, inferred."""
    best: dict[tuple[str, str], int] = {}
    for one in references:
        key = (one.parent_kind, one.parent)
        best[key] = min(best.get(key, len(BASES)), BASES.index(one.basis))
    kept = [one for one in references if BASES.index(one.basis) == best[one.parent_kind, one.parent]]
    return list({(one.parent_kind, one.parent, one.relation): one for one in kept}.values())


def _statement_notes(library: Library, artifact: Artifact, declared: Expression) -> tuple[list[Note], tuple[str, ...]]:
    """Return where a file beside the card says another license, and the reasons for which that leaves terms open."""
    notes, reasons = [], []
    model = artifact.id.rpartition("/")[2] if artifact.kind == MODEL else None
    for one in artifact.statements:
        found = compare(library, declared, [one.value], one.place, more=one.more, text=is_text(one.name))
        if found == "file_differs" and not one.more and of_the_code(library, model, declared, [one.value]):
            continue
        code = COMPARISON_CODES.get(found)
        if code:
            notes.append(
                Note(code, " ".join(filter(None, (one.value, f"({one.name or one.place})"))), message_of(code))
            )
            reasons += [r for c, r in comparison_reasons(library).items() if c == found]
    return notes, tuple(sorted(set(reasons)))
