"""`clausegraph diff`."""

from pathlib import Path

import typer

from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    WorkspaceOption,
    library,
    no_format,
    print_csv,
    print_json,
    print_lines,
    progress,
    show,
    workspace,
)
from clausegraph.render import changes
from clausegraph.store.snapshot_diff import SORTS, Change, Diff

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph load --snapshot 2026-05 dump.parquet · clausegraph diff 2024-07 2026-05")(
        diff
    )


def diff(
    before: str = typer.Argument(..., metavar="A", help="A snapshot of the workspace."),
    after: str = typer.Argument(..., metavar="B", help="A later snapshot."),
    limit: int = typer.Option(100, "--limit", min=0, help="The most changes of each sort; 0 for all."),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Compare two snapshots: licenses, verdicts, artifacts and edges that changed."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version)
    with progress("diff") as step:
        found = Diff(workspace(folder), lib, before, after, step)
    most = limit or None
    if output is Format.human:
        show(changes.diff_view(found, min(limit or 10, 10)))
    elif output is Format.json:
        print_json(found.to_dict(most))
    else:
        rows = (change for sort in SORTS for change in found.changes(sort, most))
        if output is Format.jsonl:
            print_lines(change.to_dict() for change in rows)
        else:
            print_csv(Change.__slots__, (list(change.to_dict().values()) for change in rows))
