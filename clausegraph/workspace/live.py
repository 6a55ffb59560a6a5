"""Loads from the live Hub: fetches pages beside the workspace's tables, then reads them as one source."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from clausegraph.loaders import hub_live
from clausegraph.workspace.folder import PARTS, Source, Workspace

if TYPE_CHECKING:
    from clausegraph.workspace.load import Loaded, Quarantine


def load_live(
    workspace: Workspace,
    location: str,
    keep: Callable[..., "Loaded"],
    progress: Callable[[str], None],
    date: str | None,
) -> "Loaded":
    """Load a query of the live Hub; pages that an earlier try fetched are not fetched again."""
    from clausegraph.workspace.context import context
    from clausegraph.workspace.load import write_records

    hub_live.requests_of(location)
    key = hashlib.sha256(f"{hub_live.endpoint()} {location} {workspace.opened}".encode()).hexdigest()[:16]
    parts = workspace.folder / "sources" / f"{PARTS}{key}"
    answered = hub_live.fetch(location, parts, progress)
    source = Source.of(location, f"{answered}-{key}", workspace.opened, date or answered)

    def read(folder: Path, quarantine: "Quarantine", day: str) -> tuple[int, int, int]:
        progress("reading the pages")
        return write_records(hub_live.read(parts, context(quarantine)), folder, quarantine, day)

    loaded = keep(source, read)
    shutil.rmtree(parts, ignore_errors=True)
    return loaded
