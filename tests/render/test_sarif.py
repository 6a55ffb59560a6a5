"""SARIF: where a finding stands, which rules are listed, and that the schema of OASIS takes it."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from clausegraph.answers.artifact_findings import ArtifactFinding
from clausegraph.answers.profile import FailOn, Run
from clausegraph.render import machine
from tests.answers.test_recipe import RECIPE
from tests.cli.test_cli import CONFLICT
from tests.support.paths import ROOT
from tests.support.reports import BASE, finding, made, results
from tests.support.running import ok


def places(text: str) -> list[tuple[str, str, int]]:
    found = []
    for result in results(text):
        physical = result["locations"][0]["physicalLocation"]
        found.append((result["ruleId"], physical["artifactLocation"]["uri"], physical["region"]["startLine"]))
    return found


def test_a_finding_stands_in_the_line_that_it_is_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = f"""---
# about
tags: [license]
license: cc-by-nc-4.0
base_model:
  - /home/me/my base
  - {BASE}
datasets:
- someone/data
---
# license: mit
"""
    made(tmp_path / "a b/größe", card, "All rights reserved. Keep out.\n")
    monkeypatch.chdir(tmp_path)
    text = ok("check", "a b/größe", "-w", "none", "-f", "sarif", code=1)
    card_, beside = "a%20b/gr%C3%B6%C3%9Fe/README.md", "a%20b/gr%C3%B6%C3%9Fe/LICENSE"
    expected = [
        ("CG124", card_, 7),
        ("CG124", card_, 9),
        ("CG125", card_, 6),
        ("CG128", beside, 1),
        ("CG407", card_, 4),
    ]
    assert sorted(places(text)) == expected
    assert str(tmp_path) not in text
    assert (tmp_path / unquote(card_)).exists()


def test_a_card_without_a_license_and_a_parent_in_a_file_stand_at_line_1(tmp_path: Path) -> None:
    folder = made(tmp_path / "mine", "---\ntags: [peft]\n---\n")
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "some/base"}')
    found = places(ok("check", str(folder), "-w", str(tmp_path / "none"), "-f", "sarif", code=1))
    assert {(code, line) for code, _, line in found} == {("CG101", 1), ("CG124", 1)}


def test_a_recipe_is_where_its_works_are(tmp_path: Path, place: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    text = ok("check", "recipe.yaml", *place, "-f", "sarif", code=1)
    assert {uri for _, uri, _ in places(text)} == {"recipe.yaml"}
    named = [result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for result in results(text)]
    lines = {name: line for name, (*_, line) in zip(named, places(text), strict=True)}
    assert lines["final"] == next(n for n, line in enumerate(RECIPE.split("\n"), 1) if "make: final" in line)


@pytest.mark.parametrize(
    ("artifact", "kind", "uri"),
    [
        ("a/b", "model", "https://huggingface.co/a/b/blob/main/README.md"),
        ("datasets/a/b", "dataset", "https://huggingface.co/datasets/a/b/blob/main/README.md"),
        ("spaces/a/b", "service", "https://huggingface.co/spaces/a/b/blob/main/README.md"),
        ("github.com/a/b", "source", "https://github.com/a/b"),
        ("applications/a/b", "application", None),
        ("urn:x:y", "model", None),
        ("datasets/local/b", "dataset", None),
    ],
)
def test_an_artifact_of_a_workspace_stands_at_its_address(artifact: str, kind: str, uri: str | None) -> None:
    (result,) = sarif_of([finding(artifact=artifact, kind=kind)])
    location = result["locations"][0]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == artifact
    assert location.get("physicalLocation") == (uri and {"artifactLocation": {"uri": uri}})


def sarif_of(findings: Sequence[ArtifactFinding]) -> list[dict[str, Any]]:
    return results("".join(machine.sarif(findings, Run("x", "conflict", FailOn.unknown, True))))


def test_a_result_is_told_from_others_and_says_section_and_remedy() -> None:
    many = [finding(), finding(severity="info"), finding(code="CG304"), finding(clause="x:y"), finding(origin="e/f")]
    prints = [result["partialFingerprints"]["clausegraph/v1"] for result in sarif_of(many)]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in prints)
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4
    assert sarif_of(many)[0]["message"]["text"] == "It may not. (mit, section 1) Ask."
    gap = finding(code="CG124", certainty=None, section="0", license="ancestor-not-loaded")
    assert sarif_of([gap])[0]["message"]["text"] == "It may not. Ask."


def test_only_rules_that_are_used_are_listed_in_order() -> None:
    run_ = Run("x", "conflict", FailOn.unknown, True)
    log = json.loads("".join(machine.sarif([finding(code="CG304"), finding(), finding(code="CG304")], run_)))["runs"][0]
    rules = log["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["helpUri"]) for rule in rules] == [
        ("CG204", "https://w3id.org/clausegraph/shapes#CG204"),
        ("CG304", "https://w3id.org/clausegraph/shapes#CG304"),
    ]
    assert [rules[result["ruleIndex"]]["id"] for result in log["results"]] == ["CG304", "CG204", "CG304"]


def test_sarif_is_valid_against_its_schema(shared: Path, place: list[str], tmp_path: Path) -> None:
    path = shared / "spec-schemas" / "sarif" / "sarif-schema-2.1.0.json"
    if not path.exists():
        pytest.skip(f"needs {path}")
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    folder = made(tmp_path / "mine", text="All rights reserved. Keep out.\n")
    validator = jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
    for arguments in (["audit"], ["check", CONFLICT], ["check", str(folder)], ["check", str(tmp_path / "recipe.yaml")]):
        log = json.loads(ok(*arguments, *place, "-f", "sarif", code=1))
        validator.validate(log)
        assert log["runs"][0]["results"]
    nothing = json.loads(ok("check", "openai-community/gpt2", *place, "-f", "sarif", "--fail-on", "never"))
    validator.validate(nothing)


def test_a_subject_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    shutil.copy(ROOT / "LICENSE", tmp_path / "secret")
    card = made(tmp_path / "mine", text="x") / "README.md"
    odd = finding(code="CG106", clause=None, own=True, subject="x (../secret)")
    run_ = Run("x", "unknown", FailOn.unknown, True, file=card)
    found = places("".join(machine.sarif([odd, finding(code="CG106", clause=None, subject="(LICENSE)")], run_)))
    assert found[0][1].endswith("/mine/README.md")
    assert found[0][2] == 2
    assert found[1][1].endswith("/mine/LICENSE")
