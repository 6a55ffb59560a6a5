"""`clausegraph push`."""

from dataclasses import asdict
from pathlib import Path

import typer

from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    WorkspaceOption,
    echo_err,
    library,
    no_format,
    print_json,
    progress,
    workspace,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph push --endpoint http://host:7878/query --store http://host:7878/store")(
        push
    )


def push(
    endpoint: str = typer.Option(..., "--endpoint", metavar="URL", help="The SPARQL endpoint of the store."),
    store: str | None = typer.Option(
        None, "--store", metavar="URL", help="Write by Graph Store Protocol at this address."
    ),
    update: str | None = typer.Option(
        None, "--update", metavar="URL", help="Write by SPARQL 1.1 Update at this address."
    ),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Write the workspace's graph to another SPARQL store, where readers see the old snapshot or the new one.

    Credentials come from CLAUSEGRAPH_ENDPOINT_USER, _PASSWORD, _AUTH (basic or digest) or _TOKEN. A push that was
    stopped goes on where it was.
    """
    from clausegraph.store.push import Push, Target

    if output not in (Format.human, Format.json):
        no_format(output, (Format.human, Format.json))
    lib = library(data_version)
    place = workspace(folder)
    place.require_sources()
    target = Target(endpoint, store, update)
    with progress("push") as step:
        done = Push(place, lib, target, step).run()
    if output is Format.json:
        print_json({"schema_version": 1, **asdict(done)})
        return
    removed = f", {len(done.removed)} graphs removed" if done.removed else ""
    echo_err(f"snapshot {done.snapshot}: {done.triples:,} triples in {done.batches:,} batches{removed}")
    echo_err(f"Next: clausegraph query conflicts --endpoint {endpoint}")
