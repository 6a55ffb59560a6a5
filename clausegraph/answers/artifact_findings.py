"""Findings as rows: those of a check, and those of an audit expanded from situations to artifacts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clausegraph.ground.addresses import address
from clausegraph.ground.errors import UsageError
from clausegraph.ground.namespaces import LICENSE, local
from clausegraph.library import Library
from clausegraph.library.codes import codes, message_of
from clausegraph.reasoning.outcomes import CODES as PREFIXES
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.workspace.data_findings import CODE_ONLY, COMPARISON_CODES, UNSUITABLE, findings_sql
from clausegraph.workspace.folder import Workspace

if TYPE_CHECKING:
    import duckdb

    from clausegraph.answers.check import CheckResult

#: The verdict to which findings lead, by the beginning of their codes.
_LEADS_TO = {prefix: level.verdict for level, prefix in PREFIXES.items()}
#: Codes of findings that rest on no clause and are about what the artifact itself declares.
_OWN = frozenset({UNSUITABLE, CODE_ONLY, *COMPARISON_CODES.values()})


@dataclass(frozen=True, slots=True)
class ArtifactFinding:
    """One finding about one artifact.

    `reading` says how well the clause was read. `origin` is the artifact whose license holds the clause, `parent` the
    one from which it came into this artifact, `subject` the value at issue where no clause is; each is `None` where it
    is not known. `own` says that it is about the artifact's own terms, `reason` why it leaves the answer unknown.
    """

    artifact: str
    kind: str
    code: str
    severity: str
    clause: str | None
    license: str | None
    section: str | None
    mode: str | None
    certainty: str | None
    reading: str | None
    message: str
    remedy: str
    own: bool = False
    reason: str | None = None
    origin: str | None = None
    parent: str | None = None
    subject: str | None = None

    @property
    def leads_to(self) -> Verdict | None:
        """The verdict to which it leads by itself; `None` where it has no part in the verdict."""
        return Verdict.unknown if self.reason else _LEADS_TO.get(self.code[:3])

    @property
    def place(self) -> str:
        """License and section, or nothing where no clause of a license was read."""
        if self.clause is None or self.certainty is None:
            return ""
        return f"{self.license}, section {self.section}"


def check_findings(result: "CheckResult") -> list[ArtifactFinding]:
    """Return the findings of a check as rows: the list that `CheckResult.findings` gives, in its order."""
    reason_of = _reasons(result.library)
    rows = []
    for found in result.findings():
        own, path, reading = bool(found.get("own")) or found["code"] in _OWN, found["path"], found["reading"]
        rows.append(
            ArtifactFinding(
                artifact=result.id,
                kind=result.kind,
                reading=reading["status"] if reading else None,
                own=own,
                reason=found.get("reason") or reason_of(found["code"], own),
                parent=path[-1]["parent"] if path else None,
                subject=found.get("subject"),
                **{key: found[key] for key in ("code", "severity", "clause", "license", "section", "mode")},
                **{key: found[key] for key in ("certainty", "message", "remedy", "origin")},
            )
        )
    return rows


def _reasons(library: Library) -> Callable[[str, bool], str | None]:
    """Return what says, for a code and whether it is about own terms, why such findings leave the answer unknown."""
    found = {(reason.code, reason.kind is None): reason.name for reason in library.reasons.values() if reason.code}
    return lambda code, own: found.get((code, own))


def _connection(workspace: Workspace, library: Library) -> tuple["duckdb.DuckDBPyConnection", list[str]]:
    """Return a connection with the findings of an audit, and the expressions of the workspace by number."""
    # tables need DuckDB, which the findings of a check do not
    from clausegraph.workspace import lineage
    from clausegraph.workspace.duck import connect, parquet

    folder = (workspace.derived / "audit").resolve()
    if not (folder / "audit.json").exists():
        raise UsageError(f"the workspace {workspace.folder} has no audit. Run `clausegraph audit` first.")
    connection = connect()
    expressions = lineage.open_resolved(connection, lineage.resolve(workspace, library))
    for table in ("findings", "in_situation", "encumbered"):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {parquet(folder / f'{table}.parquet')}")
    connection.execute(f"CREATE VIEW source_findings AS {findings_sql()}")
    return connection, [str(e) for e in expressions]


#: Findings of situations and of sources alike; `value` is what a finding without a clause is about.
_ROWS = """SELECT a.kind, a.id, f.code, f.severity, f.clause, f.license, f.section, f.state AS mode, f.certainty,
    f.reading, f.message, f.remedy, f.own, CASE WHEN f.clause IS NULL THEN f.license END AS value, a.terms
  FROM findings f JOIN in_situation i USING (situation) JOIN artifacts a USING (n)
  UNION ALL
  SELECT a.kind, a.id, r.code, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, r.subject, a.terms
  FROM source_findings r JOIN artifacts a USING (n)
  ORDER BY code, kind, id, clause, value, mode"""


def artifact_findings(workspace: Workspace, library: Library) -> Iterator[ArtifactFinding]:
    """Yield the findings of all artifacts, by code, in a fixed order."""
    reason_of = _reasons(library)
    severities = {found.code: found.severity for found in codes().values()}
    connection, expressions = _connection(workspace, library)
    with connection:
        cursor = connection.execute(_ROWS)
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(10_000):
            for values in rows:
                row = dict(zip(names, values, strict=True))
                kind, id_, value, terms = (row.pop(key) for key in ("kind", "id", "value", "terms"))
                row["artifact"], row["own"] = address(kind, id_), bool(row["own"]) or row["code"] in _OWN
                row["severity"] = row["severity"] or severities[row["code"]]
                if row["clause"] is None:
                    row |= _about_a_value(row["code"], value, expressions[terms])
                if row["clause"] is not None or row["code"] in _OWN:
                    row["reason"] = reason_of(row["code"], row["own"])
                here = row["own"] or row["clause"] is None
                yield ArtifactFinding(kind=kind, origin=row["artifact"] if here else None, **row)


def _about_a_value(code: str, value: str, terms: str) -> dict[str, Any]:
    """Return the message of a finding that rests on no clause; `terms` are those under which the artifact stands."""
    subject = terms if code == CODE_ONLY else local(value) if value.startswith(LICENSE) else value
    return {"subject": subject, "license": None, "message": f"{subject}: {message_of(code)}", "remedy": ""}


def examples(workspace: Workspace, library: Library, each: int = 2) -> dict[str, list[str]]:
    """Return, for each code, the most downloaded artifacts that have it."""
    connection, _ = _connection(workspace, library)
    with connection:
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
