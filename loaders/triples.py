"""RDF from outside as triples: Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD.

It is hostile: no context is fetched (schema.org's and ours are at hand, all others must stand in the file), and
entities of XML are not expanded.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
from clausegraph.loaders.document import Document, parse_json
from clausegraph.loaders.identity import escaped

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
#: What relative IRIs are resolved against: they name things within a document, and nothing outside of it.
LOCAL = "https://document.invalid/"
#: Prefixes that documents use without declaring them.
_PREFIXES = {
    "cr": "http://mlcommons.org/croissant/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "fair4ml": "https://w3id.org/fair4ml#",
    "prov": "http://www.w3.org/ns/prov#",
    "sc": "https://schema.org/",
    "schema": "https://schema.org/",
}


def is_rdf(document: Document) -> bool:
    """Say whether a document is RDF, by its suffix or because it is JSON with a context."""
    return document.suffix in _FORMATS or (isinstance(document.json, dict) and "@context" in document.json)


def triples(document: Document, contexts: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield subject, predicate and object; raises `ValueError` where the document cannot be parsed."""
    form = _FORMATS.get(document.suffix, ox.RdfFormat.JSON_LD)
    data = document.data
    if form is ox.RdfFormat.RDF_XML and re.search(rb"<!(DOCTYPE|ENTITY)", data):
        raise ValueError("the XML declares a document type or entities, which are not expanded; remove the declaration")
    if form is ox.RdfFormat.JSON_LD:
        data = json.dumps(_with_prefixes(_with_contexts(parse_json(data), contexts))).encode()
    try:
        for quad in ox.parse(data.removeprefix(codecs.BOM_UTF8), format=form, base_iri=LOCAL):
            yield str(quad.subject), quad.predicate.value, quad.object
    except (SyntaxError, RecursionError) as error:
        raise ValueError(f"the RDF cannot be parsed: {error}") from error


def _with_contexts(data: Any, contexts: dict[str, Any]) -> Any:
    """Replace the contexts that are at hand; raises `ValueError` for one that would have to be fetched."""
    if isinstance(data, list):
        return [_with_contexts(item, contexts) for item in data]
    if not isinstance(data, dict):
        return data
    found = {k: _with_contexts(v, contexts) for k, v in data.items() if k != "@context"}
    if isinstance(found.get("@id"), str):
        found["@id"] = escaped(found["@id"])  # what is no IRI would be dropped without a word
    if "@context" in data:
        given = data["@context"]
        found["@context"] = [_context(c, contexts) for c in (given if isinstance(given, list) else [given])]
    return found


def _with_prefixes(data: Any) -> Any:
    """Put the usual prefixes before the contexts of a document, which count before them."""
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict) and "@context" in one:
            one["@context"].insert(0, _PREFIXES)
    return data


def _context(one: Any, contexts: dict[str, Any]) -> Any:
    if isinstance(one, dict):
        if "@import" in one:
            raise ValueError(
                f"the context imports {one['@import']!r}, which is not fetched. Put the terms into the file"
            )
        return one
    if one is None:
        return one
    plain = str(one).rstrip("/")
    if plain in contexts:
        return contexts[plain]
    raise ValueError(f"the context {one!r} is not fetched. Put its terms into the file under `@context`")


def same(iri: str) -> str:
    """Return an IRI without what varies between publications of a vocabulary: https, www, `#` or `/`.

    >>> same("http://schema.org/license") == same("https://schema.org/license")
    True
    """
    return re.sub(r"^https?://(www\.)?", "", iri).replace("#", "/")
