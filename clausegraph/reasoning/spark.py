"""The engine of many machines: the same expressions on a Spark cluster.

Driver and workers see the workspace under one path: a shared file system. What a step computes is
written there before the next one reads it, so that a worker that is lost costs one step, not the audit.
"""

import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clausegraph.ground.errors import NetworkError, UnreadableInput, UsageError
from clausegraph.reasoning.engine import Engine, Row, arrow_table
from clausegraph.workspace.limits import RECOVERY

#: Seconds in which a master must take a connection.
TIMEOUT_S = 5
_INSTALL = "Install it with `pip install 'clausegraph[spark]'`, and Java 17 or later."


class Spark(Engine):
    """Runs SQL on the cluster of a master; settings beyond that come from Spark's own configuration."""

    dialect = "pyspark"

    def __init__(self, master: str, scratch: Path) -> None:
        _answers(master)
        self._scratch = scratch.resolve()
        self._session = _session(master)
        self._parts: dict[str, list[str]] = {}
        self._made = 0

    def open(self, name: str, path: Path) -> None:
        """Give a Parquet file a name."""
        try:
            pq.read_schema(path)
        except pa.ArrowInvalid as error:
            raise UnreadableInput(f"{path}: the table is damaged ({error}). {RECOVERY}") from error
        self._show(name, [str(path.resolve())])

    def put(self, name: str, rows: Sequence[Row]) -> None:
        """Make a small table of rows."""
        target = self._next(name)
        target.mkdir(parents=True)
        pq.write_table(arrow_table(name, rows), target / "part.parquet")
        self._show(name, [str(target)])

    def keep(self, name: str, sql: str) -> int:
        """Compute a table and return the number of its rows."""
        target = str(self._next(name))
        self._session.sql(sql).write.parquet(target)
        self._show(name, [target])
        return int(self._session.table(name).count())

    def append(self, name: str, other: str) -> None:
        """Add the rows of another table."""
        self._show(name, [*self._parts[name], *self._parts[other]])

    def rows(self, sql: str) -> list[Row]:
        """Return the rows of a query."""
        return [tuple(row) for row in self._session.sql(sql).collect()]

    def write(self, name: str, target: Path, order: str) -> None:
        """Write a table as sorted Parquet."""
        sorted_rows = self._session.table(name).repartitionByRange(order).sortWithinPartitions(order)
        sorted_rows.write.parquet(str(target.resolve()))

    def close(self) -> None:
        """Give back what the engine holds."""
        self._session.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def gave_up(self, error: Exception) -> str | None:
        """Return the first line of an error of the cluster; SQL that is wrong is an error of ours."""
        from py4j.protocol import Py4JError
        from pyspark.errors import AnalysisException, ParseException, PySparkException

        ours = isinstance(error, AnalysisException | ParseException)
        return str(error).splitlines()[0] if isinstance(error, Py4JError | PySparkException) and not ours else None

    def _next(self, name: str) -> Path:
        self._made += 1
        return self._scratch / f"{self._made:04}-{name}"

    def _show(self, name: str, paths: list[str]) -> None:
        self._parts[name] = paths
        self._session.read.parquet(*paths).createOrReplaceTempView(name)


def _session(master: str) -> Any:
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(f"--engine {master} needs PySpark, which is not installed. {_INSTALL}") from error
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise UsageError(f"--engine {master} needs Java, which is not installed. {_INSTALL}")
    builder = SparkSession.builder.master(master).appName("clausegraph audit")
    try:
        session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise NetworkError(f"{master}: no session could be started ({error}). Check the master and its log.") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _answers(master: str) -> None:
    """Raise `NetworkError` unless one of the masters takes a connection."""
    if not master.startswith("spark://"):
        return
    problems = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit():
            raise UsageError(f"--engine {master}: {place!r} is no HOST:PORT. Write it as in spark://HOST:7077.")
        try:
            socket.create_connection((host, int(port)), timeout=TIMEOUT_S).close()
        except OSError as error:
            problems.append(f"{place}: {error}")
        else:
            return
    raise NetworkError(
        f"{master}: the Spark master does not answer ({'; '.join(problems)}). "
        "Start it, or check host and port; the workspace is as it was."
    )
