"""Situations and findings as RDF, and the shapes that look at them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from clausegraph import namespaces as ns
from clausegraph.files import turtle_files
from clausegraph.judge import Part
from clausegraph.judging import Judged
from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.outcomes import Judgment, Level

CG = Namespace(ns.CG)
SH = Namespace("http://www.w3.org/ns/shacl#")


def situation_iri(number: int) -> str:
    """Return the IRI of a situation of one audit."""
    return f"{ns.SITUATION}{number}"


def expression_iris(library: Library, expression: Expression) -> list[str]:
    """Return the licenses of an expression; a choice is shown by all its members."""
    return sorted(library.licenses[i].iri for i in expression.ids)


def encumbrance_iris(part: Part) -> list[str]:
    """Return the IRIs of the encumbrances in a state, all options taken together."""
    return [e.iri for option in part for e in option]


def binding_triples(part: Part) -> Iterable[tuple[str, str]]:
    """Yield (property, clause) for the clauses that bind, or may bind, in a state."""
    for option in part:
        for encumbrance in option:
            for clause in encumbrance.binds:
                yield ns.CG + "boundBy", clause.iri
            for clause in encumbrance.may_bind:
                yield ns.CG + "mayBeBoundBy", clause.iri


def judgment_triples(judgment: Judgment) -> Iterable[tuple[str, str]]:
    """Yield (property, clause) for what a judgment says: duties, met or not, and breaches by kind."""
    for outcome in judgment.outcomes:
        kind, clause = outcome.clause.kind, outcome.clause.iri
        if outcome.level is Level.owes or kind.form == "duty":
            yield ns.CG + "owes", clause
        if outcome.level is Level.breaches and kind.breaches:
            yield kind.breaches, clause
        elif outcome.level is Level.may and kind.may_breach:
            yield kind.may_breach, clause
        elif outcome.level is Level.would and kind.would_breach:
            yield kind.would_breach, clause


def situation_graph(library: Library, judged: Iterable[Judged], parts: Sequence[Part]) -> Graph:
    """Return the graph of situations that artifact shapes validate; `parts` says what each state consists of."""
    graph = Graph()
    for found in judged:
        node = URIRef(situation_iri(found.situation.number))
        graph.add((node, RDF.type, CG.Situation))
        graph.add((node, CG.artifactKind, URIRef(f"{ns.BASE}artifact-kind/{found.situation.kind}")))
        for iri in expression_iris(library, found.situation.declared):
            graph.add((node, CG.declaredLicense, URIRef(iri)))
        for state in found.situation.states:
            for iri in encumbrance_iris(parts[state]):
                graph.add((node, CG.encumbrance, URIRef(iri)))
            for prop, clause in binding_triples(parts[state]):
                graph.add((node, URIRef(prop), URIRef(clause)))
        for iri, holds in found.situation.features:
            graph.add((node, CG.holds if holds else CG.fails, URIRef(iri)))
        for license_id in found.unsuitable:
            graph.add((node, CG.isUnsuitable, URIRef(library.licenses[license_id].iri)))
        if found.situation.release:
            graph.add((node, CG.declaresCodeOnly, URIRef(found.situation.release)))
        for prop, clause in judgment_triples(found.judgment):
            graph.add((node, URIRef(prop), URIRef(clause)))
    return graph


def license_types(library: Library) -> Graph:
    """Return the types of the licenses, which declaration shapes ask for."""
    graph = Graph()
    for triple in _library_types():
        graph.add(triple)
    return graph


@cache
def _library_types() -> tuple[tuple[URIRef, URIRef, URIRef], ...]:
    import pyoxigraph as ox

    found = []
    for path in turtle_files("ontology", "licenses"):
        for t in ox.parse(path=str(path)):
            if t.predicate.value == ns.RDF_TYPE and t.object.value.startswith(ns.CG) and "#" not in t.subject.value:
                found.append((URIRef(t.subject.value), RDF.type, URIRef(t.object.value)))
    return tuple(found)


@cache
def license_class_map() -> dict[URIRef, tuple[URIRef, ...]]:
    """Return the asserted classes of each license."""
    found: dict[URIRef, list[URIRef]] = {}
    for subject, _, type_ in _library_types():
        found.setdefault(subject, []).append(type_)
    return {subject: tuple(types) for subject, types in found.items()}


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
