"""Ancestors of which nothing is known, and the word for why."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.missing import (
    NOT_LOADED,
    UNREADABLE,
    build_lost,
    implied_sql,
    is_identifier,
    judged_sql,
    misfit_sql,
)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        *(("a/b", True), ("gpt2", True), ("https://example.org/x", True), ("urn:uuid:1", True)),
        *(("./out", False), ("/home/me/model", False), ("a b", False), ("", False), ("a/b/c", False), ("../x", False)),
    ],
)
def test_an_address_or_a_name_of_the_hub_is_an_identifier_and_a_path_on_a_disk_is_none(
    stated: str, expected: bool
) -> None:
    assert is_identifier(stated) is expected


def lost(
    library: Library, *rows: dict[str, Any], whole: tuple[str, ...] = (), edges: str = ""
) -> list[tuple[Any, ...]]:
    """Return child, what is stated and the word for why, of references of a model that differ from a usual one."""
    usual = {"child": 1, "parent_kind": "model", "stated": "no/where", "relation": "finetune", "basis": "declared"}
    usual |= {"place": "card", "repair": "gone", "dropped": False}
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE refs (child BIGINT, parent_kind VARCHAR, stated VARCHAR, relation VARCHAR, basis VARCHAR,
              place VARCHAR, repair VARCHAR, dropped BOOLEAN, meant VARCHAR);
            CREATE TABLE artifacts AS SELECT * FROM (VALUES (1, 'model', 'a/m'), (2, 'dataset', 'a/d')) t(n, kind, id);
            CREATE TABLE edges (child BIGINT, parent BIGINT, relation VARCHAR, implied VARCHAR, fits BOOLEAN)"""
        )
        for row in rows:
            full = usual | row
            connection.execute("INSERT INTO refs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*full.values(), full["stated"]])
        if edges:
            connection.execute(f"INSERT INTO edges VALUES {edges}")
        build_lost(connection, library, whole, [Expression.of(id_) for id_ in library.missing.values()])
        return connection.execute("SELECT child, stated, word FROM lost ORDER BY ALL").fetchall()


@pytest.mark.parametrize(
    ("row", "whole", "word"),
    [
        ({}, (), "not-loaded"),
        ({}, ("model",), "gone"),
        ({}, ("dataset",), "not-loaded"),
        ({"dropped": True}, (), "gone"),
        ({"stated": "/home/me/model"}, ("model",), "unreadable"),
        ({"stated": "https://example.org/x"}, (), "not-loaded"),
        ({"stated": "csv", "repair": "no_artifact", "relation": "adapter"}, (), "unnamed"),
        ({"stated": "csv", "repair": "no_artifact", "relation": "train"}, (), None),
        ({"repair": "exact"}, (), None),
        ({"repair": "self_loop"}, ("model",), None),
    ],
)
def test_what_is_not_there_has_a_word_for_why_and_what_is_there_has_none(
    row: dict[str, Any], whole: tuple[str, ...], word: str | None, library: Library
) -> None:
    stated = row.get("stated", "no/where")
    assert lost(library, row, whole=whole) == ([(1, stated, word)] if word else [])


def test_a_path_in_a_file_counts_only_where_the_card_names_no_base(library: Library) -> None:
    path = {"stated": "/home/me/model", "place": "file", "relation": "adapter"}
    named = {"stated": "a/base", "repair": "exact"}
    assert lost(library, path) == [(1, "/home/me/model", "unreadable")]
    assert lost(library, path, named) == []
    assert len(lost(library, path, named | {"child": 2})) == 1, "the card of another says nothing of this one"
    assert len(lost(library, path, named | {"repair": "self_loop"})) == 1
    assert len(lost(library, path, named | {"parent_kind": "dataset"})) == 1
    assert len(lost(library, path | {"stated": "no/where"}, named)) == 1, "a name of the Hub counts beside the card's"


def test_a_known_work_in_a_relation_that_its_kind_cannot_stand_in_is_lost_as_a_misfit(library: Library) -> None:
    assert lost(library, edges="(1, 2, 'adapter', NULL, false), (1, 2, 'train', NULL, true)") == [(1, "a/d", "misfit")]


def test_relations_fit_kinds_and_what_is_only_inferred_counts_as_unstated(library: Library) -> None:
    with duckdb.connect() as connection:

        def ask(sql: str, columns: str) -> Any:
            row = connection.execute(f"SELECT {sql} FROM (SELECT {columns}) c").fetchone()
            return row[0] if row else None

        pairs = {("adapter", "model"): False, ("adapter", "dataset"): True, ("train", "model"): True}
        for (relation, kind), wrong in (pairs | {("copy", "dataset"): False}).items():
            sql = misfit_sql(library, "c.relation", "c.kind")
            assert ask(sql, f"'{relation}' AS relation, '{kind}' AS kind") is wrong
        assert [ask(implied_sql(library), f"'{kind}' AS kind") for kind in ("service", "model")] == ["serve", None]
        judged = judged_sql(library).replace("r.", "c.")
        for basis, place, kind, expected in (
            ("inferred", "card", "model", "base-model"),
            ("inferred", "file", "model", "merge"),
            ("inferred", "card", "dataset", "merge"),
            ("declared", "card", "model", "merge"),
            ("hub", "resolved", "model", "merge"),
        ):
            columns = f"'{basis}' AS basis, '{place}' AS place, '{kind}' AS parent_kind, 'merge' AS relation"
            assert ask(judged, columns) == expected


@pytest.mark.parametrize("stated", ["a..b/c", "a/" + "x" * 200, "https://example.org/a<b", "urn:a|b", "a/b", "urn:a:b"])
def test_an_audit_and_a_check_agree_on_what_can_name_a_work(stated: str, library: Library, tmp_path: Path) -> None:
    parent = {"id": stated, "kind": "model", "via": "finetune"}
    record = {"kind": "model", "id": "x/y", "license": ["mit"], "parents": [parent]}
    (tmp_path / "facts.jsonl").write_text(json.dumps(record))
    workspace = Workspace(tmp_path / "ws")
    try:
        load(workspace, str(tmp_path / "facts.jsonl"))
    except UnreadableInput:
        assert not is_identifier(stated)  # what comes in is refused before
        return
    rows = Catalogue(workspace, library).ask("SELECT word FROM lost WHERE stated = ?", [stated])
    assert [word for (word,) in rows] == [NOT_LOADED if is_identifier(stated) else UNREADABLE]
