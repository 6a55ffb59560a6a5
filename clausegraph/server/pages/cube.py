"""The counts of a snapshot as RDF Data Cubes, one for each table. https://www.w3.org/TR/vocab-data-cube/"""

from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import DCTERMS, QB, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

from clausegraph.ground import namespaces as ns
from clausegraph.library import Library
from clausegraph.validation.shapes import CG

_MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
#: The dimensions by facet, and those of the tables of conflicts: the property of the values, and what they are.
DIMENSIONS = {
    "kind": (CG.artifactKind, RDFS.Resource),
    "license": (CG.declaredLicense, RDFS.Resource),
    "family": (DCTERMS.type, RDFS.Class),
    "verdict": (CG.verdict, XSD.string),
    "finding": (CG.code, XSD.string),
    "relation": (DCTERMS.relation, RDFS.Resource),
    "year": (DCTERMS.created, XSD.gYear),
    "clause": (CG.reports, RDFS.Resource),
    "upstream": (DCTERMS.source, RDFS.Resource),
}
#: Where the names of values are IRIs.
_SPACES = {"kind": ns.ARTIFACT_KIND, "family": ns.CG, "relation": ns.RELATION, "clause": ""}
Rows = Iterable[tuple[tuple[str, ...], int]]


def cube(library: Library, snapshot: str, counted: Mapping[str, Any]) -> str:
    """Return the counts of the page on the Hub as Turtle."""
    graph = Graph()
    graph.bind("cg", CG)
    graph.bind("sdmx-measure", _MEASURE)
    tables: list[tuple[str, tuple[str, ...], Rows]] = [
        (name, (name,), (((value,), works) for value, works in rows)) for name, rows in counted["facets"].items()
    ]
    clauses = (((clause,), works) for clause, *_, works in counted["clauses"])
    pairs = (((up, declared), works) for up, declared, works in counted["pairs"])
    tables += [("breached clauses", ("clause",), clauses), ("conflicting licenses", ("upstream", "license"), pairs)]
    for title, names, rows in tables:
        data = _data_set(graph, library, title, names, rows)
        graph.add((data, CG.snapshot, Literal(snapshot)))
        graph.add((data, CG.dataVersion, Literal(library.data_version)))
        if counted["kind"] and "kind" not in names:  # a facet is never narrowed down by itself
            graph.add((data, CG.artifactKind, _value(library, "kind", counted["kind"])))
    return graph.serialize(format="turtle")


def _value(library: Library, name: str, value: str) -> URIRef | Literal:
    """Return a value of a dimension as a term."""
    if name in ("license", "upstream"):
        return URIRef(library.licenses[value].iri)
    if name in _SPACES:
        return URIRef(_SPACES[name] + value)
    return Literal(value, datatype=DIMENSIONS[name][1])


def _data_set(graph: Graph, library: Library, title: str, names: tuple[str, ...], rows: Rows) -> BNode:
    """Add one cube, its structure, and an observation for each row; return it."""
    data, structure = BNode(), BNode()
    graph.add((data, RDF.type, QB.DataSet))
    graph.add((data, DCTERMS.title, Literal(title, lang="en")))
    graph.add((data, QB.structure, structure))
    graph.add((structure, RDF.type, QB.DataStructureDefinition))
    parts = [(QB.dimension, QB.DimensionProperty, *DIMENSIONS[name]) for name in names]
    for part, cls, prop, reach in (*parts, (QB.measure, QB.MeasureProperty, _MEASURE.obsValue, XSD.integer)):
        component = BNode()
        graph.add((structure, QB.component, component))
        graph.add((component, part, prop))
        graph.add((prop, RDF.type, cls))
        graph.add((prop, RDFS.range, reach))
    for values, count in rows:
        one = BNode()
        graph.add((one, RDF.type, QB.Observation))
        graph.add((one, QB.dataSet, data))
        graph.add((one, _MEASURE.obsValue, Literal(count)))
        for name, value in zip(names, values, strict=True):
            graph.add((one, DIMENSIONS[name][0], _value(library, name, value)))
    return data
