"""A workspace: a folder that keeps what was loaded, as Parquet tables, one folder per source.

Loading a source is a transaction: its tables are written beside and moved into place at the end, so
a load that is killed leaves nothing half-written, and loading the same source again changes nothing.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clausegraph.ground.errors import UnknownIdentifier, UnreadableInput, UsageError

#: The layout of the folder; a workspace with a higher number was written by a newer version.
FORMAT = 3
#: The folder of what is computed, named by its layout: tables of an earlier version are not read, but made again.
DERIVED = "derived-3"
DEFAULT = ".clausegraph"
VARIABLE = "CLAUSEGRAPH_WORKSPACE"
#: The snapshot into which the first source is loaded if none is named.
FIRST = "current"
#: Folders in which a load that takes long keeps what it has so far.
PARTS = ".parts-"
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """One loaded source: where it came from, what it was then, the day of which it tells, and how much was read.

    `name` is the folder of its tables. `whole` are the kinds of artifact of which it lists all that there were, so that
    what it lacks is gone. A snapshot is the state of a world; its sources complete each other.
    """

    name: str
    location: str
    fingerprint: str
    snapshot: str
    date: str
    artifacts: int = 0
    references: int = 0
    rejected: int = 0
    renames: int = 0
    whole: tuple[str, ...] = ()

    @classmethod
    def of(cls, location: str, mark: str, snapshot: str, date: str) -> "Source":
        """Return a source that is about to be read."""
        return cls(source_name(location, mark, snapshot), location, mark, snapshot, date)

    @property
    def label(self) -> str:
        """A name by its place and snapshot: the same though its content changes."""
        return source_name(self.location, "", self.snapshot)


class Workspace:
    """The folder of a workspace; it is created with the first load.

    `DIR@SNAPSHOT` opens one of several snapshots; without a name it is the one that was loaded last.
    """

    def __init__(self, folder: str | Path | None = None, snapshot: str | None = None) -> None:
        text = str(folder or os.environ.get(VARIABLE) or DEFAULT)
        if snapshot is None and "@" in Path(text).name and not Path(text).exists():
            text, _, snapshot = text.rpartition("@")
        if snapshot is not None and not _LABEL.fullmatch(snapshot):
            raise UsageError(f"{snapshot!r} is no name for a snapshot. Use letters, digits, `.` and `-`.")
        self.folder = Path(text)
        self._snapshot = snapshot

    @property
    def opened(self) -> str:
        """The name of the snapshot that is open: the one asked for, else the one that was loaded last."""
        if self._snapshot is not None:
            return self._snapshot
        found = self.read_manifest()["sources"]
        return str(found[-1]["snapshot"]) if found else FIRST

    def snapshots(self) -> list[str]:
        """Return the names of the snapshots in the order in which they were first loaded."""
        return list(dict.fromkeys(str(s["snapshot"]) for s in self.read_manifest()["sources"]))

    def at(self, snapshot: str) -> "Workspace":
        """Return another snapshot of this workspace; raises `UnknownIdentifier` if there is none of that name."""
        known = self.snapshots()
        if snapshot not in known:
            hint = f"This workspace has {', '.join(known)}." if known else "This workspace is empty."
            raise UnknownIdentifier("snapshot", snapshot, known, hint)
        return Workspace(self.folder, snapshot)

    @property
    def manifest(self) -> Path:
        """The file that lists the sources."""
        return self.folder / "workspace.json"

    @property
    def derived(self) -> Path:
        """The folder of tables that are computed from the sources."""
        return self.folder / DERIVED / self.opened

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
        if number < FORMAT:
            raise UsageError(
                f"{self.manifest}: the workspace has format {number}, which this version no longer reads. "
                "Load the sources into a new --workspace."
            )
        if number > FORMAT:
            raise UsageError(
                f"{self.manifest}: the workspace has format {number}, and this version reads up to {FORMAT}. "
                "Upgrade clausegraph, or load into a new --workspace."
            )
        result: dict[str, Any] = data
        return result

    def sources(self) -> list[Source]:
        """Return the sources of the snapshot that is open, in the order in which they were loaded."""
        opened = self.opened
        return [Source(**s) for s in self.read_manifest()["sources"] if s["snapshot"] == opened]

    def require_sources(self) -> list[Source]:
        """Return the sources; raises `UsageError` with the next step where nothing is loaded."""
        found = self.sources()
        if not found and self._snapshot is not None and self.snapshots():
            self.at(self._snapshot)
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
        """Yield a folder for the tables of one source; it is removed unless `commit` moves it.

        Raises `UsageError` while another process loads into the same workspace.
        """
        base = self.folder / "sources"
        base.mkdir(parents=True, exist_ok=True)
        with locked(base / ".lock", f"{self.folder}: another load is running. Wait for it to end."):
            known = {s["name"] for s in self.read_manifest()["sources"]}
            for left in base.iterdir():
                if left.is_dir() and left.name not in known and not left.name.startswith(PARTS):
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=".new-", dir=base))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def commit(self, folder: Path, source: Source) -> None:
        """Put the tables of a source in place; derived tables of its snapshot become stale.

        The manifest names the folders that count and is replaced in one step, so that whoever kills the
        process leaves the old state or the new one.
        """
        target = self.source_folder(source.name)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
        manifest = self.read_manifest()
        place = (source.location, source.snapshot)
        kept = [s for s in manifest["sources"] if (s["location"], s["snapshot"]) != place]
        gone = [s["name"] for s in manifest["sources"] if s not in kept and s["name"] != source.name]
        manifest["sources"] = [*kept, asdict(source)]
        for left in self.folder.glob("derived*"):
            shutil.rmtree(left / source.snapshot if left.name == DERIVED else left, ignore_errors=True)
        write_whole(self.manifest, json.dumps(manifest, indent=1) + "\n")
        for name in gone:
            shutil.rmtree(self.source_folder(name), ignore_errors=True)


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of a folder in one step, if nothing goes wrong.

    The place is a link to the folder that counts: whoever reads sees the old one or the new one.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with locked(place.parent / f".lock-{place.name}", f"{place}: another process is making it. Wait for it to end."):
        folder = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            yield folder
            link = folder.parent / f"{folder.name}.link"
            link.symlink_to(folder.name)
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            link.replace(place)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for left in place.parent.glob(f".{place.name}-*"):
            if left.is_symlink():
                left.unlink()
            elif left != folder:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Hold a lock while the block runs; raises `UsageError` with the text if another process holds it."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(busy) from error
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(name).replace(path)


def fingerprint(path: Path) -> str:
    """Return what tells whether a file or folder changed: size and modification time for large ones, else the bytes."""
    if path.is_dir():
        total = hashlib.sha256()
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            status = inner.stat()
            total.update(f"{inner.relative_to(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
        return total.hexdigest()
    status = path.stat()
    if status.st_size > 50_000_000:
        return f"{status.st_size}-{status.st_mtime_ns}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def source_name(location: str, mark: str, snapshot: str) -> str:
    """Return a short folder name for a source, another one for each content and snapshot."""
    stem = "".join(c if c.isalnum() or c in "-." else "-" for c in Path(location).name)[:40].strip("-.")
    key = hashlib.sha256(f"{location}\n{mark}\n{snapshot}".encode()).hexdigest()[:12]
    return f"{stem or 'source'}-{key}"
