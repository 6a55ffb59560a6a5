"""What the endpoint says of itself: its SPARQL service description, and a VoID description of the data."""

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.library import Library
from clausegraph.server.worker import GRAPHS, PREFIXES

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPH_RESULTS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_TYPE = ox.NamedNode(ns.RDF_TYPE)


def written(triples: Iterable[ox.Triple], media: str) -> bytes:
    """Return triples in a media type."""
    prefixes = None if media == "application/ld+json" else PREFIXES
    return ox.serialize(list(triples), format=GRAPHS[media], prefixes=prefixes) or b""


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_INTEGER)


def service_description(address: str, graphs: Mapping[str, int], media: str) -> bytes:
    """Return the service description of an endpoint. https://www.w3.org/TR/sparql11-service-description/"""
    return written(_service(address, graphs), media)


def _service(address: str, graphs: Mapping[str, int]) -> Iterator[ox.Triple]:
    service, dataset, default = ox.NamedNode(address), ox.BlankNode(), ox.BlankNode()

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    yield ox.Triple(service, _TYPE, sd("Service"))
    yield ox.Triple(service, sd("endpoint"), service)
    yield ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    yield ox.Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    for name in (*_RESULTS, *_GRAPH_RESULTS):
        yield ox.Triple(service, sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    yield ox.Triple(service, sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, _TYPE, sd("Dataset"))
    yield ox.Triple(dataset, sd("defaultGraph"), default)
    yield ox.Triple(default, _TYPE, sd("Graph"))
    yield ox.Triple(default, ox.NamedNode(_VOID + "triples"), _count(sum(graphs.values())))
    for iri, size in graphs.items():
        named, graph = ox.BlankNode(), ox.BlankNode()
        yield ox.Triple(dataset, sd("namedGraph"), named)
        yield ox.Triple(named, _TYPE, sd("NamedGraph"))
        yield ox.Triple(named, sd("name"), ox.NamedNode(iri))
        yield ox.Triple(named, sd("graph"), graph)
        yield ox.Triple(graph, _TYPE, sd("Graph"))
        yield ox.Triple(graph, ox.NamedNode(_VOID + "triples"), _count(size))


def void(root: str, graphs: Mapping[str, int], snapshot: str, library: Library, media: str) -> bytes:
    """Return the VoID description of the data. https://www.w3.org/TR/void/"""
    return written(_dataset(root, graphs, snapshot, library), media)


def _dataset(root: str, graphs: Mapping[str, int], snapshot: str, library: Library) -> Iterator[ox.Triple]:
    example = next(iter(library.licenses.values())).iri
    dataset = ox.NamedNode(root + ".well-known/void#dataset")

    def say(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(dataset, ox.NamedNode(predicate), value)

    terms = "http://purl.org/dc/terms/"
    yield say(ns.RDF_TYPE, ox.NamedNode(_VOID + "Dataset"))
    yield say(terms + "title", ox.Literal("clausegraph: AI licenses, and what is declared and reused", language="en"))
    yield say(terms + "license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/"))
    yield say(_VOID + "sparqlEndpoint", ox.NamedNode(root + "sparql"))
    yield say(_VOID + "triples", _count(sum(graphs.values())))
    yield say(_VOID + "uriSpace", ox.Literal(ns.BASE))
    yield say(_VOID + "exampleResource", ox.NamedNode(example))
    yield say(ns.CG + "dataVersion", ox.Literal(library.data_version))
    yield say(ns.CG + "snapshot", ox.Literal(snapshot))
    for space in (ns.CG, ns.SKOS, ns.ODRL, "http://www.w3.org/ns/prov#", terms):
        yield say(_VOID + "vocabulary", ox.NamedNode(space))
    for iri, size in graphs.items():
        part = ox.NamedNode(iri)
        yield say(_VOID + "subset", part)
        yield ox.Triple(part, _TYPE, ox.NamedNode(_VOID + "Dataset"))
        yield ox.Triple(part, ox.NamedNode(_VOID + "triples"), _count(size))
