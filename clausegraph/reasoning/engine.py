"""Where the tables of an audit are joined: in DuckDB in this process, or on a Spark cluster.

What is joined is written once, as ibis expressions over the tables below; an engine turns them into its own
SQL and runs that. Both read and write Parquet, so that what one has written the other reads.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from clausegraph.ground.errors import NetworkError, UsageError
from clausegraph.workspace.duck import MEMORY, connect, copy, parquet

#: The tables over which expressions are written: columns with their types.
COLUMNS = {
    "artifacts": {"n": "int64", "kind": "string", "id": "string", "name": "string", "release": "string"},
    "declared": {"n": "int64", "expression": "int32", "terms": "int32"},
    "edges": {
        "child": "int64",
        "parent": "int64",
        "relation": "string",
        "implied": "string",
        "same_party": "boolean",
        "fits": "boolean",
    },
    "own_terms": {"n": "int64", "expression": "int32"},
    "lost": {"child": "int64", "relation": "string", "implied": "string", "expression": "int32"},
    "comparisons": {"n": "int64", "place": "string", "name": "string", "value": "string", "comparison": "string"},
    "open_when": {"comparison": "string", "reason": "int32"},
    "moves": {"state": "int32", "relation": "string", "target": "int32"},
    "starts": {"expression": "int32", "state": "int32"},
    "drops": {"state": "int32", "expression": "int32"},
    "encumbered": {
        "artifact": "int64",
        "state": "int32",
        "parent": "int64",
        "relation": "string",
        "previous": "int32",
    },
    "needs": {"state": "int32", "condition": "int32"},
    "above": {"n": "int64", "work": "int64"},
    "fresh_above": {"n": "int64", "work": "int64"},
    "keyed": {
        "n": "int64",
        "kind": "string",
        "expression": "int32",
        "states": "array<int32>",
        "features": "array<int32>",
        "release": "string",
        "left_open": "array<int32>",
    },
    "situations": {
        "situation": "int64",
        "kind": "string",
        "expression": "int32",
        "states": "array<int32>",
        "features": "array<int32>",
        "release": "string",
        "left_open": "array<int32>",
        "artifacts": "int64",
    },
    "in_situation": {"n": "int64", "situation": "int64"},
}
COLUMNS["fresh"] = COLUMNS["encumbered"]
_ARROW = {
    **{"int64": pa.int64(), "int32": pa.int32(), "string": pa.string(), "boolean": pa.bool_()},
    "array<int32>": pa.list_(pa.int32()),
}
#: Addresses of Spark masters.
_MASTER = re.compile(r"(spark|k8s)://|local\[|yarn$")
Row = tuple[Any, ...]


@cache
def table(name: str) -> ibis.Table:
    """Return a table to write expressions over; it holds no rows."""
    return ibis.table(COLUMNS[name], name=name)


def arrow_table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Return rows as an Arrow table with the columns of a table."""
    schema = pa.schema([(column, _ARROW[kind]) for column, kind in COLUMNS[name].items()])
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [() for _ in schema]
    return pa.Table.from_arrays([pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


class Engine(ABC):
    """Runs the SQL of expressions; tables have names, and a name stands for its latest content."""

    #: The dialect in which ibis writes SQL for it.
    dialect: str

    def sql(self, expression: ibis.Table) -> str:
        """Return an expression as SQL of this engine."""
        return str(ibis.to_sql(expression, dialect=self.dialect))

    @abstractmethod
    def open(self, name: str, path: Path) -> None:
        """Give a Parquet file a name."""

    @abstractmethod
    def put(self, name: str, rows: Sequence[Row]) -> None:
        """Make a small table of rows."""

    @abstractmethod
    def keep(self, name: str, sql: str) -> int:
        """Compute a table, which may read the earlier one of that name, and return the number of its rows."""

    @abstractmethod
    def append(self, name: str, other: str) -> None:
        """Add the rows of another table to a table."""

    @abstractmethod
    def rows(self, sql: str) -> list[Row]:
        """Return the rows of a query; arrays are lists."""

    @abstractmethod
    def write(self, name: str, target: Path, order: str) -> None:
        """Write a table as Parquet, sorted by a column so that a look-up reads a small part of it."""

    @abstractmethod
    def close(self) -> None:
        """Give back what the engine holds."""

    def gave_up(self, error: Exception) -> str | None:
        """Return why machines other than this one gave up, or `None` if the error is of another sort."""
        return None


class DuckDB(Engine):
    """The engine of one machine: DuckDB in this process."""

    dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def open(self, name: str, path: Path) -> None:
        """Give a Parquet file a name."""
        columns = ", ".join(COLUMNS.get(name, "*"))
        self.connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM {parquet(path)}")

    def put(self, name: str, rows: Sequence[Row]) -> None:
        """Make a small table of rows."""
        self.connection.register("given", arrow_table(name, rows))
        self.connection.execute(f"CREATE TABLE {name} AS FROM given")
        self.connection.unregister("given")

    def keep(self, name: str, sql: str) -> int:
        """Compute a table and return the number of its rows."""
        made = self.connection.execute(f"CREATE TABLE made AS {sql}").fetchall()
        self.connection.execute(f"DROP TABLE IF EXISTS {name}; ALTER TABLE made RENAME TO {name}")
        return int(made[0][0])

    def append(self, name: str, other: str) -> None:
        """Add the rows of another table."""
        self.connection.execute(f"INSERT INTO {name} FROM {other}")

    def rows(self, sql: str) -> list[Row]:
        """Return the rows of a query."""
        found: list[Row] = self.connection.execute(sql).fetchall()
        return found

    def write(self, name: str, target: Path, order: str) -> None:
        """Write a table as sorted Parquet."""
        self.connection.execute(copy(name, target, order))

    def close(self) -> None:
        """Give back what the engine holds."""
        self.connection.close()


@contextmanager
def open_engine(name: str, scratch: Path, memory: str | None = None) -> Iterator[Engine]:
    """Yield the engine of a name: `duckdb`, or the address of a Spark master; `scratch` is a folder for its tables.

    `memory` is what DuckDB may take, as in `4GB`; Spark has its own settings for that. Raises `UsageError` for
    another name, `NetworkError` where the master does not answer.
    """
    if name == DuckDB.dialect:
        engine: Engine = DuckDB(connect(_memory(memory or MEMORY)))
    elif _MASTER.match(name):
        from clausegraph.reasoning.spark import Spark

        engine = Spark(name, scratch)
    else:
        raise UsageError(f"--engine {name!r} is not known. Use duckdb, or a Spark master as in spark://HOST:7077.")
    try:
        yield engine
    except Exception as error:
        reason = engine.gave_up(error)
        if reason is None:
            raise
        raise NetworkError(
            f"{name}: the cluster gave up ({reason}). See its logs; the workspace is as it was."
        ) from error
    finally:
        engine.close()


def _memory(text: str) -> str:
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", text):
        raise UsageError(f"--memory {text!r} is no size. Write it as in 4GB or 500MB.")
    return text
