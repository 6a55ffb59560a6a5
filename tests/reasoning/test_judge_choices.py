"""The judge over what is not said: choices, lists, families, unstated relations, and readings of the law."""

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge import MAX_COMBINATIONS, Judge
from tests.support.judging import level, part, verdict


def test_upstream_one_may_choose_and_what_is_declared_must_hold_however_it_is_read(library: Library) -> None:
    gpl, either = ("gpl-3.0", "modify"), ("mit OR gpl-3.0", "modify")
    assert verdict(library, "apache-2.0", either) == "conditional"
    assert verdict(library, "apache-2.0", ("mit AND gpl-3.0", "modify")) == "conflict"
    assert verdict(library, "mit OR gpl-3.0", gpl) == "unknown choice-of-declared"
    assert verdict(library, "mit AND/OR gpl-3.0", gpl) == "unknown list-not-stated"
    assert verdict(library, "mit OR apache-2.0", gpl) == "conflict"
    for beside in ((), (("mit", "finetune"),), (either,)):
        assert (
            verdict(library, "apache-2.0", ("mit AND/OR cc-by-nc-4.0", "finetune"), *beside)
            == "unknown list-not-stated"
        )
    assert verdict(library, "apache-2.0", ("mit AND/OR apache-2.0", "modify"), either) == "conditional"
    assert verdict(library, "mit", ("gpl-3.0 AND/OR cc-by-nc-4.0", "finetune")) == "conflict"


def test_the_family_of_a_merge_says_nothing_of_what_was_distilled(library: Library) -> None:
    (merge,) = library.merge_conditions
    assume, _ = Assumptions.read(library, {"trains": "language-model"})
    found = {}
    for via in ("merge", "distill"):
        for alike in (True, False):
            judge = Judge(library, assume.with_features(((merge, alike),)))
            outcomes = judge.judge([part(library, "llama2", via)], Expression.of("llama2")).outcomes
            found[via, alike] = {o.level.name for o in outcomes if o.clause.kind.name == "output-restriction"}
    assert found == {
        ("merge", True): set(),
        ("merge", False): {"may"},
        ("distill", True): {"breaches"},
        ("distill", False): {"breaches"},
    }


def test_where_nobody_says_how_it_was_made_a_breach_must_be_one_in_every_way(library: Library) -> None:
    assert verdict(library, "cc-by-nd-4.0", ("cc-by-nd-4.0", "finetune")) == "conflict"
    assert verdict(library, "cc-by-nd-4.0", ("cc-by-nd-4.0", "quantize")) == "unknown contested-law"
    unstated = ("cc-by-nd-4.0", "base-model")
    assert verdict(library, "cc-by-nd-4.0", unstated) == "unknown relation-not-stated"
    assert verdict(library, "cc-by-nd-4.0", unstated, reading="strict") == "conflict"
    assert verdict(library, "cc-by-nd-4.0", unstated, reading="lenient") == "unknown relation-not-stated"
    assert verdict(library, "mit", ("gpl-3.0", "base-model")) == "conflict"
    parts, nd = [part(library, *unstated)], Expression.of("cc-by-nd-4.0")
    merged = {m: Judge(library, Assumptions(library), m).judge(parts, nd).verdict.name for m in (True, False)}
    assert merged == {True: "conflict", False: "unknown"}
    refusal = level(library, "no-further-restrictions", "cc-by-nc-4.0", ("gpl-3.0", "base-model"))
    assert refusal == {"breaches"}


def test_a_family_is_a_conflict_only_where_each_of_its_texts_is(library: Library) -> None:
    assert verdict(library, "mit", ("openrail", "finetune")) == "conflict"
    assert verdict(library, "mit", ("apache", "finetune")) == "unknown ancestor-family"
    assert verdict(library, "cc-by-sa-4.0", ("cc-by-sa", "modify")) == "unknown ancestor-family"
    assert verdict(library, "gpl-2.0", ("gpl", "modify")) == "conditional"
    assert verdict(library, "mit", ("gpl", "modify")) == "conflict"
    assert verdict(library, "cc-by", ("gpl-3.0", "modify")) == "conflict"
    assert verdict(library, "cc-by-sa", ("cc-by-sa-4.0", "modify")) == "unknown family-without-version"


def test_256_choices_are_all_tried_and_of_more_nobody_knows(library: Library) -> None:
    gpl, either = ("gpl-3.0", "modify"), ("cc-by-nc-3.0 OR cc-by-nc-4.0", "modify")
    assert MAX_COMBINATIONS == 2**8
    assert verdict(library, "other", gpl, *[either] * 8) == "conflict"
    assert "not-tried" in verdict(library, "other", gpl, *[either] * 9)
    for hopeless in (either, ("apache-2.0 OR bsd-3-clause", "modify")):
        assert verdict(library, "mit", gpl, *[hopeless] * 9) == "conflict"


def test_a_lenient_reading_tells_what_it_let_go_and_no_other_does(library: Library) -> None:
    parts, mit = [part(library, "gpl-3.0", "train")], Expression.of("mit")
    for reading in ("open", "strict", "lenient"):
        found = Judge(library, Assumptions(library).with_reading(reading)).passed_over(parts, mit)
        kinds = {o.clause.kind.name for o in found}
        assert ("share-alike" in kinds) is (reading == "lenient")
    for kept in ("modify", "include"):
        judge = Judge(library, Assumptions(library).with_reading("lenient"))
        found = judge.passed_over([part(library, "gpl-3.0", kept)], mit)
        assert "share-alike" not in {o.clause.kind.name for o in found}
