"""Every query answers what plain Python finds in the tables, in works judged one by one, and in the library."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from clausegraph.library import Library
from clausegraph.library.queries import bind, find, own_limit, queries
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.oracles import ORACLES, WITHOUT, Asked, Rows, World
from tests.support import asked
from tests.support.paths import ROOT

ADHERENCE = ("adherence", "adherence-by-month", "adherence-by-relation")


@pytest.fixture(scope="module")
def store(workspace: Workspace, library: Library) -> ox.Store:
    return open_store(workspace, library)


@pytest.fixture(scope="module")
def world(workspace: Workspace, library: Library, store: ox.Store) -> World:
    return World(workspace, library)


def given(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return parameters with the defaults of those that are not given."""
    defaults = {key: str(facts["default"]) for key, facts in find(name).params.items() if "default" in facts}
    return defaults | dict(values)


def answered(store: ox.Store, library: Library, name: str, values: Mapping[str, str]) -> Rows:
    return Embedded(store).select(bind(find(name), values, library))[1]


def computed(world: World, name: str, values: Mapping[str, str]) -> Rows:
    return ORACLES[name](Asked(world, given(name, values)))


def counted(rows: Rows) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(round(v, 2) if isinstance(v, float) else v for v in row) for row in rows)


def compare(store: ox.Store, world: World, name: str, values: Mapping[str, str]) -> Rows:
    """Hold a query against its oracle, and return its rows."""
    rows, limit = answered(store, world.library, name, values), own_limit(find(name))
    expected = computed(world, name, values)
    assert limit is None or len(expected) <= limit, "the oracle would have to cut its rows"
    assert counted(rows) == counted(expected)
    return rows


@pytest.mark.parametrize(("name", "whole"), [case for case in asked.cases() if case[0] in ORACLES])
def test_a_query_finds_what_plain_python_finds(name: str, whole: bool, store: ox.Store, world: World) -> None:
    assert compare(store, world, name, asked.params(find(name), whole))


def test_the_queries_without_a_second_implementation_are_named() -> None:
    assert {name for name, _ in WITHOUT} == set(queries()) - set(ORACLES)
    assert set(ORACLES) <= set(queries())
    assert all(reason for _, reason in WITHOUT)
    assert len(WITHOUT) == 0, "this number may only shrink"


#: The columns by which rows come, where these are numbers or times.
DESCENDING: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("adherence", "adherence-by-relation"), ("all",)),
    **dict.fromkeys(("conflicts", "open-all-the-way", "relabelled", "undeclared", "undetermined"), ("downloads",)),
    **dict.fromkeys(("adoption", "adoption-by-family", "conflicting-pairs", "conflicts-by-clause"), ("works",)),
    **dict.fromkeys(("duties", "licenses-of-descendants", "restrictions-in-use", "unknowns-by-clause"), ("works",)),
    "relabellers": ("works",),
    "license-changes": ("edges",),
    "most-reused": ("reused",),
    "repairs": ("references",),
    "restriction-counts": ("licenses",),
    "undeclared-parents": ("children",),
    "unknown-because": ("only", "artifacts"),
}
ASCENDING: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("adherence-by-month", "adoption-by-month"), ("month",)),
    "behavioral-use-over-time": ("period",),
    "similar-licenses": ("different",),
    "thresholds": ("threshold",),
}


@pytest.mark.parametrize("name", [*DESCENDING, *ASCENDING])
def test_rows_come_in_the_order_of_their_numbers(name: str, store: ox.Store, library: Library) -> None:
    examples = {key: str(facts["example"]) for key, facts in find(name).params.items() if facts["required"]}
    rows = answered(store, library, name, examples | least(name))
    places = [find(name).returns.index(column) for column in (DESCENDING | ASCENDING)[name]]
    found = [tuple(-1 if row[place] is None else row[place] for place in places) for row in rows]
    assert found == sorted(found, reverse=name in DESCENDING)
    assert len(set(found)) > 1


#: The column that a limit is about.
LIMITED = {
    **dict.fromkeys(("conflicts", "open-all-the-way", "undeclared", "undetermined"), "downloads"),
    "most-reused": "reused",
    "undeclared-parents": "children",
}


def least(name: str, number: int = 0) -> dict[str, str]:
    return {"atLeast": str(number)} if name in LIMITED else {}


@pytest.mark.parametrize("name", LIMITED)
def test_a_work_at_the_limit_is_in_and_one_below_it_is_not(name: str, store: ox.Store, world: World) -> None:
    place = find(name).returns.index(LIMITED[name])
    everything = compare(store, world, name, least(name))
    numbers = sorted({row[place] for row in everything if row[place]})
    assert numbers
    for number in numbers[:: max(1, len(numbers) // 5)]:
        here = {row for row in everything if row[place] == number}
        assert here <= set(compare(store, world, name, least(name, number)))
        assert not here & set(compare(store, world, name, least(name, number + 1)))


@pytest.mark.parametrize("name", ["adoption", "adoption-by-family", "licensed"])
def test_a_work_of_the_day_before_which_is_asked_is_not_in(name: str, store: ox.Store, world: World) -> None:
    days = Counter(work.day for work in world.works.values() if work.day)
    day, number = next((d, n) for d, n in sorted(days.items())[len(days) // 2 :] if d < "2024-03-08")
    place = find(name).returns.index("all")
    before = compare(store, world, name, {"before": day})[0][place]
    after = compare(store, world, name, {"before": (date.fromisoformat(day) + timedelta(1)).isoformat()})[0][place]
    assert after - before == number


#: What is asked about beside the examples.
OTHERS: dict[str, tuple[str, ...]] = {
    "license": (
        *("agpl", "bigscience-openrail-m", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "creativeml-openrail-m", "epl-2.0"),
        *("gemma", "gpl", "gpl-3.0", "lgpl-2.1", "llama", "llama2", "mit", "mpl-2.0", "none", "other", "proprietary"),
    ),
    "kind": ("flow-down", "share-alike", "threshold"),
    "restriction": ("minors_harm", "unlawful_use"),
    "clause": ("llama3#1.b.i-flow-down", "cc-by-nc-sa-4.0#3.b.1-share-alike", "gpl-3.0#5.c-share-alike"),
    "integer": ("0", "4", "1000000", "700000000", "700000001"),
    "date": ("2023", "2024-02-05"),
    "repair": ("self_loop", "exact", "no_artifact", "case", "legacy_name", "renamed", "gone"),
}


def others(world: World, name: str, key: str) -> Sequence[str]:
    """Return further values for a parameter."""
    library, type_ = world.library, str(find(name).params[key]["type"])
    if type_ == "artifact":
        reused = sorted(world.children, key=lambda work: (-len(world.children[work]), work))
        return [*reused[:6], *sorted(world.parents)[::20]]
    if key == "length":
        return ("4", "7")
    found: dict[str, Iterable[str]] = {
        "relation": library.relations,
        "artifact-kind": library.artifact_kinds,
        "assumption": library.keys,
        "family": {family for license_ in library.licenses.values() for family in license_.families},
        "class": {kind.cls for kind in library.artifact_kinds.values()},
    }
    # what names no text is listed as a family of its own
    texts = [id_ for id_ in OTHERS["license"] if library.licenses[id_].status == "License"]
    return texts if name == "families" else sorted(found[type_]) if type_ in found else OTHERS[type_]


@pytest.mark.parametrize("name", [name for name, query in queries().items() if query.params and name in ORACLES])
def test_a_query_finds_the_same_for_other_values(name: str, store: ox.Store, world: World) -> None:
    params = find(name).params
    needed = [key for key, facts in params.items() if facts["required"]]
    for values in product(*(others(world, name, key) for key in needed)):
        compare(store, world, name, dict(zip(needed, values, strict=True)))
    for key in set(params) - set(needed):
        for value in others(world, name, key):
            compare(store, world, name, asked.params(find(name), False) | {key: value})


#: Works of the sorts that the other works lack: under families, with lists, without downloads or a day.
CORNERS = ROOT / "tests" / "oracles" / "corners.jsonl"
#: Works of which a query, or the audit, once said something else than its header.
ONCE = CORNERS.with_name("mended.jsonl")


def loaded(library: Library, path: Path, folder: Path) -> tuple[ox.Store, World]:
    made = Workspace(folder)
    load(made, str(path), date="2024-11-21")
    return open_store(made, library), World(made, library)


@pytest.fixture(scope="module")
def corners(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[ox.Store, World]:
    return loaded(library, CORNERS, tmp_path_factory.mktemp("corners") / "ws")


@pytest.fixture(scope="module")
def once(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[ox.Store, World]:
    return loaded(library, ONCE, tmp_path_factory.mktemp("once") / "ws")


@pytest.mark.parametrize("name", ORACLES)
def test_a_query_finds_the_same_in_works_at_the_corners(name: str, corners: tuple[ox.Store, World]) -> None:
    store, world = corners
    examples = asked.params(find(name), False)
    works = [key for key in examples if find(name).params[key]["type"] == "artifact"]
    for work in sorted(world.by_iri) if works else [""]:
        compare(store, world, name, examples | least(name) | dict.fromkeys(works, work))


@pytest.mark.parametrize("name", ORACLES)
def test_a_query_finds_the_same_where_it_once_did_not(name: str, once: tuple[ox.Store, World]) -> None:
    values = {"license": "agpl"} if name == "families" else asked.params(find(name), False) | least(name)
    works = [key for key in values if find(name).params[key]["type"] == "artifact"]
    for work in sorted(once[1].by_iri) if works else [""]:
        compare(*once, name, values | dict.fromkeys(works, work))
