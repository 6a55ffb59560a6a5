"""What the user assumes: yes, no or not said, and for whom an answer counts."""

from dataclasses import replace
from typing import Any

import pytest

from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions, plain_name
from clausegraph.library.model import Condition


def condition(key: str, operator: str, *values: Any) -> Condition:
    return Condition(f"urn:{key}:{operator}", key, operator, values, "made up")


def given(library: Library, **values: Any) -> Assumptions:
    return Assumptions.read(library, values)[0]


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        ("gt", False, False, True),
        ("gteq", False, True, True),
        ("lt", True, False, False),
        ("lteq", True, True, False),
        ("eq", False, True, False),
        ("neq", True, False, True),
    ],
)
def test_a_threshold_of_700_million_users_is_told_apart_at_one_user_less_or_more(
    operator: str, below: bool, at: bool, above: bool, library: Library
) -> None:
    limit = condition("monthly_active_users", operator, 700_000_000)
    for users, expected in ((699_999_999, below), (700_000_000, at), (700_000_001, above)):
        assert given(library, monthly_active_users=users).holds(limit) is expected
    assert given(library, monthly_active_users=0).holds(limit) is below
    assert given(library).holds(limit) is None, "who says nothing leaves it open"


def test_a_place_or_a_name_is_compared_whatever_its_spelling_and_a_place_that_nobody_knows_stays_open(
    library: Library,
) -> None:
    inside = condition("region", "isPartOf", "EU")
    for spelled in ("AT", "at", "Austria", "EU"):
        assert given(library, region=spelled).holds(inside) is True
    for spelled in ("CH", "GB", "us"):
        assert given(library, region=spelled).holds(inside) is False
    atlantis, notes = Assumptions.read(library, {"region": "Atlantis"})
    assert atlantis.holds(inside) is None
    assert ["Atlantis" in note for note in notes] == [True]
    assert plain_name("Acme/Llama_3-Chat") == plain_name("llama 3 chat") == "llama3chat"
    assert plain_name("acme/llama-3.1") == "llama3.1", "a stop parts two versions"
    begins, holds = (condition("name", operator, "Llama 3", "Gemma") for operator in ("startsWith", "contains"))
    for name, first, anywhere in (
        ("me/LLAMA-3-x", True, True),
        ("me/my-gemma", False, True),
        ("llama3/x", False, False),
    ):
        assert given(library, name=name).holds(begins) is first
        assert given(library, name=name).holds(holds) is anywhere


def test_one_no_settles_conditions_that_must_hold_together_and_one_yes_those_of_which_one_is_enough(
    library: Library,
) -> None:
    said = given(library, commercial=True, research=False)
    yes, no, open_ = (condition(k, "eq", True) for k in ("commercial", "research", "authorized"))
    cases = {(): (True, False), (yes,): (True, True), (no,): (False, False), (open_,): (None, None)}
    cases |= {(yes, no): (False, True), (yes, open_): (None, True), (no, open_): (False, None)}
    for conditions, (together, one) in cases.items():
        assert said.all_hold(conditions) is together
        assert said.any_holds(conditions) is one


def test_of_two_licensors_each_has_its_own_answer_and_others_have_the_general_one(library: Library) -> None:
    said = given(library, authorized={"gemma": True, "cc-by-nc": True, "cc-by-nc-4.0": False})
    answers = {"gemma": True, "cc-by-nc-2.0": True, "cc-by-nc-4.0": False, "llama2": None, "cc-by": None}
    for license_id, expected in answers.items():
        assert said.of_license(license_id).value("authorized") is expected, license_id
    both, _ = Assumptions.read(library, {"authorized": False, "authorized@Gemma": True})
    assert both.of_license("gemma").value("authorized") is True
    assert both.of_license("llama2").value("authorized") is False


def test_an_answer_is_of_the_type_that_its_question_asks_for_and_the_same_where_it_is_given_twice(
    library: Library,
) -> None:
    once = given(library, **{"authorized@mit": True, "authorized@MIT License": True})
    assert once.given == (("authorized@mit", True),)
    with pytest.raises(UsageError, match="twice"):
        given(library, **{"authorized@mit": True, "authorized@MIT License": False})
    wrong = [("commercial", 1), ("monthly_active_users", True), ("monthly_active_users", -1)]
    wrong += [("monthly_active_users", 1.5), ("annual_revenue_usd", float("inf")), ("trains", "spaceship"), ("name", 3)]
    for key, value in wrong:
        with pytest.raises(UsageError, match=key):
            given(library, **{key: value})
    with pytest.raises(UnknownIdentifier):
        given(library, authorized={"nosuch": True})
    said, _ = Assumptions.of_pairs(library, ["name=123", "monthly_active_users=123", "commercial=true", "region=NO"])
    assert dict(said.given) == {"name": "123", "monthly_active_users": 123, "commercial": True, "region": "NO"}
    for wrong in ("commercial", "comercial=true", "commercial=yes"):
        with pytest.raises(UsageError):
            Assumptions.of_pairs(library, [wrong])
    assert given(library, annual_revenue_usd=0.5, trains="other", commercial=None).value("commercial") is None


def test_purposes_are_read_however_they_are_spelled_and_only_those_a_clause_forbids_are_named(library: Library) -> None:
    for spelled in ("Medical-Advice, espionage ", ["medical_advice", "ESPIONAGE", "medical advice"]):
        assert given(library, purposes=spelled).value("purposes") == ("espionage", "medical_advice")
    with pytest.raises(UnknownIdentifier):
        given(library, purposes="medical_advice, gardening")
    rail = next(c for c in library.license("creativeml-openrail-m").clauses if "medical_advice" in c.imposes)
    assert given(library, purposes="medical_advice").named(rail) == ("medical_advice",)
    assert given(library, purposes="medical_advice").named(replace(rail, imposes=("espionage",))) == ()
    assert given(library).named(rail) == ()


def test_a_misspelt_key_is_asked_back(library: Library) -> None:
    with pytest.raises(UsageError, match="did you mean monthly_active_users"):
        Assumptions.of_pairs(library, ["monthly_active_user=5"])
    _, notes = Assumptions.read(library, {"comercial": True})
    assert notes == ["the assumption 'comercial' is not known and was ignored; did you mean commercial?"]
