"""The live Hub, asked over HTTP on loopback: pages, faults, what cannot be seen, trees, and a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from clausegraph.loaders import hub_live

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import NetworkError, UnreadableInput, UsageError
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.fake_hub import FakeHub, serving


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the waits instead of waiting."""
    waits: list[float] = []
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", waits.append)
    return waits


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    found = FakeHub(2500)
    with serving(found) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield found


def item(id_: str, *bases: str, relation: str = "finetune", **more: Any) -> dict[str, Any]:
    tags = [f"base_model:{b}" for b in bases] + [f"base_model:{relation}:{b}" for b in bases] + ["license:mit"]
    card = {"license": "mit"} | ({"base_model": list(bases)} if bases else {})
    resolved = {"relation": relation, "models": [{"_id": "1", "id": b} for b in bases]} if bases else None
    return {"id": id_, "tags": tags, "cardData": card, "baseModels": resolved, "private": False, "gated": False} | more


def rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    return [r for f in workspace.tables(table) for r in pq.read_table(f).to_pylist()]


def ids(workspace: Workspace) -> list[str]:
    return sorted(r["id"] for r in rows(workspace, "artifacts"))


def test_pages_are_followed_by_their_cursor_and_only_the_needed_fields_are_asked(
    hub: FakeHub, workspace: Workspace
) -> None:
    done = load(workspace, "hub:models")
    assert (done.source.artifacts, done.source.rejected, done.source.date) == (2500, 0, "2026-07-23")
    assert len(hub.seen) == 3
    fields = ["baseModels", "cardData", "createdAt", "disabled", "downloads", "gated", "private", "tags"]
    assert all(f"expand={name}" in hub.seen[0] for name in fields)
    assert hub.seen[0].count("expand=") == len(fields)
    assert not list((workspace.folder / "sources").glob(".parts-*"))


def test_the_graph_of_a_query_is_the_same_whatever_went_wrong_on_the_way(
    hub: FakeHub, workspace: Workspace, patient: list[float], tmp_path: Path
) -> None:
    load(workspace, "hub:models")
    hub.seen.clear()
    hub.faults = {0: "429", 1: "500", 3: "cut", 4: "garbage", 6: "slow", 7: "drop"}
    other = Workspace(tmp_path / "other")
    load(other, "hub:models")
    for table in ("artifacts", "references", "statements"):
        assert rows(other, table) == rows(workspace, table)
    assert patient, "a rate limit and an error are waited for"
    assert patient[0] == 1.0, "the RateLimit header said 0 seconds, and one is added"


def test_a_query_by_author_license_and_size(hub: FakeHub, workspace: Workspace) -> None:
    hub.models = [item("acme/a"), item("acme/b"), item("other/c"), item("acme/d") | {"tags": ["license:gpl-3.0"]}]
    load(workspace, "hub:models?author=acme&license=mit")
    assert ids(workspace) == ["acme/a", "acme/b"]
    other = Workspace(workspace.folder.parent / "few")
    load(other, "hub:models?limit=3")
    assert len(ids(other)) == 3


def test_datasets_and_spaces_are_asked_at_their_own_addresses(hub: FakeHub, workspace: Workspace) -> None:
    hub.models = [item("a/m")]
    hub.datasets = [{"id": "a/d", "tags": ["license:cc-by-4.0"], "cardData": {"license": "cc-by-4.0"}}]
    load(workspace, "hub:all")
    assert [(r["kind"], r["id"]) for r in rows(workspace, "artifacts")] == [("model", "a/m"), ("dataset", "a/d")]
    assert [path.split("?")[0] for path in hub.seen] == ["/api/models", "/api/datasets", "/api/spaces"]


TREE = [
    item("root/base"),
    item("mid/sft", "root/base", childrenModelCount={"finetune": 1}),
    item("leaf/a", "mid/sft", childrenModelCount={"quantized": 1}),
    item("leaf/q", "leaf/a", relation="quantized", childrenModelCount={}),
    item("far/away"),
]


def test_a_tree_is_walked_up_to_the_roots_and_down_to_the_leaves(hub: FakeHub, workspace: Workspace) -> None:
    hub.models = TREE
    load(workspace, "hub:tree/mid/sft")
    assert sorted(set(ids(workspace))) == ["leaf/a", "leaf/q", "mid/sft", "root/base"]
    assert not any("leaf%2Fq" in path for path in hub.seen), "a model without children is not asked for them"


def test_a_tree_with_a_circle_ends(hub: FakeHub, workspace: Workspace) -> None:
    hub.models = [item("a/a", "b/b"), item("b/b", "a/a")]
    load(workspace, "hub:tree/a/a")
    assert sorted(set(ids(workspace))) == ["a/a", "b/b"]


def test_gated_private_renamed_and_deleted_are_told_apart(
    hub: FakeHub, workspace: Workspace, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.models = [
        item("a/gated", gated="manual"),
        item("a/private", private=True),
        item("zai-org/new"),
        item("a/child", "THUDM/old", "a/deleted", "a/hidden", "a/closed"),
    ]
    hub.renamed = {"THUDM/old": "zai-org/new"}
    hub.gone = {"a/deleted": 404, "a/hidden": 401, "a/closed": 403}
    done = load(workspace, "hub:tree/a/child")
    assert {r["id"]: r["now"] for r in rows(workspace, "renames")} == {"THUDM/old": "zai-org/new"}
    assert done.quarantine is not None
    reasons = {json.loads(line)["reason"] for line in done.quarantine.read_text().splitlines()}
    assert reasons == {
        "/api/models/a/deleted: the repository is deleted",
        "/api/models/a/hidden: the repository is deleted, or private to others",
        "/api/models/a/closed: the repository is gated: its terms must be accepted first",
    }
    load(workspace, "hub:models?author=a")
    access = {r["id"]: r["access"] for r in rows(workspace, "artifacts")}
    assert (access["a/gated"], access["a/private"], access["a/child"]) == ("gated", "private", "public")
    notes = Catalogue(workspace, library).notes(Catalogue(workspace, library).entry("a/child"))
    assert ("CG116", "THUDM/old (the Hub answered with another id)") in {(n.code, n.subject) for n in notes}


def test_the_token_is_that_of_the_client_library(
    hub: FakeHub, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_example")
    load(workspace, "hub:models?limit=1")
    assert hub.headers[0]["authorization"] == "Bearer hf_example"
    assert "clausegraph" in hub.headers[0]["user-agent"]


def test_a_link_to_another_host_is_not_followed(hub: FakeHub, workspace: Workspace) -> None:
    assert hub_live._below("https://evil.example/api/models?cursor=1") == "/api/models?cursor=1"


def test_without_a_network_the_error_says_so_and_what_was_fetched_is_kept(
    hub: FakeHub, workspace: Workspace, patient: list[float]
) -> None:
    hub.faults = dict.fromkeys(range(1, 50), "500")
    with pytest.raises(NetworkError, match="Run the same command again to go on from there"):
        load(workspace, "hub:models")
    assert workspace.sources() == []
    before = len(hub.seen)
    hub.faults = {}
    assert load(workspace, "hub:models").source.artifacts == 2500
    assert len(hub.seen) - before == 2, "the first page is not fetched again"


def test_nothing_that_answers_is_an_error_of_the_network(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, patient: list[float]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(NetworkError, match="the Hub does not answer"):
        load(workspace, "hub:models")


def test_offline_mode_is_an_error_of_the_network(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, hub: FakeHub
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(NetworkError, match="the Hub does not answer"):
        load(workspace, "hub:models")
    assert hub.seen == []


@pytest.mark.parametrize(
    ("location", "part"),
    [
        ("hub:models?color=red", "color is no part of a query"),
        ("hub:models?limit=many", "`limit` is a number"),
        ("hub:../etc", "write hub:models"),
        ("hub:tree/datasets/a/b", "write hub:models"),
    ],
)
def test_a_query_that_is_written_wrongly_says_how(workspace: Workspace, location: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        load(workspace, location)


def test_an_empty_answer_is_said_to_be_empty(hub: FakeHub, workspace: Workspace) -> None:
    hub.models = []
    with pytest.raises(UnreadableInput, match="nothing in it could be read"):
        load(workspace, "hub:models")


def test_a_load_that_is_killed_goes_on_at_the_page_where_it_stood(tmp_path: Path) -> None:
    hub = FakeHub(8_000)
    with serving(hub) as url:
        whole = Workspace(tmp_path / "whole")
        command = [sys.executable, "-m", "clausegraph", "load", "hub:models", "-w"]
        environment = os.environ | {"HF_ENDPOINT": url, "HF_HUB_OFFLINE": "0"}
        subprocess.run([*command, str(whole.folder)], env=environment, check=True, capture_output=True)
        assert len(hub.seen) == 8
        hub.seen.clear()
        hub.faults = dict.fromkeys(range(100), "slow")
        killed = Workspace(tmp_path / "killed")
        process = subprocess.Popen(
            [*command, str(killed.folder)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        limit = time.monotonic() + 60
        while len(hub.seen) < 3 and time.monotonic() < limit:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        asked = len(hub.seen)
        assert 3 <= asked < 8
        assert killed.sources() == []
        hub.faults = {}
        subprocess.run([*command, str(killed.folder)], env=environment, check=True, capture_output=True)
        assert len(hub.seen) - asked <= 6, "what was there is not fetched again"
        for table in ("artifacts", "references", "statements"):
            assert rows(killed, table) == rows(whole, table)
