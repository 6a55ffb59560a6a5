"""`clausegraph load`."""

import re
from pathlib import Path

import typer

from clausegraph.cli.common import DataVersionOption, WorkspaceOption, echo_err, library, progress, workspace
from clausegraph.ground.errors import ClausegraphError, UsageError
from clausegraph.workspace import lineage
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load as load_source


def register(app: typer.Typer) -> None:
    """Add the command."""
    epilog = "Example: clausegraph load hf_models.jsonl.gz ./my-model · load hub:tree/openai-community/gpt2"
    app.command(epilog=epilog)(load)


def load(
    sources: list[str] = typer.Argument(
        ...,
        metavar="SOURCE...",
        help="The live Hub (hub:…), dumps (JSON lines, Parquet), cards, folders, archives, SPDX 3, CycloneDX, "
        "Croissant and other RDF, catalogues, lists of facts, recipes.",
    ),
    folder: Path | None = WorkspaceOption,
    snapshot: str | None = typer.Option(None, "--snapshot", help="The snapshot into which to load, for `diff`."),
    date: str | None = typer.Option(None, "--date", metavar="YYYY-MM-DD", help="The day of which the sources tell."),
    all_of: list[str] = typer.Option(
        [],
        "--all-of",
        metavar="KIND",
        help="The files list every work of a kind that there was: what they lack is gone.",
    ),
    data_version: str | None = DataVersionOption,
) -> None:
    """Load sources into the workspace; bad records go to quarantine, the rest is kept."""
    lib = library(data_version)
    place = workspace(folder)
    if snapshot:
        place = Workspace(place.folder, snapshot)
    if date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        raise UsageError(f"--date takes a day as YYYY-MM-DD, not {date!r}.")
    whole = sorted({lib.artifact_kind(kind).name for kind in all_of})
    errors: list[ClausegraphError] = []
    with progress("load") as step:
        for location in sources:
            try:
                done = load_source(place, location, step, date, whole)
            except ClausegraphError as error:
                errors.append(error)
                echo_err(f"clausegraph: {error}")
                continue
            source = done.source
            state = "loaded" if done.fresh else "already loaded, unchanged"
            found = f"{source.artifacts:,} artifacts, {source.references:,} references to parents"
            found += f", {source.renames:,} former names" if source.renames else ""
            echo_err(f"{location}: {state}: {found}")
            if done.quarantine:
                echo_err(f"  {source.rejected:,} records could not be read; reasons and lines are in {done.quarantine}")
        if place.sources():
            step("resolving parents")
            lineage.resolve(place, lib)
    if len(errors) == len(sources):
        raise typer.Exit(errors[0].exit_code)
    echo_err("Next: clausegraph audit")
