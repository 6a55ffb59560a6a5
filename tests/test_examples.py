"""The examples of the repository: one of each form, each with the answer that it is there for."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clausegraph.cli import whole_app
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
#: What is loaded, with the verdicts of its works and the clauses that one of them breaches.
LOADED = {
    "spdx.json": ({"unknown": 1, "conditional": 1}, "CG307"),
    "cyclonedx.json": ({"conflict": 1, "conditional": 1}, "CG205"),
    "croissant.json": ({"compatible": 1}, ""),
}


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(whole_app(), list(arguments))
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


@pytest.mark.parametrize(
    ("name", "verdict", "code"),
    [("wrong", "conflict", 1), ("right", "conditional", 0), ("recipe.yaml", "unknown", 1)],
)
def test_a_card_or_a_recipe_has_its_verdict(name: str, verdict: str, code: int, tmp_path: Path) -> None:
    found, out = _run("check", str(EXAMPLES / name), "-w", str(tmp_path / "none"), "-f", "json")
    assert (found, json.loads(out)["verdict"]) == (code, verdict)


def test_a_folder_of_folders_has_a_line_for_each(tmp_path: Path) -> None:
    code, out = _run("check", str(EXAMPLES / "models"), "-w", str(tmp_path / "none"), "-f", "json")
    assert code == 1
    assert [one["verdict"] for one in json.loads(out)["items"]] == ["conflict", "conditional"]


def test_the_profile_is_stricter_than_the_shipped_ones(tmp_path: Path) -> None:
    arguments = ("check", str(EXAMPLES / "right"), "-w", str(tmp_path / "none"))
    assert _run(*arguments)[0] == 0
    assert _run(*arguments, "--profile", str(EXAMPLES / "profile.toml"))[0] == 1


@pytest.mark.parametrize("name", LOADED)
def test_what_others_publish_is_loaded_and_judged(name: str, tmp_path: Path) -> None:
    place = ("-w", str(tmp_path / "ws"))
    assert _run("load", str(EXAMPLES / name), *place)[0] == 0
    found = json.loads(_run("audit", *place, "-f", "json")[1])
    verdicts, breached = LOADED[name]
    assert {verdict: number for verdict, number in found["verdicts"].items() if number} == verdicts
    assert not breached or breached in found["findings"]
    assert not list((tmp_path / "ws").rglob("quarantine.jsonl"))


def test_works_in_the_terms_of_the_ontology_are_validated() -> None:
    found = json.loads(_run("validate", str(EXAMPLES / "works.ttl"), "-f", "json")[1])
    about = {(one["code"], one["focus"]) for one in found["results"]}
    assert ("CG307", "https://example.org/chat") in about


def test_each_example_has_a_test() -> None:
    names = {path.name for path in EXAMPLES.iterdir()}
    assert names == {"wrong", "right", "models", "recipe.yaml", "profile.toml", "works.ttl", *LOADED}


def test_the_page_on_recipes_shows_the_example() -> None:
    text = "\n".join((EXAMPLES / "recipe.yaml").read_text(encoding="utf-8").splitlines()[1:])
    assert f"```yaml\n{text}\n```" in (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
