"""The derived tables of the library as an rdflib graph, for pySHACL.

rdflib's own reader takes 7 s for the 440,000 triples of `library.nt`; read by Oxigraph, with each term made once, it is
less than 3 s and the same graph.
"""

from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import BNode, Identifier

from clausegraph.ground.files import generated

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def add_library(data: Graph) -> None:
    """Add the triples of `library.nt` to a graph."""
    term: Callable[[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple], Identifier] = lru_cache(None)(to_rdflib)
    add = data.store.add
    for triple in ox.parse(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES):
        add((term(triple.subject), term(triple.predicate), term(triple.object)), data)


def to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Identifier:
    """Return a term of Oxigraph as one of rdflib; raises `TypeError` for a triple, which our files do not hold."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return Literal(term.value, lang=term.language)
            # the datatype of a text without one is implied, and rdflib leaves it away
            return Literal(term.value, datatype=None if term.datatype.value == _STRING else URIRef(term.datatype.value))
    raise TypeError(f"{term} is no term of an rdflib graph")
