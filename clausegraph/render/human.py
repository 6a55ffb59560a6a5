"""Results for people at a terminal: verdict, because, path, do, how sure. Nobody may parse this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from clausegraph.library.model import License
from clausegraph.outcomes import Level, Outcome

if TYPE_CHECKING:
    from clausegraph.audit import AuditResult
    from clausegraph.check import CheckResult
    from clausegraph.codes import Code
    from clausegraph.compat import CompatResult
    from clausegraph.recipe import RecipeResult
    from clausegraph.trace import Step, Trace
    from clausegraph.validate import Result

from clausegraph.results import message, order_findings, order_obligations

#: Word, glyph and color of a verdict; the color never stands alone.
VERDICTS = {
    "compatible": ("●", "green"),
    "conditional": ("◐", "yellow"),
    "conflict": ("✕", "red"),
    "unknown": ("?", "bright_black"),
}
_LEVELS = {Level.breaches: ("✕", "red"), Level.may: ("?", "bright_black"), Level.would: ("◐", "yellow")}
#: Rows of a long list that are shown before the rest is counted.
FIRST = 10
NOT_ADVICE = "not legal advice"


def console(*, stderr: bool = False) -> Console:
    """Return a console that honors NO_COLOR and the width of the terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def verdict_line(verdict: str, subject: str) -> Text:
    """Return the first line of an answer."""
    glyph, color = VERDICTS[verdict]
    line = Text(f"{glyph} {verdict.upper()}", style=f"bold {color}")
    return line.append(f"   {subject}", style="bold default")


def labeled(label: str, body: RenderableType | str) -> Table:
    """Return a row with a label in the margin and a body that wraps beside it."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=8, style="dim", justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, body)
    return grid


def finding_blocks(
    outcomes: Sequence[Outcome], names: dict[str, str], path_of: object = None
) -> Iterable[RenderableType]:
    """Yield a block per finding: code and clause, because, path, do, how sure."""
    for outcome in outcomes[:FIRST]:
        glyph, color = _LEVELS[outcome.level]
        head = Text(f"{glyph} {outcome.code}  ", style=color)
        head.append(f"{outcome.clause.kind.label}", style="bold")
        head.append(f"  {names[outcome.clause.license]}, section {outcome.clause.section}")
        yield Text()
        yield Padding(head, (0, 0, 0, 2))
        yield labeled("because", message(outcome))
        path = path_of(outcome) if callable(path_of) else ()
        if path:
            yield labeled("path", path_text(path))
        if outcome.conditions:
            yield labeled("if", "; ".join(c.label for c in outcome.conditions))
        if outcome.clause.kind.remedy:
            yield labeled("do", outcome.clause.kind.remedy)
        yield labeled("how sure", _certainty(outcome))
    if len(outcomes) > FIRST:
        yield Text(f"\n  … and {len(outcomes) - FIRST} more; `--format json` shows all.", style="dim")


def _certainty(outcome: Outcome) -> str:
    mode = f", binds as {outcome.mode}" if outcome.mode else ""
    if outcome.certainty == "contested":
        if outcome.clause.kind.doubt == "data":
            return f"unknown: the data is thin, nobody has read the terms{mode}"
        return f"contested: the law is unclear, the text is silent or references disagree{mode}"
    return f"settled{mode}"


def path_text(path: Sequence[Step]) -> Text:
    """Return a path from its origin to the artifact, one arrow per step."""
    text = Text(path[0].parent)
    for step in path:
        text.append(f" ──{step.relation}──▶ ", style="dim").append(step.child)
    return text


def obligation_lines(outcomes: Sequence[Outcome], title: str, names: dict[str, str]) -> Iterable[RenderableType]:
    """Yield the duties, grouped by license."""
    if not outcomes:
        return
    yield Text(f"\n  {title}", style="bold")
    for license_id in dict.fromkeys(o.clause.license for o in outcomes):
        yield Text(f"    {names[license_id]}", style="underline")
        for outcome in (o for o in outcomes if o.clause.license == license_id):
            doubt = "  (contested)" if outcome.certainty == "contested" else ""
            yield Padding(Text(f"• {outcome.clause.summary}  §{outcome.clause.section}{doubt}"), (0, 0, 0, 6))


def footer(data_version: str, counts: str = "") -> Text:
    """Return the last line of an answer."""
    return Text(f"\n{counts + '   ' if counts else ''}data {data_version} · {NOT_ADVICE}", style="dim")


def alternatives_line(alternatives: Sequence[str]) -> Iterable[RenderableType]:
    """Yield which licenses would be possible."""
    if alternatives:
        shown = ", ".join(alternatives[:FIRST])
        more = f" and {len(alternatives) - FIRST} more" if len(alternatives) > FIRST else ""
        yield Text()
        yield labeled("possible", f"{shown}{more}")


def license_names(licenses: dict[str, License]) -> dict[str, str]:
    """Return the names of licenses by id."""
    return {i: found.name for i, found in licenses.items()}


def compat_view(result: CompatResult, names: dict[str, str]) -> Group:
    """Return a compat answer for people."""
    case = result.case
    subject = f"{' + '.join(case.upstream)} ──{case.via}──▶ {' AND '.join(case.downstream)}"
    return Group(
        verdict_line(result.verdict, subject),
        *finding_blocks(order_findings(result.judgment), names),
        *obligation_lines(order_obligations(result.judgment), "to do, if you go on", names),
        *alternatives_line(result.alternatives),
        *(Text(f"  note: {n}", style="dim") for n in result.notes),
        footer(result.data_version),
    )


def check_view(result: CheckResult, names: dict[str, str]) -> Group:
    """Return a check for people."""
    declared = str(result.declared) if result.declared else "nothing declared yet"
    findings = order_findings(result.judgment)
    sure = [Text(f"  {n.code}  {n.subject}: {n.message}", style="yellow") for n in result.notes]
    if not result.encumbrances:
        sure.append(Text("  Nothing that is known here lies on it through an ancestor.", style="dim"))
    return Group(
        verdict_line(result.verdict, f"{result.id}  ({result.kind}, {declared})"),
        *finding_blocks(findings, names, result.path_of),
        *obligation_lines(order_obligations(result.judgment), "duties from ancestors", names),
        *obligation_lines(result.own_duties, "duties of its own license, for those who pass it on", names),
        *alternatives_line(result.alternatives),
        *([Text()] if sure else []),
        *sure,
        footer(result.data_version, f"{len(findings)} findings · {len(result.encumbrances)} encumbrances"),
    )


def recipe_view(result: RecipeResult, names: dict[str, str]) -> Group:
    """Return a recipe for people: each work that has something to say, the published one last."""
    order = sorted(result.works, key=lambda name: name == result.published)
    blocks: list[RenderableType] = []
    for name in order:
        found = result.works[name]
        if found.encumbrances or name == result.published:
            blocks += [check_view(found, names), Text()]
    return Group(*blocks, verdict_line(result.verdict, f"recipe, publishing {result.published or 'nothing'}"))


def audit_view(result: AuditResult, examples: dict[str, list[str]]) -> Group:
    """Return an audit for people: headline, verdicts, findings by code with examples."""
    worst = result.verdicts["conflict"]
    headline = Text(
        f"{worst:,} of {result.encumbered:,} works with known ancestors declare a license that cannot hold.",
        style="bold",
    )
    verdicts = Table(box=None, pad_edge=False, header_style="dim")
    verdicts.add_column("")
    verdicts.add_column("verdict")
    verdicts.add_column("works", justify="right")
    for verdict in ("compatible", "conditional", "unknown", "conflict"):
        glyph, color = VERDICTS[verdict]
        verdicts.add_row(Text(glyph, style=color), verdict, f"{result.verdicts[verdict]:,}")
    findings = Table(box=None, pad_edge=False, header_style="dim")
    findings.add_column("code", no_wrap=True)
    findings.add_column("works", justify="right", no_wrap=True)
    findings.add_column("what", overflow="fold")
    findings.add_column("for example", overflow="fold")
    from clausegraph.codes import codes

    known = codes()
    colors = {"violation": "red", "warning": "yellow", "info": "dim"}
    for code, count in sorted(result.findings.items()):
        found = known[code]
        findings.add_row(
            Text(code, style=colors[found.severity]), f"{count:,}", found.name, ", ".join(examples.get(code, [])[:2])
        )
    seconds = result.seconds["total"]
    return Group(
        headline,
        Text(
            f"{result.artifacts:,} artifacts in {result.situations:,} situations, audited in {seconds:.1f} s\n",
            style="dim",
        ),
        verdicts,
        Text(),
        findings,
        footer(result.data_version, "`clausegraph explain CODE` says what a code means"),
    )


def lineage_view(trace: Trace, root: str) -> Tree:
    """Return the ancestors of an artifact as a tree, each with its license and the relation to it."""

    def label(node: str) -> Text:
        declared = trace.nodes[node].declared
        return Text(node).append(f"  {declared}", style="cyan")

    tree = Tree(label(root))
    stack = [(tree, root, frozenset({root}))]
    while stack:
        branch, node, seen = stack.pop()
        for edge in trace.nodes[node].edges:
            text = Text(f"{edge.relation} ← ", style="dim").append(label(edge.parent))
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


def report_view(results: Sequence[Result]) -> RenderableType:
    """Return the results of a validation."""
    if not results:
        return Text("conforms", style="green")
    from clausegraph.codes import codes

    known = codes()
    table = Table(
        box=None, pad_edge=False, header_style="dim", caption=f"{len(results):,} results", caption_justify="left"
    )
    for name in ("severity", "code", "what", "focus", "value"):
        table.add_column(name, overflow="fold")
    for r in results:
        name = known[r.code].name if r.code in known else r.code
        table.add_row(r.severity.lower(), r.code, name, _short(r.focus), _short(r.value))
    return table
