"""Licenses, clauses and their evidence for people at a terminal. Nobody may parse this."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clausegraph.answers.license_record import SHEET
from clausegraph.ground.record_types import CompareAnswer, CompareNearest
from clausegraph.library.model import Clause, License
from clausegraph.reasoning.outcome_json import reading_in, reading_words
from clausegraph.reasoning.outcomes import GLYPHS
from clausegraph.texts.evidence import OUTCOMES, Check

_WORDS = {True: "yes", False: "no", None: "not said"}


def license_view(found: License, facts: dict[str, bool | None], openness: dict[str, bool | None]) -> Group:
    """Return a license as can, must and cannot, each with its section."""
    colors = {"Permission": "green", "Duty": "blue", "Prohibition": "red"}
    blocks: list[RenderableType] = []
    for deontic, title in SHEET.items():
        color = colors[deontic]
        clauses = [c for c in found.clauses if c.kind.deontic == deontic]
        if clauses:
            blocks.append(Text(f"\n  {title}", style=f"bold {color}"))
        for clause in clauses:
            line = Text("• ").append(clause.kind.label, style=color).append(f"  §{clause.section}", style="dim")
            blocks.append(Padding(line, (0, 0, 0, 4)))
            blocks.append(Padding(Text(clause.summary), (0, 0, 0, 6)))
            for note in _clause_notes(clause):
                blocks.append(Padding(Text(note, style="dim"), (0, 0, 0, 6)))
    status = reading_words(reading_in(found))
    ids = " · ".join(x for x in (found.id, f"SPDX {found.spdx_id}" if found.spdx_id else "", status) if x)
    lines = [Text(found.name, style="bold"), Text(ids, style="dim")]
    if found.families:
        lines.append(Text(", ".join(found.families), style="cyan"))
    if found.note:
        lines.append(Text(found.note, style="yellow"))
    return Group(
        *lines,
        *blocks,
        Text(),
        Padding(_answers(facts), (0, 0, 0, 2)),
        Text(),
        Padding(_answers(openness), (0, 0, 0, 2)),
    )


def _clause_notes(clause: Clause) -> list[str]:
    """Return what else is to be said of a clause: its restrictions with their places, and contradictions."""
    notes = []
    if clause.places:
        places: dict[str, list[str]] = {}
        for name, place in clause.places:
            places.setdefault(name, []).append(place)
        notes.append("; ".join(f"{name.replace('_', ' ')} ({', '.join(at)})" for name, at in places.items()))
    elif clause.imposes:
        notes.append("; ".join(name.replace("_", " ") for name in clause.imposes))
    if clause.contradicts:
        others = ", ".join(iri.rpartition("#")[2] for iri in clause.contradicts)
        notes.append(f"contested: the text contradicts itself, see {others}")
    return notes


def _answers(answers: dict[str, bool | None]) -> Table:
    """Return questions with yes, no or not said."""
    grid = Table.grid(padding=(0, 3))
    for name, value in answers.items():
        grid.add_row(Text(name.replace("_", " "), style="dim"), _WORDS[value])
    return grid


def passage_view(found: License, check: Check, lines: Sequence[str]) -> Group:
    """Return the passage of a clause with its place, or why there is none."""
    clause = check.clause
    head = Text(f"{found.name}, §{clause.section}: {clause.kind.label}", style="bold")
    if check.text is None or check.place is None:
        reasons = {
            "missing": "the section was not found in the text",
            "elsewhere": f"it was read in a text that the package does not hold, {found.source}",
        }
        reason = reasons.get(check.outcome, "no text is at hand")
        return Group(head, Text(f"{reason}. {found.note or ''}".strip(), style="yellow"))
    place = f"{check.text.key}, lines {check.lines}, section {check.outcome}, SHA-256 {check.text.digest[:12]}"
    return Group(head, Text(place, style="dim"), Text(), *(Text(line) for line in lines))


def evidence_view(checks: Sequence[Check]) -> Group:
    """Return what was found of the clauses: the sums, and every clause that is not where it should be."""
    counts = Counter(c.outcome for c in checks)
    rows: list[RenderableType] = [Text(f"{counts[o]:>6,}  {m}") for o, m in OUTCOMES.items() if counts[o]]
    for check in checks:
        if check.wrong:
            key = check.text.key if check.text else "text not in the package"
            rows.append(Text(f"{check.outcome}: {check.clause.iri} (§{check.clause.section}, {key})", style="red"))
    return Group(Text(f"{len(checks):,} clauses", style="bold"), *rows)


def license_table(found: Sequence[License]) -> Table:
    """Return the list of licenses."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("id", "name", "SPDX", "families", "text"):
        table.add_column(name, overflow="fold")
    for one in found:
        families = ", ".join(f.removesuffix("License") for f in one.families)
        table.add_row(one.id, one.name, one.spdx_id or "", families, "read" if one.verified else "not read")
    return table


def comparison_view(found: CompareAnswer) -> RenderableType:
    """Return licenses side by side, with the nearest others and what flows into what."""
    ids, rows = found["licenses"], found["rows"]
    blocks: list[RenderableType] = []
    if rows:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("")
        for license_id in ids:
            table.add_column(license_id, overflow="fold")
        for name, row in rows.items():
            table.add_row(name.replace("_", " "), *(_cell(row[license_id]) for license_id in ids))
        blocks.append(table)
    else:
        blocks.append(Text("no difference in facts, clause kinds and restrictions", style="dim"))
    blocks += [Text(), Text("nearest", style="bold")]
    blocks += [Text(f"  {nearest_sentence(id_, near[0])}") for id_, near in found["nearest"].items() if near]
    blocks += [Text(), Text("flows", style="bold")]
    for flow in found["flows"]:
        marks = "; ".join(f"{GLYPHS[v]} {v}: {', '.join(names)}" for v, names in flow["verdicts"].items())
        blocks.append(Text(f"  {flow['from']} → {flow['to']}  ", style="bold").append(marks, style="none"))
    return Group(*blocks)


def nearest_sentence(license_id: str, near: CompareNearest) -> str:
    """Return what a license is in terms of another: this one is that one plus some and minus some."""
    plus, minus = (_features(near[key]) for key in ("plus", "minus"))
    text = f"{license_id} is {near['license']}"
    text += f" plus {plus}" if plus else ""
    text += f"{',' if plus else ''} minus {minus}" if minus else ""
    return text + ("" if plus or minus else ", clause kind by clause kind")


def _features(names: Sequence[str]) -> str:
    plain = [name.partition(": ")[2].replace("_", " ").replace("-", " ") for name in names]
    return ", ".join(plain)


def _cell(value: object) -> str:
    """Return the sections at which a clause kind stands, or the answer to a question."""
    if isinstance(value, list):
        return ", ".join(f"§{section}" for section in dict.fromkeys(value)) or "—"
    return _WORDS[value if isinstance(value, bool) else None]
