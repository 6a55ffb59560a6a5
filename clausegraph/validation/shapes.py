"""The shapes over situations, and what they ask of licenses."""

from rdflib import RDF, Graph, Namespace, URIRef

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import turtle_files
from clausegraph.library import Library

CG = Namespace(ns.CG)
SH = Namespace(ns.SH)


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
