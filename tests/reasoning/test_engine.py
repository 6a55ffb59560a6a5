"""The engine: tables by name, in DuckDB, that others can read, and errors that say what to do."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clausegraph.ground.errors import NetworkError, UsageError
from clausegraph.reasoning.engine import COLUMNS, DuckDB, Engine, arrow_table, open_engine, table


def moved(engine: Engine, name: str) -> list[tuple[int, str, int]]:
    return sorted(engine.rows(f"SELECT state, relation, target FROM {name}"))


def test_a_name_stands_for_its_latest_content_which_may_be_made_of_the_earlier(tmp_path: Path) -> None:
    with open_engine("duckdb", tmp_path) as engine:
        engine.put("moves", [(0, "copy", 0), (0, "train", 1)])
        assert engine.keep("moves", "SELECT * FROM moves WHERE relation = 'train'") == 1
        assert moved(engine, "moves") == [(0, "train", 1)]
        assert engine.keep("moves", "SELECT * FROM moves WHERE state > 0") == 0
        assert moved(engine, "moves") == []


def test_what_is_appended_comes_beside_what_was_there_and_leaves_its_own_table(tmp_path: Path) -> None:
    with open_engine("duckdb", tmp_path) as engine:
        engine.put("moves", [(0, "copy", 0)])
        engine.keep("more", "SELECT CAST(1 AS INT) AS state, 'copy' AS relation, CAST(1 AS INT) AS target")
        engine.append("moves", "more")
        assert moved(engine, "moves") == [(0, "copy", 0), (1, "copy", 1)]
        assert moved(engine, "more") == [(1, "copy", 1)]


def test_a_table_without_rows_has_its_columns_with_their_types(tmp_path: Path) -> None:
    for rows in ([], [(0, "copy", 1)]):
        schema = arrow_table("moves", rows).schema
        assert schema.names == list(COLUMNS["moves"])
        assert schema.types == [pa.int32(), pa.string(), pa.int32()]
    with open_engine("duckdb", tmp_path) as engine:
        engine.put("drops", [])
        assert engine.rows("SELECT count(*) FROM drops") == [(0,)]


def test_what_is_written_is_sorted_and_another_engine_reads_what_it_needs_of_it(tmp_path: Path) -> None:
    target = tmp_path / "moves.parquet"
    with open_engine("duckdb", tmp_path) as engine:
        engine.keep(
            "wide", "SELECT * FROM (VALUES (2, 'copy', 2, 'x'), (1, 'copy', 1, 'y')) t(state, relation, target, z)"
        )
        engine.write("wide", target, "state")
    assert pq.read_table(target).column("state").to_pylist() == [1, 2]
    with open_engine("duckdb", tmp_path) as engine:
        engine.open("moves", target)
        assert [c[0] for c in engine.rows("DESCRIBE moves")] == ["state", "relation", "target"]
        engine.open("other", target)
        assert len(engine.rows("DESCRIBE other")) == 4


def test_an_expression_becomes_sql_over_the_tables_of_its_name(tmp_path: Path) -> None:
    moves = table("moves")
    assert table("moves") is moves
    with open_engine("duckdb", tmp_path) as engine:
        engine.put("moves", [(0, "copy", 0), (0, "train", 1)])
        assert engine.rows(engine.sql(moves.filter(moves.target > 0).select("relation"))) == [("train",)]


@pytest.mark.parametrize("name", ["sqlite", "DuckDB", "local", "yarns", "http://host", ""])
def test_an_engine_that_is_none_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Use duckdb, or a Spark master"), open_engine(name, tmp_path):
        pass


@pytest.mark.parametrize("memory", ["4", "GB", "4 XB", "-4GB", "4GB; DROP TABLE x", "4.GB"])
def test_a_memory_that_is_no_size_is_refused_with_an_example(memory: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Write it as in 4GB"), open_engine("duckdb", tmp_path, memory):
        pass


@pytest.mark.parametrize("memory", ["500MB", "1.5GB", "1 GiB"])
def test_a_memory_that_is_a_size_is_what_the_engine_may_take(memory: str, tmp_path: Path) -> None:
    with open_engine("duckdb", tmp_path, memory) as engine:
        assert engine.rows("SELECT 1") == [(1,)]


def test_an_error_of_ours_stays_as_it_is_and_one_of_a_cluster_is_one_of_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="ours"), open_engine("duckdb", tmp_path) as engine:
        raise ValueError("ours")
    with pytest.raises(Exception, match="closed"):
        engine.rows("SELECT 1")
    monkeypatch.setattr(DuckDB, "gave_up", lambda self, error: "lost a machine")
    with (
        pytest.raises(NetworkError, match=r"lost a machine.*the workspace is as it was"),
        open_engine("duckdb", tmp_path),
    ):
        raise ValueError("theirs")
