"""Several things checked at once: a line each, a sum, and the worst of them at the end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clausegraph.answers.items import NoCard
from clausegraph.cli import whole_app

RIGHT = "---\nlicense: llama2\nbase_model: meta-llama/Llama-2-7b-hf\nbase_model_relation: finetune\n---\n"
WRONG = "---\nlicense: mit\nbase_model: meta-llama/Llama-2-7b-hf\nbase_model_relation: finetune\n---\n"
UNKNOWN = "---\nlicense: mit\nbase_model: nobody/knows-this\n---\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("right", RIGHT), ("wrong", WRONG), ("unknown", UNKNOWN)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(text, encoding="utf-8")
    return tmp_path


def _check(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(whole_app(), ["check", *arguments], input=given)


@pytest.mark.usefixtures("folder")
def test_each_has_a_line_and_all_have_a_sum() -> None:
    done = _check("right", "wrong", "unknown")
    lines = done.stdout.splitlines()
    assert [line.split()[:3] for line in lines[:3]] == [
        ["◐", "conditional", "right"],
        ["✕", "conflict", "wrong"],
        ["?", "unknown", "unknown"],
    ]
    assert "CG205" in lines[1]
    assert "section 1.b.i, from meta-llama/Llama-2-7b-hf" in lines[1]
    assert "3 checked: 1 conflict · 1 unknown · 1 conditional" in done.stdout


@pytest.mark.parametrize(
    ("subjects", "code"),
    [
        (["right"], 0),
        (["right", "google/gemma-2-9b-it"], 0),
        (["right", "unknown"], 1),
        (["right", "wrong"], 1),
        (["right", "./rihgt"], 3),
        (["wrong", "nobody/knows-this"], 4),
        (["."], 1),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_worst_of_them_is_the_exit_code(subjects: list[str], code: int) -> None:
    assert _check(*subjects).exit_code == code


@pytest.mark.usefixtures("folder")
def test_what_fails_is_said_before_hand_and_counts_for_all() -> None:
    assert _check("right", "wrong", "unknown", "--fail-on", "never").exit_code == 0
    assert _check("right", "google/gemma-2-9b-it", "--fail-on", "conditional").exit_code == 1


@pytest.mark.usefixtures("folder")
def test_one_that_cannot_be_read_does_not_hide_the_others() -> None:
    found = json.loads(_check("wrong", "./rihgt", "right", "-f", "json").stdout)
    assert [one["verdict"] for one in found["items"]] == ["conflict", None, "conditional"]
    assert "Did you mean right" in found["items"][1]["error"]
    assert (found["unread"], found["verdicts"]["conflict"]) == (1, 1)


def test_a_readme_that_is_no_card_is_passed_over_among_others_and_alone_is_an_error(folder: Path) -> None:
    (folder / "README.md").write_text("# A program\n", encoding="utf-8")
    done = _check("README.md", "right")
    assert (done.exit_code, "- no card" in done.stdout, "1 conditional" in done.stdout) == (0, True, True)
    assert isinstance(_check("README.md").exception, NoCard)
    assert NoCard.exit_code == 3


@pytest.mark.usefixtures("folder")
def test_findings_of_several_cards_stand_each_at_its_card() -> None:
    log = json.loads(_check("wrong", "unknown", "-f", "sarif").stdout)
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    }
    assert places == {"wrong/README.md", "unknown/README.md"}


@pytest.mark.usefixtures("folder")
def test_a_card_by_standard_input_is_judged_as_a_file_is() -> None:
    done = _check("-", given=WRONG)
    assert done.exit_code == 1
    assert "CONFLICT   local/stdin" in done.stdout
    assert _check("-", given="right\nwrong\n").exit_code == 1


@pytest.mark.usefixtures("folder")
def test_a_revision_that_nobody_can_look_up_is_never_answered_well() -> None:
    """What the repository says today may be another license than it had there."""
    done = _check("google/gemma-2-9b-it@abc123")
    assert done.exit_code == 5
    assert "revision abc123 could not be looked up" in done.stderr
    assert _check("google/gemma-2-9b-it@main").exit_code == 0
