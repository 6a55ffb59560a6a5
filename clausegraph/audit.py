"""The audit of a whole workspace: read, close, judge, validate, write.

The results are kept as tables in the workspace, and the SHACL report over situations as Turtle; a
situation stands for all artifacts in it.
"""

import json
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from clausegraph import lineage, rdf, reach, situations, validate
from clausegraph.conditions import Assumptions
from clausegraph.judging import Judged, SituationJudge
from clausegraph.library import Library
from clausegraph.quality import findings_sql
from clausegraph.results import message
from clausegraph.states import make_states
from clausegraph.workspace import Workspace, write_whole

PHASES = ("read", "close", "judge", "validate", "write")
FINDING_SCHEMA = pa.schema(
    [
        ("situation", pa.int64()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("clause", pa.string()),
        ("license", pa.string()),
        ("section", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("certainty", pa.string()),
        ("message", pa.string()),
    ]
)


@dataclass(frozen=True)
class AuditResult:
    """What an audit found, in the numbers of the machine contract.

    `findings` counts artifacts per code, `verdicts` counts the encumbered artifacts.
    """

    artifacts: int
    situations: int
    encumbered: int
    findings: dict[str, int]
    verdicts: dict[str, int]
    seconds: dict[str, float]
    peak_rss_mb: float
    data_version: str
    folder: Path

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract."""
        return {
            "schema_version": 1,
            "artifacts": self.artifacts,
            "situations": self.situations,
            "encumbered": self.encumbered,
            "findings": self.findings,
            "verdicts": self.verdicts,
            "seconds": self.seconds,
            "peak_rss_mb": self.peak_rss_mb,
            "data_version": self.data_version,
        }


def audit(
    workspace: Workspace,
    library: Library,
    assumptions: Assumptions | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> AuditResult:
    """Audit a workspace and keep the results in it."""
    clock = _Clock(progress)
    clock.phase("read")
    resolved = lineage.resolve(workspace, library)
    backend = ibis.duckdb.connect(threads=2)
    connection = backend.con
    expressions = lineage.open_resolved(connection, resolved)
    clock.phase("close")
    states = make_states(library, expressions)
    reach.close(backend, states)
    found = situations.group(connection, library, states, expressions)
    clock.phase("judge")
    judge = SituationJudge(library, assumptions or Assumptions(library))
    judged = list(judge.judged(found, states))
    clock.phase("validate")
    graph = rdf.situation_graph(library, judged, states.parts)
    report = validate.run_situations(graph, rdf.shapes_graph(), rdf.license_types(library))
    results = validate.results(report)
    clock.phase("write")
    folder = workspace.derived / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(workspace.derived / "store", ignore_errors=True)  # it shows an earlier audit
    rows = finding_rows(judged, results)
    pq.write_table(pa.Table.from_pylist(rows, schema=FINDING_SCHEMA), folder / "findings.parquet")
    connection.register("verdict_rows", _verdict_table(judged))
    for name in ("encumbered", "in_situation"):
        connection.execute(f"COPY {name} TO {lineage.literal(folder / f'{name}.parquet')} (FORMAT parquet)")
    connection.execute(
        f"""COPY (SELECT s.*, v.verdict FROM situations s JOIN verdict_rows v USING (situation))
        TO {lineage.literal(folder / "situations.parquet")} (FORMAT parquet)"""
    )
    report.serialize(folder / "report.ttl", format="turtle")
    graph.serialize(folder / "situations.nt", format="nt", encoding="utf-8")
    (folder / "states.json").write_text(json.dumps([rdf.encumbrance_iris(p) for p in states.parts]), encoding="utf-8")
    counts = _finding_counts(connection, folder)
    artifacts, encumbered = _sizes(connection)
    seconds = clock.finish()
    result = AuditResult(
        artifacts,
        len(found),
        encumbered,
        counts,
        _verdicts(judged),
        seconds,
        peak_rss_mb(),
        library.data_version,
        folder,
    )
    write_whole(folder / "audit.json", json.dumps(result.to_dict(), indent=1) + "\n")
    return result


def finding_rows(judged: Sequence[Judged], results: Sequence[validate.Result]) -> list[dict[str, Any]]:
    """Join the results of the report with what the judge knows of the clauses."""
    outcomes = {
        (rdf.situation_iri(j.situation.number), o.code, o.clause.iri): (j, o)
        for j in judged
        for o in j.judgment.findings
    }
    numbers = {rdf.situation_iri(j.situation.number): j.situation.number for j in judged}
    rows = []
    for result in results:
        row: dict[str, Any] = dict.fromkeys(FINDING_SCHEMA.names)
        row |= {"situation": numbers[result.focus], "code": result.code, "severity": result.severity.lower()}
        pair = outcomes.get((result.focus, result.code, result.value))
        if pair:
            outcome = pair[1]
            row |= {
                "clause": outcome.clause.iri,
                "license": outcome.clause.license,
                "section": outcome.clause.section,
                "kind": outcome.clause.kind.name,
                "state": outcome.mode,
                "certainty": outcome.certainty,
                "message": message(outcome),
            }
        else:
            row["license"] = result.value
        rows.append(row)
    return rows


def _verdict_table(judged: Sequence[Judged]) -> pa.Table:
    return pa.table(
        {
            "situation": pa.array([j.situation.number for j in judged], pa.int64()),
            "verdict": pa.array([j.judgment.verdict.name for j in judged], pa.string()),
        }
    )


def _verdicts(judged: Sequence[Judged]) -> dict[str, int]:
    counts: Counter[str] = Counter(dict.fromkeys(("compatible", "conditional", "unknown", "conflict"), 0))
    for found in judged:
        if found.situation.states:
            counts[found.judgment.verdict.name] += found.situation.artifacts
    return dict(counts)


def _sizes(connection: Any) -> tuple[int, int]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM artifacts), (SELECT count(DISTINCT artifact) FROM encumbered)"
    ).fetchone()
    return int(row[0]), int(row[1])


def _finding_counts(connection: Any, folder: Path) -> dict[str, int]:
    """Count artifacts per code: those of situations, of parent references, and of further license statements."""
    rows = connection.execute(
        f"""SELECT code, count(DISTINCT n) FROM (
          SELECT f.code, i.n FROM read_parquet({lineage.literal(folder / "findings.parquet")}) f
          JOIN in_situation i USING (situation)
          UNION ALL SELECT code, n FROM ({findings_sql()}))
        GROUP BY code ORDER BY code"""
    ).fetchall()
    return {code: int(count) for code, count in rows}


def peak_rss_mb() -> float:
    """Return the peak memory of this process in MB."""
    factor = 1e6 if sys.platform == "darwin" else 1e3
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / factor, 1)


class _Clock:
    def __init__(self, progress: Callable[[str], None]) -> None:
        self._progress = progress
        self._start = self._last = time.perf_counter()
        self._phase = ""
        self._seconds: dict[str, float] = {}

    def phase(self, name: str) -> None:
        self._stop()
        self._phase = name
        self._progress(name)

    def _stop(self) -> None:
        now = time.perf_counter()
        if self._phase:
            self._seconds[self._phase] = round(now - self._last, 3)
        self._last = now

    def finish(self) -> dict[str, float]:
        self._stop()
        return {**self._seconds, "total": round(time.perf_counter() - self._start, 3)}
