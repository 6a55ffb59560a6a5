"""Refusals: terms that do not tolerate those of another license on the same work."""

from typing import Any

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import Encumbrance
from clausegraph.reasoning.judge import Judge
from clausegraph.reasoning.outcomes import Level
from clausegraph.reasoning.refusals import refusals

Found = set[tuple[str, Level, tuple[str, ...]]]


def present(library: Library, license_id: str, via: str) -> Encumbrance:
    moved = library.move(library.start(license_id), via)
    assert moved is not None
    return library.encumbrances[moved]


def refused(library: Library, declared: str, *upstream: tuple[str, str], reading: str = "open", **given: bool) -> Found:
    """Return who refuses whom, and how surely, among works upstream that are present in a work."""
    judge = Judge(library, Assumptions.read(library, given)[0].with_reading(reading))
    found = refusals(judge, [present(library, i, via) for i, via in upstream], frozenset({declared}))
    return {(o.clause.license, o.level, o.against) for o in found}


#: A permission that another licensor gave.
OF_LLAMA: Any = {"authorized@llama2": True}
GPL, NC, RAIL = ("gpl-3.0", "modify"), ("cc-by-nc-4.0", "modify"), ("bigscience-bloom-rail-1.0", "modify")


def test_the_gpl_tolerates_no_further_restriction_and_does_tolerate_notices(library: Library) -> None:
    assert refused(library, "gpl-3.0", GPL, NC) == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}
    assert refused(library, "gpl-3.0", GPL, ("mit", "modify")) == set()
    assert refused(library, "gpl-3.0", GPL) == set()
    assert refused(library, "gpl-3.0", GPL, NC, RAIL) == {
        ("gpl-3.0", Level.breaches, ("cc-by-nc-4.0", "bigscience-bloom-rail-1.0"))
    }


def test_a_declared_gpl_refuses_a_restriction_that_came_from_upstream(library: Library) -> None:
    assert refused(library, "gpl-3.0", NC) == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}
    assert refused(library, "mit", NC) == set()
    assert refused(library, "gpl-3.0", NC, distributed=False) == set()


def test_an_upstream_gpl_refuses_a_declared_restriction(library: Library) -> None:
    assert refused(library, "cc-by-nc-4.0", GPL) == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}
    assert refused(library, "mit", GPL) == set()


def test_only_the_older_gpl_refuses_the_patent_terms_of_apache(library: Library) -> None:
    apache = ("apache-2.0", "modify")
    assert refused(library, "gpl-2.0", apache) == {("gpl-2.0", Level.breaches, ("apache-2.0",))}
    assert refused(library, "gpl-3.0", apache) == set()


def test_a_permission_takes_the_restriction_away_that_would_be_refused(library: Library) -> None:
    assert refused(library, "gpl-3.0", GPL, NC, authorized=True) == set()
    assert refused(library, "gpl-3.0", GPL, NC, **OF_LLAMA) != set()
    assert refused(library, "gpl-3.0", GPL, RAIL, authorized=True) != set()


def test_what_the_gpl_may_replace_stands_in_no_conflict_with_it(library: Library) -> None:
    alike = ("cc-by-sa-4.0", "modify")
    assert refused(library, "gpl-3.0", GPL, alike) == set()
    for declared in ("cc-by-sa-4.0", "mit"):
        assert ("cc-by-sa-4.0", Level.breaches, ("gpl-3.0",)) in refused(library, declared, GPL, alike)


def test_where_no_text_is_named_a_replacement_may_have_been_meant_if_there_is_one(library: Library) -> None:
    alike = ("cc-by-sa-4.0", "modify")
    assert ("cc-by-sa-4.0", Level.may, ("gpl-3.0",)) in refused(library, "other", GPL, alike)
    assert refused(library, "other", GPL, NC) == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}
    assert ("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",)) in refused(library, "other", GPL, alike, NC)


def test_whether_a_model_of_gpl_code_refuses_anything_is_contested_on_either_side(library: Library) -> None:
    learned = [("gpl-3.0", "train"), NC], [GPL, ("cc-by-nc-4.0", "train")]
    for upstream in learned:
        assert refused(library, "mit", *upstream) == {("gpl-3.0", Level.may, ("cc-by-nc-4.0",))}
        assert refused(library, "mit", *upstream, reading="strict") == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}
        assert refused(library, "mit", *upstream, reading="lenient") == set()


def test_an_exception_of_copyright_waives_what_was_learned_and_not_what_was_changed(library: Library) -> None:
    learned = ("cc-by-nc-4.0", "train")
    assert refused(library, "mit", GPL, learned, exception_applies=True) == set()
    assert refused(library, "mit", ("gpl-3.0", "train"), NC, exception_applies=True) == set()
    assert refused(library, "mit", GPL, NC, exception_applies=True) != set()


def test_the_surest_way_in_which_a_work_is_present_counts(library: Library) -> None:
    both = [("gpl-3.0", "train"), GPL, ("cc-by-nc-4.0", "train"), NC]
    for upstream in (both, both[::-1]):
        assert refused(library, "mit", *upstream) == {("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))}


def test_however_a_model_was_made_from_another_what_binds_in_every_way_is_refused(library: Library) -> None:
    for via, sure in (("finetune", Level.breaches), ("quantize", Level.may), ("base-model", Level.may)):
        assert refused(library, "gpl-3.0", ("cc-by-nd-4.0", via)) == {("gpl-3.0", sure, ("cc-by-nd-4.0",))}
    assert refused(library, "gpl-3.0", ("cc-by-nc-4.0", "base-model")) == {
        ("gpl-3.0", Level.breaches, ("cc-by-nc-4.0",))
    }
