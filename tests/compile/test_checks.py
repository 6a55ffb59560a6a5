"""The hygiene of the ontology: each check finds nothing in ours, and what is wrong in its bad example."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.ground.files import folder, turtle_files
from clausegraph.library.queries import read_header
from tests.support.paths import ROOT

CHECKS = sorted((folder("queries") / "checks").glob("*.rq"))
BAD = ROOT / "tests" / "checks"


@pytest.fixture(scope="module")
def ontology() -> ox.Store:
    store = ox.Store()
    for path in (*turtle_files("ontology"), *turtle_files("ontology", "composing")):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def rows(store: ox.Store, path: Path) -> list[tuple[str | None, ...]]:
    found = store.query(path.read_text(encoding="utf-8"))
    columns = [v.value for v in found.variables]
    assert columns == ["entity", "property", "value"]
    return [tuple(None if row[c] is None else row[c].value for c in columns) for row in found]


@pytest.mark.parametrize("path", CHECKS, ids=lambda p: p.stem)
def test_a_check_finds_nothing_in_our_ontology(path: Path, ontology: ox.Store) -> None:
    assert rows(ontology, path) == []


@pytest.mark.parametrize("path", CHECKS, ids=lambda p: p.stem)
def test_a_check_finds_what_is_wrong_in_its_bad_example(path: Path) -> None:
    store = ox.Store()
    store.bulk_load(path=str(BAD / f"{path.stem}.ttl"), format=ox.RdfFormat.TURTLE)
    found = [" ".join("-" if v is None else v for v in row) for row in rows(store, path)]
    assert found
    assert found == (BAD / f"{path.stem}.txt").read_text(encoding="utf-8").splitlines()


def test_every_check_has_a_bad_example_and_a_header() -> None:
    assert {p.stem for p in CHECKS} == {p.stem for p in BAD.glob("*.ttl")} == {p.stem for p in BAD.glob("*.txt")}
    assert len(CHECKS) >= 15
    for path in CHECKS:
        header = read_header(path)
        assert header["summary"].endswith("?")
        assert all(f"{part}. " in header["description"] for part in ("Problem", "Reading", "Solution"))
        assert header["tags"] == ["check"]
