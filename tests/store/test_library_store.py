"""The store of the library, kept once for all workspaces where a folder for it is named."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.store import library_store
from clausegraph.store.library_store import LIBRARY_GRAPHS, VARIABLE, new_store
from clausegraph.store.nquads import graph_iri
from clausegraph.workspace.folder import locked

TRIPLE = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("one"), ox.NamedNode("urn:graph"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Fill stores with one triple, and count how often."""
    calls = Counter[str]()

    def fill(store: ox.Store) -> None:
        calls["filled"] += 1
        store.add(TRIPLE)

    monkeypatch.setattr(library_store, "fill_library", fill)
    return calls


def test_the_library_is_loaded_once_where_a_folder_is_named(
    small: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    assert [list(new_store(tmp_path / name)) for name in ("first", "second")] == [[TRIPLE], [TRIPLE]]
    assert small["filled"] == 1


def test_what_is_put_into_a_store_is_not_in_the_next(
    small: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    new_store(tmp_path / "first").clear()
    assert list(new_store(tmp_path / "second")) == [TRIPLE]


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_folder_nothing_is_kept(
    value: str | None, small: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, value) if value is not None else monkeypatch.delenv(VARIABLE)
    for name in ("first", "second"):
        new_store(tmp_path / name)
    assert small["filled"] == 2
    assert {path.name for path in tmp_path.iterdir()} == {"first", "second"}


def test_a_changed_ontology_has_a_store_of_its_own(
    small: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    new_store(tmp_path / "first")
    changed = tmp_path / "changed.ttl"
    changed.write_text("<urn:a> <urn:b> <urn:c> .")
    monkeypatch.setattr(library_store, "turtle_files", lambda _: [changed])
    new_store(tmp_path / "second")
    assert small["filled"] == 2


def test_who_meets_another_that_is_making_it_loads_for_himself(
    small: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv(VARIABLE, str(cache))
    monkeypatch.setattr(library_store, "_digest", lambda: "0")
    with locked(cache / ".lock-library-0", "busy"):
        assert list(new_store(tmp_path / "own")) == [TRIPLE]
    assert not (cache / "library-0").exists()
    new_store(tmp_path / "next")
    assert (cache / "library-0").exists()


def test_the_graphs_of_the_library_are_filled(tmp_path: Path) -> None:
    store = new_store(tmp_path / "whole")
    assert {graph.value for graph in store.named_graphs()} == {graph_iri(name) for name in LIBRARY_GRAPHS}
