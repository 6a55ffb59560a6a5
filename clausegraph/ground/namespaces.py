"""The namespaces of the ontology, as plain strings."""

BASE = "https://w3id.org/clausegraph/"
CG = BASE + "ns#"
SHAPES = BASE + "shapes#"
LICENSE = BASE + "license/"
KIND = BASE + "kind/"
QUERY = BASE + "query/"
ASSUMPTION = BASE + "assumption/"
RESTRICTION = BASE + "restriction/"
FORM = BASE + "form/"
SETTING = BASE + "setting/"
RELATION = BASE + "relation/"
ARTIFACT_KIND = BASE + "artifact-kind/"
ENCUMBRANCE = BASE + "encumbrance/"
REASON = BASE + "reason/"
SITUATION = BASE + "situation/"
GRAPH = BASE + "graph/"
HUB = "https://huggingface.co/"

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ODRL = "http://www.w3.org/ns/odrl/2/"
SH = "http://www.w3.org/ns/shacl#"


def local(iri: str) -> str:
    """Return the last part of an IRI, after `#` or `/`."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
