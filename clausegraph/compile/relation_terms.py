"""Makes from `ontology/reach.ttl` the properties of each reuse relation.

A relation says once by which word an artifact stands to another. From that follow the property between two artifacts,
the one between two of one party, and the one along which encumbrances move.
"""

from collections.abc import Iterator

from clausegraph.compile.terms import described, module, prefixes, quoted, term
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.library.index import Descriptions, index_files

HEADER = "# GENERATED from ontology/reach.ttl by `make library`. Do not edit.\n"
_BETWEEN = ["rdfs:domain cg:Artifact", "rdfs:range cg:Artifact"]
_OWN_TERMS_STAY = (
    "A licensor is not bound by its own license, so that license is not moved along this property, unless its text "
    "names another licensor; what encumbers the parent is."
)


def _terms(found: Descriptions, iri: str) -> Iterator[str]:
    """Yield what a relation says of its properties, and the properties."""
    spelling, verb = found.one(iri, "spelling"), found.one(iri, "verb")
    example = found.one(iri, ns.SKOS + "example")
    first, *more = verb.split()
    via = first + "".join(word.capitalize() for word in more)
    above = ["cg:derivesFrom", *(["prov:wasDerivedFrom"] if found.one(iri, "isDerivation") else [])]
    open_ = ", in a way that is not stated" if found.all(iri, "candidateRelation") else ""
    yield described(
        f"rel:{ns.local(iri)}",
        [f"cg:viaProperty cg:{via}", f"cg:withinProperty cg:{via}Own", f"cg:movesProperty cg:moves-{spelling}"],
    )
    facts = ["a owl:ObjectProperty", f"rdfs:subPropertyOf {' , '.join(above)}", *_BETWEEN]
    yield term(f"cg:{via}", facts, verb, f"Relates an artifact to an artifact that it {verb}{open_}.", example)
    facts = ["a owl:ObjectProperty", f"rdfs:subPropertyOf cg:{via}", *_BETWEEN]
    facts.append(f"skos:scopeNote {quoted(_OWN_TERMS_STAY)}")
    own = f"Relates an artifact to an artifact of the same party that it {verb}{open_}."
    yield term(f"cg:{via}Own", facts, f"{verb} own", own, example)
    becomes = "Relates an encumbrance to the one that it becomes when an artifact"
    moves = f"{becomes} {verb} the artifact that it encumbers{open_}."
    facts = ["a owl:ObjectProperty", "rdfs:domain cg:Encumbrance", "rdfs:range cg:Encumbrance"]
    yield term(f"cg:moves-{spelling}", facts, f"moves by {spelling}", moves, example)


def relations_text() -> str:
    """Return the text of `ontology/relation-terms.ttl`."""
    found = Descriptions(index_files([folder("ontology") / "reach.ttl"]))
    head = module(
        "relation-terms",
        "reach",
        "Terms for each reuse relation of clausegraph",
        "The properties by which artifacts stand to each other, and along which encumbrances move.",
    )
    names = prefixes("cg", "dcterms", "owl", "prov", "rdfs", "rel", "skos")
    relations = [text for iri in found.typed("Relation") for text in _terms(found, iri)]
    return "\n".join([names, HEADER + head, *relations])
