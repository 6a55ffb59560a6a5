"""What terms of other vocabularies mean here, read from `ontology/alignments/` and the ontology.

A class is matched to a kind of artifact, a property to a reuse relation, to `license`, or, where it only says
that one thing comes from another, to an empty relation.
"""

import json
from typing import Any

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import generated, turtle_files
from clausegraph.library import Library
from clausegraph.library.names import UNDECLARED, UNDETERMINED
from clausegraph.library.spellings import Spellings
from clausegraph.loaders.document import Vocabulary
from clausegraph.loaders.triples import same

#: A term of ours is as wide as the other, or wider.
_MATCHES = (ns.SKOS + "closeMatch", ns.SKOS + "narrowMatch")
_OURS = ns.BASE + "context.jsonld"
_SCHEMA_ORG = ("https://schema.org", "http://schema.org", "https://schema.org/docs/jsonldcontext.jsonld")


def vocabulary(library: Library) -> Vocabulary:
    """Return kinds, relations, and what classes and properties of other vocabularies mean."""
    classes = {same(ns.CG + kind.cls): kind.name for kind in library.artifact_kinds.values()}
    properties = {same(ns.CG + name): "license" for name in ("declaredLicense", "statedLicense")}
    properties[same(ns.CG + "derivesFrom")] = ""
    for relation in library.relations.values():
        properties[same(relation.property)] = properties[same(relation.within)] = relation.name
    for path in turtle_files("ontology", "alignments"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value in _MATCHES:
                ours, theirs = same(quad.subject.value), same(quad.object.value)
                for table in (classes, properties):
                    if ours in table:
                        table.setdefault(theirs, table[ours])
    kinds = {spelling: kind.name for spelling, kind in library.kinds_by_spelling.items()}
    return Vocabulary(
        kinds,
        Spellings((spelling, relation.name) for spelling, relation in library.relations_by_spelling.items()),
        classes,
        properties,
        _contexts(),
        library.licenses[UNDECLARED].iri,
        lambda value: library.names.find(value) == UNDETERMINED,
        lambda word: library.names.find(word) not in (None, UNDETERMINED, UNDECLARED),
        lambda value: _means(library, value),
    )


def _means(library: Library, value: str) -> str | None:
    """Return the expression of known license texts that a value means, or `None`."""
    found = library.names.expression(value) if value.strip() else None
    return str(found) if found and all(library.licenses[id_].is_text for id_ in found.ids) else None


def _contexts() -> dict[str, Any]:
    """Return the contexts that need no fetching: ours, and schema.org's, which is one vocabulary."""
    ours = json.loads(generated("context.jsonld").read_text(encoding="utf-8"))["@context"]
    theirs = {"@vocab": "https://schema.org/"}
    return {_OURS: ours, **dict.fromkeys(_SCHEMA_ORG, theirs)}
