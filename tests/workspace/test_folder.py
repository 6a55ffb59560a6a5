"""A workspace as a folder: snapshots, what a broken manifest says, and steps that happen whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from clausegraph.ground.errors import UnknownIdentifier, UnreadableInput, UsageError
from clausegraph.workspace.folder import (
    FORMAT,
    Source,
    Workspace,
    fingerprint,
    locked,
    replacing,
    source_name,
    write_whole,
)


def put(workspace: Workspace, location: str, snapshot: str, mark: str = "1") -> Source:
    source = Source.of(location, mark, snapshot, "2024-01-01")
    with workspace.transaction() as folder:
        (folder / "artifacts.parquet").write_text(mark)
        workspace.commit(folder, source)
    return source


def test_a_workspace_opens_the_snapshot_that_was_loaded_last_or_the_one_that_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    assert (workspace.opened, workspace.snapshots(), workspace.sources()) == ("current", [], [])
    for location, snapshot in (("/a", "may"), ("/b", "june"), ("/c", "may")):
        put(workspace, location, snapshot)
    assert (workspace.opened, workspace.snapshots()) == ("may", ["may", "june"])
    assert [s.location for s in workspace.sources()] == ["/a", "/c"]
    assert [s.location for s in Workspace(f"{tmp_path}/ws@june").require_sources()] == ["/b"]
    assert len(workspace.tables("artifacts")) == 2
    assert workspace.tables("references") == []
    for wrong in (lambda: workspace.at("july"), Workspace(f"{tmp_path}/ws@july").require_sources):
        with pytest.raises(UnknownIdentifier, match="may, june"):
            wrong()
    with pytest.raises(UsageError, match="empty"):
        Workspace(tmp_path / "other").require_sources()


def test_a_folder_whose_name_has_the_sign_is_that_folder_and_a_name_with_a_slash_is_no_snapshot(tmp_path: Path) -> None:
    (tmp_path / "me@home").mkdir()
    assert Workspace(tmp_path / "me@home").folder == tmp_path / "me@home"
    assert Workspace(tmp_path / "me@work").folder == tmp_path / "me"
    for wrong in ("", "-x", "a/b", "a b", "..", "x\n"):
        with pytest.raises(UsageError):
            Workspace(tmp_path, wrong)


def test_a_manifest_that_is_damaged_or_of_another_layout_is_named_and_one_of_this_layout_is_read(
    tmp_path: Path,
) -> None:
    for text in ("", "{}", "[]", '{"format": "x"}', '{"format": null}', "\x00"):
        (tmp_path / "workspace.json").write_text(text)
        with pytest.raises(UnreadableInput, match=r"workspace\.json"):
            Workspace(tmp_path).sources()
    for number, said in ((FORMAT - 1, "no longer reads"), (FORMAT + 1, "Upgrade")):
        (tmp_path / "workspace.json").write_text(json.dumps({"format": number, "sources": []}))
        with pytest.raises(UsageError, match=said):
            Workspace(tmp_path).snapshots()
    (tmp_path / "workspace.json").write_text(json.dumps({"format": FORMAT, "sources": []}))
    assert Workspace(tmp_path).snapshots() == []


def test_a_source_that_is_loaded_again_takes_the_place_of_its_former_self_in_its_snapshot_only(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    first, other = put(workspace, "/a", "may"), put(workspace, "/a", "june")
    for snapshot in ("may", "june"):
        workspace.at(snapshot).derived.mkdir(parents=True)
    second = put(workspace, "/a", "may", mark="2")
    assert first.name != second.name
    assert first.label == second.label != other.label
    assert {s["name"] for s in workspace.read_manifest()["sources"]} == {second.name, other.name}
    assert {p.name for p in (tmp_path / "ws" / "sources").iterdir() if p.is_dir()} == {second.name, other.name}
    assert [workspace.at(s).derived.exists() for s in ("may", "june")] == [False, True]


def test_what_goes_wrong_leaves_the_former_folder_and_what_goes_well_replaces_it(tmp_path: Path) -> None:
    place = tmp_path / "audit"
    with replacing(place) as folder:
        (folder / "it").write_text("old")
    with pytest.raises(FileNotFoundError), replacing(place) as folder:
        (folder / "no" / "it").write_text("half")
    assert (place / "it").read_text() == "old"
    with replacing(place) as folder, pytest.raises(UsageError, match="another"), replacing(place):
        pass
    assert list(place.iterdir()) == []
    assert len(list(tmp_path.glob(".audit-*"))) == 1
    with locked(tmp_path / "lock", "busy"), pytest.raises(UsageError, match="busy"), locked(tmp_path / "lock", "busy"):
        pass


def test_a_file_is_another_where_its_bytes_differ_and_a_folder_where_a_name_a_size_or_a_time_does(
    tmp_path: Path,
) -> None:
    inner = tmp_path / "in" / "a"
    write_whole(inner, "x")
    one, folder = fingerprint(inner), fingerprint(tmp_path / "in")
    os.utime(inner, (1, 1))
    assert fingerprint(inner) == one, "the day of a file makes no difference"
    assert fingerprint(tmp_path / "in") != folder
    write_whole(inner, "y")
    assert fingerprint(inner) != one
    names = [source_name(*x) for x in (("/a b/c@d.json", "1", "s"), ("/a b/c@d.json", "2", "s"), ("..", "1", "s"))]
    assert [n.rpartition("-")[0] for n in names] == ["c-d.json", "c-d.json", "source"]
    assert len(set(names)) == 3
