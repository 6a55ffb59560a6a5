"""Outcomes: what a level, a code and a verdict mean, and what several readings come to."""

import pytest

from clausegraph.library import Library
from clausegraph.library.model import Clause
from clausegraph.library.names import Expression
from clausegraph.reasoning.outcomes import CONTESTED, LAW, SETTLED, Judgment, Level, Outcome, Verdict, fold


def clause(library: Library, license_id: str, kind: str) -> Clause:
    return next(c for c in library.licenses[license_id].clauses if c.kind.name == kind)


def judgment(library: Library, *levels: Level, left_open: tuple[str, ...] = ()) -> Judgment:
    share_alike = clause(library, "gpl-3.0", "share-alike")
    found = (Outcome(share_alike, level, SETTLED, reason=LAW if level is Level.may else None) for level in levels)
    return Judgment(tuple(found), Expression.of("mit"), left_open)


def test_a_work_may_be_passed_on_with_duties_and_conditions_and_not_while_nobody_knows(library: Library) -> None:
    green = {level.name: level.verdict.green for level in Level}
    assert green == {"met": True, "owes": True, "would": True, "may": False, "breaches": False}
    assert [v.name for v in Verdict] == ["compatible", "conditional", "unknown", "conflict"]
    assert Level.met.verdict is Verdict.compatible
    assert Level.owes.verdict is Level.would.verdict is Verdict.conditional


def test_the_worst_of_all_clauses_counts_and_no_clause_at_all_leaves_nothing_to_do(library: Library) -> None:
    assert judgment(library).verdict is Verdict.compatible
    assert judgment(library, Level.owes, Level.met).verdict is Verdict.conditional
    assert judgment(library, Level.owes, Level.breaches, Level.may).verdict is Verdict.conflict


def test_own_terms_left_open_make_it_unknown_at_best_and_mend_no_conflict(library: Library) -> None:
    assert judgment(library, left_open=("file-differs",)).verdict is Verdict.unknown
    assert judgment(library, Level.breaches, left_open=("file-differs",)).verdict is Verdict.conflict


def test_why_nobody_knows_is_said_once_and_for_an_unknown_answer_only(library: Library) -> None:
    assert judgment(library, Level.may, Level.may, left_open=("file-differs",)).reasons == ("file-differs", LAW)
    assert judgment(library, Level.may, Level.breaches, left_open=("file-differs",)).reasons == ()
    assert judgment(library, Level.owes).reasons == ()
    share_alike = clause(library, "gpl-3.0", "share-alike")
    silent = Outcome(share_alike, Level.may, SETTLED), Outcome(share_alike, Level.would, SETTLED, reason=LAW)
    assert Judgment(silent).reasons == ()


@pytest.mark.parametrize(
    ("readings", "verdict", "reasons"),
    [
        ((Level.breaches, Level.breaches), Verdict.conflict, ()),
        ((Level.breaches, Level.owes), Verdict.unknown, ("list-not-stated",)),
        ((Level.breaches, Level.may), Verdict.unknown, ("list-not-stated",)),
        ((Level.owes, Level.met), Verdict.conditional, ()),
        ((Level.met, Level.may), Verdict.unknown, (LAW,)),
    ],
)
def test_of_readings_that_nobody_decides_between_a_conflict_must_be_one_in_all(
    library: Library, readings: tuple[Level, ...], verdict: Verdict, reasons: tuple[str, ...]
) -> None:
    for order in (readings, readings[::-1]):
        found = fold([judgment(library, level) for level in order], "list-not-stated")
        assert (found.verdict, found.reasons) == (verdict, reasons)


def test_doubt_takes_back_a_breach_and_leaves_a_condition_a_condition(library: Library) -> None:
    share_alike = clause(library, "gpl-3.0", "share-alike")
    doubted = Outcome(share_alike, Level.breaches, SETTLED).doubted(LAW)
    assert (doubted.level, doubted.reason) == (Level.may, LAW)
    would = Outcome(share_alike, Level.would, SETTLED)
    assert would.doubted(LAW) is would


def test_a_code_says_the_level_and_the_kind_of_clause_and_a_duty_has_none(library: Library) -> None:
    share_alike = clause(library, "gpl-3.0", "share-alike")
    codes = {level: Outcome(share_alike, level, SETTLED).code for level in Level}
    assert codes == {
        Level.met: None,
        Level.owes: None,
        Level.would: "CG404",
        Level.may: "CG304",
        Level.breaches: "CG204",
    }
    found = judgment(library, Level.owes, Level.would, Level.breaches, Level.may)
    assert [o.code for o in found.findings] == ["CG204", "CG304", "CG404"]
    assert [o.level for o in found.obligations] == [Level.owes]


def test_an_ancestor_without_a_license_has_another_code_than_a_work_without_one(library: Library) -> None:
    nothing = clause(library, "none", "undeclared-terms")
    assert Outcome(nothing, Level.may, CONTESTED).code == "CG121"
    assert Outcome(nothing, Level.may, CONTESTED, own=True).code == "CG101"
    unread = clause(library, "sil-ai-rail-m-1.0", "unread-terms")
    assert {Outcome(unread, Level.may, CONTESTED, own=own).code for own in (True, False)} == {"CG326"}


def test_a_clause_is_told_with_the_mode_in_which_it_binds_and_a_refusal_by_the_own_license_has_none(
    library: Library,
) -> None:
    present = library.encumbrances[library.move(library.start("gpl-3.0"), "modify") or ""]
    share_alike = clause(library, "gpl-3.0", "share-alike")
    assert Outcome(share_alike, Level.owes, SETTLED, present).mode == "Derivative/Whole"
    assert Outcome(share_alike, Level.owes, SETTLED).mode is None


def test_only_contested_law_that_counts_as_a_breach_was_read_strictly(library: Library) -> None:
    share_alike = clause(library, "gpl-3.0", "share-alike")
    strictly = {level for level in Level if Outcome(share_alike, level, CONTESTED).strictly}
    assert strictly == {Level.would, Level.breaches}
    assert not any(Outcome(share_alike, level, SETTLED).strictly for level in Level)
