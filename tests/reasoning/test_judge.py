"""The judge: what clauses upstream say of what is declared, tested at the edge of each rule."""

import pytest

from clausegraph.library import Library
from tests.support.judging import level, verdict


def test_what_is_withheld_upstream_cannot_be_granted_nor_done(library: Library) -> None:
    nc = ("cc-by-nc-4.0", "finetune")
    assert level(library, "non-commercial", "mit", nc, commercial=False) == {"breaches"}
    assert level(library, "non-commercial", "cc-by-nc-4.0", nc) == {"owes"}
    assert level(library, "non-commercial", "cc-by-nc-4.0", nc, commercial=True) == {"breaches"}
    assert level(library, "non-commercial", "cc-by-nc-4.0", nc, commercial=False) == {"met"}
    assert level(library, "non-commercial", "mit AND cc-by-nc-4.0", nc) == {"owes"}
    assert level(library, "non-commercial", "mit", nc, authorized=True) == set()
    for unread in ("other", "mit AND other"):
        assert verdict(library, unread, nc) == "unknown value-not-determined"
        assert level(library, "non-commercial", unread, nc) == {"may"}
    assert level(library, "non-commercial", "cc-by-nc-4.0 AND other", nc) == {"owes"}
    included = ("cc-by-nc-4.0", "include")
    assert level(library, "non-commercial", "mit", included) == {"owes"}


def test_share_alike_asks_for_the_license_of_the_whole_where_the_work_is_no_mere_part(library: Library) -> None:
    assert verdict(library, "gpl-3.0", ("gpl-3.0", "modify")) == "conditional"
    assert verdict(library, "gpl-3.0 AND mit", ("gpl-3.0", "modify")) == "conditional"
    assert verdict(library, "mit", ("gpl-3.0", "modify")) == verdict(library, "mit", ("gpl-3.0", "link")) == "conflict"
    assert verdict(library, "cc-by-sa-4.0", ("cc-by-sa-3.0", "modify")) == "conditional"
    assert verdict(library, "cc-by-sa-3.0", ("cc-by-sa-4.0", "modify")) == "conflict"
    assert verdict(library, "other", ("gpl-3.0", "modify")) == "unknown value-not-determined"
    aggregate = ("gpl-3.0", "include")
    readings = [verdict(library, "mit", aggregate, reading=r) for r in ("open", "strict", "lenient")]
    assert readings == ["unknown contested-law", "conflict", "conditional"]
    assert level(library, "share-alike", "mit", aggregate) == {"owes", "may"}
    assert level(library, "share-alike", "mit", aggregate, reading="lenient") == {"owes"}
    assert level(library, "share-alike", "mit", ("gpl-3.0", "train")) == {"may"}
    assert level(library, "share-alike", "mit", ("gpl-3.0", "link")) == {"breaches"}


def test_the_llama_agreement_must_be_passed_on_and_own_terms_may_do_that(library: Library) -> None:
    llama = ("llama2", "finetune")
    found = {
        (declared, passed): level(library, "flow-down", declared, llama, passes_terms_on=passed)
        for declared in ("llama2", "apache-2.0", "proprietary")
        for passed in (None, True, False)
    }
    assert [found["llama2", passed] for passed in (None, True, False)] == [{"met"}] * 3
    assert [found["apache-2.0", passed] for passed in (None, True, False)] == [{"breaches"}, {"met"}, {"breaches"}]
    assert [found["proprietary", passed] for passed in (None, True, False)] == [{"would"}, {"met"}, {"breaches"}]


def test_a_license_that_may_carry_another_is_read_as_one_says(library: Library) -> None:
    found = [
        level(library, "share-alike", "fair-ai-public-1.0", ("fair-ai-public-1.0-sd", "modify"), reading=reading)
        for reading in ("open", "strict", "lenient")
    ]
    assert found == [{"may"}, {"breaches"}, {"met"}]


@pytest.mark.parametrize(("users", "expected"), [(None, "would"), (700_000_000, None), (700_000_001, "breaches")])
def test_a_threshold_binds_above_its_number_and_not_who_has_a_permission(
    library: Library, users: int | None, expected: str | None
) -> None:
    given, llama = {"monthly_active_users_at_release": users}, ("llama3.1", "finetune")
    assert level(library, "threshold", "llama3.1", llama, **given) == ({expected} if expected else set())
    for way_out in ("authorized", "end_user"):
        assert level(library, "threshold", "llama3.1", llama, **given, **{way_out: True}) == set()


def test_a_duty_is_owed_until_it_is_met_and_breached_by_who_says_that_it_is_not(library: Library) -> None:
    gpl = ("gpl-3.0", "modify")
    for offered, expected in ((None, "owes"), (True, "met"), (False, "breaches")):
        assert level(library, "source-disclosure", "gpl-3.0", gpl, source_offered=offered) == {expected}
    assert verdict(library, "mit", gpl, distributed=False) == "compatible"
    assert verdict(library, "mit", gpl, copies_conveyed=False) == "compatible"
    rail = ("bigscience-bloom-rail-1.0", "finetune")
    for purpose, expected in (("medical_advice", "breaches"), ("weapons", "owes")):
        assert level(library, "use-restriction", "bigscience-bloom-rail-1.0", rail, purposes=[purpose]) == {expected}


def test_a_clause_binds_on_the_act_that_it_names_and_some_on_any(library: Library) -> None:
    assert verdict(library, "mit", ("gpl-3.0", "serve")) == "compatible"
    served = ("agpl-3.0", "modify", "serve")
    for offered in (True, False):
        assert level(library, "network-source-disclosure", "agpl-3.0", served, offered_to_others=offered) == {"owes"}


def test_contested_law_is_read_as_one_says_and_terms_that_nobody_read_are_not(library: Library) -> None:
    learned = ("gpl-3.0", "train")
    readings = [verdict(library, "mit", learned, reading=r) for r in ("open", "strict", "lenient")]
    assert readings == ["unknown contested-law", "conflict", "compatible"]
    for reading in ("open", "strict", "lenient"):
        assert verdict(library, "mit", ("none", "train"), reading=reading) == "unknown ancestor-declares-nothing"
    for exception, expected in (
        (None, "unknown contested-law"),
        (False, "unknown contested-law"),
        (True, "compatible"),
    ):
        assert verdict(library, "mit", learned, exception_applies=exception) == expected
    assert verdict(library, "mit", ("gpl-3.0", "modify"), exception_applies=True) == "conflict"


def test_a_strict_reading_settles_nothing_that_hangs_on_an_open_condition(library: Library) -> None:
    far = ("bigscience-bloom-rail-1.0", "distill", "distill")
    for similar, expected in ((None, "unknown contested-law"), (True, "conflict"), (False, "compatible")):
        assert verdict(library, "apache-2.0", far, reading="strict", similar_purpose=similar) == expected
    assert verdict(library, "apache-2.0", far, similar_purpose=True) == "unknown contested-law"
