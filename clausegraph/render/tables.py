"""Audits, lineages, codes, rows and reports for people at a terminal. Nobody may parse this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from clausegraph.reasoning.outcomes import GLYPHS
from clausegraph.render.human import COLORS, count, footer, labeled, said_reading

if TYPE_CHECKING:
    from clausegraph.library.codes import Code
    from clausegraph.reasoning.trace import Trace
    from clausegraph.validation.audit import AuditResult
    from clausegraph.validation.plain_files import Report


def audit_head(result: AuditResult) -> Group:
    """Return the headline of an audit, and how many artifacts have which verdict."""
    headline = Text(
        f"{result.verdicts['conflict']:,} of {result.artifacts:,} artifacts declare a license that conflicts with "
        f"upstream terms, and {result.verdicts['unknown']:,} have terms that are not known or contested"
        f"{said_reading(result.reading)}.",
        style="bold",
    )
    verdicts = Table(box=None, pad_edge=False, header_style="dim")
    verdicts.add_column("")
    verdicts.add_column("verdict")
    verdicts.add_column("artifacts", justify="right")
    for verdict in ("compatible", "conditional", "unknown", "conflict"):
        glyph, color = GLYPHS[verdict], COLORS[verdict]
        verdicts.add_row(Text(glyph, style=color), verdict, f"{result.verdicts[verdict]:,}")
    seconds = result.seconds["total"]
    said = f"{result.artifacts:,} artifacts in {result.situations:,} situations, audited in {seconds:.1f} s\n"
    return Group(headline, Text(said, style="dim"), verdicts)


def audit_view(result: AuditResult, examples: dict[str, list[str]]) -> Group:
    """Return an audit for people: headline, verdicts, findings by code with examples."""
    findings = Table(box=None, pad_edge=False, header_style="dim")
    findings.add_column("code", no_wrap=True)
    findings.add_column("artifacts", justify="right", no_wrap=True)
    findings.add_column("what", overflow="fold")
    findings.add_column("for example", overflow="fold")
    from clausegraph.library.codes import codes

    known = codes()
    colors = {"violation": "red", "warning": "yellow", "info": "dim"}
    for code, number in sorted(result.findings.items()):
        found = known[code]
        findings.add_row(
            Text(code, style=colors[found.severity]), f"{number:,}", found.name, ", ".join(examples.get(code, [])[:2])
        )
    return Group(
        audit_head(result),
        Text(),
        *reasons_table(result.unknown_because),
        findings,
        footer(result.data_version, "`clausegraph explain CODE` says what a code means"),
    )


def reasons_table(reasons: Sequence[Mapping[str, object]]) -> Iterable[RenderableType]:
    """Yield why artifacts are unknown, with the act that settles each reason, those that settle most first."""
    if not reasons:
        return
    table = Table(box=None, pad_edge=False, header_style="dim", title="why unknown", title_justify="left")
    for name in ("reason", "artifacts", "this alone", "settled by"):
        table.add_column(name, justify="right" if name in ("artifacts", "this alone") else "left", overflow="fold")
    for row in reasons:
        table.add_row(str(row["label"]), f"{row['artifacts']:,}", f"{row['only']:,}", str(row["settled_by"]))
    yield table
    yield Text()


def lineage_view(trace: Trace, root: str) -> Tree:
    """Return the ancestors of an artifact as a tree, each with its license and the relation to it."""

    def label(node: str) -> Text:
        found = trace.nodes[node]
        return Text(node).append(f"  {found.declared}", style="cyan" if found.known else "yellow")

    tree = Tree(label(root))
    stack = [(tree, root, frozenset({root}))]
    while stack:
        branch, node, seen = stack.pop()
        for edge in trace.nodes[node].edges:
            guess = f" ({edge.inferred}, inferred from tags)" if edge.inferred else ""
            text = Text(f"{edge.relation}{guess} ← ", style="dim").append(label(edge.parent))
            if edge.same_party:
                text.append("  same party", style="dim")
            if edge.parent in seen:
                branch.add(text.append("  circle", style="yellow"))
            else:
                stack.append((branch.add(text), edge.parent, seen | {edge.parent}))
    return tree


def code_view(code: Code) -> Group:
    """Return what a finding code means."""
    return Group(
        Text(f"{code.code}  {code.name}", style="bold"),
        Text(f"severity {code.severity}" + (f", clause kind {code.kind}" if code.kind else ""), style="dim"),
        Text(),
        labeled("means", code.definition),
        labeled("message", code.message),
        labeled("shape", f"https://w3id.org/clausegraph/shapes#{code.code}"),
    )


def code_table(found: Sequence[Code]) -> Table:
    """Return all finding codes."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("code", "severity", "what"):
        table.add_column(name, overflow="fold")
    for code in found:
        table.add_row(code.code, code.severity, code.name)
    return table


def _by_license(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the sections that ask for a key, by license."""
    found: dict[str, dict[str, None]] = {}
    for place in row["asked_by"]:
        found.setdefault(place["license"], {})[f"§{place['section']}"] = None
    return {license_: ", ".join(sections) for license_, sections in found.items()}


def _takes(row: Mapping[str, Any]) -> str:
    takes = row["takes"] if isinstance(row["takes"], str) else " or ".join(row["takes"])
    default = "" if row["default"] is None else f", {str(row['default']).lower()} unless you say otherwise"
    return f"{takes}{default}{'; KEY@LICENSE answers for one licensor' if row['per_licensor'] else ''}"


def key_view(row: Mapping[str, Any]) -> Group:
    """Return what a key of an assumption says, and all clauses that ask for it."""
    return Group(
        Text(f"--assume {row['key']}=…", style="bold"),
        Text(f"takes {_takes(row)}", style="dim"),
        Text(),
        labeled("says", row["definition"]),
        labeled("asked by", count(len(row["asked_by"]), "clause", "clauses")),
        *(Text(f"    {license_}  {sections}") for license_, sections in _by_license(row).items()),
    )


def key_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return all keys of assumptions with the licenses whose clauses ask for each."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("key", "takes", "says", "asked by"):
        table.add_column(name, overflow="fold")
    for row in rows:
        said = [f"{license_} {sections}" for license_, sections in _by_license(row).items()]
        more = f" and {len(said) - 3} more licenses" if len(said) > 3 else ""
        table.add_row(row["key"], _takes(row), row["definition"], "; ".join(said[:3]) + more)
    return table


def statistics_view(numbers: dict[str, object]) -> Table:
    """Return numbers about the lineage."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("", style="dim")
    table.add_column("", justify="right")
    for name, value in numbers.items():
        if isinstance(value, dict):
            for key, count in value.items():
                table.add_row(f"{name.replace('_', ' ')}: {key}", f"{count:,}")
        elif isinstance(value, int) and name != "schema_version":
            table.add_row(name.replace("_", " "), f"{value:,}")
    return table


def rows_view(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Return the rows of a query; long addresses lose what they have in common."""
    table = Table(box=None, pad_edge=False, header_style="dim", caption=f"{len(rows):,} rows", caption_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows[:200]:
        table.add_row(*(_short(value) for value in row))
    return table


def counts_view(rows: Sequence[Mapping[str, object]], headline: str, data_version: str) -> RenderableType:
    """Return counts and shares under a headline; numbers stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, example in (rows[0] if rows else {}).items():
        numeric = isinstance(example, int | float)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", no_wrap=numeric)
    for row in rows[:200]:
        table.add_row(*(_counted(value) for value in row.values()))
    more = [Text(f"… and {len(rows) - 200} more; `--format json` shows all.", style="dim")] if len(rows) > 200 else []
    return Group(Text(headline, style="bold"), Text(), table, *more, footer(data_version))


def _counted(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2%}"
    return f"{value:,}" if isinstance(value, int) else _short(value)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    for prefix in ("https://huggingface.co/", "https://w3id.org/clausegraph/license/", "https://w3id.org/clausegraph/"):
        text = text.removeprefix(prefix)
    return text


def report_view(report: Report) -> RenderableType:
    """Return the results of a validation, and how many works were judged."""
    judged = count(report.judged, "artifact", "artifacts")
    head = [Text(f"no such term in the ontology: {_short(term)}", style="red") for term in report.strange]
    if not report.judged:
        head.append(Text("Nothing was judged: no artifact has a declared license or a reuse relation.", style="red"))
    if not report.results:
        return Group(*head, *([Text(f"conforms: {judged} judged", style="green")] if report.conforms else []))
    results = report.results
    from clausegraph.library.codes import codes

    known = codes()
    table = Table(
        box=None,
        pad_edge=False,
        header_style="dim",
        caption=f"{count(len(results), 'result', 'results')} about {judged}",
        caption_justify="left",
    )
    for name in ("severity", "code", "what", "focus", "value"):
        table.add_column(name, overflow="fold")
    for r in results:
        name = known[r.code].name if r.code in known else r.code
        table.add_row(r.severity.lower(), r.code, name, _short(r.focus), _short(r.value))
    return Group(*head, table)
