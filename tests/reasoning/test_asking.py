"""Which clauses ask for what only the user can say; what nobody asked for is asked back."""

import json
from typing import Any

import pytest

from clausegraph import compat
from clausegraph.library import Library
from clausegraph.reasoning.asking import asking, read_forward
from clausegraph.reasoning.outcomes import Level
from tests.support.paths import ROOT
from tests.support.running import ok

AT_RELEASE, NOW = "monthly_active_users_at_release", "monthly_active_users"


def _notes(license_: str, **assume: Any) -> list[str]:
    return [str(note) for note in compat(license_, "finetune", license_, **assume).to_dict().get("notes", ())]


def test_users_of_today_are_asked_back_where_a_license_counts_those_at_its_release() -> None:
    (note,) = _notes("llama3.1", **{NOW: 50_000_000})
    assert note == f"no clause here asks for {NOW}; did you mean {AT_RELEASE}, for which llama3.1 asks?"


@pytest.mark.parametrize(
    ("license_", "assume"),
    [
        ("llama3.1", {AT_RELEASE: 50_000_000}),
        ("llama3.1", {AT_RELEASE: 50_000_000, NOW: 1}),
        ("llama3.1", {}),
        ("mit", {NOW: 50_000_000}),
        ("llama3.1", {"commercial": True}),
    ],
)
def test_nothing_is_asked_back_where_the_question_was_answered_or_nothing_like_it_is_open(
    license_: str, assume: dict[str, Any]
) -> None:
    assert not [note for note in _notes(license_, **assume) if "did you mean" in note]


def test_the_answer_to_another_question_does_not_settle_the_open_one() -> None:
    verdicts = [compat("llama3.1", "finetune", "llama3.1", **{NOW: n}).verdict for n in (1, 900_000_000)]
    assert verdicts == ["conditional", "conditional"]


def test_each_key_lists_the_clauses_that_ask_for_it(library: Library) -> None:
    found = asking(library)
    assert found.keys() == library.keys.keys()
    assert {(c.license, c.section) for c in found[AT_RELEASE]} >= {("llama2", "2"), ("llama3.1", "2")}
    assert found["note"] == ()


def test_an_open_condition_reads_forward() -> None:
    """What makes it fine stands under `only if`, what makes the clause bind under `if`."""
    passed = compat("llama3.1", "finetune", "proprietary").judgment.outcomes
    carried = next(o for o in passed if o.level is Level.would and o.clause.kind.form == "carry")
    sized = next(o for o in passed if o.level is Level.would and o.clause.section == "2")
    fine, binds = read_forward(carried)
    assert ([c.key for c in fine], binds) == (["passes_terms_on"], ())
    fine, binds = read_forward(sized)
    assert (fine, [c.key for c in binds]) == ((), [AT_RELEASE])
    out = ok("compat", "llama3.1", "--via", "finetune", "--to", "proprietary")
    assert " only if  the upstream terms are passed on" in out
    assert "      if  more than 700 million users per month" in out


def test_the_command_prints_the_table_and_one_key_with_all_its_clauses() -> None:
    rows = json.loads(ok("explain", "assumptions", "-f", "json"))["keys"]
    assert AT_RELEASE in {row["key"] for row in rows}
    one = ok("explain", AT_RELEASE)
    assert "llama3.1  §2" in one
    assert AT_RELEASE in ok("explain", "assumptions").replace("\n", "") or "monthly_active" in ok(
        "explain", "assumptions"
    )


def test_the_page_names_the_sections_that_ask() -> None:
    text = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    assert "monthly_visits` | integer |  | Counts visits per month. | cogvideox §" in text
