"""`clausegraph query`."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

import typer

from clausegraph.asking import find, queries, run
from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    WorkspaceOption,
    library,
    no_format,
    print_json,
    progress,
    show,
    workspace,
)
from clausegraph.errors import UsageError
from clausegraph.render import human
from clausegraph.store import open_store

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph query conflicts · query license-facts --param license=gemma")(query)


def query(
    name: str | None = typer.Argument(None, metavar="NAME", help="A shipped query; all are listed if it is left out."),
    param: list[str] | None = typer.Option(
        None, "--param", "-p", metavar="NAME=VALUE", help="A parameter. Repeatable."
    ),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Ask one of the shipped questions of the workspace's graph."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    if name is None:
        if output is Format.human:
            show(human.rows_view(("query", "question"), [(q.name, q.summary) for q in queries().values()]))
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
    place = workspace(folder)
    place.require_sources()
    with progress("query") as step:
        store = open_store(place, lib, step)
    columns, rows = run(store, found, given, lib)
    if output is Format.human:
        show(human.rows_view(columns, rows))
    elif output is Format.json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif output is Format.jsonl:
        for row in rows:
            typer.echo(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
