"""Results for programs and hosts: JSON lines, CSV, SARIF, JUnit, Markdown."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from clausegraph.codes import codes
from clausegraph.findings import ArtifactFinding
from clausegraph.version import __version__

if TYPE_CHECKING:
    from clausegraph.audit import AuditResult

_SARIF_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def jsonl(findings: Iterable[ArtifactFinding]) -> Iterator[str]:
    """Yield one JSON object per line."""
    for finding in findings:
        yield json.dumps(asdict(finding), ensure_ascii=False) + "\n"


def as_csv(findings: Iterable[ArtifactFinding]) -> Iterator[str]:
    """Yield CSV with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = [f.name for f in fields(ArtifactFinding)]
    writer.writerow(names)
    for finding in findings:
        writer.writerow([_no_formula(getattr(finding, name)) for name in names])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _no_formula(value: Any) -> Any:
    """Keep spreadsheets from reading a value as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def sarif_rules() -> list[dict[str, Any]]:
    """Return the finding codes as SARIF rules."""
    return [
        {
            "id": c.code,
            "name": c.name,
            "shortDescription": {"text": c.name},
            "fullDescription": {"text": c.message},
            "helpUri": f"https://w3id.org/clausegraph/shapes#{c.code}",
            "defaultConfiguration": {"level": _SARIF_LEVELS[c.severity]},
        }
        for c in codes().values()
    ]


def sarif(findings: Iterable[ArtifactFinding]) -> Iterator[str]:
    """Yield a SARIF 2.1.0 log; the artifact is a logical location at its card."""
    driver = {
        "name": "clausegraph",
        "version": __version__,
        "informationUri": "https://w3id.org/clausegraph",
        "rules": sarif_rules(),
    }
    results = []
    for f in findings:
        where = {"artifactLocation": {"uri": f"https://huggingface.co/{f.artifact}"}}
        section = f" ({f.license}, section {f.section})" if f.section else ""
        results.append(
            {
                "ruleId": f.code,
                "level": _SARIF_LEVELS[f.severity],
                "message": {"text": f.message + section},
                "locations": [
                    {
                        "physicalLocation": where,
                        "logicalLocations": [{"fullyQualifiedName": f.artifact, "kind": "module"}],
                    }
                ],
            }
        )
    run = {"tool": {"driver": driver}, "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    yield json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def junit(findings: Iterable[ArtifactFinding]) -> Iterator[str]:
    """Yield JUnit XML: a violation is a failure, everything else is a passed case with output."""
    cases, failures = [], 0
    for f in findings:
        head = f"    <testcase classname={quoteattr(f.code)} name={quoteattr(f.artifact)}>"
        tag = "failure" if f.severity == "violation" else "system-out"
        failures += f.severity == "violation"
        extra = f" message={quoteattr(codes()[f.code].name)}" if tag == "failure" else ""
        cases.append(f"{head}<{tag}{extra}>{escape(f.message)}</{tag}></testcase>\n")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites>\n  <testsuite name="clausegraph" tests="{len(cases)}" failures="{failures}">\n'
    yield from cases
    yield "  </testsuite>\n</testsuites>\n"


WRITERS: dict[str, Callable[[Iterable[ArtifactFinding]], Iterator[str]]] = {
    "jsonl": jsonl,
    "csv": as_csv,
    "sarif": sarif,
    "junit": junit,
}


def audit_markdown(result: "AuditResult", examples: Mapping[str, list[str]]) -> str:
    """Return an audit as Markdown, for a job summary."""
    lines = [
        "# clausegraph audit",
        "",
        f"{result.artifacts:,} artifacts in {result.situations:,} situations; "
        f"{result.encumbered:,} have known ancestors.",
        "",
        "| verdict | works |",
        "|---|---:|",
        *(f"| {verdict} | {count:,} |" for verdict, count in result.verdicts.items()),
        "",
        "| code | works | what | for example |",
        "|---|---:|---|---|",
    ]
    known = codes()
    for code, count in sorted(result.findings.items()):
        shown = ", ".join(f"`{e}`" for e in examples.get(code, []))
        lines.append(f"| {code} | {count:,} | {known[code].name} | {shown} |")
    lines += ["", f"Data {result.data_version}. Not legal advice.", ""]
    return "\n".join(lines)
