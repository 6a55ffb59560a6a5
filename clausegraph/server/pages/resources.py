"""Pages of linked data: what the graph says of a thing, and the terms of the ontology with their definitions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from clausegraph.ground import namespaces as ns
from clausegraph.server.pages.rendering import page, page_of, page_of_work
from clausegraph.server.worker import PREFIXES

_LABEL, _DEFINITION, _EXAMPLE, _NOTE = (ns.SKOS + name for name in ("prefLabel", "definition", "example", "scopeNote"))
_OWL = "http://www.w3.org/2002/07/owl#"
#: The kinds of terms, in the order of the page, by the class that says so.
_SORTS = {
    f"{_OWL}Class": "classes",
    f"{_OWL}ObjectProperty": "properties between things",
    f"{_OWL}DatatypeProperty": "properties with values",
    f"{_OWL}AnnotationProperty": "annotations",
    f"{ns.SKOS}Concept": "concepts",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value: its words, and where its page is, if it has one."""

    text: str
    href: str | None


def thing_page(request: Request, triples: Sequence[ox.Triple], iri: str) -> Response:
    """Return the page of what is described: the terms of the ontology, or one thing."""
    if iri == ns.CG:
        return page(request, "ontology.html", {"sorts": terms(triples)})
    says: dict[str, list[Value]] = defaultdict(list)
    said: dict[str, list[Value]] = defaultdict(list)
    facts: dict[str, str] = {}
    for triple in sorted(triples, key=str):
        subject = getattr(triple.subject, "value", "")
        name = "a" if triple.predicate.value == ns.RDF_TYPE else short(triple.predicate.value)
        if subject == iri:
            says[name].append(_value(triple.object))
            facts.setdefault(triple.predicate.value, getattr(triple.object, "value", ""))
        elif getattr(triple.object, "value", "") == iri:
            said[name].append(_value(triple.subject))
        elif subject.startswith(f"{iri}#"):
            says[f"{short(subject)} {name}"].append(_value(triple.object))
    context = {
        "iri": iri,
        "title": facts.get(_LABEL) or short(iri),
        "definition": facts.get(_DEFINITION, ""),
        "says": says,
        "said": said,
    }
    return page(request, "thing.html", context)


def terms(triples: Sequence[ox.Triple]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the terms by sort: name, label, definition, example and note of each, as the ontology has them."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            facts[triple.subject.value][triple.predicate.value].append(getattr(triple.object, "value", ""))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _SORTS.values()}
    for iri, known in sorted(facts.items()):
        sort = next((_SORTS[cls] for cls in _SORTS if cls in known[ns.RDF_TYPE]), None)
        if sort and known[_LABEL] and iri.startswith(ns.BASE):
            found[sort].append(
                {
                    "name": short(iri),
                    "anchor": iri.removeprefix(ns.CG) if iri.startswith(ns.CG) else short(iri),
                    "href": page_of(iri),
                    "label": known[_LABEL][0],
                    "definition": " ".join(known[_DEFINITION]),
                    "examples": known[_EXAMPLE],
                    "notes": known[_NOTE],
                }
            )
    return [(name, rows) for name, rows in found.items() if rows]


def short(iri: str) -> str:
    """Return an IRI as people write it: with a prefix, or without our base."""
    for name, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{name}:{iri.removeprefix(space)}"
    return iri.removeprefix(ns.BASE).removeprefix(ns.HUB)


def _value(term: Any) -> Value:
    if isinstance(term, ox.NamedNode):
        if term.value.startswith(ns.BASE):
            return Value(short(term.value), page_of(term.value))
        if term.value.startswith(ns.HUB):
            return Value(short(term.value), page_of_work(term.value))
        return Value(short(term.value), term.value if term.value.startswith(("https://", "http://")) else None)
    return Value(str(getattr(term, "value", term)), None)
