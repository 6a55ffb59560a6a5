"""Every JSON answer is valid against its published schema, and every schema has its answer."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from clausegraph.cli import whole_app
from clausegraph.workspace.folder import Workspace
from tests.answers.test_recipe import RECIPE
from tests.cli.test_cli import CONFLICT, PLAIN
from tests.support.paths import ROOT

SCHEMAS = ROOT / "clausegraph" / "schemas"
GUIDED = [part for a in ("works=data", "purposes=every", "sharing=nothing") for part in ("--answer", a)]
COMMANDS: dict[str, list[list[str]]] = {
    "compat": [
        ["compat", "none", "cc-by-nc", "--via", "merge", "--to", "mit"],
        ["compat", "gpl-3.0", "--via", "train", "--to", "mit", "--reading", "strict"],
        ["compat", "gpl-3.0", "--via", "train", "--to", "mit", "--reading", "lenient"],
        ["compat", "gpl-3.0", "--via", "merge", "--to", "any"],
        ["compat", "llama3", "--via", "distill", "--to", "mit"],
        ["compat", "gpl-3.0", "openrail", "--via", "include", "--to", "proprietary"],
    ],
    "check": [
        ["check", CONFLICT],
        ["check", "Intel/neural-chat-7b-v3-1"],
        ["check", "datasets/rajpurkar/squad"],
        ["check", "IDEA-CCNL/Ziya-LLaMA-13B-v1", "--reading", "lenient"],
        ["check", "folder"],
    ],
    "checks": [["check", CONFLICT, "folder", "recipe.yaml", "not/there"], ["check", CONFLICT, "./mistyped"]],
    "audit": [["audit"]],
    "license": [["license", "show", "gemma"], ["license", "show", "openrail"], ["license", "show", "proprietary"]],
    "lineage-stats": [["lineage", "--stats"]],
    "lineage": [["lineage", CONFLICT]],
    "assumptions": [["explain", "assumptions"], ["explain", "region"]],
    "explain": [["explain", "CG204"], ["explain", "CG128"]],
    "passage": [["license", "show", "apache-2.0#4.a-license-copy", "--text"]],
    "validate": [["validate", "theirs.ttl"]],
    "recipe": [["check", "recipe.yaml"]],
    "diff": [["diff", "current", "current"]],
    "adoption": [["adoption"], ["adoption", "--by", "month"], ["adoption", "--by", "kind", "--kind", "dataset"]],
    "choose": [
        ["choose", CONFLICT, "--wish", "mit", "--attribution"],
        ["choose", "--from", "gpl-3.0:merge", "--from", "none:train:dataset"],
    ],
    "guide": [["choose"], ["choose", *GUIDED], ["choose", "--answer", "works=several"]],
    "compose": [
        ["compose", "--with", "artifact-m", "--with", "open", "--name", "Acme"],
        ["compose", "--like", "gemma", "--without", "malware_cyber", "--with", "military"],
    ],
    "kit": [["compose", "--list"]],
    "compare": [["license", "compare", "mit", "gpl-3.0", "gemma", "cc-by-4.0"]],
    "adherence": [["adherence"], ["adherence", "--by", "month"], ["adherence", "--license", "llama2"]],
}

#: Answers for which no workspace is read.
ALONE = ("compat", "license", "compose", "kit", "compare", "assumptions", "explain", "passage", "validate")


@cache
def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def test_every_schema_has_a_command() -> None:
    assert {p.stem for p in SCHEMAS.glob("*.json")} == set(COMMANDS)


@pytest.mark.parametrize(("name", "arguments"), [(n, a) for n, many in COMMANDS.items() for a in many])
def test_an_answer_is_valid(name: str, arguments: list[str], sample: Workspace, tmp_path: Path) -> None:
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    (tmp_path / "theirs.ttl").write_text(PLAIN)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "README.md").write_text("---\nlicense: mit\nbase_model: not/loaded\n---\n")
    shutil.copy(ROOT / "LICENSE", tmp_path / "folder")
    arguments = [str(tmp_path / a) if a in ("recipe.yaml", "theirs.ttl", "folder") else a for a in arguments]
    where = ["--workspace", str(sample.folder)] if name not in ALONE else []
    done = CliRunner().invoke(whole_app(), [*arguments, *where, "--format", "json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in ((3, 4) if name == "checks" else (0, 1)), done.output
    jsonschema.validate(json.loads(done.stdout), schema(name))


def test_a_line_of_a_batch_that_cannot_be_read_is_an_answer_too() -> None:
    done = CliRunner().invoke(whole_app(), ["compat", "--batch", "-"], input='{"id": "a"}\n{"upstream": "mit"}\n')
    for line in done.stdout.splitlines():
        jsonschema.validate(json.loads(line), schema("compat"))
    assert "error" in json.loads(done.stdout.splitlines()[0])


def test_what_a_finding_holds_is_described() -> None:
    """A key that is added to a finding is added to its schema too."""
    for name in ("check", "compat", "recipe"):
        assert schema(name)["$defs"]["finding"]["additionalProperties"] is False
