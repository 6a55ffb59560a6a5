"""A second record of the law, made from the texts by another reader than the library: where both differ, it shows here.

`facts/licenses/` holds what a reader found in the texts of the licenses that people use most. `disputed` lists cells in
which reader and library differ and nobody has decided: relation, the reader's word, the library's. `only_reader` and
`only_library` list clauses (kind, section), or restrictions, that one has and the other has not. They may only shrink.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from clausegraph.answers.compat import Case, Compat
from clausegraph.compile.check import ontology_graph
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.library.index import index_files
from clausegraph.library.names import Expression
from clausegraph.library.read import Reader
from clausegraph.library.releases import terms_of
from clausegraph.validation.shacl import run
from clausegraph.validation.shapes import CG, shapes_graph
from tests.support.paths import ROOT

FACTS = ROOT / "tests" / "facts"
LIBRARY = Library.load()


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


LICENSES: dict[str, Any] = {
    found["license"]: found for path in sorted((FACTS / "licenses").glob("*.yaml")) if (found := _read(path))
}
WORLD, FAMILIES, TRANSITIONS = (_read(FACTS / f"{name}.yaml") for name in ("world", "families", "transitions"))


def near(one: object, other: object) -> bool:
    """Say whether two sections are one or lie in each other; a text without numbers is counted by one reader only."""
    a, b = (str(s).replace("(", ".").replace(")", "").strip(".") for s in (one, other))
    return "-" in (a, b) or a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")


def clauses(license_id: str, kind: str, section: str) -> set[str]:
    found = LIBRARY.licenses[license_id].clauses
    return {c.iri for c in found if c.kind.name == kind and near(section, c.section)}


@pytest.mark.parametrize("license_id", LICENSES)
def test_the_library_has_the_clauses_that_a_second_reader_found(license_id: str) -> None:
    facts = LICENSES[license_id]
    said = {(c["kind"], str(c["section"])) for c in facts["clauses"]}
    missing = {(kind, section) for kind, section in said if not clauses(license_id, kind, section)}
    assert missing == {(kind, str(section)) for kind, section in facts["only_reader"]}


@pytest.mark.parametrize("license_id", LICENSES)
def test_a_second_reader_found_the_clauses_that_the_library_has(license_id: str) -> None:
    facts = LICENSES[license_id]
    ours = {(c.kind.name, c.section) for c in LIBRARY.licenses[license_id].clauses}
    theirs = [(c["kind"], c["section"]) for c in facts["clauses"]]
    missing = {(k, s) for k, s in ours if not any(k == kind and near(s, section) for kind, section in theirs)}
    assert missing == {(kind, str(section)) for kind, section in facts["only_library"]}


def word(license_id: str, relation: str, found: set[str]) -> str:
    """Return whether a clause reaches what is made by a relation: `reached`, `contested` or `not`."""
    iri = LIBRARY.move(LIBRARY.start(license_id), relation)
    if iri is None:
        return "not"
    here = LIBRARY.encumbrances[iri]
    settled, contested = ({c.iri for c in some} for some in (here.binds, here.may_bind))
    return "reached" if settled & found else "contested" if contested & found else "not"


REACH = [(id_, row) for id_, facts in LICENSES.items() for row in facts["reach"]]


@pytest.mark.parametrize(
    ("license_id", "row"), REACH, ids=[f"{id_}-{'-'.join(map(str, row['clause']))}" for id_, row in REACH]
)
def test_a_clause_reaches_what_a_second_reader_says_that_it_reaches(license_id: str, row: dict[str, Any]) -> None:
    kind, section = row["clause"]
    found = clauses(license_id, kind, str(section))
    agreed = {relation: answer for answer in ("reached", "contested", "not") for relation in row.get(answer, ())}
    library = {relation: word(license_id, relation, found) for relation in agreed}
    assert library == agreed
    for relation, reader, ours in row.get("disputed", ()):
        assert word(license_id, relation, found) == ours != reader, relation


def test_what_is_disputed_only_shrinks() -> None:
    cells = sum(len(row.get(answer, ())) for _, row in REACH for answer in ("reached", "contested", "not"))
    disputed = sum(len(row.get("disputed", ())) for _, row in REACH)
    milder = sum(
        ours == "not" for _, row in REACH for _, reader, ours in row.get("disputed", ()) if reader == "reached"
    )
    only_reader = sum(len(facts["only_reader"]) for facts in LICENSES.values())
    only_library = sum(len(facts["only_library"]) for facts in LICENSES.values())
    assert len(LICENSES) == 32
    assert (cells, disputed, milder, only_reader, only_library) == (1258, 405, 25, 305, 17)


@pytest.mark.parametrize("license_id", [id_ for id_, facts in LICENSES.items() if "thresholds" in facts])
def test_a_threshold_has_the_number_of_its_text(license_id: str) -> None:
    for fact in LICENSES[license_id]["thresholds"]:
        found = [
            c
            for c in LIBRARY.licenses[license_id].clauses
            if c.iri in clauses(license_id, "threshold", str(fact["section"]))
        ]
        assert [(w.operator, w.values) for c in found for w in c.when] == [("gt", (fact["more_than"],))]


@pytest.mark.parametrize("license_id", [id_ for id_, facts in LICENSES.items() if "restrictions" in facts])
def test_a_license_forbids_what_its_items_forbid(license_id: str) -> None:
    facts = LICENSES[license_id]
    theirs = {name for item in facts["restrictions"] for name in item["names"]}
    ours = {name for clause in LIBRARY.licenses[license_id].clauses for name in clause.imposes}
    assert theirs - ours == set(facts.get("only_reader_restrictions", ()))
    assert ours - theirs == set(facts.get("only_library_restrictions", ()))


# ---- the table of transitions ------------------------------------------------

ONTOLOGY = Reader(index_files([folder("ontology") / "reach.ttl"]))


@pytest.mark.parametrize(
    ("sort", "start", "end"), [("Form", "fromForm", "toForm"), ("Setting", "fromSetting", "toSetting")]
)
def test_the_transition_table_is_the_one_that_was_written_by_hand(sort: str, start: str, end: str) -> None:
    rows = {
        (before, by): ns.local(ONTOLOGY.one(step, end))
        for step in ONTOLOGY.typed("Transition")
        for before in ONTOLOGY.locals(step, start)
        for by in ONTOLOGY.locals(step, "byRelation")
    }
    written = TRANSITIONS[f"{sort.lower()}s"]
    assert written.keys() == {ns.local(one) for one in ONTOLOGY.typed(sort)}
    for before, row in written.items():
        assert row["because"]
        for relation in LIBRARY.relations:
            iri = ns.BASE + "relation/" + relation
            usual = ns.local(ONTOLOGY.one(iri, "setsSetting") or "") if sort == "Setting" else ""
            found = rows.get((before, relation), usual or before)
            assert found == row["becomes"].get(relation, before), (before, relation)


# ---- the world ---------------------------------------------------------------


def test_the_european_union_has_the_members_that_it_has() -> None:
    members = {code for code, wider in LIBRARY.regions.items() if "EU" in wider and len(code) == 2} - {"EU"}
    assert len(WORLD["european_union"]) == 27
    assert members == set(WORLD["european_union"])


@pytest.mark.parametrize("row", WORLD["weights"], ids=lambda row: f"{row['model']} {row['day']}")
def test_weights_stand_under_the_terms_of_their_release(row: dict[str, str]) -> None:
    owner, name = row["model"].split("/")
    release = next(r for r in LIBRARY.releases if owner in r.accounts and terms_of_release(r.names, name))
    found = terms_of(LIBRARY, name, owner, Expression.of(release.code), row["day"])
    assert found.expression.ids == {row["license"]} or row["license"] == release.code


@cache
def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum() or c == ".")


def terms_of_release(names: tuple[str, ...], name: str) -> bool:
    return any(_plain(name).startswith(_plain(begin)) for begin in names)


@pytest.mark.parametrize("model", WORLD["no_release"])
def test_a_model_of_no_release_stands_under_what_its_card_says(model: str) -> None:
    owner, name = model.split("/")
    found = terms_of(LIBRARY, name, owner, Expression.of("mit"), "2024-01-01")
    assert found.expression == Expression.of("mit")


# ---- families ----------------------------------------------------------------

RULE, KIND = "https://w3id.org/clausegraph/family-rule/", ns.BASE + "kind/"


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return ontology_graph()


def test_each_family_rule_demands_what_was_written_by_hand(ontology: Graph) -> None:
    rules = {ns.local(str(s)): s for s in ontology.subjects(URIRef(ns.RDF_TYPE), CG.FamilyRule)}
    assert rules.keys() == FAMILIES.keys()
    for name, iri in rules.items():
        for prop, key in (("requiresKind", "requires"), ("excludesKind", "excludes")):
            kinds = {ns.local(str(kind)) for kind in ontology.objects(iri, CG[prop])}
            assert kinds == set(FAMILIES[name].get(key, ())), (name, key)
        same = {ns.local(str(one)) for one in ontology.objects(iri, CG.requiresSameRestrictionsAs)}
        assert same == {one for one in [FAMILIES[name].get("same_restrictions_as")] if one}, name


DEMANDS = [
    (name, key, kind)
    for name, rule in FAMILIES.items()
    for key in ("requires", "excludes")
    for kind in rule.get(key, ())
]


def test_a_license_that_breaks_a_family_rule_is_found(ontology: Graph) -> None:
    """For each demand of each rule, one license that breaks it: exactly that demand is named."""
    shapes = shapes_graph("library")
    small, broken = Graph(), {}
    for name, key, kind in DEMANDS:
        rule, member = URIRef(f"{RULE}{name}-{key}-{kind}"), URIRef(f"{ns.LICENSE}{name}-{key}-{kind}")
        prop = CG.requiresKind if key == "requires" else CG.excludesKind
        small.add((rule, URIRef(ns.RDF_TYPE), CG.FamilyRule))
        small.add((rule, CG.covers, member))
        small.add((rule, SKOS.prefLabel, URIRef(name)))
        small.add((rule, prop, URIRef(KIND + kind)))
        if key == "excludes":
            clause = URIRef(f"{member}#1")
            small.add((member, CG.hasClause, clause))
            small.add((clause, CG.kind, URIRef(KIND + kind)))
        broken[str(rule)] = str(member)
    report = run(small, shapes)
    sh = "http://www.w3.org/ns/shacl#"
    found = {
        (str(report.value(one, URIRef(sh + "focusNode"))), str(report.value(one, URIRef(sh + "value"))))
        for one in report.subjects(URIRef(ns.RDF_TYPE), URIRef(sh + "ValidationResult"))
        if "FamilyRule" in str(report.value(one, URIRef(sh + "sourceShape")))
    }
    assert found == set(broken.items())


# ---- carriers and exceptions -----------------------------------------------------


@pytest.mark.parametrize("license_id", [id_ for id_, facts in LICENSES.items() if "names_licenses" in facts])
def test_a_license_that_a_text_names_carries_its_clauses(license_id: str) -> None:
    """Under the licenses that the text itself names, or together with them."""
    admitted = {one for c in LIBRARY.licenses[license_id].clauses for carrier in c.carriers for one in carrier.admits}
    named = {LIBRARY.names.find(fact["id"].replace("-or-later", "")) for fact in LICENSES[license_id]["names_licenses"]}
    assert named - {None} <= admitted | {license_id}


#: Carriers that people doubt: whether the notice in Fair AI 1.0-SD that admits 1.0 is in force is argued, and whether a
#: version that somebody changed alone is a combination with a work under another license, where a text asks for one.
DOUBTED = {
    ("fair-ai-public-1.0-sd", "fair-ai-public-1.0"),
    ("gpl-3.0", "agpl-3.0"),
    ("lgpl-3.0", "agpl-3.0"),
    *(("eupl-1.1", one) for one in ("cpl-1.0", "epl-1.0", "gpl-2.0", "osl-3.0")),
    *(("eupl-1.2", one) for one in ("agpl-3.0", "cecill-2.1", "epl-1.0", "eupl-1.1", "gpl-2.0", "gpl-3.0")),
    *(("eupl-1.2", one) for one in ("lgpl-2.1", "lgpl-3.0", "mpl-2.0", "osl-3.0")),
    # notices under MIT, Apache and their like pass on the credit that O-UDA asks for, or less of it
    *(
        ("o-uda-1.0", one)
        for one in [
            *(
                "agpl-3.0",
                "apache-2.0",
                "bsd-2-clause",
                "bsd-3-clause",
                "bsd-3-clause-clear",
                "bsd-4-clause",
                "gpl-2.0",
            ),
            *("gpl-3.0", "isc", "lgpl-2.1", "lgpl-3.0", "lgpl-lr", "mit", "mpl-2.0", "ncsa", "postgresql", "zlib"),
        ]
    ),
    # "another license that allows everything this license allows", and no change of the software's license
    *(
        (one, other)
        for one in ("fair-ai-public-1.0", "fair-ai-public-1.0-sd")
        for other in [
            *("0bsd", "apache-2.0", "blueoak-1.0.0", "bsd-2-clause", "bsd-3-clause"),
            *("cc0-1.0", "isc", "mit", "mit-0", "unlicense"),
        ]
    ),
}


#: Whether a license that restricts the same kinds of use in other words imposes "at least the same" restrictions is
#: argued; lists with the same words are named, and settled.
DOUBTED_RULES = {"same-restrictions"}
CARRYING = [id_ for id_, found in LIBRARY.licenses.items() if any(clause.carriers for clause in found.clauses)]


@pytest.mark.parametrize("license_id", CARRYING)
def test_nobody_doubts_which_licenses_can_carry_a_clause(license_id: str) -> None:
    for clause in LIBRARY.licenses[license_id].clauses:
        for carrier in clause.carriers:
            doubted = carrier.certainty != "settled" and carrier.rule not in DOUBTED_RULES
            assert not doubted or {(license_id, one) for one in carrier.admits} <= DOUBTED, clause.iri
            if carrier.rule == "self":
                assert license_id in carrier.admits, clause.iri


@pytest.mark.parametrize("license_id", WORLD["exceptions_kept"])
def test_a_license_that_keeps_to_exceptions_of_copyright_frees_what_was_learned_under_one(license_id: str) -> None:
    start = LIBRARY.start(license_id)
    learned = LIBRARY.move(start, "train")
    for relations in (("train",), ("train", "include"), ("train", "serve"), ("train", "use")):
        iri = LIBRARY.move(start, *relations)
        if iri is not None:
            assert [c.kind.name for c in LIBRARY.encumbrances[iri].waived_by] == ["exceptions"], relations
    for relations in (("copy",), ("modify",), ("include",), ("train", "generate"), ("distill", "distill")):
        iri = LIBRARY.move(start, *relations)
        assert iri is None or LIBRARY.encumbrances[iri].waived_by == ()
    sections = {c.section for c in LIBRARY.licenses[license_id].clauses if c.kind.name == "exceptions"}
    assert sections == {WORLD["exceptions_kept"][license_id]}
    assert learned is None or LIBRARY.encumbrances[learned].license == license_id


def test_no_other_license_says_that_it_keeps_to_exceptions_of_copyright() -> None:
    saying = {id_ for id_, found in LIBRARY.licenses.items() if "exceptions" in {c.kind.name for c in found.clauses}}
    assert saying == WORLD["exceptions_kept"].keys()


# ---- answers ---------------------------------------------------------------------

COMPAT = Compat(LIBRARY)
#: Kinds whose clauses an answer names wherever they reach, whatever is declared.
NAMED = {"duty", "ban", "limit"}


@cache
def named(license_id: str, relation: str, kind: str) -> frozenset[tuple[str, str]]:
    """Return (kind, section) of all that an answer names: a work under a license, and the same license declared."""
    case = Case((license_id,), relation, (license_id,), artifact=kind)
    judgment = COMPAT.answer(case, suggest=False).judgment
    return frozenset((o.clause.kind.name, o.clause.section) for o in judgment.outcomes if not o.own)


@pytest.mark.parametrize("license_id", LICENSES)
def test_an_answer_names_the_clauses_that_reach_what_is_made(license_id: str) -> None:
    """Every duty, limit and ban that a text puts on the result, with its section, and no other."""
    wrong = []
    for row in LICENSES[license_id]["reach"]:
        kind, section = row["clause"]
        if LIBRARY.kinds[kind].form not in NAMED:
            continue
        for answer, expected in (("reached", True), ("not", False)):
            for relation in row.get(answer, ()):
                found = named(license_id, relation, "service" if relation == "serve" else "model")
                if any(k == kind and near(section, s) for k, s in found) is not expected:
                    wrong.append((relation, kind, section, answer))
    assert wrong == []


@pytest.mark.parametrize(
    ("license_id", "later"),
    [
        ("cc-by-sa-2.0", {"cc-by-sa-2.5", "cc-by-sa-3.0", "cc-by-sa-4.0"}),
        ("cc-by-sa-2.5", {"cc-by-sa-3.0", "cc-by-sa-4.0"}),
        ("cc-by-nc-sa-2.0", {"cc-by-nc-sa-2.5", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"}),
        ("cc-by-sa-1.0", set()),
    ],
)
def test_what_may_go_under_later_versions_may_go_under_each_of_them(license_id: str, later: set[str]) -> None:
    """Version 1.0 of the share-alike licenses of Creative Commons names no later version; the others do in 4(b)."""
    clause = next(c for c in LIBRARY.licenses[license_id].clauses if c.iri.endswith("#4.b-share-alike"))
    assert {one for carrier in clause.carriers for one in carrier.admits} - {license_id} == later
    copies = next(c for c in LIBRARY.licenses[license_id].clauses if c.iri.endswith("#4.a-share-alike"))
    assert {one for carrier in copies.carriers for one in carrier.admits} == {license_id}
