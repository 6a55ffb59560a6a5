"""What is asked of a license: its record for machines, its facts, and comparisons.

The facts are derived from the clauses by the query `license-facts`; nothing about a license is
written here.
"""

from functools import cache
from typing import Any

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import generated, turtle_files
from clausegraph.ground.sparql import select
from clausegraph.library import Library
from clausegraph.library.model import Clause, License
from clausegraph.library.queries import bind, find
from clausegraph.reasoning.outcome_json import reading_in

#: The headings under which the clauses of a license stand, by what a clause does.
SHEET = {"Permission": "can", "Duty": "must", "Prohibition": "cannot"}


@cache
def library_store() -> ox.Store:
    """Return a store with the ontology and the generated tables in its default graph."""
    store = ox.Store()
    for path in [*turtle_files("ontology"), generated("inferred.ttl")]:
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES)
    return store


@cache
def _fact_store() -> ox.Store:
    """Return a store with the license files and what they lack, which is all that the facts need."""
    store = ox.Store()
    for path in turtle_files("ontology", "licenses"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    lacks = (t for t in ox.parse(path=str(generated("library.nt"))) if t.predicate.value.endswith("#lacksKind"))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in lacks)
    return store


def _own_text(library: Library, found: License) -> str | None:
    """Return the Turtle of a license that was added to the library, or `None` for one that ships."""
    from clausegraph.ground.turtle import read_turtle
    from clausegraph.library.extend import license_iri

    texts = (text for place, text in library.added if license_iri(read_turtle(text, place), place) == found.iri)
    return next(texts, None)


def _own_store(found: License, text: str) -> ox.Store:
    """Return a store with one license that was added to the library, and what it lacks."""
    store = ox.Store()
    store.bulk_load(text.encode(), format=ox.RdfFormat.TURTLE)
    subject, predicate = ox.NamedNode(found.iri), ox.NamedNode(ns.CG + "lacksKind")
    store.extend(ox.Quad(subject, predicate, ox.NamedNode(f"{ns.BASE}kind/{kind}")) for kind in found.lacks)
    return store


def license_facts(library: Library, found: License) -> dict[str, bool | None]:
    """Return the facts of a license: true, false, or `None` where the text does not say."""
    own = _own_text(library, found) if library.added else None
    store = _fact_store() if own is None else _own_store(found, own)
    _, rows = select(store, bind(find("license-facts"), {"license": found.id}, library))
    facts: dict[str, bool | None] = {}
    for _, fact, value in rows:
        facts[fact.value] = None if value is None else value.value == "true"
    return facts


def clause_dict(clause: Clause) -> dict[str, Any]:
    """Return a clause as in section 6 of the design."""
    carried: list[dict[str, Any]] = []
    for carrier in clause.carriers:
        row: dict[str, Any] = {"rule": carrier.rule, "certainty": carrier.certainty}
        if carrier.rule == "named":
            row["licenses"] = sorted(carrier.admits)
        if carrier.condition:
            row["condition"] = carrier.condition.label
        carried.append(row)
    return {
        "id": clause.iri,
        "kind": clause.kind.name,
        "deontic": clause.kind.deontic.lower(),
        "section": clause.section,
        "summary": clause.summary,
        "reach": list(clause.reach),
        "certainty": clause.reach_certainty,
        "carried_by": carried,
        "restrictions": list(clause.imposes),
        "places": [{"restriction": name, "place": place} for name, place in clause.places],
        "contradicts": list(clause.contradicts),
        "conditions": [
            {"role": role, "key": c.key, "operator": c.operator, "values": list(c.values), "label": c.label}
            for role in ("when", "unless", "met")
            for c in getattr(clause, role)
        ],
    }


def openness(library: Library, found: License) -> dict[str, bool | None]:
    """Return how open a license is: what the bodies say, and the classes that a reasoner infers from the clauses.

    A class is true if it was inferred, false if all clauses are known or a class that excludes it was
    inferred, and `None` otherwise.
    """
    inferred = set(found.families)
    return {
        "osi_approved": found.osi_approved,
        "fsf_free": found.fsf_free,
        "open_definition": found.open_definition,
        "spdx_listed": found.spdx_id is not None,
    } | {
        one.key: True if one.name in inferred else False if found.complete or inferred & one.excluded_by else None
        for one in library.openness
    }


def license_row(found: License) -> dict[str, Any]:
    """Return a license as one row of a list."""
    return {
        "id": found.id,
        "name": found.name,
        "spdx_id": found.spdx_id,
        "hf_id": found.hf_id,
        "verified": found.verified,
    }


def license_dict(library: Library, found: License) -> dict[str, Any]:
    """Return a license as in section 6 of the design."""
    return {
        "schema_version": 1,
        "id": found.id,
        "name": found.name,
        "spdx_id": found.spdx_id,
        "hf_id": found.hf_id,
        "scancode_key": found.scancode_key,
        "verified": found.verified,
        "source": found.source,
        "note": found.note,
        "publisher": found.publisher,
        "reviewer": found.reviewer,
        "reviewed_on": found.reviewed_on,
        "reading": reading_in(found),
        "openness": openness(library, found),
        "families": list(found.families),
        "members_are": list(found.shared),
        "artifact_scope": sorted(found.intended_for),
        "clauses": [clause_dict(c) | {"reading": reading_in(found, c)} for c in found.clauses],
        "facts": license_facts(library, found),
        "data_version": library.data_version,
    }
