"""Outcomes in JSON: what a finding says, how it was read, what to do, and in which order it is told."""

from dataclasses import replace
from typing import Any

import pytest

from clausegraph.library import Library
from clausegraph.library.model import Clause
from clausegraph.reasoning import outcome_json as told
from clausegraph.reasoning.outcomes import CONTESTED, LAW, SETTLED, Judgment, Level, Outcome


def clause(library: Library, license_id: str, kind: str) -> Clause:
    return next(c for c in library.licenses[license_id].clauses if c.kind.name == kind)


def outcome(library: Library, license_id: str, kind: str, level: Level, sure: str = SETTLED, **more: Any) -> Outcome:
    return Outcome(clause(library, license_id, kind), level, sure, **more)


def test_the_second_reader_counts_before_the_first_and_the_day_is_told_without_the_hour(library: Library) -> None:
    once = replace(library.licenses["mit"], verified=True, reviewer="a", reviewed_on="2026-11-02T10:00:00")
    twice = replace(once, reread_by="b", reread_on="2026-11-03")
    assert told.reading_in(once) == {"status": "read", "by": "a", "date": "2026-11-02"}
    assert told.reading_in(twice) == {"status": "read-twice", "by": "b", "date": "2026-11-03"}
    assert told.reading_words(told.reading_in(once)) == "read in the text (a, 2026-11-02)"


def test_a_license_that_nobody_checked_was_carried_over_if_its_text_is_at_hand(library: Library) -> None:
    mit = library.licenses["mit"]
    unchecked = replace(mit, verified=False, scancode_key="mit"), replace(mit, reviewer=None, scancode_key="mit")
    for found in unchecked:
        assert told.reading_in(found) == {"status": "carried-over", "by": None, "date": None}
    no_text = replace(mit, verified=False, scancode_key=None)
    assert told.reading_in(no_text)["status"] == "no-text"
    assert told.reading_in(no_text, replace(mit.clauses[0], text_key="k"))["status"] == "carried-over"
    assert told.reading_in(no_text, replace(mit.clauses[0], text_key=None))["status"] == "no-text"
    assert told.reading_words(told.reading_in(no_text)) == "no text was at hand"


def test_the_worst_is_told_first_and_what_is_settled_before_what_is_contested(library: Library) -> None:
    would = outcome(library, "cc-by-nc-4.0", "non-commercial", Level.would)
    contested = outcome(library, "cc-by-sa-4.0", "share-alike", Level.breaches, CONTESTED)
    settled = outcome(library, "gpl-3.0", "share-alike", Level.breaches)
    owed = outcome(library, "mit", "notice", Level.owes)
    found = told.order_findings(Judgment((would, owed, contested, settled)))
    assert found == [settled, contested, would]


def test_a_duty_is_listed_once_however_often_it_is_owed(library: Library) -> None:
    twice = [outcome(library, "mit", "notice", Level.owes, conditions=c) for c in ((), (library.triggers["network"]))]
    copy = outcome(library, "mit", "license-copy", Level.owes)
    other = outcome(library, "apache-2.0", "notice", Level.owes)
    found = told.order_obligations(Judgment((*twice, copy, other)))
    assert found == [other, copy, twice[0]]


def test_how_bad_it_is_follows_from_how_sure_it_is(library: Library) -> None:
    levels = Level.breaches, Level.may, Level.would
    found = [told.finding_dict(library, outcome(library, "gpl-3.0", "share-alike", level)) for level in levels]
    assert [f["severity"] for f in found] == ["violation", "warning", "info"]


@pytest.mark.parametrize(
    ("level", "sure", "reason", "own", "before"),
    [
        (Level.breaches, SETTLED, None, False, ""),
        (Level.breaches, CONTESTED, None, False, "Contested, read strictly: "),
        (Level.would, SETTLED, None, False, "Only under a condition: "),
        (Level.would, SETTLED, None, True, ""),
        (Level.would, CONTESTED, None, False, "Contested, read strictly: "),
    ],
)
def test_a_message_says_first_what_weakens_the_clause(
    library: Library, level: Level, sure: str, reason: str | None, own: bool, before: str
) -> None:
    found = outcome(library, "cc-by-nc-4.0", "non-commercial", level, sure, reason=reason, own=own)
    assert told.message(library, found) == before + found.clause.summary


def test_a_message_says_why_nobody_knows_and_of_unknown_terms_nothing_else(library: Library) -> None:
    law = outcome(library, "gpl-3.0", "share-alike", Level.may, CONTESTED, reason=LAW)
    said = told.message(library, law)
    label = library.reasons[LAW].label
    assert said == f"{label[0].upper()}{label[1:]}: {law.clause.summary}"
    gap = outcome(library, "none", "undeclared-terms", Level.may, CONTESTED, reason="nothing-declared", own=True)
    assert told.message(library, gap) == library.reasons["nothing-declared"].definition
    assert (told.title(library, gap), told.certainty(gap)) == (library.reasons["nothing-declared"].label, None)
    assert (told.title(library, law), told.certainty(law)) == (law.clause.kind.label, CONTESTED)


def test_a_message_names_the_other_side_and_the_uses_at_issue(library: Library) -> None:
    refusal = outcome(library, "gpl-3.0", "no-further-restrictions", Level.breaches, against=("llama2", "llama3"))
    assert told.message(library, refusal).endswith(" It does not tolerate terms of llama2, llama3.")
    named = outcome(library, "llama2", "use-restriction", Level.breaches, named=("self_harm",))
    assert "self harm" in told.message(library, named)
    placed = replace(named, clause=replace(named.clause, places=(("self_harm", "3.a"),)))
    assert told.message(library, placed).endswith(" Among them: self harm (3.a).")


def test_what_to_do_is_to_settle_what_is_not_known_to_stay_within_or_what_the_kind_says(library: Library) -> None:
    breach = outcome(library, "cc-by-nc-4.0", "non-commercial", Level.breaches)
    assert told.remedy(library, breach) == breach.clause.kind.remedy
    assert told.remedy(library, replace(breach, own=True)) == told.WITHIN
    unstated = replace(breach, level=Level.may, reason="relation-not-stated")
    assert told.remedy(library, unstated) == library.reasons["relation-not-stated"].settled_by
    contested = replace(breach, level=Level.may, certainty=CONTESTED, reason=LAW)
    assert told.remedy(library, contested) == breach.clause.kind.remedy


def test_a_finding_tells_only_what_there_is_to_tell(library: Library) -> None:
    special = {"own", "read", "reason", "conditions", "restrictions", "against"}
    plain = outcome(library, "gpl-3.0", "share-alike", Level.breaches)
    assert not special & told.finding_dict(library, plain).keys()
    strict = told.finding_dict(library, replace(plain, certainty=CONTESTED, own=True, reason=LAW))
    assert special & strict.keys() == {"own", "read"}
    doubted = replace(plain, level=Level.may, reason=LAW, named=("self_harm",), against=("mit",))
    assert special & told.finding_dict(library, doubted).keys() == {"reason", "restrictions", "against"}
    condition = library.triggers["network"]
    assert told.finding_dict(library, replace(plain, conditions=condition))["conditions"] == [condition[0].label]
    assert "conditions" not in told.obligation_dict(library, plain)
    assert told.obligation_dict(library, replace(plain, conditions=condition))["conditions"] == [condition[0].label]
