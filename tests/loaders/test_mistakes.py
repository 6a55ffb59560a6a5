"""Every mistake has its folder, and its exact message; nothing that is right is lost on the way."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from clausegraph.cli import main
from clausegraph.workspace.folder import Workspace
from tests.mistakes.make import MAKERS
from tests.support.paths import ROOT

MISTAKES = ROOT / "tests" / "mistakes"
CASES = sorted(p.parent.name for p in MISTAKES.glob("*/case.json"))


def outcome(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """Run the command of a mistake and return its exit code, what it says, and what was kept."""
    case = json.loads((MISTAKES / name / "case.json").read_text())
    here = folder / "here"
    shutil.copytree(MISTAKES / name, here)
    if "make" in case:
        MAKERS[case["make"]](here)
    workspace = Workspace(folder / "ws")
    arguments = [part.replace("{here}", str(here)) for part in case["run"]]
    if arguments[0] in ("load", "check", "diff"):
        arguments += ["--workspace", str(workspace.folder)]
    monkeypatch.setattr(sys, "argv", ["clausegraph", *arguments])
    monkeypatch.chdir(folder)
    code = 0
    try:
        main()
    except SystemExit as left:
        code = int(left.code or 0)
    says = capsys.readouterr().err
    quarantine = sorted((workspace.folder / "sources").glob("*/quarantine.jsonl"))
    if quarantine:
        lines = [json.loads(line) for path in quarantine for line in path.read_text().splitlines()]
        says = "\n".join(f"{r['source']}, line {r['line']}: {r['reason']}" for r in lines)
    says = re.sub(r"0x[0-9a-f]{6,}", "0x…", says.replace(str(here), "{here}").replace(str(folder), "{folder}"))
    kept = sum(s.artifacts for s in workspace.sources())
    return {"exit": code, "says": says.strip().splitlines(), "kept": kept}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_place_and_its_fix(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads((MISTAKES / name / "case.json").read_text())
    found = outcome(name, tmp_path, monkeypatch, capsys)
    assert found == {key: case[key] for key in ("exit", "says", "kept")}
    assert found["exit"] != 6, "no mistake of others is a bug of ours"


def test_there_are_at_least_sixty_and_each_maker_is_used() -> None:
    assert len(CASES) >= 60
    used = {json.loads((MISTAKES / name / "case.json").read_text()).get("make") for name in CASES}
    assert used - {None} == {name for name in MAKERS if not name.startswith("_")}
