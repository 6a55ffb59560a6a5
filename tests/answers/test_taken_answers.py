"""Answers that are wrong, doubled or about somebody else, and what came of an attempt to break them."""

import json
from pathlib import Path
from typing import Any

import pytest

from clausegraph.answers.compat import Case, Compat, answer_record
from clausegraph.ground.errors import ClausegraphError, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from tests.support.paths import ROOT
from tests.support.running import ok

LIBRARY = Library.load()


# ---- what is written wrongly in a recipe is told ----------------------------------------


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"assume": {"commersial": True}}, "commersial"),
        ({"asume": {"commercial": True}}, "asume"),
        ({"works": {"base": {"kind": "model", "license": "mit", "licence": "gpl-3.0"}}}, "licence"),
        ({"steps": [{"make": "it", "from": [{"work": "base", "via": "copy"}], "assume": {}}]}, "assume"),
        ({"steps": [{"make": "it", "from": [{"work": "base", "via": "copy", "own": True}]}]}, "own"),
    ],
)
def test_a_key_of_a_recipe_that_nobody_knows_is_told_to_people_too(
    place: dict[str, Any], told: str, tmp_path: Path
) -> None:
    recipe = {
        "works": {"base": {"kind": "model", "license": "mit"}},
        "steps": [{"make": "it", "license": "mit", "from": [{"work": "base", "via": "finetune"}]}],
    }
    (tmp_path / "r.json").write_text(json.dumps(recipe | place))
    said = " ".join(ok("check", str(tmp_path / "r.json"), "--fail-on", "never").split())
    assert f"'{told}'" in said
    assert "not known and was ignored" in said
    (tmp_path / "r.json").write_text(json.dumps(recipe))
    assert "note:" not in ok("check", str(tmp_path / "r.json"), "--fail-on", "never")


def test_the_recipe_in_the_docs_is_judged(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    (tmp_path / "r.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    found = json.loads(ok("check", str(tmp_path / "r.yaml"), "-f", "json"))
    assert found["verdict"] == "conditional"
    assert found.get("notes", []) == []


# ---- what somebody who wanted to break it found --------------------------------------------


def verdict(
    upstream: list[str], via: str, declared: str, kind: str = "model", reading: str = "open", **said: Any
) -> str:
    case = Case(tuple(upstream), via, (declared,), kind, None, said, reading=reading)
    return Compat(LIBRARY).answer(case, suggest=False).verdict


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), -1, True, "much"])
def test_a_number_is_a_number_and_not_below_zero(number: Any) -> None:
    with pytest.raises(UsageError, match="annual_revenue_usd"):
        Assumptions.read(LIBRARY, {"annual_revenue_usd": number})
    assert Assumptions.read(LIBRARY, {"annual_revenue_usd": 0})[0].value("annual_revenue_usd") == 0


def test_an_answer_about_one_work_implies_nothing_of_another() -> None:
    for key, via in (("copies_conveyed", "serve"), ("same_family", "use")):
        plain = verdict(["gpl-3.0"], via, "mit")
        assert verdict(["gpl-3.0"], via, "mit", **{f"{key}@w3c": True}) == plain
        assert verdict(["gpl-3.0"], via, "mit", **{f"{key}@gpl-3.0": True}) == "conflict" != plain


def test_an_answer_for_a_family_counts_for_its_members() -> None:
    for_all = verdict(["gpl"], "copy", "gpl-3.0", source_offered=False)
    assert verdict(["gpl"], "copy", "gpl-3.0", **{"source_offered@gpl": False}) == for_all == "conflict"
    one = {"source_offered@gpl": False, "source_offered@gpl-3.0": True}
    assert verdict(["gpl-3.0"], "copy", "gpl-3.0", **one) == "conditional"


def test_an_answer_is_given_once() -> None:
    with pytest.raises(UsageError, match="twice"):
        Assumptions.read(LIBRARY, {"authorized": {"cc-by-nc-4.0": False, "CC BY-NC 4.0": True}})
    assert Assumptions.read(LIBRARY, {"authorized": {"cc-by-nc-4.0": True, "CC BY-NC 4.0": True}})[1] == []


@pytest.mark.parametrize(
    "said",
    [{"commercial": {}}, {"commercial": "x" * 100_000}, {"monthly_visits": 10**5000 * -1}, {"purposes": ["nosuch"]}],
    ids=["empty", "long", "digits", "restriction"],
)
def test_a_bad_answer_is_told_with_its_key_and_not_at_length(said: dict[str, Any]) -> None:
    with pytest.raises(ClausegraphError, match=next(iter(said))) as caught:
        Assumptions.read(LIBRARY, said)
    assert len(str(caught.value)) < 2_000
    assert Assumptions.read(LIBRARY, {1: True})[1] == ["the assumption '1' is not known and was ignored"]


def test_another_ancestor_that_could_be_relicensed_takes_no_conflict_away() -> None:
    assert verdict(["ms-pl", "llama3"], "merge", "other") == "conflict"
    assert verdict(["ms-pl", "llama3", "lgpl-2.1"], "merge", "other") == "conflict"


def test_a_part_owes_its_own_license_under_every_reading() -> None:
    found = [
        verdict(["agpl-3.0"], "link", "gpl-3.0", "service", reading, source_offered=True)
        for reading in ("lenient", "open", "strict")
    ]
    order = ("compatible", "conditional", "unknown", "conflict")
    assert [order.index(v) for v in found] == sorted(order.index(v) for v in found)


@pytest.mark.parametrize("number", [1, "a"])
def test_the_id_of_a_case_comes_back_unchanged_whether_or_not_it_can_be_answered(number: Any) -> None:
    case = {"id": number, "upstream": ["mit"], "via": "copy", "downstream": ["mit"]}
    assert answer_record(Compat(LIBRARY), case)["id"] == number
    assert answer_record(Compat(LIBRARY), case | {"via": "nosuch"})["id"] == number
