"""Possible licenses, smallest changes and the guided choice for people at a terminal. Nobody may parse this."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clausegraph.choosing.changes import ACTIONS, Changes
from clausegraph.choosing.choose import Candidate, Choice
from clausegraph.choosing.guide import Outcome, Question
from clausegraph.reasoning.outcome_json import order_findings
from clausegraph.render.human import said_reading

_MARKS = {
    "possible": ("●", "green"),
    "possible with duties": ("◐", "yellow"),
    "unknown": ("?", "bright_black"),
    "impossible": ("✕", "red"),
}
#: Licenses that are offered, unless all are wanted, and rows of other lists.
OFFERED, SHOWN = 3, 10
#: The share of such works from which on it is said why a license is not possible.
NEAR = 0.02
#: Ancestors that are named at one place.
SHOWN_WORKS = 3
_ABOUT = "Not legal advice."


def choice_view(found: Choice, everything: bool, changes: Changes | None) -> Group:
    """Return which licenses are possible, the best first, and why the others are not."""
    counts = Counter(c.answer for c in found.candidates)
    head = " · ".join(f"{_MARKS[a][0]} {counts[a]} {a}" for a in _MARKS)
    blocks: list[RenderableType] = [
        Text(f"{found.subject.node.id}{said_reading(found.reading)}", style="bold"),
        Text(head),
    ]
    if found.gaps:
        blocks.append(Text("Not known of the ancestors, so that what hangs on it cannot be called possible:", "yellow"))
        library = found.subject.library
        for work, name in found.gaps[:SHOWN]:
            reason = library.reasons[name]
            blocks.append(Text(f"  ? {work}: {reason.label}. {reason.settled_by}", style="yellow"))
    blocks += [Text(), _table(found.possible if everything else found.possible[:OFFERED])]
    if len(found.possible) > OFFERED and not everything:
        blocks.append(Text(f"and {len(found.possible) - OFFERED} more; --all shows them", style="dim"))
    others = [c for c in found.candidates if not c.possible]
    near = others if everything else [c for c in others if c.upstream or c.usual >= NEAR][:OFFERED]
    blocks += [_obstacle(found, candidate) for candidate in near]
    if len(others) > len(near):
        blocks.append(
            Text(f"{len(others) - len(near)} more are not possible or unknown; --all shows them", style="dim")
        )
    if found.possible:
        blocks += [Text(), *_duties(found, found.possible[0])]
    if changes:
        blocks += [Text(), changes_view(changes), *_to_know(found, changes)]
    return Group(*blocks, Text(), Text(f"data {found.subject.library.data_version} · {_ABOUT}", style="dim"))


def _few(works: Sequence[str]) -> str:
    """Return the first works by name, and how many more there are."""
    more = len(works) - SHOWN_WORKS
    return ", ".join(works[:SHOWN_WORKS]) + (f" and {more} more" if more > 0 else "")


def _table(candidates: Sequence[Candidate]) -> RenderableType:
    if not candidates:
        return Text("No license is possible: see what stands against each, and --wish LICENSE for what would open one.")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "license", "SPDX", "why here"):
        table.add_column(name, overflow="fold")
    for one in candidates:
        mark, color = _MARKS[one.answer]
        table.add_row(Text(mark, style=color), one.license.id, one.license.spdx_id or "", one.reason)
    return table


def _obstacle(found: Choice, candidate: Candidate) -> Text:
    mark, color = _MARKS[candidate.answer]
    worst = order_findings(candidate.judgment)[0]
    where = f"{worst.clause.license} §{worst.clause.section} ({worst.clause.kind.label})"
    origins = _few(found.origins(worst))
    text = Text(f"{mark} {candidate.license.id}", style=color).append(f"  {where}", style="none")
    return text.append(f" of {origins}" if origins else "", style="none")


def _duties(found: Choice, best: Candidate) -> list[RenderableType]:
    """Return what the best license asks for."""
    lines: list[RenderableType] = [Text(f"with {best.license.id}", style="bold")]
    for duty in found.candidate_dict(best)["duties"]:
        text = Text("• ").append(duty["message"]).append(f"  {duty['license']} §{duty['section']}", style="dim")
        lines.append(Padding(text, (0, 0, 0, 2)))
    return lines if len(lines) > 1 else [*lines, Text("  nothing to do")]


def changes_view(changes: Changes) -> RenderableType:
    """Return the smallest changes that open a license."""
    if changes.possible:
        return Text(f"{changes.license} is possible as it is", style="green")
    if not changes.changes:
        more = "" if changes.complete else " among those that were tried"
        return Text(f"no change of up to three ancestors opens {changes.license}{more}", style="red")
    lines: list[RenderableType] = [Text(f"to open {changes.license}, one of these", style="bold")]
    for change in changes.changes[:SHOWN]:
        works = " and ".join(
            f"{work} ({', '.join(via)})" if via else work for work, via in zip(change.works, change.via, strict=True)
        )
        lines.append(Padding(Text(f"• {ACTIONS[change.action]}: {works}  → {change.verdict}"), (0, 0, 0, 2)))
    if len(changes.changes) > SHOWN:
        lines.append(Text(f"  and {len(changes.changes) - SHOWN} more; --format json has all", style="dim"))
    if not changes.complete:
        lines.append(Text("  the search stopped before it had tried all", style="yellow"))
    return Group(*lines)


def _to_know(found: Choice, changes: Changes) -> list[RenderableType]:
    """Return what must be known before a wished license can be called possible: the terms of each such ancestor."""
    if changes.possible or not found.gaps:
        return []
    reasons = found.subject.library.reasons
    lines = [f"• learn the terms of {work}: {reasons[name].settled_by}" for work, name in found.gaps[:SHOWN]]
    head = Text("or know what is not known yet; it may turn out to be possible then", style="bold")
    return [head, *(Padding(Text(line), (0, 0, 0, 2)) for line in lines)]


def question_view(question: Question) -> Group:
    """Return a question with its answers and what follows from each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, answer in enumerate(question.answers, 1):
        table.add_row(f"{number}", Text(answer.key, style="bold"), answer.label, Text(answer.consequence, style="dim"))
    return Group(Text(), Text(question.label, style="bold"), Text(question.why, style="dim"), Padding(table, (0, 2)))


def guide_view(outcome: Outcome, command: str, nearest: Sequence[str], code: str) -> Group:
    """Return where the answers led: known licenses, and the command that composes one of one's own."""
    lines: list[RenderableType] = [Text()]
    for question, answer in outcome.path:
        line = Text(f"{question.label} ", style="dim").append(answer.label, style="bold")
        lines.append(line.append(f"  {answer.consequence}", style="none"))
    lines += [Text(), Text(f"that is {code}", style="bold")]
    if outcome.licenses:
        lines.append(Text(f"known licenses that fit: {', '.join(outcome.licenses)}"))
    lines.append(Text(f"nearest by their clauses: {', '.join(nearest)}"))
    return Group(*lines, Text(f"one of your own: {command}"), Text(_ABOUT, style="dim"))
