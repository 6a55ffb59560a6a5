"""Tables on disk: odd paths and odd lines come back as they were."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clausegraph.workspace.duck import GROUP, connect, copy, copy_lines, lines, literal, parquet


@pytest.mark.parametrize("text", ["plain", "it's", "''", "a\\'b", "x'; DROP TABLE t; --"])
def test_a_quote_in_a_path_stays_text(text: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {literal(text)}").fetchone() == (text,)


def test_a_file_and_a_folder_of_parts_are_read_alike_whatever_they_are_called(tmp_path: Path) -> None:
    for name, rows in (("it's one.parquet", [1]), ("parts.parquet/a.parquet", [2]), ("parts.parquet/b.parquet", [3])):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"n": rows}), tmp_path / name)
    (tmp_path / "parts.parquet" / "_SUCCESS").write_text("")
    with connect() as connection:

        def read(name: str) -> list[int]:
            return [n for (n,) in connection.execute(f"SELECT n FROM {parquet(tmp_path / name)} ORDER BY n").fetchall()]

        assert (read("it's one.parquet"), read("parts.parquet")) == ([1], [2, 3])


def test_a_table_is_kept_in_its_order_and_in_small_groups(tmp_path: Path) -> None:
    with connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {GROUP + 1} - range AS n FROM range({GROUP + 1})")
        connection.execute(copy("t", tmp_path / "t.parquet", "n"))
    found = pq.ParquetFile(tmp_path / "t.parquet")
    assert found.read()["n"].to_pylist() == list(range(1, GROUP + 2))
    assert found.metadata.num_row_groups == 2


def test_a_line_comes_back_as_it_was_with_quotes_commas_and_tabs(tmp_path: Path) -> None:
    written = ['<urn:a> <urn:b> "it\'s \\"so\\", yes" .', "a,b;c\td|e", "'", '"', "\\", " edge ", "ü 漢"]
    with connect() as connection:
        connection.execute("CREATE TABLE t (n INTEGER, line VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(written)))
        connection.execute(copy_lines("SELECT line FROM t ORDER BY n", tmp_path / "t.nq"))
        assert (tmp_path / "t.nq").read_text(encoding="utf-8").splitlines() == written
        again = connection.execute(f"SELECT line FROM {lines(tmp_path / 't.nq')}").fetchall()
    assert sorted(again) == sorted((line,) for line in written)


def test_a_connection_takes_no_more_than_it_is_given(tmp_path: Path) -> None:
    with connect(memory="300MB", threads=1) as connection:
        said = connection.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchone()
    assert said is not None
    assert (said[0], said[1].split()[1]) == (1, "MiB")
    with pytest.raises(duckdb.Error):
        connect(memory="lots")
