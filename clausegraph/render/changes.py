"""What changed between snapshots, for people at a terminal. Nobody may parse this."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from clausegraph.store.snapshot_diff import SORTS, Diff

_TITLES = {
    "license": "artifacts declare another license",
    "verdict": "artifacts have another verdict",
    "artifact-added": "artifacts came",
    "artifact-removed": "artifacts went",
    "edge-added": "edges came",
    "edge-removed": "edges went",
}


def diff_view(found: Diff, most: int) -> Group:
    """Return the numbers of changes, each with its first examples."""
    counts = found.counts()
    blocks: list[RenderableType] = [Text(f"From {found.before} to {found.after}", style="bold")]
    for sort in SORTS:
        blocks.append(Text(f"\n{counts[sort]:>9,}  {_TITLES[sort]}", style="bold" if counts[sort] else "dim"))
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2))
        for change in found.changes(sort, most):
            arrow = " → ".join(x for x in (change.before, change.after) if x)
            table.add_row("         ", change.artifact, arrow, change.other or "")
        if counts[sort]:
            blocks.append(table)
        if counts[sort] > most:
            blocks.append(Text(f"           and {counts[sort] - most:,} more: --format jsonl --limit 0", style="dim"))
    blocks.append(Text(f"\ndata {found.data_version} · not legal advice", style="dim"))
    return Group(*blocks)
