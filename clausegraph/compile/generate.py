"""Generates everything in `ontology/generated/`, and tells whether what lies there is current."""

import json
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import pyoxigraph as ox

from clausegraph.compile.assumptions_page import assumptions_text
from clausegraph.compile.kind_terms import breaches_text, terms_text
from clausegraph.compile.query_index import index_text, questions_text
from clausegraph.compile.reach_page import reach_text
from clausegraph.compile.relation_terms import relations_text
from clausegraph.compile.shape_rules import shapes_text
from clausegraph.compile.text_digests import texts_text
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder, generated, turtle_files
from clausegraph.ground.sparql import construct
from clausegraph.library import from_reader
from clausegraph.library.index import index_files
from clausegraph.library.pack import pack
from clausegraph.library.read import Reader, read_all
from clausegraph.library.rules import library_text, source_store
from clausegraph.texts.passages import PACKAGE, data_folder

_NODE = ox.NamedNode
INFERRED_HEADER = "# GENERATED from ontology/ and queries/rules/families/ by `make library`. Do not edit.\n"


def inferred_types() -> set[tuple[str, str]]:
    """Return (license, family) as the family query finds them over sources and library tables."""
    return {(s, o) for s, p, o in inferred_facts() if p == ns.RDF_TYPE}


def inferred_facts() -> list[tuple[str, str, str]]:
    """Return what the family queries find: the families of licenses, and what all members of a family are."""
    store = source_store()
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES)
    found = set()
    for path in sorted((folder("queries") / "rules" / "families").glob("*.rq")):
        new = list(construct(store, path.read_text(encoding="utf-8")))
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        named = ((t.subject, t.predicate, t.object) for t in new)
        found |= {(s.value, p.value, o.value) for s, p, o in named if isinstance(s, _NODE) and isinstance(o, _NODE)}
    return sorted(found)


def inferred_text() -> str:
    """Return the text of `inferred.ttl`: the families of each license, and what the members of each family are."""
    said: dict[tuple[str, str], list[str]] = {}
    for license_iri, predicate, family in inferred_facts():
        said.setdefault((license_iri, predicate), []).append("cg:" + ns.local(family))
    words = {ns.RDF_TYPE: "a"}
    body = "".join(
        f"<{iri}> {words.get(predicate, f'cg:{ns.local(predicate)}')} {' , '.join(families)} .\n"
        for (iri, predicate), families in said.items()
    )
    return INFERRED_HEADER + f"@prefix cg: <{ns.CG}> .\n\n" + body


def all_shapes_text() -> str:
    """Return the text of `all-shapes.ttl`."""
    reader = _reader()
    licenses = reader.licenses()
    replacing = sorted({licenses[other].iri for found in licenses.values() for other in found.relicensed_by})
    kinds = sorted(reader.kinds().values(), key=lambda k: k.number)
    artifacts = sorted(reader.artifact_kinds().values(), key=lambda k: k.name)
    return shapes_text(sorted(reader.relations().values(), key=lambda r: r.name), kinds, artifacts, replacing)


def context_text() -> str:
    """Return the JSON-LD context: every term of the ontology by its local name."""
    modules = ("clausegraph", "kinds", "kind-terms", "relation-terms")
    reader = Reader(index_files([folder("ontology") / f"{name}.ttl" for name in modules]))
    owl = "http://www.w3.org/2002/07/owl#"
    terms: dict[str, object] = {
        "@version": 1.1,
        "cg": ns.CG,
        "skos": ns.SKOS,
        "odrl": ns.ODRL,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "id": "@id",
        "type": "@type",
        "prefLabel": {"@id": "skos:prefLabel", "@language": "en"},
        "definition": {"@id": "skos:definition", "@language": "en"},
    }
    for subject, facts in sorted(reader.index.items()):
        types = facts.get(ns.RDF_TYPE, [])
        if not subject.startswith(ns.CG):
            continue
        name = ns.local(subject)
        if owl + "Class" in types:
            terms[name] = f"cg:{name}"
        elif owl + "ObjectProperty" in types:
            terms[name] = {"@id": f"cg:{name}", "@type": "@id"}
        elif owl + "DatatypeProperty" in types:
            datatype = next(iter(facts.get("http://www.w3.org/2000/01/rdf-schema#range", [])), "")
            terms[name] = {"@id": f"cg:{name}"} | ({"@type": f"xsd:{ns.local(datatype)}"} if datatype else {})
    return json.dumps({"@context": terms}, indent=1) + "\n"


def catalog_text() -> str:
    """Return the catalog by which Protégé finds the imported modules beside the root ontology."""
    rows = []
    for path in turtle_files("ontology"):
        for triple in ox.parse(path=str(path)):
            is_ontology = triple.object == ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
            if triple.predicate.value == ns.RDF_TYPE and is_ontology:
                relative = path.relative_to(folder("ontology")).as_posix()
                rows.append(f'    <uri id="clausegraph" name="{triple.subject.value}" uri="{relative}"/>\n')
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- GENERATED by `make library`. Do not edit. -->\n'
    )
    space = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    return f'{head}<catalog prefer="public" xmlns="{space}">\n{"".join(sorted(rows))}</catalog>\n'


def packed_text() -> str:
    """Return the text of `library.json`: all of the above for the engine, which need not read RDF then."""
    return pack(from_reader(_reader()))


def _reader() -> Reader:
    """Return a reader over the ontology and its tables, the same one while none of the files changes."""
    files = (*turtle_files("ontology"), generated("library.nt"), generated("inferred.ttl"))
    return _read(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.exists()))


@lru_cache(maxsize=1)
def _read(state: tuple[tuple[Path, int, int], ...]) -> Reader:
    return read_all()


#: The generated files in the order in which they depend on each other.
FILES: dict[str, Callable[[], str]] = {
    "../kind-terms.ttl": terms_text,
    "../relation-terms.ttl": relations_text,
    **{
        f"../../shapes/artifact/{name}.ttl": partial(breaches_text, name)
        for name in ("breaches", "contested", "conditions")
    },
    "library.nt": library_text,
    "inferred.ttl": inferred_text,
    "library.json": packed_text,
    "texts.json": lambda: texts_text(_reader()),
    "all-shapes.ttl": all_shapes_text,
    "context.jsonld": context_text,
    "questions.ttl": questions_text,
    "../../docs/queries.md": index_text,
    "../../docs/reach.md": lambda: reach_text(_reader()),
    "../../docs/assumptions.md": lambda: assumptions_text(_reader()),
    "../catalog-v001.xml": catalog_text,
}


def kept() -> dict[str, str]:
    """Return the generated files that stay as they are on this machine, each with the reason."""
    return {} if data_folder() else {"texts.json": f"{PACKAGE} is not installed"}


def generate(*, check: bool = False) -> list[str]:
    """Write the generated files, or only compare them; return the names of those that differ."""
    different = []
    for name, text_of in FILES.items():
        path: Path = generated(name)
        text = text_of()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            different.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    _read.cache_clear()
    return different
