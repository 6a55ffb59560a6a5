"""A composed license for other tools: SPDX 3, ODRL, and the head of a card on the Hub."""

import json
from typing import Any

import pyoxigraph as ox

from clausegraph.composing.assemble import Composed
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.ground.sparql import construct
from clausegraph.ground.turtle import turtle
from clausegraph.library import Library

_SPDX_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def spdx(composed: Composed, library: Library, text: str) -> dict[str, Any]:
    """Return an SPDX 3.0 document (JSON-LD) with the license as an `expandedlicensing_CustomLicense`.

    The date of creation is the month of the data version, so that the same choices give the same file.
    """
    names = composed.names
    base = f"{ns.BASE}spdx/{names.id}"
    created = f"{library.data_version.partition('+')[0].replace('.', '-')}-01T00:00:00Z"
    info = {
        "type": "CreationInfo",
        "@id": "_:creation",
        "specVersion": "3.0.1",
        "created": created,
        "createdBy": [f"{base}#agent"],
    }
    agent = {"type": "SoftwareAgent", "spdxId": f"{base}#agent", "creationInfo": "_:creation", "name": "clausegraph"}
    license_ = {
        "type": "expandedlicensing_CustomLicense",
        "spdxId": f"{base}#{names.spdx}",
        "creationInfo": "_:creation",
        "name": names.title,
        "simplelicensing_licenseText": text,
        "expandedlicensing_isOsiApproved": False,
        "expandedlicensing_seeAlso": [composed.choices.permalink],
        "comment": f"Short identifier: {names.spdx}",
    }
    document = {
        "type": "SpdxDocument",
        "spdxId": base,
        "creationInfo": "_:creation",
        "rootElement": [license_["spdxId"]],
        "profileConformance": ["core", "simpleLicensing", "expandedLicensing"],
    }
    return {"@context": _SPDX_CONTEXT, "@graph": [info, agent, document, license_]}


def card(composed: Composed, link: str = "LICENSE.md") -> str:
    """Return the front matter by which a card on the Hub declares the license."""
    return f"---\nlicense: other\nlicense_name: {composed.names.id}\nlicense_link: {link}\n---\n"


def odrl(composed: Composed) -> str:
    """Return the license as an ODRL policy (Turtle), made by the query `policy`."""
    store = ox.Store()
    for name in ("kinds.ttl", "restrictions.ttl", "conditions.ttl"):
        store.bulk_load(path=str(folder("ontology") / name), format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in composed.triples)
    query = (folder("queries") / "rules" / "exports" / "policy.rq").read_text(encoding="utf-8")
    triples = construct(store, query, {"license": ox.NamedNode(composed.names.iri)})
    return turtle(triples, {"odrl": ns.ODRL, "cg": ns.CG, "skos": ns.SKOS, "dcterms": "http://purl.org/dc/terms/"})


def as_json(value: Any) -> str:
    """Return JSON as it is written to a file."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
