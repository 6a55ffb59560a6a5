"""DuckDB connections and Parquet files, as every module uses them."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Memory that DuckDB takes before it uses the disk.
MEMORY = "4GB"
#: Rows that a look-up reads together.
GROUP = 8_192


def connect(memory: str = MEMORY, threads: int = 2) -> "duckdb.DuckDBPyConnection":
    """Return an in-memory DuckDB connection; what does not fit goes to the folder for temporary files."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET temp_directory = {literal(Path(tempfile.gettempdir()) / f'clausegraph-{os.getpid()}')}")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def literal(path: Path | str) -> str:
    """Return a path as a SQL string; a quote in it stays text."""
    return "'" + str(path).replace("'", "''") + "'"


def parquet(path: Path) -> str:
    """Return the SQL by which DuckDB reads a Parquet file, or the parts that Spark wrote into a folder of that name."""
    return f"read_parquet({literal(path / '*.parquet' if path.is_dir() else path)})"


def copy(table: str, target: Path, order: str) -> str:
    """Return the SQL that writes a table as Parquet, sorted so that a look-up reads a small part of it."""
    return f"COPY (FROM {table} ORDER BY {order}) TO {literal(target)} (FORMAT parquet, ROW_GROUP_SIZE {GROUP})"


#: How lines are written and read as they are; the delimiter occurs in none.
_PLAIN = {"header": "false", "quote": "''", "escape": "''", "delim": "E'\\x02'"}


def lines(path: Path) -> str:
    """Return the SQL by which DuckDB reads a text file as a table with the column `line`."""
    plain = ", ".join(f"{key}={value}" for key, value in _PLAIN.items())
    return f"read_csv({literal(path)}, columns={{'line': 'VARCHAR'}}, auto_detect=false, {plain})"


def copy_lines(query: str, target: Path) -> str:
    """Return the SQL that writes the one column of a query as lines of text."""
    plain = ", ".join(f"{key} {value}" for key, value in _PLAIN.items())
    return f"COPY ({query}) TO {literal(target)} (FORMAT csv, {plain})"
