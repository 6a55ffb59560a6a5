"""Files beside a card: links, pipes and damaged ones are told and count as files of which nothing is known."""

import os
from pathlib import Path

import pytest
from clausegraph.loaders.beside import UNREADABLE, files_beside, wanted
from clausegraph.loaders.card import read_card
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load

CARD = "---\nlicense: mit\n---\n"


def read(folder: Path) -> tuple[Artifact, list[str]]:
    told: list[Rejected] = []
    return read_card(folder, context(told.append)), [one.reason for one in told]


def repository(root: Path, *, name: str = "acme/tuned", license_text: str = "All rights reserved.") -> Path:
    """Return a snapshot as the Hub's library keeps it: links to blobs beside the snapshots."""
    top = root / f"models--{name.replace('/', '--')}"
    snapshot = top / "snapshots" / "0a1b"
    snapshot.mkdir(parents=True)
    (top / "blobs").mkdir()
    for number, (file, text) in enumerate({"README.md": CARD, "LICENSE": license_text}.items()):
        (top / "blobs" / str(number)).write_text(text)
        (snapshot / file).symlink_to(f"../../blobs/{number}")
    return snapshot


def test_a_snapshot_in_the_cache_of_the_hub_is_read_with_its_license_file_and_its_name(tmp_path: Path) -> None:
    artifact, told = read(repository(tmp_path))
    assert artifact.id == "acme/tuned"
    assert [(s.place, s.name, s.value) for s in artifact.statements] == [("file", "LICENSE", "")]
    assert told == []


def test_a_whole_cache_is_loaded_alike(tmp_path: Path) -> None:
    repository(tmp_path / "hub")
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "hub"))
    assert [source.artifacts for source in workspace.sources()] == [1]
    assert not list((workspace.folder / "sources").glob("*/quarantine.jsonl"))


@pytest.mark.parametrize("target", ["../outside", "/dev/null", "nowhere"])
def test_a_license_file_that_is_a_link_out_of_the_folder_is_told_and_never_passed_over(
    target: str, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("x")
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "README.md").write_text(CARD)
    (folder / "LICENSE").symlink_to(target)
    artifact, told = read(folder)
    assert [(s.name, s.value) for s in artifact.statements] == [("LICENSE", "")]
    assert len(told) == 1
    assert "link leads" in told[0]


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD)
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "a/b"}')
    (tmp_path / "config.json").symlink_to("adapter_config.json")
    assert files_beside(tmp_path / "README.md", context(lambda _: None)).keys() == {
        "adapter_config.json",
        "config.json",
    }


def test_a_pipe_is_not_opened_and_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD)
    os.mkfifo(tmp_path / "adapter_config.json")
    artifact, told = read(tmp_path)
    assert [(r.parent, r.relation) for r in artifact.references] == [("", "adapter")]
    assert told == ["it is no file but a device, a pipe or a folder; it was not read"]
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "README.md"))
    assert [source.references for source in workspace.sources()] == [1]


def test_code_behind_a_link_that_leads_out_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD)
    (tmp_path / "app.py").symlink_to("/dev/null")
    assert read(tmp_path)[1] == ["the link leads out of the folder; it was not followed"]


def test_a_name_that_is_no_utf8_is_told_in_signs_that_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD)
    (tmp_path / os.fsdecode(b"LICENSE-\xff")).write_text("All rights reserved.")
    artifact, _ = read(tmp_path)
    assert [s.name for s in artifact.statements] == ["LICENSE-\ufffd"]


def test_a_link_to_a_folder_for_licenses_counts_as_a_file_that_nobody_read(tmp_path: Path) -> None:
    folder = tmp_path / "acme" / "one"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "MIT.txt").write_text("x")
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "licenses").symlink_to(tmp_path / "other")
    found = files_beside(folder / "README.md", context(lambda _: None))
    assert found == {"licenses": UNREADABLE}


@pytest.mark.parametrize("name", ["model.GGUF", "Model.SafeTensors", "app.py", "APP.PY", "LICENSE", "config.json"])
def test_the_case_of_a_suffix_says_nothing(name: str) -> None:
    assert wanted(name)


@pytest.mark.parametrize("name", ["model.bin", "README.md", "notes.txt", "tokenizer.json"])
def test_what_says_nothing_of_license_or_lineage_is_not_read(name: str) -> None:
    assert not wanted(name)
