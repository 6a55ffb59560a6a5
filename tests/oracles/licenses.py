"""What the library says of licenses, read from its objects and from the Turtle files."""

from collections import Counter
from collections.abc import Iterator

from clausegraph.ground import namespaces as ns
from clausegraph.library.model import Clause, Condition, License
from clausegraph.library.queries import queries
from tests.oracles.carrying import CARRIES, carrying
from tests.oracles.world import DEFINITION, OWL, RDFS, Asked, Rows, named, relation_iri

ODRL_OVER = ("gt", "gteq")


def _read(asked: Asked) -> list[License]:
    """Return the licenses that name a text to everybody."""
    return [found for found in asked.library.licenses.values() if "License" in found.sorts]


def _family(asked: Asked, name: str) -> list[License]:
    return [found for found in asked.library.licenses.values() if name in found.families]


def carriers(asked: Asked) -> Rows:
    license_ = asked.license()
    carried = [clause for clause in license_.clauses if clause.carriers]
    return [
        (license_.iri, other.iri, other.name)
        for other in asked.library.licenses.values()
        if carried and all(carrying(other, clause) == CARRIES for clause in carried)
    ]


def share_alike_islands(asked: Asked) -> Rows:
    copyleft = _family(asked, "CopyleftLicense")
    return [
        (one.iri, other.iri, "yes" if _goes_into(other, one) else "no")
        for one in copyleft
        for other in copyleft
        if one is not other and _goes_into(one, other)
    ]


def _goes_into(one: License, other: License) -> bool:
    alike = [clause for clause in one.clauses if clause.kind.name == "share-alike"]
    return all(carrying(other, clause) == CARRIES for clause in alike)


def _bound(asked: Asked, license_: License, relation: str) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Return the clauses that bind, and those that may bind, what is made by a relation."""
    moved = asked.library.move(asked.library.start(license_.id), relation)
    found = asked.library.encumbrances[moved] if moved else None
    return (found.binds, found.may_bind) if found else ((), ())


def clauses_by_relation(asked: Asked) -> Rows:
    binding, doubtful = _bound(asked, asked.license(), asked.given["relation"])
    return [
        (clause.iri, clause.section, clause.kind.label, how)
        for how, clauses in (("binds", binding), ("may bind", doubtful))
        for clause in clauses
    ]


def reach_by_relation(asked: Asked) -> Rows:
    only = asked.text("relation")
    rows = []
    for license_ in _read(asked):
        for relation in asked.library.relations:
            binding, doubtful = _bound(asked, license_, relation)
            if only in (None, relation) and (binding or doubtful):
                rows.append((license_.iri, relation_iri(relation), len(binding), len(doubtful)))
    return rows


def refusals(asked: Asked) -> Rows:
    only, library = asked.license_or_none("refuser"), asked.library
    return [
        (library.licenses[clause.license].iri, clause.section, refused.iri)
        for refused in library.licenses.values()
        for clause in (library.clauses[iri] for iri in refused.refused_by)
        if only is None or clause.license == only.id
    ]


def contested(asked: Asked) -> Rows:
    label = asked.world.turtle.label
    return list(
        {
            (license_.iri, clause.kind.label, label(ns.FORM + form.removesuffix(" (contested)")), clause.section)
            for license_ in _read(asked)
            for clause in license_.clauses
            for form in clause.reach
            if form.endswith(" (contested)")
        }
    )


def thresholds(asked: Asked) -> Rows:
    count, only = asked.number("count"), asked.text("key")
    label = asked.world.turtle.label
    return [
        (
            *(asked.library.licenses[clause.license].iri, clause.section, label(ns.ASSUMPTION + condition.key)),
            *(threshold, condition.unit, condition.tested_at, "yes" if over else "no"),
        )
        for clause, condition, threshold, over in _thresholds(asked, count)
        if only in (None, condition.key)
    ]


def _thresholds(asked: Asked, count: int) -> Iterator[tuple[Clause, Condition, int, bool]]:
    for clause in asked.library.clauses.values():
        for condition in clause.when:
            if condition.operator in ODRL_OVER and condition.unit is not None:
                for threshold in condition.values:
                    assert isinstance(threshold, int)
                    over = count > threshold or (condition.operator == "gteq" and count == threshold)
                    yield clause, condition, threshold, over


def restrictions(asked: Asked) -> Rows:
    license_, turtle = asked.license(), asked.world.turtle
    return [
        (license_.iri, restriction, turtle.label(restriction), letter, clause.section)
        for clause in license_.clauses
        for restriction in (ns.RESTRICTION + name for name in clause.imposes)
        for letter in turtle.values(restriction, ns.SKOS + "notation") or [None]
    ]


def restriction_counts(asked: Asked) -> Rows:
    turtle = asked.world.turtle
    imposed = Counter(
        ns.RESTRICTION + name
        for license_ in asked.library.licenses.values()
        for name in {name for clause in license_.clauses for name in clause.imposes}
    )
    return [
        (restriction, turtle.label(restriction), turtle.label(group), number)
        for restriction, number in imposed.items()
        for group in turtle.values(restriction, ns.SKOS + "broader")
    ]


def licenses_by_restriction(asked: Asked) -> Rows:
    wanted, licenses = asked.text("restriction"), asked.library.licenses
    clauses = [clause for clause in asked.library.clauses.values() if wanted in clause.imposes]
    return [(licenses[c.license].iri, licenses[c.license].name, c.section) for c in clauses]


def licenses_by_clause(asked: Asked) -> Rows:
    clauses = [c for c in asked.library.clauses.values() if c.kind.name == asked.text("kind")]
    return [(asked.library.licenses[c.license].iri, c.iri, c.section, c.summary) for c in clauses]


def licenses_by_family(asked: Asked) -> Rows:
    return [(found.iri, found.name, found.verified) for found in _family(asked, asked.given["family"])]


def families(asked: Asked) -> Rows:
    turtle = asked.world.turtle
    return [
        (family, turtle.label(family), turtle.values(family, DEFINITION)[0])
        for family in (ns.CG + name for name in asked.license().families)
        if ns.CG + "License" in turtle.values(family, RDFS + "subClassOf")
    ]


def clauses_of_license(asked: Asked) -> Rows:
    clauses = asked.license().clauses
    return [(c.iri, c.section, c.kind.deontic.lower(), c.kind.label, c.summary) for c in clauses]


def evidence(asked: Asked) -> Rows:
    license_ = asked.license()
    reviewed = (license_.reviewer, license_.reviewed_on) if license_.reviewer and license_.reviewed_on else (None, None)
    return [(c.iri, c.section, c.anchor, license_.scancode_key, *reviewed) for c in license_.clauses]


def known_unknowns(asked: Asked) -> Rows:
    turtle = asked.world.turtle
    found = turtle.typed(ns.CG + "KnownUnknown")
    return [(turtle.label(s), reason) for s in found for reason in turtle.values(s, ns.SKOS + "scopeNote")]


def unverified(asked: Asked) -> Rows:
    return [(found.iri, found.name, found.source) for found in _read(asked) if not found.verified]


def spellings(asked: Asked) -> Rows:
    found = asked.license()
    sorts = {"clausegraph": found.id, "Hugging Face Hub": found.hf_id, "SPDX": found.spdx_id}
    sorts |= {"ScanCode": found.scancode_key, "name": found.name}
    return [*((value, sort) for sort, value in sorts.items() if value), *((alias, "alias") for alias in found.aliases)]


def similar_licenses(asked: Asked) -> Rows:
    """Return the twenty licenses that are most alike."""
    own = {clause.kind.name for clause in asked.license().clauses}
    rows = []
    for other in _read(asked):
        theirs = {clause.kind.name for clause in other.clauses}
        if other is not asked.license() and own & theirs:
            rows.append((other.iri, other.name, len(own & theirs), len(own ^ theirs)))
    return sorted(rows, key=lambda row: (row[3], -row[2], row[0]))[:20]


def terms(asked: Asked) -> Rows:
    turtle = asked.world.turtle
    sorts = {"Class": "class", "ObjectProperty": "object property", "DatatypeProperty": "datatype property"}
    sorts |= {"AnnotationProperty": "annotation property"}
    return [
        (term, sort, label, definition)
        for type_, sort in sorts.items()
        for term in turtle.typed(OWL + type_)
        for label in turtle.values(term, ns.SKOS + "prefLabel")
        for definition in turtle.values(term, DEFINITION)
    ]


def questions(asked: Asked) -> Rows:
    return [(query.iri, query.summary, ", ".join(sorted(query.tags))) for query in queries().values()]


#: Facts by the rights that give them and the kinds of clause that give or take them, and what it means to lack these.
FACTS: tuple[tuple[str, str | None, tuple[str, ...], str | None, bool], ...] = (
    ("commercial_use", "commercial-use", (), "non-commercial", False),
    ("modify", "modify", (), "no-derivatives", False),
    ("distribute", "distribute", (), "no-distribution", False),
    ("patent_grant", None, ("patent-grant",), "patent-reservation", False),
    ("keep_notice", None, ("notice", "license-copy", "attribution"), None, True),
    ("state_changes", None, ("state-changes",), None, True),
    ("disclose_source", None, ("source-disclosure",), None, True),
    ("same_license", None, ("share-alike",), None, True),
    ("network_copyleft", None, ("network-source-disclosure",), None, True),
    ("no_trademark", None, ("trademark",), None, False),
    ("no_liability", None, ("liability",), None, False),
)


def license_facts(asked: Asked) -> Rows:
    license_ = asked.license()
    kinds = {clause.kind.name for clause in license_.clauses}
    rows = []
    for fact, right, giving, taking, lacking in FACTS:
        said = right in license_.grants or bool(kinds & set(giving))
        denied = lacking and set(giving) <= license_.lacks
        value = "false" if taking in kinds else "true" if said else "false" if denied else None
        rows.append((license_.iri, fact, value))
    return rows


ORACLES = named(
    (
        *(carriers, clauses_by_relation, clauses_of_license, contested, evidence, families, known_unknowns),
        *(license_facts, licenses_by_clause, licenses_by_family, licenses_by_restriction, questions),
        *(reach_by_relation, refusals, restriction_counts, restrictions, share_alike_islands, similar_licenses),
        *(spellings, terms, thresholds, unverified),
    )
)
