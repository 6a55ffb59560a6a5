"""Results for people at a terminal: verdict, because, path, do, how sure. Nobody may parse this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clausegraph.library.model import License
from clausegraph.reasoning.asking import read_forward
from clausegraph.reasoning.outcome_json import (
    message,
    order_findings,
    order_obligations,
    reading_of,
    reading_words,
    remedy,
    title,
)
from clausegraph.reasoning.outcomes import GLYPHS, Judgment, Level, Outcome

if TYPE_CHECKING:
    from clausegraph.answers.check import CheckResult
    from clausegraph.answers.checks import Checks
    from clausegraph.answers.compat import CompatResult
    from clausegraph.answers.recipe import RecipeResult
    from clausegraph.library import Library
    from clausegraph.reasoning.trace import Step

COLORS = {"compatible": "green", "conditional": "yellow", "conflict": "red", "unknown": "bright_black"}
_LEVELS = {Level.breaches: ("✕", "red"), Level.may: ("?", "bright_black"), Level.would: ("◐", "yellow")}
#: How a reading of contested law is spoken of in a headline.
READ = {"strict": "strictly", "lenient": "leniently"}
#: Rows of a long list that are shown before the rest is counted.
FIRST = 10
NOT_ADVICE = "not legal advice"


def console(*, stderr: bool = False) -> Console:
    """Return a console that honors NO_COLOR and the width of the terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def verdict_line(verdict: str, subject: str, reading: str = "open") -> Text:
    """Return the first line of an answer; a reading of contested law that was chosen stands in it."""
    glyph, color = GLYPHS[verdict], COLORS[verdict]
    line = Text(f"{glyph} {verdict.upper()}", style=f"bold {color}")
    line.append(said_reading(reading), style=color)
    return line.append(f"   {subject}", style="bold default")


def said_reading(reading: str) -> str:
    """Return how contested law was read, for a headline; nothing where it was left open."""
    return "" if reading == "open" else f" (contested law read {READ[reading]})"


def limits_line(judgment: Judgment, names: dict[str, str]) -> Iterable[RenderableType]:
    """Yield the limits of the artifact's own license that depend on who uses it, which belong to a green headline."""
    found = [o for o in judgment.outcomes if o.own and o.level is Level.would]
    if found and judgment.verdict.green:
        said = "; ".join(dict.fromkeys(f"{o.clause.kind.label} ({names[o.clause.license]})" for o in found))
        yield Text(f"  within the limits of its own license: {said}", style="yellow")


def labeled(label: str, body: RenderableType | str) -> Table:
    """Return a row with a label in the margin and a body that wraps beside it."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=8, style="dim", justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, body)
    return grid


def finding_blocks(
    library: Library, outcomes: Sequence[Outcome], names: dict[str, str], path_of: object = None
) -> Iterable[RenderableType]:
    """Yield a block per finding: code and clause, because, path, do, how sure the law and the reading are."""
    for outcome in outcomes[:FIRST]:
        glyph, color = _LEVELS[outcome.level]
        head = Text(f"{glyph} {outcome.code}  ", style=color)
        head.append(title(library, outcome), style="bold")
        if not outcome.gap:
            head.append(f"  {names[outcome.clause.license]}, section {outcome.clause.section}")
        yield Text()
        yield Padding(head, (0, 0, 0, 2))
        yield labeled("because", message(library, outcome))
        path = path_of(outcome) if callable(path_of) else ()
        if path:
            yield labeled("path", path_text(path))
        for word, conditions in zip(("only if", "if"), read_forward(outcome), strict=True):
            if conditions:
                yield labeled(word, "; ".join(dict.fromkeys(c.label for c in conditions)))
        if act := remedy(library, outcome):
            yield labeled("do", act)
        if not outcome.gap:
            yield labeled("law", _law(outcome))
            yield labeled("reading", reading_words(reading_of(library, outcome.clause)))
    if len(outcomes) > FIRST:
        yield Text(f"\n  … and {len(outcomes) - FIRST} more; `--format json` shows all.", style="dim")


def _law(outcome: Outcome) -> str:
    mode = f"; binds as {outcome.mode}" if outcome.mode else ""
    if outcome.strictly:
        return f"contested, read strictly{mode}"
    if outcome.certainty == "contested":
        return f"contested: the text is silent, or references disagree{mode}"
    return f"settled{mode}"


def path_text(path: Sequence[Step]) -> Text:
    """Return a path from its origin to the artifact, one arrow per step."""
    text = Text(path[0].parent)
    for step in path:
        guess = f" ({step.inferred}?)" if step.inferred else ""
        text.append(f" ──{step.relation}{guess}──▶ ", style="dim").append(step.child)
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


def count(number: int, one: str, many: str) -> str:
    """Return a number with the right word."""
    return f"{number:,} {one if number == 1 else many}"


def compat_view(result: CompatResult, names: dict[str, str]) -> Group:
    """Return a compat answer for people."""
    case = result.case
    subject = f"{' + '.join(case.upstream)} ──{case.via}──▶ {' AND '.join(case.downstream)}"
    return Group(
        verdict_line(result.verdict, subject, result.reading),
        *limits_line(result.judgment, names),
        *passed_over(result.library, result.passed_over, names),
        *finding_blocks(result.library, order_findings(result.judgment), names),
        *obligation_lines(order_obligations(result.judgment), "obligations if you proceed", names),
        *alternatives_line(result.alternatives),
        *(Text(f"  note: {n}", style="dim") for n in result.notes),
        footer(result.data_version),
    )


def passed_over(library: Library, outcomes: Sequence[Outcome], names: dict[str, str]) -> Iterable[RenderableType]:
    """Yield what a lenient reading let go, so that nobody takes it for settled."""
    if outcomes:
        said = ", ".join(dict.fromkeys(f"{names[o.clause.license]} §{o.clause.section}" for o in outcomes))
        yield Text(f"  contested, and let go by this reading: {said}", style="yellow")


def known_lines(known: Mapping[str, tuple[str, str, str]]) -> list[str]:
    """Return which licenses come from known artifacts or the Hub, and of which day and source they are."""
    return [
        f"{name}: license from {by}, {day}{f', read at {source}' if source else ''}"
        for name, (day, source, by) in known.items()
    ]


def check_view(result: CheckResult, names: dict[str, str]) -> Group:
    """Return a check for people."""
    declared = str(result.declared) if result.declared else "nothing declared yet"
    findings = order_findings(result.judgment)
    unknown = {reason.code for reason in result.library.reasons.values()}
    about = [
        Text(f"  {'? ' if n.code in unknown else ''}{n.code}  {n.subject}: {n.message}", style="yellow")
        for n in sorted(result.notes, key=lambda n: n.code not in unknown)
    ]
    if not result.encumbrances:
        why = "no term of the ancestors that are named binds it" if result.parents else "no ancestor is named"
        about.append(Text(f"  No upstream obligations were found: {why}.", style="dim"))
    counts = count(len(findings) + len(result.notes), "finding", "findings")
    return Group(
        verdict_line(result.verdict, f"{result.id}  ({result.kind}, {declared})", result.reading),
        *limits_line(result.judgment, names),
        *passed_over(result.library, result.passed_over, names),
        *finding_blocks(result.library, findings, names, result.path_of),
        *obligation_lines(order_obligations(result.judgment), "obligations from ancestors", names),
        *obligation_lines(result.own_duties, "what its own license asks of those who pass it on", names),
        *alternatives_line(result.alternatives),
        *([Text()] if about else []),
        *about,
        *(Text(f"  note: {n}", style="dim") for n in result.taken),
        *(Text(f"  {line}", style="dim") for line in known_lines(result.known)),
        *(Text(f"  {name}: {reason}", style="dim") for name, reason in result.gaps.items()),
        footer(result.data_version, f"{counts} · {count(len(result.encumbrances), 'encumbrance', 'encumbrances')}"),
    )


def conflict_view(result: CheckResult, names: dict[str, str]) -> Group:
    """Return the verdict of a check and its first finding alone."""
    findings = order_findings(result.judgment)
    more = len(findings) + len(result.notes) - 1
    return Group(
        verdict_line(result.verdict, f"{result.id}  ({result.kind}, {result.declared})", result.reading),
        *finding_blocks(result.library, findings[:1], names, result.path_of),
        Text(f"\n  … and {more} more" if more > 0 else "", style="dim"),
    )


def check_lines(checks: Checks) -> Iterable[Text]:
    """Yield a line for each of several checks, and their sum."""
    width = max(len(verdict) for verdict in COLORS)
    for one in checks.answered:
        if one.result is None:
            head = (
                Text(f"- {'no card':{width}}  ") if one.passed_over else Text(f"! {'not read':{width}}  ", "bold red")
            )
            yield head.append(str(one.error), style="not bold default")
            continue
        verdict = one.result.verdict
        line = Text(f"{GLYPHS[verdict]} {verdict:{width}}  ", style=f"bold {COLORS[verdict]}")
        line.append(one.written, style="not bold default")
        if one.worst is not None and verdict != "compatible":
            about = one.worst.place or one.worst.message
            origin = f", from {one.worst.origin}" if one.worst.origin not in (None, one.worst.artifact) else ""
            line.append(f"  {one.worst.code} {about}{origin}", style="not bold default")
        yield line
    counts = [f"{number} {verdict}" for verdict, number in checks.verdicts.items() if number]
    counts += [f"{checks.unread} not read"] if checks.unread else []
    yield Text(f"\n{len(checks.answered)} checked{said_reading(checks.reading)}: {' · '.join(counts)}", "bold")
    yield Text(f"one alone shows why: clausegraph check X   data {checks.data_version} · {NOT_ADVICE}", style="dim")


def recipe_view(result: RecipeResult, names: dict[str, str]) -> Group:
    """Return a recipe for people: each work that has something to say, the published one last."""
    order = sorted(result.works, key=lambda name: name == result.published)
    blocks: list[RenderableType] = []
    for name in order:
        found = result.works[name]
        if found.encumbrances or name == result.published or not found:
            blocks += [check_view(found, names), Text()]
    reading = next((found.reading for found in result.works.values()), "open")
    about = f"recipe, publishing {result.published}" if result.published else "recipe: the worst of its works"
    notes = (Text(f"note: {n}", style="yellow") for n in result.notes)
    return Group(*blocks, *notes, verdict_line(result.verdict, about, reading))
