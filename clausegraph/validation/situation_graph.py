"""Situations and findings as RDF, and the shapes that look at them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import RDF, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import turtle_files
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import Judged, unsuitable
from clausegraph.reasoning.outcomes import Judgment, Level
from clausegraph.reasoning.parts import Part

if TYPE_CHECKING:
    from clausegraph.answers.check import Subject
    from clausegraph.reasoning.situations import Situation

#: Subject, predicate and object, each an IRI.
Triple = tuple[str, str, str]
CG = Namespace(ns.CG)
SH = Namespace(ns.SH)


def situation_iri(situation: "Situation") -> str:
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
    """Yield what is said of situations, all of it IRIs; `parts` says what each state consists of."""
    for found in judged:
        node = situation_iri(found.situation)
        for prop, value in _said(library, found, parts):
            yield node, prop, value


def _said(library: Library, found: Judged, parts: Sequence[Part]) -> Iterable[tuple[str, str]]:
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


def _features(library: Library, situation: "Situation", parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield conditions on the artifact that hold or fail, with the property that says so.

    One that holds where a relation which nobody states is a merge holds for what lies in an unstated form, which is all
    that a merge changes; for anything else it is open, and neither is said.
    """
    named = [e for state in situation.states for e in parts[state].named]
    unstated = all(e.form in library.candidate_forms for e in named)
    for iri, holds in situation.features:
        if holds is not None or unstated:
            yield iri, "fails" if holds is False else "holds"


def subject_graph(subject: "Subject") -> Graph:
    """Return the situation of one work as the shapes look at it, also of a work that does not exist yet."""
    from clausegraph.reasoning.situations import Situation

    node, checked = subject.node, subject.check()
    declared = checked.judgment.declared
    assert declared is not None
    states = tuple(moved for _, moved in subject.states)
    situation = Situation(0, "", node.kind, declared, states, subject.features, 1, node.release, node.left_open)
    found = Judged(situation, checked.judgment, unsuitable(subject.library, node.kind, declared.ids))
    graph, this = Graph(), BNode()
    graph.bind("cg", CG)
    for prop, value in _said(subject.library, found, subject.trace.states.parts):
        if node.declared is not None or prop != ns.CG + "declaredLicense":
            graph.add((this, URIRef(prop), URIRef(value)))
    graph.add((this, CG.verdict, Literal(checked.verdict)))
    return graph


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


def license_types(library: Library) -> Graph:
    """Return the classes of the licenses for which declaration shapes ask."""
    graph = Graph()
    for found in library.licenses.values():
        for sort in found.sorts:
            graph.add((URIRef(found.iri), RDF.type, CG[sort]))
    return graph


def shapes_graph(*parts: str) -> Graph:
    """Return the shapes of the folders `parts` below `shapes/` (all artifact shapes by default)."""
    graph = Graph()
    for part in parts or ("artifact",):
        for path in turtle_files("shapes", part):
            graph.parse(path)
    return graph


def findings_graph(result: Any) -> Graph:
    """Return a compat result as a graph of `cg:Finding`s."""
    graph = Graph()
    graph.bind("cg", CG)
    for number, finding in enumerate(result.to_dict()["findings"], 1):
        node = URIRef(f"{ns.BASE}finding/{number}")
        graph.add((node, RDF.type, CG.Finding))
        graph.add((node, CG.code, Literal(finding["code"])))
        graph.add((node, CG.reports, URIRef(finding["clause"])))
        graph.add((node, SKOS.definition, Literal(finding["message"], lang="en")))
    return graph
