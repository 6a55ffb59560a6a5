"""`clausegraph export`."""

from enum import StrEnum
from pathlib import Path

import typer

from clausegraph.cli.common import DataVersionOption, WorkspaceOption, echo_err, library, progress, workspace
from clausegraph.store.export import export as run_export


class Target(StrEnum):
    """What can be exported."""

    nquads = "nquads"
    report = "report"
    situations = "situations"
    tables = "tables"
    ontology = "ontology"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph export nquads --to graph.nq")(export)


def export(
    what: Target = typer.Argument(
        ..., help="The graph, the SHACL report, the situations, Parquet tables, or the plain files."
    ),
    to: Path = typer.Option(..., "--to", metavar="PATH", help="File, or folder for tables and ontology."),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
) -> None:
    """Write the workspace's graph, report or tables, or the plain ontology files."""
    lib = library(data_version)
    with progress("export") as step:
        run_export(what.value, to, workspace(folder), lib, step)
    echo_err(f"written: {to}")
