"""The counts of a snapshot as RDF Data Cubes, one for each table. https://www.w3.org/TR/vocab-data-cube/"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyoxigraph as ox

from clausegraph import namespaces as ns
from clausegraph.library import Library
from clausegraph.server.worker import GRAPHS, PREFIXES

_QB = "http://purl.org/linked-data/cube#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TERMS = "http://purl.org/dc/terms/"
_MEASURE = "http://purl.org/linked-data/sdmx/2009/measure#"
_COUNT = ox.NamedNode(_MEASURE + "obsValue")
Term = ox.NamedNode | ox.Literal


class Dimension(NamedTuple):
    """What a column means: the property of its values, and what they are."""

    property: str
    range: str


_RESOURCE = _RDFS + "Resource"
#: The dimensions by facet, and those of the tables of conflicts.
DIMENSIONS = {
    "kind": Dimension(ns.CG + "artifactKind", _RESOURCE),
    "license": Dimension(ns.CG + "declaredLicense", _RESOURCE),
    "family": Dimension(_TERMS + "type", _RDFS + "Class"),
    "verdict": Dimension(ns.CG + "verdict", _XSD + "string"),
    "finding": Dimension(ns.CG + "code", _XSD + "string"),
    "relation": Dimension(_TERMS + "relation", _RESOURCE),
    "year": Dimension(_TERMS + "created", _XSD + "gYear"),
    "clause": Dimension(ns.CG + "reports", _RESOURCE),
    "upstream": Dimension(_TERMS + "source", _RESOURCE),
}


def cube(library: Library, snapshot: str, counted: Mapping[str, Any]) -> bytes:
    """Return the counts of the page on the Hub as Turtle."""
    prefixes = PREFIXES | {"qb": _QB, "sdmx-measure": _MEASURE}
    return ox.serialize(_triples(library, snapshot, counted), format=GRAPHS["text/turtle"], prefixes=prefixes) or b""


def _triples(library: Library, snapshot: str, counted: Mapping[str, Any]) -> Iterator[ox.Triple]:
    known = _Values(library)
    for name, rows in counted["facets"].items():
        kind = "" if name == "kind" else counted["kind"]  # a facet is never narrowed down by itself
        yield from _data_set(name, snapshot, kind, known, (name,), (((v,), n) for v, n in rows))
    clauses = (((clause,), works) for clause, *_, works in counted["clauses"])
    yield from _data_set("breached clauses", snapshot, counted["kind"], known, ("clause",), clauses)
    pairs = (((up, declared), works) for up, declared, works in counted["pairs"])
    yield from _data_set("conflicting licenses", snapshot, counted["kind"], known, ("upstream", "license"), pairs)


class _Values:
    """Writes the values of facets as terms."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.spaces = {"kind": ns.ARTIFACT_KIND, "family": ns.CG, "relation": ns.RELATION, "clause": ""}

    def term(self, name: str, value: str) -> Term:
        """Return a value of a dimension."""
        if name in ("license", "upstream"):
            return ox.NamedNode(self.library.licenses[value].iri)
        if name in self.spaces:
            return ox.NamedNode(self.spaces[name] + value)
        return ox.Literal(value, datatype=ox.NamedNode(DIMENSIONS[name].range))


def _data_set(
    title: str,
    snapshot: str,
    kind: str,
    known: _Values,
    names: tuple[str, ...],
    rows: Iterable[tuple[tuple[str, ...], int]],
) -> Iterator[ox.Triple]:
    """Yield one cube: its structure, and an observation for each row."""
    node, structure = ox.BlankNode(), ox.BlankNode()
    yield _is(node, _QB + "DataSet")
    yield ox.Triple(node, ox.NamedNode(_TERMS + "title"), ox.Literal(title, language="en"))
    yield ox.Triple(node, ox.NamedNode(ns.CG + "snapshot"), ox.Literal(snapshot))
    yield ox.Triple(node, ox.NamedNode(ns.CG + "dataVersion"), ox.Literal(known.library.data_version))
    if kind:
        yield ox.Triple(node, ox.NamedNode(ns.CG + "artifactKind"), known.term("kind", kind))
    yield ox.Triple(node, ox.NamedNode(_QB + "structure"), structure)
    yield _is(structure, _QB + "DataStructureDefinition")
    dimensions = [DIMENSIONS[name] for name in names]
    parts = [("dimension", "DimensionProperty", ox.NamedNode(d.property), d.range) for d in dimensions]
    for part, cls, prop, reach in (*parts, ("measure", "MeasureProperty", _COUNT, _XSD + "integer")):
        component = ox.BlankNode()
        yield ox.Triple(structure, ox.NamedNode(_QB + "component"), component)
        yield ox.Triple(component, ox.NamedNode(_QB + part), prop)
        yield _is(prop, _QB + cls)
        yield ox.Triple(prop, ox.NamedNode(_RDFS + "range"), ox.NamedNode(reach))
    for values, count in rows:
        one = ox.BlankNode()
        yield _is(one, _QB + "Observation")
        yield ox.Triple(one, ox.NamedNode(_QB + "dataSet"), node)
        for name, dimension, value in zip(names, dimensions, values, strict=True):
            yield ox.Triple(one, ox.NamedNode(dimension.property), known.term(name, value))
        yield ox.Triple(one, _COUNT, ox.Literal(count))


def _is(node: ox.NamedNode | ox.BlankNode, cls: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(ns.RDF_TYPE), ox.NamedNode(cls))
