"""Sources brought together: which parent is meant, which statement counts, and who stands on a circle."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from clausegraph.loaders.records import BASES

from clausegraph.library import Library
from clausegraph.workspace import lineage
from clausegraph.workspace.duck import connect
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        *(([], []), ([(1, 2), (2, 3), (1, 3)], []), ([(1, 1), (1, 2)], [{1}])),
        *(([(1, 2), (2, 3), (3, 1), (4, 1), (3, 5)], [{1, 2, 3}]), ([(1, 2), (2, 1), (2, 3), (3, 2)], [{1, 2, 3}])),
        ([(3, 4), (4, 3), (1, 2), (2, 1), (2, 3)], [{1, 2}, {3, 4}]),
        ([(1, 2), (2, 1), (2, 3), (3, 4), (4, 5), (5, 4)], [{1, 2}, {4, 5}]),
    ],
)
def test_a_circle_is_of_works_that_reach_each_other_and_who_only_leads_there_is_outside(
    edges: list[tuple[int, int]], expected: list[set[int]]
) -> None:
    assert lineage.cycles(edges) == lineage.cycles(edges[::-1]) == expected


@pytest.mark.parametrize(
    ("licenses", "name", "expected"),
    [
        *((["other"], "gemma", "gemma"), ([], "gemma", "gemma"), (["mit"], "gemma", "mit")),
        *((["other"], "my own words", "other"), (["other"], None, "other"), ([], None, "none")),
        (["other"], "mit OR gemma", "gemma OR mit"),
    ],
)
def test_a_name_beside_other_counts_where_it_is_known_and_beside_a_license_it_does_not(
    licenses: list[str], name: str | None, expected: str, library: Library
) -> None:
    assert str(lineage.declared_expression(library, licenses, name)) == expected


REFS = """CREATE TABLE refs (child BIGINT, parent_kind VARCHAR, stated VARCHAR, relation VARCHAR, basis VARCHAR,
  place VARCHAR, repair VARCHAR, parent BIGINT, reason VARCHAR, circle BOOLEAN, dropped BOOLEAN, undeclared BOOLEAN,
  meant VARCHAR);
CREATE TABLE artifacts (n BIGINT, kind VARCHAR, owner VARCHAR, resolved BOOLEAN)"""


def referring(*rows: tuple[Any, ...]) -> duckdb.DuckDBPyConnection:
    """Return a connection in which each child refers to models: child, stated, basis, place, repair, parent."""
    connection = connect()
    connection.execute(REFS)
    for child, stated, basis, place, repair, parent in rows:
        values = (child, "model", stated, "finetune", basis, place, repair, parent, None, False, False, False, stated)
        connection.execute("INSERT INTO refs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute("INSERT INTO artifacts SELECT range, 'model', 'o' || range // 2, range != 9 FROM range(10)")
    return connection


def test_what_the_hub_did_not_resolve_was_dropped_and_a_parent_that_is_gone_it_followed_to_its_new_name() -> None:
    both = [("a/x", "declared", "card", "exact", 0), ("a/y", "declared", "card", "exact", 1)]
    hub = ("A/X", "hub", "resolved", "case", 0)
    rows = [(2, *both[0]), (2, *both[1]), (2, *hub), (9, *both[0]), (3, "me", "declared", "card", "self_loop", 3)]
    rows += [(4, "a/x", "declared", "catalogue", "exact", 0), (5, *both[0])]
    with referring(*rows) as connection:
        lineage.mark_differences(connection)
        found = connection.execute("SELECT child, stated FROM refs WHERE dropped ORDER BY ALL").fetchall()
    assert found == [(2, "a/y"), (5, "a/x")]
    old, new = ("old/m", "declared", "card", "gone", None), ("new/m", "hub", "resolved", "exact", 0)
    rows = [(1, *old), (1, *new), (2, *old), (2, "old/n", "declared", "card", "gone", None), (2, *new)]
    rows += [(3, *old), (3, "no/m", "hub", "resolved", "gone", None)]
    rows += [(4, *old), (4, *new), (4, "new/k", "hub", "resolved", "exact", 5)]
    with referring(*rows) as connection:
        lineage.mark_differences(connection)
        found = connection.execute("SELECT child, stated, parent FROM refs WHERE repair = 'renamed'").fetchall()
    assert found == [(1, "old/m", 0)]


def test_only_references_within_one_circle_are_marked() -> None:
    rows = [(1, "2", "declared", "card", "exact", 2), (2, "1", "declared", "card", "exact", 1)]
    rows += [(3, "1", "declared", "card", "exact", 1), (1, "4", "declared", "card", "exact", 4)]
    rows += [(4, "4", "declared", "card", "self_loop", 4), (4, "gone", "declared", "card", "gone", None)]
    with referring(*rows) as connection:
        lineage.mark_cycles(connection)
        found = connection.execute("SELECT child, parent FROM refs WHERE circle ORDER BY 1").fetchall()
    assert found == [(1, 2), (2, 1)]


def test_what_is_declared_of_a_parent_counts_before_the_hub_and_that_before_what_is_inferred(library: Library) -> None:
    rows = [(child, "a/x", basis, "card", "exact", 1) for n, child in enumerate((0, 4, 2)) for basis in BASES[n:]]
    with referring(*rows, (5, "gone", "declared", "card", "gone", None)) as connection:
        connection.execute("UPDATE refs SET relation = basis || '-' || relation")
        lineage.build_edges(connection, library)
        found = connection.execute("SELECT child, relation, same_party, inferred FROM edges ORDER BY 1").fetchall()
    inferred = (2, "base-model", False, "inferred-finetune")
    assert found == [(0, "declared-finetune", True, None), inferred, (4, "hub-finetune", False, None)]


def test_tables_are_made_once_and_again_when_a_source_is_loaded(library: Library, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    for name, license_ in (("one", "mit"), ("two", "gpl-3.0")):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"kind": "model", "id": f"a/{name}", "license": [license_]}))
        load(workspace, str(tmp_path / f"{name}.jsonl"))
        folder = lineage.resolve(workspace, library)
        before = (folder / "artifacts.parquet").stat().st_mtime_ns
        assert (lineage.resolve(workspace, library) / "artifacts.parquet").stat().st_mtime_ns == before
    with connect() as made, connect() as kept:
        expressions = lineage.build(made, workspace, library)
        assert lineage.open_resolved(kept, folder) == expressions
        sql = "SELECT id, expression FROM artifacts ORDER BY id"
        assert kept.execute(sql).fetchall() == made.execute(sql).fetchall()
        declared = [(id_, str(expressions[n])) for id_, n in kept.execute(sql).fetchall()]
    assert declared == [("a/one", "mit"), ("a/two", "gpl-3.0")]
