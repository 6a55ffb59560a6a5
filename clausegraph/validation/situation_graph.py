"""Situations as RDF: what the shapes look at."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rdflib import XSD, Graph

from clausegraph.ground import namespaces as ns
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import Judged
from clausegraph.reasoning.outcomes import Judgment, Level
from clausegraph.reasoning.parts import Part
from clausegraph.reasoning.situations import Situation

#: Subject, predicate and object, each an IRI.
Triple = tuple[str, str, str]


def situation_iri(situation: Situation) -> str:
    """Return the IRI of a situation, the same in every audit."""
    return ns.SITUATION + situation.key


def expression_iris(library: Library, expression: Expression) -> list[str]:
    """Return the licenses of an expression; a choice is shown by all its members."""
    return sorted(library.licenses[i].iri for i in expression.ids)


def encumbrance_iris(part: Part) -> list[str]:
    """Return the IRIs of the encumbrances in a state, all options taken together and families as they are named."""
    return [e.iri for e in part.named]


def binding_triples(part: Part) -> Iterable[tuple[str, str]]:
    """Yield (property, clause) for the clauses that bind, or may bind, in a state."""
    for encumbrance in part.named:
        for clause in encumbrance.binds:
            yield ns.CG + "boundBy", clause.iri
        for clause in encumbrance.may_bind:
            yield ns.CG + "mayBeBoundBy", clause.iri


def judgment_triples(judgment: Judgment) -> Iterable[tuple[str, str]]:
    """Yield (property, clause) for what a judgment says: duties, met or not, and breaches by kind.

    That a work declares nothing, or nothing that is known, is seen in its declaration.
    """
    for outcome in judgment.outcomes:
        kind, clause = outcome.clause.kind, outcome.clause.iri
        if outcome.own and kind.own_number:
            continue
        if outcome.level is Level.owes or kind.form == "duty":
            yield ns.CG + "owes", clause
        if outcome.level is Level.breaches and kind.breaches:
            yield kind.breaches, clause
        elif outcome.level is Level.may and kind.may_breach:
            yield kind.may_breach, clause
        elif outcome.level is Level.would and kind.would_breach:
            yield kind.would_breach, clause


def situation_triples(library: Library, judged: Iterable[Judged], parts: Sequence[Part]) -> Iterator[Triple]:
    """Yield the description of situations, all of it IRIs; `parts` says what each state consists of."""
    for found in judged:
        node = situation_iri(found.situation)
        for prop, value in situation_statements(library, found, parts):
            yield node, prop, value


def situation_statements(library: Library, found: Judged, parts: Sequence[Part]) -> Iterable[tuple[str, str]]:
    """Return each (property, value) of a situation once."""
    said = [(ns.RDF_TYPE, ns.CG + "Situation"), (ns.CG + "artifactKind", ns.ARTIFACT_KIND + found.situation.kind)]
    said += [(ns.CG + "declaredLicense", iri) for iri in expression_iris(library, found.situation.declared)]
    for state in found.situation.states:
        said += [(ns.CG + "encumbrance", iri) for iri in encumbrance_iris(parts[state])]
        said += binding_triples(parts[state])
    said += [(ns.CG + holds, iri) for iri, holds in _features(library, found.situation, parts)]
    said += [(ns.CG + "isUnsuitable", library.licenses[i].iri) for i in found.unsuitable]
    if found.situation.release:
        said.append((ns.CG + "declaresCodeOnly", found.situation.release))
    said += [(ns.CG + "leavesOpen", ns.REASON + reason) for reason in found.situation.left_open]
    said += judgment_triples(found.judgment)
    return dict.fromkeys(said)


def _features(library: Library, situation: Situation, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield conditions on the artifact that hold or fail, with the property that says so.

    One that holds where a relation which nobody states is a merge holds for what lies in an unstated form, which is all
    that a merge changes; for anything else it is open, and neither property is given.
    """
    named = [e for state in situation.states for e in parts[state].named]
    unstated = all(e.form in library.candidate_forms for e in named)
    for iri, holds in situation.features:
        if holds is not None or unstated:
            yield iri, "fails" if holds is False else "holds"


def write_ntriples(triples: Iterable[Triple], target: Path) -> None:
    """Write triples of IRIs as N-Triples."""
    with target.open("w", encoding="utf-8") as out:
        out.writelines(f"<{s}> <{p}> <{o}> .\n" for s, p, o in triples)


def write_turtle(graph: Graph, target: Path) -> None:
    """Write a graph as Turtle; Oxigraph does it in a fifth of the time that rdflib takes."""
    import pyoxigraph as ox

    prefixes = {"sh": ns.SH, "cg": ns.CG, "cg-sh": ns.SHAPES, "situation": ns.SITUATION, "xsd": str(XSD)}
    lines = sorted(graph.serialize(format="nt", encoding="utf-8").splitlines())
    parsed = ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    ox.serialize(parsed, str(target), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
