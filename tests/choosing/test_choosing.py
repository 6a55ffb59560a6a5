"""Which licenses may be declared: what is offered is no conflict, and what is to change opens the license."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from clausegraph.answers.check import Subject
from clausegraph.answers.recipe import check_recipe, plan_recipe
from clausegraph.choosing.changes import LARGEST, LEAVE_OUT, PERMISSION, smallest_changes
from clausegraph.choosing.choose import candidate, choose
from clausegraph.choosing.guide import follow, load_questions
from clausegraph.choosing.wishes import load_wishes, wishes_of
from clausegraph.composing.choices import choose as chosen_parts
from clausegraph.composing.compose import compose, problems
from clausegraph.composing.kit import load_kit
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.workspace.folder import Workspace
from tests.cli.test_cli import CONFLICT
from tests.support.running import fails, ok

LIBRARY = Library.load()
IDS = sorted(LIBRARY.licenses)
RELATIONS = sorted(LIBRARY.relations)
NOTHING = Assumptions.read(LIBRARY, {})[0]
#: One judge for all recipes, which remembers what it has judged.
JUDGES = SituationJudge(LIBRARY, NOTHING)


def planned(recipe: dict[str, Any], judges: SituationJudge | None = JUDGES) -> Subject:
    plan = plan_recipe(LIBRARY, recipe, NOTHING)
    found = plan.subjects[plan.last]
    return replace(found, judges=judges) if judges else found


def made_of(*upstream: tuple[str, str], kind: str = "model") -> Subject:
    works = {f"w{n}": {"license": license_, "kind": kind} for n, (license_, _) in enumerate(upstream)}
    steps = [{"make": "x", "kind": "model", "from": [{"work": f"w{n}", "via": r} for n, (_, r) in enumerate(upstream)]}]
    return planned({"works": works, "steps": steps})


def fitting(kind: str) -> list[str]:
    """Return the relations that fit a kind of artifact upstream; what does not fit is a gap, whatever is declared."""
    return [r for r in RELATIONS if LIBRARY.relations[r].fits(LIBRARY.artifact_kinds[kind])]


def a_recipe(random: Random) -> dict[str, Any]:
    kinds = ("model", "dataset", "source", "application", "service")
    works = {
        f"w{n}": {"kind": random.choice(kinds), "license": random.choice(IDS)} for n in range(random.randint(1, 4))
    }
    names, steps = list(works), []
    made = {name: work["kind"] for name, work in works.items()}
    for number in range(random.randint(1, 3)):
        used = random.sample(names, min(len(names), random.randint(1, 3)))
        edges = [{"work": work, "via": random.choice(fitting(made[work]))} for work in used]
        made[f"s{number}"] = random.choice(kinds)
        steps.append({"make": f"s{number}", "kind": made[f"s{number}"], "from": edges})
        names.append(f"s{number}")
    return {"works": works, "steps": steps}


# ---- what is offered -----------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_what_is_offered_is_never_what_check_calls_a_conflict(seed: int) -> None:
    """Five hundred recipes in four parts; of each, three of the licenses that are offered are declared and checked."""
    random = Random(seed)
    offered = 0
    for number in range(125):
        recipe = a_recipe(random)
        found = choose(planned(recipe))
        for offer in random.sample(found.possible, min(3, len(found.possible))):
            recipe["steps"][-1]["license"] = offer.license.id
            if number % 25 == 0:
                verdict = check_recipe(LIBRARY, recipe, NOTHING).works[recipe["steps"][-1]["make"]].verdict
            else:
                verdict = planned(recipe).check().verdict
            assert verdict in ("compatible", "conditional"), (recipe, offer.license.id)
            offered += 1
    assert offered > 60


@pytest.mark.parametrize("seed", range(4))
def test_another_upstream_never_makes_more_possible(seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        first = [(random.choice(IDS), random.choice(RELATIONS)) for _ in range(random.randint(1, 3))]
        if any(LIBRARY.relations[relation].family_when_alike for _, relation in first):
            continue  # a merge of licenses that are all alike is another thing than one with a stranger among them
        more = choose(made_of(*first, (random.choice(IDS), "finetune"))).possible
        less = choose(made_of(*first)).possible
        assert {c.license.id for c in more} <= {c.license.id for c in less}, first


def test_nothing_upstream_leaves_every_license_possible_whose_own_terms_are_known() -> None:
    """Nobody may pass a work on under terms of which nothing was read, or whose own ban on doing so is contested."""
    found = choose(planned({"works": {"mine": {"kind": "model", "license": "mit"}}}))
    assert {"mit", "gpl-3.0", "cc-by-nc-4.0", "llama2"} <= {c.license.id for c in found.possible}
    left = [c for c in found.candidates if not c.possible]
    assert {c.answer for c in left} == {"unknown"}
    assert all(o.own for c in left for o in c.judgment.outcomes)
    unread = {
        c.license.id
        for c in found.candidates
        if c.license.status != "OwnTerms" and any(k.kind.form == "gap" for k in c.license.clauses)
    }
    assert {c.license.id for c in left if "own-terms-not-read" in c.judgment.reasons} == unread
    contested = {c.license.id for c in left} - unread
    assert contested == {
        *("bluelm-vivo", "chatglm2-6b", "cogvideox", "exaone-1.1-nc", "glm-130b", "glm-4", "internlm-weights-terms"),
        *("nvidia-data-model-training-2025", "stability-ai-community-2024"),
    }
    assert {found.find(i).judgment.reasons for i in contested} == {("contested-law",)}


def test_a_license_without_a_text_is_not_offered_and_its_ancestor_is_named() -> None:
    found = choose(made_of(("none", "finetune"), ("mit", "merge")))
    assert not found.possible
    assert {c.answer for c in found.candidates} == {"unknown"}
    assert found.undeclared == ("w0",)
    assert not {"other", "unknown", "none", "openrail"} & {c.license.id for c in found.candidates}


def test_what_stands_against_a_license_is_told_with_its_section_and_ancestor() -> None:
    found = choose(made_of(("gpl-3.0", "finetune"), ("mit", "finetune")))
    against = found.candidate_dict(found.find("apache-2.0"))["against"][0]
    assert (against["license"], against["section"], against["kind"]) == ("gpl-3.0", "5.c", "share-alike")
    assert against["origins"] == ["w0"]
    duties = found.candidate_dict(found.find("gpl-3.0"))["duties"]
    assert {"w0", "w1"} <= {duty["origin"] for duty in duties}
    assert found.find("gpl-3.0").answer == "possible with duties"


def test_a_refusal_names_the_ancestors_on_both_sides() -> None:
    found = choose(made_of(("gpl-3.0", "merge"), ("cc-by-nc-4.0", "merge")))
    rows = found.candidate_dict(found.find("gpl-3.0"))["against"]
    assert any(row["origins"] == ["w0", "w1"] or row["origins"] == ["w1"] for row in rows)


# ---- the order -------------------------------------------------------------------


def test_one_license_by_itself_is_judged_as_it_is_among_all() -> None:
    random = Random(7)
    for _ in range(10):
        subject = planned(a_recipe(random))
        among_all = choose(subject)
        for license_id in random.sample(LIBRARY.declarable, 10):
            one, other = candidate(subject, license_id), among_all.find(license_id)
            assert (one.possible, one.judgment.verdict) == (other.possible, other.judgment.verdict)
            assert set(one.judgment.outcomes) == set(other.judgment.outcomes)
            assert one.own_duties == other.own_duties


def test_the_reason_of_an_offer_counts_its_duties() -> None:
    offers = choose(made_of(("cc0-1.0", "finetune"))).possible
    counts = {len(one.judgment.obligations) + len(one.own_duties): one.reason for one in offers}
    assert "1 duty" in counts[1]
    for number, reason in counts.items():
        assert number == 1 or f"{number} duties" in reason
    assert len(counts) > 1


def test_every_wish_puts_what_fulfils_it_first() -> None:
    subject = made_of(("mit", "finetune"))
    for key in load_wishes():
        first = choose(subject, wishes_of([key])).candidates[0]
        assert first.fulfilled == {key: True}
        assert f"fulfils {key}" in first.reason
    both = choose(subject, wishes_of(["open-source", "copyleft"])).candidates[0]
    assert both.fulfilled == {"open-source": True, "copyleft": True}


@pytest.mark.parametrize(
    ("upstream", "first"),
    [
        ((("apache-2.0", "finetune"),), "apache-2.0"),
        ((("llama3.1", "finetune"),), "llama3.1"),
        ((("gpl-3.0", "merge"),), "gpl-3.0"),
        ((("cc-by-4.0", "train"), ("mit", "finetune")), "mit"),
    ],
)
def test_the_license_of_what_a_work_holds_comes_first(upstream: tuple[tuple[str, str], ...], first: str) -> None:
    found = choose(made_of(*upstream))
    assert found.candidates[0].license.id == first
    assert f"the license of {'w1' if len(upstream) > 1 else 'w0'}" in found.candidates[0].reason


def test_what_such_works_usually_declare_comes_next_and_says_so() -> None:
    """Nobody publishes a finetuned model under a license for German maps, though nothing forbids it."""
    ids = [c.license.id for c in choose(made_of(("apache-2.0", "finetune"))).possible]
    assert ids[:2] == ["apache-2.0", "mit"]
    assert ids.index("mit") < ids.index("0bsd")
    assert ids.index("cc-by-4.0") < ids.index("dl-de-zero-2.0")
    reason = choose(made_of(("apache-2.0", "finetune"))).find("mit").reason
    assert re.search(r"\d+% of such works declare it", reason)


def test_what_is_usual_never_comes_before_what_is_possible() -> None:
    found = choose(made_of(("llama2", "finetune")))
    assert found.candidates[0].license.id == "llama2"
    assert not found.find("apache-2.0").possible


def test_a_wished_license_says_what_must_be_known_first() -> None:
    out = ok("choose", "--from", "none:finetune", "--wish", "mit")
    assert "or know what is not known yet" in out
    assert "learn the terms of 1: none" in out.replace("\n", " ")
    assert "or know" not in ok("choose", "--from", "gpl-3.0:finetune", "--wish", "mit")


def test_three_are_offered_and_all_are_shown_only_where_that_is_asked_for() -> None:
    few, many = (ok("choose", "--from", "apache-2.0:finetune", *more) for more in ([], ["--all"]))
    assert [line.split()[1] for line in few.splitlines() if line.startswith("◐")] == [
        "apache-2.0",
        "mit",
        "cc-by-nc-4.0",
    ]
    assert "and 187 more" in few
    assert many.count("\n◐") > 150


def test_what_is_not_possible_comes_after_what_is_whatever_it_fulfils() -> None:
    found = choose(made_of(("gpl-3.0", "finetune")), wishes_of(["no-derivatives"]))
    flags = [c.possible for c in found.candidates]
    assert flags == sorted(flags, reverse=True)
    assert found.candidates[0].license.id in {"gpl-3.0", "agpl-3.0"}


def test_a_wish_is_not_fulfilled_by_a_license_that_was_not_read_to_the_end() -> None:
    copyleft = load_wishes()["copyleft"]
    answers = {i: copyleft.fulfilled_by(found) for i, found in LIBRARY.licenses.items()}
    assert answers["gpl-3.0"] is True
    assert answers["mit"] is False
    assert answers["unknown"] is None
    with pytest.raises(UnknownIdentifier, match="copyleft"):
        wishes_of(["copylft"])


# ---- the smallest change -----------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_every_offered_change_opens_the_license_and_is_the_smallest(seed: int) -> None:
    random = Random(seed)
    offered = 0
    for _ in range(60):
        subject = planned(a_recipe(random))
        license_id = random.choice(("mit", "apache-2.0", "gpl-3.0", "cc-by-4.0", "openrail++"))
        found = smallest_changes(subject, license_id)
        for change in found.changes:
            permitted = change.action == PERMISSION
            assert 1 <= len(change.works) <= LARGEST
            assert opened(subject, change.works, license_id, permitted)
            for work in change.works:
                fewer = tuple(w for w in change.works if w != work)
                assert not opened(subject, fewer, license_id, permitted), change
            offered += 1
    assert offered > 20


def opened(subject: Subject, works: tuple[str, ...], license_id: str, permitted: bool) -> bool:
    changed = subject.without(works, permitted=permitted)
    return candidate(changed, license_id).possible


@pytest.mark.parametrize("seed", range(3))
def test_no_smaller_change_is_missed(seed: int) -> None:
    """The search against trying every set of works."""
    from itertools import combinations

    random = Random(100 + seed)
    for _ in range(12):
        subject = planned(a_recipe(random))
        works = [n for n in subject.trace.nodes if n.startswith("w")]
        found = smallest_changes(subject, "mit")
        if found.possible:
            continue
        every = [
            s for size in range(1, 4) for s in combinations(sorted(works), size) if opened(subject, s, "mit", False)
        ]
        least = {s for s in every if not any(set(o) < set(s) for o in every)}
        assert {c.works for c in found.changes if c.action == LEAVE_OUT} == least


def test_one_ancestor_that_passes_many_terms_on_is_one_change() -> None:
    works = {f"w{n}": {"kind": "dataset", "license": "cc-by-nc-4.0"} for n in range(5)}
    works["base"] = {"kind": "model", "license": "cc-by-nc-4.0"}
    step = {"make": "x", "kind": "model", "from": [{"work": "base", "via": "finetune"}]}
    found = smallest_changes(planned({"works": works, "steps": [step]}), "mit")
    assert [(c.action, c.works, c.via) for c in found.changes] == [
        (LEAVE_OUT, ("base",), (("finetune",),)),
        (PERMISSION, ("base",), (("finetune",),)),
    ]


@pytest.mark.parametrize(("license_id", "left_out"), [("llama2", True), ("cc-by-nc-4.0", False)])
def test_a_step_of_ones_own_can_be_left_out_where_its_license_is_that_of_another_licensor(
    license_id: str, left_out: bool
) -> None:
    """One's own step under CC BY-NC stands against nothing."""
    steps = [{"make": "base", "license": license_id}, {"make": "x", "from": [{"work": "base", "via": "finetune"}]}]
    found = smallest_changes(planned({"steps": steps}), "mit")
    assert found.possible is not left_out
    assert ((LEAVE_OUT, ("base",)) in [(c.action, c.works) for c in found.changes]) is left_out


def test_five_obstacles_are_more_than_a_change_may_have() -> None:
    found = smallest_changes(made_of(*[("cc-by-nc-4.0", "finetune")] * 5), "mit")
    assert (found.possible, found.changes, found.complete) == (False, (), True)
    assert smallest_changes(made_of(("mit", "finetune")), "mit").possible


# ---- the guided choice ---------------------------------------------------------------


def ways(given: dict[str, str]) -> list[dict[str, str]]:
    question = follow(given).question
    if question is None:
        return [given]
    return [way for answer in question.answers for way in ways(given | {question.key: answer.key})]


def test_every_way_through_the_questions_ends_in_a_license_that_conforms() -> None:
    kit, seen = load_kit(), {}
    for way in ways({}):
        if way["works"] == "several" and {way[k] for k in ("data", "application", "model", "source")} == {"no"}:
            continue  # who covers nothing is asked to choose a kind of work
        choices = follow(way).choices(kit, LIBRARY)
        seen[choices.digest] = choices
    assert len(seen) > 100
    asked = {key for way in ways({}) for key in way}
    assert asked == set(load_questions())
    for choices in list(seen.values())[::40]:
        assert problems(compose(LIBRARY, choices, kit).composed) == []


def test_every_answer_says_what_follows_and_names_what_exists() -> None:
    kit = load_kit()
    for question in load_questions().values():
        for answer in question.answers:
            assert answer.consequence.endswith(".")
            assert set(answer.options) <= set(kit.options)
            assert set(answer.licenses) <= set(LIBRARY.licenses) | {ns for ns in answer.licenses if LIBRARY.resolve(ns)}
            assert set(answer.wishes) <= set(load_wishes())
    with pytest.raises(UsageError, match="next question is 'works'"):
        follow({"users": "everyone"})


def test_the_flow_of_openrail_ends_in_the_names_of_openrail() -> None:
    given = {"works": "several", "data": "yes", "application": "yes", "model": "yes", "source": "yes"}
    given |= {"purposes": "restricted", "users": "everyone", "rail-credit": "no", "rail-alike": "no"}
    found = compose(LIBRARY, follow(given).choices(load_kit(), LIBRARY))
    assert found.composed.names.code == "OpenRAIL-DAMS"


# ---- the command -----------------------------------------------------------------------


def test_choose_for_an_artifact_of_the_workspace(place: list[str]) -> None:
    found = json.loads(ok("choose", CONFLICT, *place, "--wish", "apache-2.0", "-f", "json"))
    answers = {row["license"]: row["answer"] for row in found["licenses"]}
    checked = json.loads(ok("check", CONFLICT, *place, "-f", "json", code=1))
    assert {i for i, a in answers.items() if a.startswith("possible")} == set(checked["alternatives"])
    assert not found["changes"]["possible"]
    assert found["changes"]["changes"]
    rows = list(csv.DictReader(io.StringIO(ok("choose", CONFLICT, *place, "-f", "csv"))))
    assert [row["license"] for row in rows] == [row["license"] for row in found["licenses"]]
    assert "to open apache-2.0" in ok("choose", CONFLICT, *place, "--wish", "apache-2.0")


def test_choose_for_a_recipe_a_card_and_a_list(tmp_path: Path, sample: Workspace) -> None:
    where = ["--workspace", str(tmp_path / "none")]
    recipe = {"works": {"a": {"license": "gpl-3.0"}}, "steps": [{"make": "b", "from": [{"work": "a", "via": "merge"}]}]}
    (tmp_path / "r.json").write_text(json.dumps(recipe))
    (tmp_path / "README.md").write_text(f"---\nlicense: mit\nbase_model: {CONFLICT}\n---\n")
    listed = json.loads(ok("choose", "--from", "gpl-3.0:merge", "-f", "json", *where))
    planned_ = json.loads(ok("choose", str(tmp_path / "r.json"), "-f", "json", *where))
    plain = [(row["license"], row["answer"]) for row in listed["licenses"]]
    assert plain == [(row["license"], row["answer"]) for row in planned_["licenses"]]
    carded = ok("choose", str(tmp_path / "README.md"), "--workspace", str(sample.folder), "-f", "json")
    assert json.loads(carded)["kind"] == "model"
    for flag in load_wishes():
        assert json.loads(ok("choose", "--from", "mit:copy", f"--{flag}", "-f", "json"))["wishes"] == [flag]


def test_a_license_of_ones_own_can_be_chosen(tmp_path: Path) -> None:
    ok("compose", "--with", "artifact-m", "--with", "open", "--name", "Acme", "-o", str(tmp_path))
    file = str(tmp_path / "license.ttl")
    found = json.loads(ok("choose", "--from", "mit:finetune", "--license-file", file, "-f", "json"))
    assert any(row["license"].startswith("acme-openrail-m-") for row in found["licenses"])
    kit = load_kit()
    assert (
        chosen_parts(kit, LIBRARY, chosen=["artifact-m", "open"], name="Acme").digest
        in (tmp_path / "card.md").read_text()
    )


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["no/such"], 4, "clausegraph load SOURCE"),
        (["--from", "mit"], 2, "--from takes LICENSE:RELATION"),
        (["--from", "mti:merge"], 4, "Did you mean mit"),
        (["--from", "mit:marry"], 2, "Relations are adapter"),
        (["--from", "mit:merge", "--kind", "song"], 2, "has the kind 'song'"),
        (["--from", "mit:merge", "--wish", "apahce-2.0"], 4, "Did you mean apache-2.0"),
        (["--from", "mit:merge", "--wish", "openrail"], 2, "is no one text"),
        (["x/y", "--from", "mit:merge"], 2, "not both"),
        (["x/y", "--answer", "works=model"], 2, "guided choice"),
        (["--answer", "works"], 2, "QUESTION=ANSWER"),
        (["--answer", "works=modle"], 4, "Did you mean model"),
        (["--answer", "wroks=model"], 4, "Did you mean works"),
        (["--answer", "users=everyone"], 2, "Leave the answer out"),
        (["-f", "csv"], 2, "no format"),
        (["--from", "mit:merge", "-f", "md"], 2, "no format"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_the_way_out(
    arguments: list[str],
    code: int,
    part: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, err = fails(capsys, monkeypatch, "choose", *arguments, "--workspace", str(tmp_path / "none"))
    assert (found, part in err) == (code, True), err


def test_an_artifact_that_is_not_loaded_suggests_the_nearest(
    place: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, err = fails(capsys, monkeypatch, "choose", CONFLICT[:-1], *place)
    assert (code, CONFLICT in err) == (4, True)
