"""Findings of an audit, expanded from situations to artifacts, for reports and filters."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from clausegraph import lineage
from clausegraph.addresses import address
from clausegraph.codes import codes
from clausegraph.errors import UsageError
from clausegraph.library import Library
from clausegraph.quality import CODES, findings_sql
from clausegraph.tables import connect, parquet
from clausegraph.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ArtifactFinding:
    """One finding about one artifact."""

    artifact: str
    kind: str
    code: str
    severity: str
    clause: str | None
    license: str | None
    section: str | None
    mode: str | None
    certainty: str | None
    message: str


def _connection(workspace: Workspace, library: Library) -> duckdb.DuckDBPyConnection:
    folder = (workspace.derived / "audit").resolve()
    if not (folder / "audit.json").exists():
        raise UsageError(f"the workspace {workspace.folder} has no audit. Run `clausegraph audit` first.")
    connection = connect()
    lineage.open_resolved(connection, lineage.resolve(workspace, library))
    for table in ("findings", "in_situation", "encumbered"):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {parquet(folder / f'{table}.parquet')}")
    connection.execute(f"CREATE VIEW source_findings AS {findings_sql()}")
    return connection


def artifact_findings(workspace: Workspace, library: Library) -> Iterator[ArtifactFinding]:
    """Yield the findings of all artifacts, worst codes first, in a fixed order."""
    known = codes()
    with _connection(workspace, library) as connection:
        cursor = connection.execute(
            """SELECT a.kind, a.id, f.code, f.severity, f.clause, f.license, f.section, f.state, f.certainty, f.message
            FROM findings f JOIN in_situation i USING (situation) JOIN artifacts a USING (n)
            UNION ALL
            SELECT a.kind, a.id, r.code, NULL, NULL, r.subject, NULL, NULL, NULL, NULL
            FROM source_findings r JOIN artifacts a USING (n)
            ORDER BY 3, 1, 2, 5, 6"""
        )
        while rows := cursor.fetchmany(10_000):
            for kind, id_, code, severity, clause, license_, section, mode, certainty, message in rows:
                found = known[code]
                text = message or found.message
                if clause is None and license_ is not None:
                    text = f"{license_}: {text}" if code in CODES else text
                yield ArtifactFinding(
                    address(kind, id_),
                    kind,
                    code,
                    severity or found.severity,
                    clause,
                    license_,
                    section,
                    mode,
                    certainty,
                    text,
                )


def examples(workspace: Workspace, library: Library, each: int = 2) -> dict[str, list[str]]:
    """Return, for each code, the most downloaded artifacts that have it."""
    with _connection(workspace, library) as connection:
        rows = connection.execute(
            f"""SELECT code, kind, id FROM (
              SELECT code, kind, id,
                row_number() OVER (PARTITION BY code ORDER BY downloads DESC, kind, id) AS place FROM (
                SELECT DISTINCT f.code, a.kind, a.id, coalesce(a.downloads, 0) AS downloads FROM (
                  SELECT code, n FROM findings JOIN in_situation USING (situation)
                  UNION ALL SELECT code, n FROM source_findings) f JOIN artifacts a USING (n)))
            WHERE place <= {int(each)} ORDER BY code, place"""
        ).fetchall()
    found: dict[str, list[str]] = {}
    for code, kind, id_ in rows:
        found.setdefault(code, []).append(address(kind, id_))
    return found
