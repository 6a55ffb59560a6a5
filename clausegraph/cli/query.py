"""`clausegraph query`."""

from dataclasses import asdict
from pathlib import Path

import typer

from clausegraph.cli.common import (
    DataVersionOption,
    EndpointOption,
    Format,
    FormatOption,
    SnapshotOption,
    WorkspaceOption,
    echo_err,
    graph,
    library,
    no_format,
    print_csv,
    print_json,
    print_lines,
    show,
)
from clausegraph.ground.errors import UsageError
from clausegraph.library.queries import bind, find, own_limit, queries
from clausegraph.render import tables

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv)

#: The tag of questions about licenses alone.
LIBRARY = "library"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph query conflicts · query license-facts --param license=gemma")(query)


def query(
    name: str | None = typer.Argument(None, metavar="NAME", help="A shipped query; all are listed if it is left out."),
    param: list[str] | None = typer.Option(
        None, "--param", "-p", metavar="NAME=VALUE", help="A parameter. Repeatable."
    ),
    limit: int | None = typer.Option(None, "--limit", min=0, metavar="N", help="Rows to return; 0 for all."),
    endpoint: str | None = EndpointOption,
    snapshot: str | None = SnapshotOption,
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Ask one of the shipped questions of the workspace's graph, or of an endpoint elsewhere.

    Questions about licenses alone need no workspace.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    if name is None:
        if output is Format.human:
            show(tables.rows_view(("query", "question"), [(q.name, q.summary) for q in queries().values()]))
        else:
            print_json([{k: v for k, v in asdict(q).items() if k != "text"} for q in queries().values()])
        return
    lib = library(data_version)
    found = find(name)
    given = {}
    for item in param or ():
        key, separator, value = item.partition("=")
        if not separator:
            raise UsageError(f"--param takes NAME=VALUE, not {item!r}")
        given[key] = value
    text = bind(found, given, lib, limit)
    asked = graph(folder, endpoint, snapshot, lib, licenses_alone=LIBRARY in found.tags)
    columns, rows = asked.select(text)
    if limit is None and len(rows) == own_limit(found):
        echo_err(f"these are the first {len(rows):,} rows; --limit 0 gives all")
    if output is Format.human:
        show(tables.rows_view(columns, rows))
    elif output is Format.json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif output is Format.jsonl:
        print_lines(dict(zip(columns, row, strict=True)) for row in rows)
    else:
        print_csv(columns, rows)
