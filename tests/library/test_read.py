"""How the ontology is read: what is said, what is not said, and what is contested."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clausegraph.library.index import index_files
from clausegraph.library.read import Reader

PREFIXES = """@prefix cg: <https://w3id.org/clausegraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <https://example.org/> .
"""
Read = Callable[[str], Reader]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reader(text: str) -> Reader:
        (tmp_path / "it.ttl").write_text(PREFIXES + text)
        return Reader(index_files([tmp_path / "it.ttl"]))

    return reader


def test_a_country_lies_in_itself_and_in_its_union_and_the_union_in_itself_only(read: Read) -> None:
    regions = read(
        """:eu a cg:Region ; cg:regionCode "EU" ; cg:includesRegion :at ; skos:prefLabel "European Union" .
        :at a cg:Region ; cg:regionCode "AT" ; skos:prefLabel "Austria" ; cg:alias "Republic of Austria" .
        :ch a cg:Region ; cg:regionCode "CH" ; skos:prefLabel "Switzerland" ."""
    ).regions()
    assert regions["AT"] == regions["AUSTRIA"] == regions["REPUBLIC OF AUSTRIA"] == {"AT", "EU"}
    assert regions["EU"] == regions["EUROPEAN UNION"] == {"EU"}
    assert regions["CH"] == {"CH"}
    assert "Austria" not in regions, "spellings are kept in capitals"


def test_a_fact_is_yes_no_or_not_said(read: Read) -> None:
    found = read(
        """:a a cg:License ; cg:identifier "a" ; cg:osiApproved true ; cg:fsfFree false ; cg:verified true .
        :b a cg:OwnTerms , cg:CopyleftLicense ; cg:identifier "b" ; cg:laterVersion :a ; cg:memberOf :a .
        :c a cg:NoSort ; cg:identifier "c" ."""
    ).licenses()
    assert list(found) == ["a", "b"]
    assert (found["a"].osi_approved, found["a"].fsf_free, found["a"].open_definition) == (True, False, None)
    assert (found["a"].verified, found["b"].verified, found["b"].complete) == (True, False, False)
    assert (found["a"].later, found["b"].later, found["b"].member_of) == (None, "a", "a")
    assert (found["b"].status, found["b"].sorts, found["b"].families) == (
        "OwnTerms",
        ("OwnTerms",),
        ("CopyleftLicense",),
    )


def clause(read: Read, text: str) -> tuple[tuple[str, ...], str]:
    reader = read(":k a cg:ClauseKind ; cg:clauseForm :duty . :c cg:kind :k . " + text)
    found = reader.clause("https://example.org/c", "a", reader.kinds())
    return found.reach, found.reach_certainty


def test_a_reach_is_contested_only_where_nothing_of_it_is_sure(read: Read) -> None:
    assert clause(read, ":c cg:reach :r . :r cg:reachesForm :Copy , :Adapter .") == (("Adapter", "Copy"), "settled")
    sure = clause(read, ":c cg:reach :r . :r cg:reachesForm :Copy ; cg:mayReachForm :Learned .")
    assert sure == (("Copy", "Learned (contested)"), "settled")
    assert clause(read, ":c cg:reach :r . :r cg:mayReachForm :Learned .") == (("Learned (contested)",), "contested")
    assert clause(read, "") == ((), "settled"), "a clause that binds nobody further reaches nothing"


def test_a_condition_has_its_question_its_test_and_all_its_values(read: Read) -> None:
    reader = read(
        """:key cg:jsonKey "users" .
        :c odrl:leftOperand :key ; odrl:operator odrl:gt ; odrl:rightOperand 700 .
        :c skos:prefLabel "many" ; cg:unit "people" .
        :d odrl:leftOperand :key ; odrl:operator odrl:isAnyOf ; odrl:rightOperand "x" , "y" .
        :both cg:when :d , :c ."""
    )
    many, either = reader.conditions("https://example.org/both", "when")
    assert (many.key, many.operator, many.values, many.label, many.unit) == ("users", "gt", (700,), "many", "people")
    assert (either.operator, set(either.values), either.unit) == ("isAnyOf", {"x", "y"}, None)
    assert reader.condition(many.iri) is many, "each is built once"
    assert reader.conditions("https://example.org/both", "unless") == ()


def test_a_policy_says_what_it_assumes_to_be_so_and_what_not_to_be(read: Read) -> None:
    reader = read(
        """:k cg:jsonKey "distributed" . :l cg:jsonKey "commercial" .
        :p a cg:PublishPolicy ; cg:spelling "share" ; cg:assumesTrue :k ; cg:assumesFalse :l .
        :q a cg:PublishPolicy ; cg:spelling "wait" .
        :f a cg:PublishForm ; cg:spelling "service" ; cg:impliesRelation :serve .
        :g a cg:PublishForm ; cg:spelling "data" ."""
    )
    assert reader.policies() == {"share": {"distributed": True, "commercial": False}, "wait": {}}
    assert reader.publish_forms() == {"service": "serve", "data": None}


def test_every_name_of_an_unknown_license_has_its_reason_and_a_class_of_openness_what_rules_it_out(read: Read) -> None:
    reader = read(
        """:u a cg:KnownUnknown ; cg:alias "b" , "a" ; skos:scopeNote "no text" .
        :Open cg:opennessKey "open" ; owl:disjointWith :NonCommercial . :Any cg:opennessKey "any" ."""
    )
    assert reader.known_unknowns() == {"a": "no text", "b": "no text"}
    shown = [(one.key, one.name, set(one.excluded_by)) for one in reader.openness()]
    assert shown == [("any", "Any", set()), ("open", "Open", {"NonCommercial"})]
