"""A workspace: a folder that keeps what was loaded, as Parquet tables, one folder per source.

Loading a source is a transaction: its tables are written beside and moved into place at the end, so
a load that is killed leaves nothing half-written, and loading the same source again changes nothing.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clausegraph.errors import UnreadableInput, UsageError

#: The layout of the folder; a workspace with a higher number was written by a newer version.
FORMAT = 1
DEFAULT = ".clausegraph"
VARIABLE = "CLAUSEGRAPH_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Source:
    """One loaded source: where it came from, what it was then, and how much of it was read."""

    name: str
    location: str
    fingerprint: str
    artifacts: int
    references: int
    rejected: int


class Workspace:
    """The folder of a workspace; it is created with the first load."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder or os.environ.get(VARIABLE) or DEFAULT)

    @property
    def manifest(self) -> Path:
        """The file that lists the sources."""
        return self.folder / "workspace.json"

    @property
    def derived(self) -> Path:
        """The folder of tables that are computed from the sources."""
        return self.folder / "derived"

    def read_manifest(self) -> dict[str, Any]:
        """Return the manifest; raises where it cannot be read or belongs to a newer version."""
        if not self.manifest.exists():
            return {"format": FORMAT, "sources": []}
        try:
            data = json.loads(self.manifest.read_text(encoding="utf-8"))
            number = int(data["format"])
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise UnreadableInput(
                f"{self.manifest}: the workspace cannot be read ({error}). Load into a new --workspace."
            ) from error
        if number > FORMAT:
            raise UsageError(
                f"{self.manifest}: the workspace has format {number}, and this version reads up to {FORMAT}. "
                "Upgrade clausegraph, or load into a new --workspace."
            )
        result: dict[str, Any] = data
        return result

    def sources(self) -> list[Source]:
        """Return the loaded sources in the order in which they were loaded."""
        return [Source(**s) for s in self.read_manifest()["sources"]]

    def require_sources(self) -> list[Source]:
        """Return the sources; raises `UsageError` with the next step where nothing is loaded."""
        found = self.sources()
        if not found:
            raise UsageError(f"the workspace {self.folder} is empty. Run `clausegraph load SOURCE` first.")
        return found

    def source_folder(self, name: str) -> Path:
        """Return the folder of a source's tables."""
        return self.folder / "sources" / name

    def tables(self, table: str) -> list[str]:
        """Return the Parquet files of a table over all sources, in the order of loading."""
        files = [self.source_folder(s.name) / f"{table}.parquet" for s in self.sources()]
        return [str(f) for f in files if f.exists()]

    @contextmanager
    def transaction(self) -> Iterator[Path]:
        """Yield a folder for the tables of one source; it is removed unless `commit` moves it."""
        base = self.folder / "sources"
        base.mkdir(parents=True, exist_ok=True)
        for left in base.glob(".new-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=base))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def commit(self, folder: Path, source: Source) -> None:
        """Move the tables of a source into place and write the manifest; derived tables become stale."""
        target = self.source_folder(source.name)
        manifest = self.read_manifest()
        manifest["sources"] = [s for s in manifest["sources"] if s["name"] != source.name] + [asdict(source)]
        old = target.with_name(f".new-old-{source.name}")
        if target.exists():
            target.rename(old)
        folder.rename(target)
        write_whole(self.manifest, json.dumps(manifest, indent=1) + "\n")
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(self.derived, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(name).replace(path)


def fingerprint(path: Path) -> str:
    """Return what tells whether a file changed: size and modification time for large ones, else the bytes."""
    status = path.stat()
    if status.st_size > 50_000_000:
        return f"{status.st_size}-{status.st_mtime_ns}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def source_name(location: str) -> str:
    """Return a short folder name for a source, the same for the same location."""
    stem = "".join(c if c.isalnum() or c in "-." else "-" for c in Path(location).name)[:40].strip("-.")
    return f"{stem or 'source'}-{hashlib.sha256(location.encode()).hexdigest()[:8]}"
