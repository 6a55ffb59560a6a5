"""Composed licenses and the kit for people at a terminal. Nobody may parse this."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clausegraph.composing.compose import Composition
from clausegraph.composing.kit import Kit
from clausegraph.composing.text import NOTICE
from clausegraph.render.licenses import nearest_sentence

_COLORS = {"can": "green", "must": "blue", "cannot": "red"}


def composition_view(found: Composition, written: str | None) -> Group:
    """Return a composed license: names, model sheet, nearest licenses, what to do next."""
    facts = found.to_dict()
    lines: list[RenderableType] = [
        Text(facts["name"], style="bold"),
        Text(f"{facts['spdx_id']} · conforms to the library's shapes", style="dim"),
        Text(", ".join(facts["families"]) or "of no family", style="cyan"),
    ]
    for title, rows in found.document.sheet:
        if rows:
            lines.append(Text(f"\n  {title}", style=f"bold {_COLORS[title]}"))
        for label, section, summary in rows:
            line = Text("• ").append(label, style=_COLORS[title]).append(f"  §{section}", style="dim")
            lines.append(Padding(line.append(f"  {summary}"), (0, 0, 0, 4)))
    listed = found.composed.attachment
    if listed:
        lines.append(Text(f"\n  {found.document.attachment}", style="bold"))
        lines += [Padding(Text(f"({n}) {words}"), (0, 0, 0, 4)) for n, words in enumerate(listed, 1)]
    if facts["nearest"]:
        lines += [Text(), Text(nearest_sentence("this", facts["nearest"][0]))]
    lines += [Text(), Text(facts["permalink"], style="dim")]
    if written:
        lines.append(Text(f"use it: clausegraph compat {found.license.id} --via finetune --to any "))
        lines.append(Text(f"        --license-file {written}"))
    return Group(*lines, Text(NOTICE, style="yellow"))


def kit_view(kit: Kit) -> Group:
    """Return everything that can be chosen, by group."""
    blocks: list[RenderableType] = []
    for group in kit.groups.values():
        table = Table(box=None, pad_edge=False, show_header=False)
        for option in (o for o in kit.options.values() if o.group == group.name):
            needs = "".join(f"  (--set {p}=…)" for p in option.asks_for)
            table.add_row(Text(option.key, style="bold"), Text(option.definition + needs))
        blocks += [Text(f"{group.label}: {group.definition}", style="cyan"), Padding(table, (0, 0, 1, 2))]
    for title, provisions in (
        ("provisions of the RAIL generator", kit.provisions.values()),
        ("all categories of restriction", kit.restrictions.values()),
    ):
        table = Table(box=None, pad_edge=False, show_header=False)
        for one in provisions:
            mark = " (mandatory in RAIL)" if one.mandatory else ""
            table.add_row(Text(one.key, style="bold"), Text(one.wording + mark))
        blocks += [Text(title, style="cyan"), Padding(table, (0, 0, 1, 2))]
    return Group(*blocks)


def kit_dict(kit: Kit) -> dict[str, object]:
    """Return everything that can be chosen as JSON values."""
    return {
        "schema_version": 1,
        "groups": [
            {
                "group": group.name,
                "label": group.label,
                "definition": group.definition,
                "options": [
                    {
                        "key": o.key,
                        "label": o.label,
                        "definition": o.definition,
                        "implies": list(o.implies),
                        "values": list(o.asks_for),
                    }
                    for o in kit.options.values()
                    if o.group == group.name
                ],
            }
            for group in kit.groups.values()
        ],
        "provisions": [
            {
                "key": p.key,
                "label": p.label,
                "wording": p.wording,
                "restrictions": p.categories,
                "mandatory": p.mandatory,
            }
            for p in kit.provisions.values()
        ],
        "restrictions": [{"key": r.key, "label": r.label, "wording": r.wording} for r in kit.restrictions.values()],
        "values": [
            {"key": p.key, "type": p.type, "definition": p.definition, "example": p.example}
            for p in kit.parameters.values()
        ],
        "clashes": [{"options": list(c.options), "reason": c.reason} for c in kit.clashes],
    }
