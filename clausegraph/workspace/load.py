"""Loads sources into a workspace: detects what a source is and keeps its records.

A record that cannot be read goes to `quarantine.jsonl` beside the tables, with reason, source and
line; the load goes on. Only a source of which nothing could be read is an error.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clausegraph.ground.errors import UnreadableInput
from clausegraph.loaders import registry
from clausegraph.loaders.document import Context, Document, first_records, read_document, reason_of
from clausegraph.loaders.records import Artifact, Link, Record, Rejected
from clausegraph.loaders.tables import SCHEMAS
from clausegraph.workspace.context import context, date_of
from clausegraph.workspace.folder import Source, Workspace, fingerprint

#: Rows that are kept in memory before they are written.
BATCH = 20_000
_KNOWN = (
    "A source is the live Hub (`hub:…`), a dump of its API (JSON lines, Parquet), a card, a folder or archive of "
    "cards, SPDX, CycloneDX, Croissant or other RDF, a catalogue, a list of facts, or a recipe."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one source did; `fresh` is false where the source had not changed."""

    source: Source
    fresh: bool
    quarantine: Path | None = None


class TableWriter:
    """Writes records to Parquet in batches.

    A time after the date of the source cannot be true: the record is kept without it, and the reason is noted.
    """

    def __init__(self, folder: Path, date: str, reject: Callable[[Rejected], None]) -> None:
        self._writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", s) for name, s in SCHEMAS.items()}
        self._rows: dict[str, list[dict[str, object]]] = {name: [] for name in SCHEMAS}
        self._date = date + "~"
        self._reject = reject
        self.counts = dict.fromkeys(SCHEMAS, 0)

    def add(self, record: Record) -> None:
        """Take one record."""
        if isinstance(record, Artifact):
            if record.created_at and record.created_at[:10] > self._date:
                reason = f"it was created at {record.created_at}, after the date of the source; the time was left out"
                self._reject(Rejected(record.id, 0, reason, ""))
                record = replace(record, created_at=None)
            self._rows["artifacts"].append(record.row())
            self._rows["references"].extend(record.reference_rows())
            self._rows["statements"].extend(record.statement_rows())
        elif isinstance(record, Link):
            self._rows["references"].append(record.row())
        else:
            self._rows["renames"].append(asdict(record))
        if len(self._rows["artifacts"]) + len(self._rows["renames"]) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        for name, rows in self._rows.items():
            if rows:
                self._writers[name].write_table(pa.Table.from_pylist(rows, schema=SCHEMAS[name]))
            self.counts[name] += len(rows)
            rows.clear()

    def close(self) -> None:
        """Write what is left and close the files."""
        self._flush()
        for writer in self._writers.values():
            writer.close()


class Quarantine:
    """What could not be read, written as it comes, so that a hopeless source does not fill the memory."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "quarantine.jsonl"
        self.count = 0
        self.first: Rejected | None = None

    def __call__(self, rejected: Rejected) -> None:
        """Take one record that could not be read."""
        self.first = self.first or rejected
        self.count += 1
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(rejected), ensure_ascii=True) + "\n")


def load(
    workspace: Workspace,
    location: str,
    progress: Callable[[str], None] = lambda _: None,
    date: str | None = None,
    whole: Sequence[str] = (),
) -> Loaded:
    """Load one source and return what was done; `date` is the day of which the source tells.

    `whole` are the kinds of artifact of which it lists all that there were on that day, so that what it lacks is gone.

    Without a date the one in the file's name counts, else the day on which the file was written.
    Raises `UnreadableInput` where the source does not exist or nothing in it could be read, `NetworkError`
    where the live Hub does not answer.
    """
    if location.startswith("hub:"):
        from clausegraph.workspace.live import load_live

        return load_live(workspace, location, partial(_keep, workspace), progress, date)
    path = Path(location)
    if not path.exists():
        raise UnreadableInput(f"{location}: there is no such file or folder. Check the path.")
    path = path.resolve()
    mark = fingerprint(path)
    for source in workspace.sources():
        if (source.location, source.fingerprint, list(source.whole)) == (str(path), mark, list(whole)):
            return Loaded(source, fresh=False, quarantine=_quarantine(workspace, source))
    progress(f"reading {path.name}")
    source = replace(Source.of(str(path), mark, workspace.opened, date or date_of(path)), whole=tuple(whole))
    return _keep(workspace, source, partial(read_path, path))


def _keep(
    workspace: Workspace, source: Source, read: Callable[[Path, "Quarantine", str], tuple[int, int, int]]
) -> Loaded:
    """Write what `read` yields as the tables of a source; nothing is kept if nothing could be read."""
    with workspace.transaction() as folder:
        quarantine = Quarantine(folder)
        artifacts, references, renames = read(folder, quarantine, source.date)
        source = replace(source, artifacts=artifacts, references=references, rejected=quarantine.count, renames=renames)
        if not artifacts and not renames:
            first = quarantine.first
            reason = f" First reason, line {first.line}: {first.reason}." if first else ""
            raise UnreadableInput(f"{source.location}: nothing in it could be read.{reason} {_KNOWN}")
        workspace.commit(folder, source)
    return Loaded(source, fresh=True, quarantine=_quarantine(workspace, source))


def _quarantine(workspace: Workspace, source: Source) -> Path | None:
    return workspace.source_folder(source.name) / "quarantine.jsonl" if source.rejected else None


def write_records(records: Iterator[Record], folder: Path, quarantine: Quarantine, date: str) -> tuple[int, int, int]:
    """Write records into the tables of a folder and return how many artifacts, references and renames."""
    writer = TableWriter(folder, date, quarantine)
    try:
        for record in records:
            writer.add(record)
    finally:
        writer.close()
    return writer.counts["artifacts"], writer.counts["references"], writer.counts["renames"]


def read_path(path: Path, folder: Path, quarantine: Quarantine, date: str) -> tuple[int, int, int]:
    """Read a file or folder into the tables of a folder; raises `UnreadableInput` naming file, place and fix."""
    loader_context = context(quarantine)
    if registry.holds_nothing(path, context(lambda _: None)):
        raise UnreadableInput(f"{path}: the folder holds no README.md and no other file that a loader knows. {_KNOWN}")
    if path.is_file() and not path.stat().st_size:
        raise UnreadableInput(f"{path}: the file is empty. {_KNOWN}")
    document = _document(path)
    if document is not None:
        return _read_document(document, path, loader_context, folder, quarantine, date)
    loader = registry.stream_loader(path)
    if loader is None:
        raise UnreadableInput(f"{path}: its records do not look like those of any known source. {_KNOWN}")
    written = registry.read_tables(loader, path, folder, date)
    if written is not None:
        return (*written, 0)
    return write_records(loader.read(path, loader_context), folder, quarantine, date)


def _document(path: Path) -> Document | None:
    """Return a file as a document if it is one, and `None` for folders, archives and lists of records."""
    if registry.is_container(path):
        return None
    name = path.name.casefold().removesuffix(".gz").removesuffix(".zst")
    suffix = Path(name).suffix
    if suffix not in registry.DOCUMENT_SUFFIXES:
        return None
    if suffix == ".json" and len(first_records(path, 2)) == 2 and read_document(path).json is None:
        return None  # JSON lines
    return read_document(path)


def _read_document(
    document: Document, path: Path, loader_context: Context, folder: Path, quarantine: Quarantine, date: str
) -> tuple[int, int, int]:
    records = registry.read_with_neighbours(document, path, loader_context)
    if records is not None:
        return write_records(records, folder, quarantine, date)
    loader = registry.document_loader(document)
    if loader is None:
        lists = registry.list_loader(path)
        if lists is None:
            raise UnreadableInput(f"{path}: {registry.why_not(document)}. {_KNOWN}")
        return write_records(lists.read(path, loader_context), folder, quarantine, date)
    try:
        return write_records(loader.read(document, loader_context), folder, quarantine, date)
    except ValueError as error:
        raise UnreadableInput(f"{path}: {reason_of(error)}.") from error
