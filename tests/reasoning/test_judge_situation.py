"""Situations: what may stand in two ways must agree, and what could be declared instead."""

from dataclasses import replace
from typing import Any

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.judge_situation import Features, SituationJudge, unsuitable
from clausegraph.reasoning.outcomes import Judgment, Verdict
from clausegraph.reasoning.parts import Part, part_of
from clausegraph.reasoning.situations import Situation


def made_from(library: Library, license_id: str, via: str) -> list[Part]:
    return [part_of(library, ((library.move(library.start(license_id), via),),))]


def judged(library: Library, alike: bool | None, upstream: tuple[str, str], declared: str, **given: Any) -> Judgment:
    """Return the judgment of a work of which it is known, or not, whether it merges works of one family only."""
    (merge,) = library.merge_conditions
    judge = SituationJudge(library, Assumptions.read(library, given)[0])
    return judge.judgment(((merge, alike),), made_from(library, *upstream), Expression.of(declared))


def kinds(judgment: Judgment) -> dict[str, str]:
    return {o.clause.kind.name: o.level.name for o in judgment.findings}


def test_merging_llama_2_with_others_may_improve_them_and_with_its_own_family_does_not(library: Library) -> None:
    for alike, verdict in ((True, Verdict.conditional), (False, Verdict.unknown)):
        assert judged(library, alike, ("llama2", "merge"), "llama2").verdict is verdict
    assert "output-restriction" not in kinds(judged(library, True, ("llama2", "merge"), "llama2"))
    assert kinds(judged(library, False, ("llama2", "merge"), "llama2"))["output-restriction"] == "may"


def test_a_work_of_one_family_is_green_whether_it_was_merged_or_not(library: Library) -> None:
    based = ("llama2", "base-model")
    assert judged(library, None, based, "llama2").verdict is Verdict.conditional
    assert judged(library, None, based, "mit").verdict is Verdict.conflict
    assert judged(library, False, based, "llama2").verdict is Verdict.unknown


def test_what_is_open_does_not_hold_for_a_judge_that_needs_an_answer(library: Library) -> None:
    (merge,) = library.merge_conditions
    judge = SituationJudge(library, Assumptions(library))
    asked = judge.judge_with(((merge, None),))
    assert asked.assume.features == ((merge, False),)
    assert asked.merged is None
    assert judge.judge_with(((merge, False),)) is asked
    assert judge.judge_with(((merge, True),)) is not asked


def test_the_name_that_llama_asks_for_decides_with_everything_else_equal(library: Library) -> None:
    iri = next(c.iri for c in library.artifact_conditions if c.iri.endswith("/llama3.1#condition-name-begins"))
    judge = SituationJudge(library, Assumptions(library))

    def verdict(features: Features, via: str = "finetune") -> Verdict:
        parts = made_from(library, "llama3.1", via)
        return judge.judgment(features, parts, Expression.of("llama3.1")).verdict

    (merge,) = library.merge_conditions
    assert verdict(((iri, True),)) is verdict(((iri, True), (merge, None)), "base-model") is Verdict.conditional
    assert verdict(((iri, False),)) is Verdict.conflict
    assert verdict(((iri, False), (merge, None)), "base-model") is Verdict.unknown


def test_what_could_be_declared_instead_is_told_the_best_first(library: Library) -> None:
    judge = SituationJudge(library, Assumptions(library))
    found = judge.possible((), made_from(library, "gpl-3.0", "modify"))
    verdicts = {license_id: verdict for verdict, license_id in found}
    assert [v for v, _ in found] == sorted(v for v, _ in found)
    assert (verdicts["gpl-3.0"], verdicts["mit"]) == (Verdict.conditional, Verdict.conflict)
    assert not {"gpl", "other", "none", "openai-tou-2024-12-11"} & set(verdicts)
    assert len(verdicts) == len(found)


def test_what_could_be_declared_depends_on_what_lies_upstream(library: Library) -> None:
    judge = SituationJudge(library, Assumptions(library))
    free, bound = (
        {i: v for v, i in judge.possible((), made_from(library, i, "modify"))} for i in ("mit", "cc-by-nc-4.0")
    )
    assert (free["mit"], bound["mit"]) == (Verdict.conditional, Verdict.conflict)


def test_the_gpl_is_not_made_for_data_nor_creative_commons_for_code(library: Library) -> None:
    assert unsuitable(library, "dataset", ["mit", "gpl-3.0", "cc-by-4.0"]) == ("gpl-3.0",)
    assert unsuitable(library, "source", ["mit", "gpl-3.0", "cc-by-4.0"]) == ("cc-by-4.0",)
    assert unsuitable(library, "service", ["mit", "gpl-3.0"]) == ()
    assert unsuitable(library, "model", ["ofl-1.1", "gfdl-1.3", "mit"]) == ("gfdl-1.3", "ofl-1.1")


def test_what_leaves_the_own_terms_open_makes_a_situation_unknown(library: Library) -> None:
    states = States(library, [Expression.of("gpl-3.0")])
    settled = Situation(0, "0", "dataset", Expression.of("gpl-3.0"), states.starts[0], (), 1)
    left_open = replace(settled, number=1, left_open=("file-differs",))
    judge = SituationJudge(library, Assumptions(library))
    found = list(judge.judged([settled, left_open, replace(settled, kind="source")], states))
    assert [f.judgment.verdict for f in found] == [Verdict.conditional, Verdict.unknown, Verdict.conditional]
    assert found[1].judgment.reasons == ("file-differs",)
    assert [f.unsuitable for f in found] == [("gpl-3.0",), ("gpl-3.0",), ()]
    assert [f.situation.number for f in found] == [0, 1, 0]
