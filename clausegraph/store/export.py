"""Writes what a workspace holds, and the plain files, to where the user wants them."""

import shutil
from collections.abc import Callable
from pathlib import Path

from clausegraph.ground.errors import UsageError
from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.store.nquads import ensure_audit, write_quads
from clausegraph.workspace.folder import Workspace


def export(what: str, to: Path, workspace: Workspace, library: Library, progress: Callable[[str], None]) -> None:
    """Write `what` (`nquads`, `report`, `situations`, `tables` or `ontology`) to `to`."""
    if not to.resolve().parent.is_dir():
        raise UsageError(f"--to {to}: the folder {to.resolve().parent} does not exist. Create it first.")
    if what == "ontology":
        for name in ("ontology", "shapes", "queries"):
            shutil.copytree(
                folder(name), to / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.py")
            )
        return
    workspace.require_sources()
    if what == "nquads":
        write_quads(workspace, library, to.resolve(), progress)
        return
    kept = ensure_audit(workspace, library, progress)
    if what == "tables":
        to.mkdir(exist_ok=True)
        for table in [*kept.glob("*.parquet"), *workspace.derived.glob("resolved-*/*.parquet")]:
            shutil.copyfile(table, to / table.name)
        return
    shutil.copyfile(kept / {"report": "report.ttl", "situations": "situations.nt"}[what], to)
