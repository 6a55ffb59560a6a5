"""Finding codes: what each one means, read from the shapes that report it."""

from dataclasses import dataclass
from functools import cache

from rdflib import RDF, SKOS, URIRef

from clausegraph import namespaces as ns
from clausegraph.errors import UnknownIdentifier
from clausegraph.rdf import CG, SH, license_class_map, shapes_graph


@dataclass(frozen=True, slots=True)
class Code:
    """A finding code with name, message, severity, and the clause kind that it reports, if it does."""

    code: str
    name: str
    message: str
    definition: str
    severity: str
    kind: str | None
    path: str
    only_class: str | None


@cache
def codes() -> dict[str, Code]:
    """Return all finding codes by name, in order."""
    graph = shapes_graph("artifact", "data")
    found = {}
    for node in graph.subjects(RDF.type, SH.PropertyShape):
        code = ns.local(str(node))
        if not code.startswith("CG"):
            continue
        kind, inner = graph.value(node, CG.reports), graph.value(node, SH["not"])
        only = graph.value(inner, SH["class"]) if inner else None
        found[code] = Code(
            code,
            str(graph.value(node, SH.name)),
            str(graph.value(node, SH.message)),
            str(graph.value(node, SKOS.definition)),
            ns.local(str(graph.value(node, SH.severity))).lower(),
            ns.local(str(kind)) if kind else None,
            ns.local(str(graph.value(node, SH.path))),
            str(only) if only else None,
        )
    return dict(sorted(found.items()))


def explain(code: str) -> Code:
    """Return a code; raises `UnknownIdentifier` with the nearest ones."""
    found = codes().get(code.strip().upper())
    if found is None:
        raise UnknownIdentifier("finding code", code, [c.lower() for c in codes()], "`clausegraph explain` lists all.")
    return found


def message_of(code: str) -> str:
    """Return the message of a code."""
    return codes()[code].message


def declaration_codes(license_iri: str) -> list[str]:
    """Return the codes that declaring a license brings with it, by the classes that it belongs to."""
    classes = license_class_map().get(URIRef(license_iri), ())
    return [c.code for c in codes().values() if c.only_class and URIRef(c.only_class) in classes]
