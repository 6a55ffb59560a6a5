"""`clausegraph load`."""

from pathlib import Path

import typer

from clausegraph import lineage
from clausegraph.cli.common import DataVersionOption, WorkspaceOption, library, progress, talk, workspace
from clausegraph.errors import ClausegraphError
from clausegraph.load import load as load_source


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph load hf_models.jsonl.gz hf_datasets.jsonl.gz ./my-model")(load)


def load(
    sources: list[str] = typer.Argument(
        ..., metavar="SOURCE...", help="Hub dumps (JSONL, gzip), cards, folders, lists of facts."
    ),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
) -> None:
    """Load sources into the workspace; bad records go to quarantine, the rest is kept."""
    lib = library(data_version)
    place = workspace(folder)
    errors: list[ClausegraphError] = []
    with progress("load") as step:
        for location in sources:
            try:
                done = load_source(place, location, step)
            except ClausegraphError as error:
                errors.append(error)
                talk(f"clausegraph: {error}")
                continue
            source = done.source
            state = "loaded" if done.fresh else "already loaded, unchanged"
            talk(f"{location}: {state}: {source.artifacts:,} artifacts, {source.references:,} references to parents")
            if done.quarantine:
                talk(f"  {source.rejected:,} records could not be read; reasons and lines are in {done.quarantine}")
        if place.sources():
            step("resolving parents")
            lineage.resolve(place, lib)
    if len(errors) == len(sources):
        raise typer.Exit(errors[0].exit_code)
    talk("Next: clausegraph audit")
