"""Compares two snapshots of a workspace: licenses that changed, artifacts and edges that came and went, verdicts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.store.nquads import ensure_audit
from clausegraph.workspace import lineage
from clausegraph.workspace.duck import connect, parquet
from clausegraph.workspace.folder import Workspace

#: What a change is about, in the order in which it is told.
SORTS = ("license", "verdict", "artifact-added", "artifact-removed", "edge-added", "edge-removed")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `before` and `after` are licenses or verdicts, or the relation of an edge to `other`."""

    sort: str
    artifact: str
    before: str | None = None
    after: str | None = None
    other: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Return the change as JSON values."""
        return {name: getattr(self, name) for name in ("sort", "artifact", "before", "after", "other")}


class Diff:
    """Two snapshots side by side; both are audited if they were not."""

    def __init__(
        self,
        workspace: Workspace,
        library: Library,
        before: str,
        after: str,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.before, self.after = before, after
        self.data_version = library.data_version
        self._connection = connect()
        for side, name in (("before", before), ("after", after)):
            progress(f"snapshot {name}")
            _open(self._connection, side, workspace.at(name), library)

    def counts(self) -> dict[str, int]:
        """Return how many changes there are of each sort."""
        found = {}
        for sort in SORTS:
            row = self._connection.execute(f"SELECT count(*) FROM ({_QUERIES[sort]})").fetchone()
            found[sort] = int(row[0]) if row else 0
        return found

    def changes(self, sort: str, limit: int | None = None) -> Iterator[Change]:
        """Yield the changes of a sort in a fixed order, at most `limit`."""
        tail = f" LIMIT {limit}" if limit else ""
        cursor = self._connection.execute(f"SELECT * FROM ({_QUERIES[sort]}) ORDER BY ALL{tail}")
        while rows := cursor.fetchmany(10_000):
            for kind, id_, before, after, other_kind, other in rows:
                yield Change(
                    sort, address(kind, id_), before, after, address(other_kind, other) if other_kind else None
                )

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """Return counts and changes as JSON values; `limit` holds for each kind of change."""
        return {
            "schema_version": 1,
            "before": self.before,
            "after": self.after,
            "counts": self.counts(),
            "changes": [change.to_dict() for sort in SORTS for change in self.changes(sort, limit)],
            "data_version": self.data_version,
        }


def _open(connection: duckdb.DuckDBPyConnection, side: str, workspace: Workspace, library: Library) -> None:
    """Create the tables `artifacts`, `edges` and `verdicts` of one side."""
    audit = ensure_audit(workspace, library)
    folder = lineage.resolve(workspace, library)
    expressions = lineage.read_expressions(folder)
    words = [(number, str(expression)) for number, expression in enumerate(expressions)]
    connection.execute(f"CREATE TABLE {side}_words (expression INTEGER, license VARCHAR)")
    connection.executemany(f"INSERT INTO {side}_words VALUES (?, ?)", words)

    def table(name: str) -> str:
        where = audit if name in ("in_situation", "situations") else folder
        return parquet(where / f"{name}.parquet")

    connection.execute(
        f"""CREATE TABLE {side}_artifacts AS
        SELECT a.kind, a.id, w.license FROM {table("artifacts")} a
        JOIN {side}_words w USING (expression);
        CREATE TABLE {side}_edges AS
        SELECT DISTINCT c.kind, c.id, e.relation, p.kind AS parent_kind, p.id AS parent FROM {table("edges")} e
        JOIN {table("artifacts")} c ON c.n = e.child JOIN {table("artifacts")} p ON p.n = e.parent;
        CREATE TABLE {side}_verdicts AS
        SELECT a.kind, a.id, s.verdict FROM {table("in_situation")} i JOIN {table("situations")} s USING (situation)
        JOIN {table("artifacts")} a USING (n)"""
    )


def _missing(table: str, here: str, there: str, columns: str, key: str) -> str:
    return f"SELECT {columns} FROM {here}_{table} x ANTI JOIN {there}_{table} y USING ({key})"


_ARTIFACT, _EDGE = "kind, id", "kind, id, relation, parent_kind, parent"
_QUERIES = {
    "license": """SELECT kind, id, b.license, a.license AS now, NULL AS other_kind, NULL AS other
      FROM before_artifacts b JOIN after_artifacts a USING (kind, id) WHERE b.license != a.license""",
    "verdict": """SELECT kind, id, b.verdict, a.verdict AS now, NULL AS other_kind, NULL AS other
      FROM before_verdicts b JOIN after_verdicts a USING (kind, id) WHERE b.verdict != a.verdict""",
    "artifact-added": _missing("artifacts", "after", "before", "kind, id, NULL AS b, license, NULL, NULL", _ARTIFACT),
    "artifact-removed": _missing("artifacts", "before", "after", "kind, id, license, NULL AS a, NULL, NULL", _ARTIFACT),
    "edge-added": _missing("edges", "after", "before", "kind, id, NULL AS b, relation, parent_kind, parent", _EDGE),
    "edge-removed": _missing("edges", "before", "after", "kind, id, relation, NULL AS a, parent_kind, parent", _EDGE),
}
