"""What a source is, of which day it tells, and what happens to records that cannot be true."""

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from clausegraph.loaders.records import Artifact, Link, Reference, Rejected, Rename, Statement

from clausegraph.ground.errors import UnreadableInput
from clausegraph.workspace.context import date_of
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import Quarantine, load, write_records

MODEL = {"kind": "model", "id": "a/b", "license": ["mit"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("models_2024-07-11.jsonl", "2024-07-11"),
        ("2024-07.json", "2024-07-28"),
        ("a-2023-01-31-and-2024-02-01.jsonl", "2023-01-31"),
        ("models.jsonl", "2001-09-09"),
        ("2024-13-01.jsonl", "2001-09-09"),
        ("12024-07-11.jsonl", "2001-09-09"),
        ("1999-07-11.jsonl", "2001-09-09"),
        ("2024-07-111.jsonl", "2024-07-28"),
    ],
)
def test_a_file_tells_of_the_day_in_its_name_else_of_the_day_on_which_it_was_written(
    name: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("{}")
    os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    assert date_of(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("created", "date", "kept"),
    [
        ("2024-05-31T23:59:59Z", "2024-05-31", True),
        ("2024-06-01T00:00:00Z", "2024-05-31", False),
        ("2023-01-01T00:00:00Z", "2024-05-31", True),
        ("2024-12-31T00:00:00Z", "2024", True),
        ("2025-01-01T00:00:00Z", "2024", False),
        (None, "2024-05-31", True),
    ],
)
def test_a_work_made_after_the_day_of_its_source_is_kept_without_that_time_and_noted(
    created: str | None, date: str, kept: bool, tmp_path: Path
) -> None:
    quarantine = Quarantine(tmp_path)
    assert write_records(iter([Artifact("model", "a/b", created_at=created)]), tmp_path, quarantine, date) == (1, 0, 0)
    (row,) = pq.read_table(tmp_path / "artifacts.parquet").to_pylist()
    assert row["created_at"] == (created if kept else None)
    assert quarantine.count == (0 if kept else 1)


def test_each_record_goes_to_its_table_and_what_is_said_twice_counts_once(tmp_path: Path) -> None:
    parent, said = Reference("model", "a/base", "finetune"), Statement("tag", "mit")
    records = [
        Artifact("model", "a/b", references=(parent, parent), statements=(said, said)),
        Link("model", "a/c", parent),
        Rename("model", "a/old", "a/b", "moved"),
    ]
    assert write_records(iter(records), tmp_path, Quarantine(tmp_path), "2024-01-01") == (1, 2, 1)
    rows = {p.stem: pq.read_table(p).to_pylist() for p in tmp_path.glob("*.parquet")}
    assert {name: len(found) for name, found in rows.items()} == {
        **{"artifacts": 1, "references": 2, "statements": 1, "renames": 1}
    }
    assert [r["child"] for r in rows["references"]] == ["a/b", "a/c"]


def test_the_quarantine_keeps_every_record_and_remembers_the_first(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    assert (quarantine.count, quarantine.first) == (0, None)
    assert not (tmp_path / "quarantine.jsonl").exists()
    for line in (3, 7):
        quarantine(Rejected("f", line, "no good\nat all", "ü"))
    assert quarantine.first is not None
    assert (quarantine.count, quarantine.first.line) == (2, 3)
    kept = [json.loads(text) for text in (tmp_path / "quarantine.jsonl").read_text(encoding="ascii").splitlines()]
    assert [(one["line"], one["text"]) for one in kept] == [(3, "ü"), (7, "ü")]


def test_a_source_is_read_again_where_it_changed_or_is_said_to_be_whole_and_else_not(tmp_path: Path) -> None:
    path, workspace, said = tmp_path / "works.jsonl", Workspace(tmp_path / "ws"), list[str]()
    path.write_text(json.dumps(MODEL))
    assert load(workspace, str(path), said.append).fresh
    assert not load(workspace, str(path), said.append).fresh
    assert load(workspace, str(path), said.append, whole=["model"]).fresh
    assert not load(workspace, str(path), said.append, whole=["model"]).fresh
    path.write_text(json.dumps(MODEL | {"id": "a/c"}))
    assert load(workspace, str(path), said.append, date="2020-02-02").source.date == "2020-02-02"
    assert said == ["reading works.jsonl"] * 3
    assert len(workspace.sources()) == 1


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("works.jsonl", "", "empty"),
        ("works.json", "{", "cannot be parsed"),
        ("works.yaml", "a: [", "cannot be parsed"),
        ("works.json", '{"a": 1}', "no form that a loader knows"),
        ("works.jsonl", '{"a": 1}\n', "known source"),
        ("works.jsonl", '{"kind": "model", "id": "a b", "license": ["mit"]}\n', "line 1"),
    ],
)
def test_a_source_of_which_nothing_can_be_read_says_why_and_leaves_nothing(
    name: str, text: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    workspace = Workspace(tmp_path / "ws")
    with pytest.raises(UnreadableInput, match=reason) as caught:
        load(workspace, str(tmp_path / name))
    assert name in str(caught.value)
    assert workspace.sources() == []


def test_a_number_that_is_no_day_is_no_date(tmp_path: Path) -> None:
    path = tmp_path / "models-2024-02-31.jsonl"
    path.write_text("")
    assert date_of(path) != "2024-02-31"
    assert date_of(path.rename(tmp_path / "models-2024-02-29.jsonl")) == "2024-02-29"
