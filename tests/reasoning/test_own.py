"""The own license: what a declared license means for whoever takes a plain copy of the work."""

from typing import Any

import pytest

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.judge import Judge
from clausegraph.reasoning.outcomes import LAW, Level, Outcome
from clausegraph.reasoning.own import own_outcomes, own_reason


def outcomes(library: Library, license_id: str, reading: str = "open", **given: Any) -> tuple[Outcome, ...]:
    assume = Assumptions.read(library, given)[0].with_reading(reading)
    return own_outcomes(Judge(library, assume), license_id)


def levels(library: Library, license_id: str, kind: str, reading: str = "open", **given: Any) -> list[Level]:
    return [o.level for o in outcomes(library, license_id, reading, **given) if o.clause.kind.name == kind]


@pytest.mark.parametrize("license_id", ["mit", "gpl-3.0", "cc0-1.0", "apache-2.0"])
def test_the_duties_of_the_own_license_do_not_count_and_it_forbids_nothing(library: Library, license_id: str) -> None:
    assert outcomes(library, license_id) == ()


@pytest.mark.parametrize(("commercial", "expected"), [(None, [Level.would]), (True, [Level.breaches]), (False, [])])
def test_non_commercial_is_breached_by_commerce_and_a_limit_until_somebody_says(
    library: Library, commercial: bool | None, expected: list[Level]
) -> None:
    assert levels(library, "cc-by-nc-4.0", "non-commercial", commercial=commercial) == expected
    assert levels(library, "cc-by-nc-4.0", "non-commercial", commercial=commercial, authorized=True) == []


def test_a_limit_waits_for_what_it_is_about_and_a_breach_waits_for_nothing(library: Library) -> None:
    (waiting,), (breach,) = (outcomes(library, "cc-by-nc-4.0", commercial=c) for c in (None, True))
    assert [c.key for c in waiting.conditions] == ["commercial"]
    assert breach.conditions == ()
    assert waiting.own
    assert breach.own


def test_research_only_is_breached_by_commerce_as_well_as_by_what_is_no_research(library: Library) -> None:
    assert levels(library, "opt-175b", "research-only", research=True, commercial=True) == [Level.breaches]
    assert levels(library, "opt-175b", "research-only", research=False, commercial=False) == [Level.breaches]
    assert levels(library, "opt-175b", "research-only", research=True, commercial=False) == []
    assert levels(library, "opt-175b", "research-only", commercial=False) == [Level.would]


@pytest.mark.parametrize(
    ("users", "expected"), [(None, [Level.would]), (700_000_000, []), (700_000_001, [Level.breaches])]
)
def test_llama_asks_for_another_license_above_700_million_users_and_not_at_them(
    library: Library, users: int | None, expected: list[Level]
) -> None:
    assert levels(library, "llama3.1", "threshold", monthly_active_users_at_release=users) == expected


@pytest.mark.parametrize(("given", "expected"), [(None, [Level.would]), (True, [Level.breaches]), (False, [])])
def test_data_that_may_not_be_given_to_others_forbid_that_to_those_who_say_that_they_do(
    library: Library, given: bool | None, expected: list[Level]
) -> None:
    assert levels(library, "nvidia-data-model-training-2025", "no-distribution", distributed=given) == expected


def test_a_contested_ban_is_a_breach_under_a_strict_reading_and_only_for_who_does_it(library: Library) -> None:
    def found(reading: str, **given: Any) -> list[Level]:
        return levels(library, "exaone-1.1-nc", "no-distribution", reading, **given)

    assert found("open", distributed=True) == found("strict") == [Level.may]
    assert found("strict", distributed=True) == [Level.breaches]
    assert found("lenient", distributed=True) == []


def test_a_purpose_that_an_openrail_license_names_is_a_breach_and_another_is_none(library: Library) -> None:
    rail = "bigscience-bloom-rail-1.0"
    (named,) = outcomes(library, rail, purposes=["medical_advice", "weapons"])
    assert (named.level, named.named) == (Level.breaches, ("medical_advice",))
    assert outcomes(library, rail, purposes=["weapons"]) == outcomes(library, rail) == ()
    contested = {
        r: levels(library, "ai2-impact-mr", "use-restriction", r, purposes=["weapons"]) for r in ("open", "strict")
    }
    assert contested == {"open": [Level.may], "strict": [Level.breaches]}


@pytest.mark.parametrize(
    ("license_id", "reason"),
    [("none", "nothing-declared"), ("other", "value-not-determined"), ("openrail", "family-without-version")],
)
def test_own_terms_that_nobody_can_name_are_unknown_under_every_reading(
    library: Library, license_id: str, reason: str
) -> None:
    assert own_reason(library, license_id) == reason
    for reading in ("open", "strict", "lenient"):
        (found,) = outcomes(library, license_id, reading)
        assert (found.level, found.reason, found.own) == (Level.may, reason, True)


def test_whoever_writes_terms_knows_them_and_who_reads_half_of_a_text_does_not(library: Library) -> None:
    assert outcomes(library, "proprietary") == ()
    assert {o.reason for o in outcomes(library, "sil-ai-rail-m-1.0") if o.gap} == {"own-terms-not-read"}
    assert LAW not in {o.reason for o in outcomes(library, "sil-ai-rail-m-1.0") if o.gap}


@pytest.mark.parametrize(("offered", "expected"), [(None, [Level.would]), (True, [Level.breaches]), (False, [])])
def test_a_ban_on_hosting_alone_counts_though_a_plain_copy_is_not_hosted(
    library: Library, offered: bool | None, expected: list[Level]
) -> None:
    """Elastic License 2.0, Limitations: no managed service for third parties."""
    assert levels(library, "elastic-2.0", "hosting", offered_to_others=offered) == expected
    assert levels(library, "elastic-2.0", "hosting", offered_to_others=offered, authorized=True) == []


def test_a_ban_on_hosting_that_nobody_verified_leaves_the_own_license_open(library: Library) -> None:
    assert levels(library, "falcon-180b-1.0", "hosting") == [Level.may]
    assert levels(library, "falcon-180b-1.0", "hosting", offered_to_others=False) == []


def test_a_limit_of_a_copy_and_of_a_service_is_told_once(library: Library) -> None:
    assert levels(library, "stability-ai-nc-2023-12-06", "non-commercial") == [Level.would]
