"""The audit of a whole workspace: read, close, judge, validate, write.

The results are kept as tables in the workspace, and the SHACL report over situations as Turtle; a
situation stands for all artifacts in it.
"""

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from clausegraph.ground.verdict_types import AuditAnswer
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning import closure, situations
from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.engine import Engine, open_engine
from clausegraph.reasoning.judge_situation import Judged, SituationJudge
from clausegraph.reasoning.outcome_json import certainty, message, reading_of, remedy
from clausegraph.reasoning.outcomes import Level, Verdict
from clausegraph.validation import shacl, situation_graph
from clausegraph.validation.shapes import license_types, shapes_graph
from clausegraph.workspace import lineage
from clausegraph.workspace.data_findings import findings_sql
from clausegraph.workspace.folder import Workspace, replacing, write_whole
from clausegraph.workspace.limits import machine_limits

FINDING_SCHEMA = pa.schema(
    [
        ("situation", pa.int64()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
        ("clause", pa.string()),
        ("license", pa.string()),
        ("section", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("certainty", pa.string()),
        ("reading", pa.string()),
        ("own", pa.bool_()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("remedy", pa.string()),
    ]
)
SITUATION_SCHEMA = pa.schema(
    [
        ("situation", pa.int64()),
        ("key", pa.string()),
        ("kind", pa.string()),
        ("declared", pa.string()),
        ("encumbrances", pa.list_(pa.string())),
        ("artifacts", pa.int64()),
        ("verdict", pa.string()),
        ("unknown_because", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True)
class AuditResult:
    """What an audit found, in the numbers of the machine contract.

    `findings` counts artifacts per code. `verdicts` counts all artifacts: the four add up to `artifacts`.
    `unknown_because` counts those that are unknown by reason: `artifacts` hang on it, `only` on nothing else.
    `reading` is how contested law was read.
    """

    reading: str
    artifacts: int
    situations: int
    encumbered: int
    findings: dict[str, int]
    verdicts: dict[str, int]
    unknown_because: list[dict[str, Any]]
    seconds: dict[str, float]
    peak_rss_mb: float
    data_version: str
    folder: Path

    def to_dict(self) -> AuditAnswer:
        """Return the JSON of the contract."""
        return cast(
            AuditAnswer,
            {
                "schema_version": 2,
                "reading": self.reading,
                "artifacts": self.artifacts,
                "situations": self.situations,
                "encumbered": self.encumbered,
                "findings": self.findings,
                "verdicts": self.verdicts,
                "unknown_because": self.unknown_because,
                "seconds": self.seconds,
                "peak_rss_mb": self.peak_rss_mb,
                "data_version": self.data_version,
            },
        )


def audit(
    workspace: Workspace,
    library: Library,
    assumptions: Assumptions | None = None,
    progress: Callable[[str], None] = lambda _: None,
    engine: str = "duckdb",
    memory: str | None = None,
) -> AuditResult:
    """Audit a workspace and keep the results in it.

    `engine` is `duckdb` or the address of a Spark master, `memory` what DuckDB may take. The results take the place
    of earlier ones in one step at the end; an audit that ends before leaves the workspace as it was.
    """
    clock = _Clock(progress)
    clock.phase("read")
    with machine_limits(workspace.folder), replacing(workspace.derived / "audit") as folder:
        resolved = lineage.resolve(workspace, library)
        with open_engine(engine, folder / "scratch", memory) as running:
            result = _audit(running, resolved, library, assumptions or Assumptions(library), folder, clock)
        write_whole(folder / "audit.json", json.dumps(result.to_dict(), indent=1) + "\n")
    return replace(result, folder=workspace.derived / "audit")


def _audit(
    engine: Engine, resolved: Path, library: Library, assumptions: Assumptions, folder: Path, clock: "_Clock"
) -> AuditResult:
    expressions = lineage.read_expressions(resolved)
    for name in lineage.TABLES:
        engine.open(name, resolved / f"{name}.parquet")
    engine.open("declared", resolved / "artifacts.parquet")
    clock.phase("close")
    states = States(library, expressions)
    closure.close(engine, states)
    found = situations.group(engine, library, states, expressions)
    clock.phase("judge")
    judged = list(SituationJudge(library, assumptions).judged(found, states))
    clock.phase("validate")
    described = list(situation_graph.situation_triples(library, judged, states.parts))
    report = shacl.run_situations(described, shapes_graph(), license_types(library))
    results = shacl.results(report)
    clock.phase("write")
    engine.write("encumbered", folder / "encumbered.parquet", "artifact")
    engine.write("in_situation", folder / "in_situation.parquet", "n")
    rows = finding_rows(library, judged, results)
    pq.write_table(pa.Table.from_pylist(rows, schema=FINDING_SCHEMA), folder / "findings.parquet")
    pq.write_table(_situation_table(judged, states), folder / "situations.parquet")
    pq.write_table(_state_table(states), folder / "states.parquet")
    situation_graph.write_turtle(report, folder / "report.ttl")
    situation_graph.write_ntriples(described, folder / "situations.nt")
    quality = engine.rows(f"SELECT code, count(DISTINCT n) FROM ({findings_sql()}) AS f GROUP BY code")
    return AuditResult(
        reading=assumptions.reading,
        artifacts=sum(s.artifacts for s in found),
        situations=len(found),
        encumbered=sum(s.artifacts for s in found if s.states),
        findings=dict(sorted([*_finding_counts(found, rows).items(), *quality])),
        verdicts=_verdicts(judged),
        unknown_because=_reasons(library, judged),
        seconds=clock.finish(),
        peak_rss_mb=peak_rss_mb(),
        data_version=library.data_version,
        folder=folder,
    )


def finding_rows(library: Library, judged: Sequence[Judged], results: Sequence[shacl.Result]) -> list[dict[str, Any]]:
    """Join the results of the report with what the judge knows of the clauses.

    A result that rests on what is declared has the license as its value, and the outcome has its clause.
    """
    outcomes = {}
    for found in judged:
        focus = situation_graph.situation_iri(found.situation)
        for o in found.judgment.findings:
            own = o.own and o.clause.kind.own_number
            outcomes[focus, o.code, library.licenses[o.clause.license].iri if own else o.clause.iri] = o
    numbers = {situation_graph.situation_iri(j.situation): j.situation.number for j in judged}
    rows = []
    for result in results:
        row: dict[str, Any] = dict.fromkeys(FINDING_SCHEMA.names)
        row |= {"situation": numbers[result.focus], "code": result.code, "severity": result.severity.lower()}
        row["value"] = result.value
        outcome = outcomes.get((result.focus, result.code, result.value))
        if outcome:
            row |= {
                "clause": outcome.clause.iri,
                "license": outcome.clause.license,
                "section": outcome.clause.section,
                "kind": outcome.clause.kind.name,
                "state": outcome.mode,
                "certainty": certainty(outcome),
                "reading": reading_of(library, outcome.clause)["status"],
                "own": outcome.own,
                "reason": outcome.reason if outcome.level is Level.may else None,
                "message": message(library, outcome),
                "remedy": remedy(library, outcome),
            }
        else:
            row |= {"license": result.value, "own": True}
        rows.append(row)
    return rows


def _situation_table(judged: Sequence[Judged], states: States) -> pa.Table:
    """Return the situations with what they are and their verdicts, for those who read tables."""
    columns: dict[str, list[Any]] = {name: [] for name in SITUATION_SCHEMA.names}
    for found in judged:
        situation = found.situation
        row = (
            situation.number,
            situation.key,
            situation.kind,
            str(situation.declared),
            [states.labels[state] for state in situation.states],
            situation.artifacts,
            found.judgment.verdict.name,
            list(found.judgment.reasons),
        )
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return pa.table(columns, schema=SITUATION_SCHEMA)


def _state_table(states: States) -> pa.Table:
    """Return what the numbers in `encumbered` mean."""
    encumbrances = [situation_graph.encumbrance_iris(part) for part in states.parts]
    return pa.table({"state": range(len(states.parts)), "label": states.labels, "encumbrances": encumbrances})


def _verdicts(judged: Sequence[Judged]) -> dict[str, int]:
    counts: Counter[str] = Counter({verdict.name: 0 for verdict in Verdict})
    for found in judged:
        counts[found.judgment.verdict.name] += found.situation.artifacts
    return dict(counts)


def _reasons(library: Library, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return why artifacts are unknown: for each reason how many hang on it, and how many on nothing else."""
    hang, only = Counter[str](), Counter[str]()
    for found in judged:
        reasons = found.judgment.reasons
        for reason in reasons:
            hang[reason] += found.situation.artifacts
        if len(reasons) == 1:
            only[reasons[0]] += found.situation.artifacts
    ordered = sorted(hang, key=lambda name: (-only[name], -hang[name], name))
    return [
        {
            "reason": name,
            "label": library.reasons[name].label,
            "artifacts": hang[name],
            "only": only[name],
            "settled_by": library.reasons[name].settled_by,
        }
        for name in ordered
    ]


def _finding_counts(found: Sequence[situations.Situation], rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Count artifacts per code of a shape: each artifact is in one situation."""
    artifacts = {s.number: s.artifacts for s in found}
    counts: Counter[str] = Counter()
    for situation, code in {(row["situation"], row["code"]) for row in rows}:
        counts[code] += artifacts[situation]
    return dict(counts)


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
