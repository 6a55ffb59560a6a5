"""`clausegraph lineage`."""

from pathlib import Path

import typer

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    WorkspaceOption,
    library,
    no_format,
    print_json,
    show,
    workspace,
)
from clausegraph.ground.errors import UsageError
from clausegraph.reasoning.trace import Trace
from clausegraph.render import tables


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph lineage HuggingFaceH4/zephyr-7b-beta · lineage --stats")(lineage)


def lineage(
    subject: str | None = typer.Argument(None, metavar="X", help="An artifact id or Hub URL."),
    stats: bool = typer.Option(False, "--stats", help="Numbers about all base-model references of the workspace."),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Show the ancestors of an artifact with their licenses, or numbers about the whole lineage."""
    if output not in (Format.human, Format.json):
        no_format(output, (Format.human, Format.json))
    if stats == (subject is not None):
        raise UsageError("lineage takes either an artifact or --stats")
    lib = library(data_version)
    catalogue = Catalogue(workspace(folder), lib)
    if subject is None:
        numbers = catalogue.statistics()
        if output is Format.json:
            print_json(numbers)
        else:
            show(tables.statistics_view(numbers))
        return
    if output is Format.human:
        nodes = catalogue.nodes(subject)
        show(tables.lineage_view(Trace(lib, nodes), nodes[0].id))
    else:
        print_json(catalogue.lineage(subject))
