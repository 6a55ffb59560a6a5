"""Writes generated terms as Turtle."""

from collections.abc import Sequence

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.library.index import Descriptions, index_files

_PREFIXES = {
    "cg": ns.CG,
    "cg-sh": ns.SHAPES,
    "dcterms": "http://purl.org/dc/terms/",
    "kind": ns.KIND,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rel": ns.RELATION,
    "sh": ns.SH,
    "skos": ns.SKOS,
}


def prefixes(*names: str) -> str:
    """Return the lines that declare prefixes."""
    return "".join(f"@prefix {name}: <{_PREFIXES[name]}> .\n" for name in names)


def module(name: str, source: str, title: str, description: str) -> str:
    """Return the head of a generated module of the ontology that imports the one it is made from."""
    index = Descriptions(index_files([folder("ontology") / "clausegraph.ttl"]))
    version = index.one(ns.CG.rstrip("#"), "http://www.w3.org/2002/07/owl#versionInfo")
    base = f"{ns.BASE}ontology/"
    return described(
        f"<{base}{name}>",
        [
            "a owl:Ontology",
            f"owl:versionIRI <{base}{name}/{version}>",
            f"owl:imports <{base}{source}>",
            f"dcterms:title {quoted(title)}",
            f"dcterms:description {quoted(description)}",
            "dcterms:license <https://creativecommons.org/licenses/by/4.0/>",
        ],
    )


def quoted(text: str) -> str:
    """Return an English literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"@en'


def described(subject: str, facts: Sequence[str]) -> str:
    """Return a subject with what is stated of it."""
    return f"{subject} " + " ;\n    ".join(facts) + " .\n"


def term(subject: str, facts: list[str], label: str, definition: str, example: str) -> str:
    """Return a term with its label, definition and example."""
    notes = [f"skos:{key} {quoted(text)}" for key, text in (("prefLabel", label), ("definition", definition))]
    return described(subject, [*facts, *notes, f"skos:example {quoted(example)}"])
