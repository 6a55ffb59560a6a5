"""Loads sources into a workspace: detects what a source is and keeps its records.

A record that cannot be read goes to `quarantine.jsonl` beside the tables, with reason, source and
line; the load goes on. Only a source of which nothing could be read is an error.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clausegraph.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.loaders import facts, hub_dump
from clausegraph.loaders.card import read_card
from clausegraph.loaders.records import ARTIFACT_SCHEMA, REFERENCE_SCHEMA, Artifact, Rejected
from clausegraph.workspace import Source, Workspace, fingerprint, source_name

#: Rows that are kept in memory before they are written.
BATCH = 20_000
_CARD_SUFFIXES = {".md", ".markdown"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one source did; `fresh` is false where the source had not changed."""

    source: Source
    fresh: bool
    quarantine: Path | None = None


class TableWriter:
    """Writes artifacts and references to Parquet in batches."""

    def __init__(self, folder: Path) -> None:
        self._writers = {
            "artifacts": pq.ParquetWriter(folder / "artifacts.parquet", ARTIFACT_SCHEMA),
            "references": pq.ParquetWriter(folder / "references.parquet", REFERENCE_SCHEMA),
        }
        self._rows: dict[str, list[dict[str, object]]] = {"artifacts": [], "references": []}
        self.counts = {"artifacts": 0, "references": 0}

    def add(self, artifact: Artifact) -> None:
        """Take one artifact with its references."""
        self._rows["artifacts"].append(artifact.row())
        self._rows["references"].extend(artifact.reference_rows())
        if len(self._rows["artifacts"]) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            schema = ARTIFACT_SCHEMA if table == "artifacts" else REFERENCE_SCHEMA
            self._writers[table].write_table(pa.Table.from_pylist(rows, schema=schema))
            self.counts[table] += len(rows)
            rows.clear()

    def close(self) -> None:
        """Write what is left and close the files."""
        self._flush()
        for writer in self._writers.values():
            writer.close()


def load(workspace: Workspace, location: str, progress: Callable[[str], None] = lambda _: None) -> Loaded:
    """Load one source (a dump, a card or a folder with a card) and return what was done.

    Raises `UnreadableInput` where the source does not exist or nothing in it could be read.
    """
    path = Path(location)
    if not path.exists():
        raise UnreadableInput(f"{location}: there is no such file or folder. Check the path.")
    path = path.resolve()
    card = path.is_dir() or path.suffix.casefold() in _CARD_SUFFIXES
    subject = _card_file(path) if path.is_dir() else path
    name, mark = source_name(str(path)), fingerprint(subject)
    for source in workspace.sources():
        if source.name == name and source.fingerprint == mark:
            return Loaded(source, fresh=False, quarantine=_quarantine(workspace, source))
    progress(f"reading {path.name}")
    with workspace.transaction() as folder:
        rejected: list[Rejected] = []
        if card:
            counts = write_records(folder, [read_card(path)])
        else:
            counts = read_dump(path, folder, rejected)
        source = Source(name, str(path), mark, counts[0], counts[1], len(rejected))
        if rejected:
            lines = (json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in rejected)
            (folder / "quarantine.jsonl").write_text("".join(lines), encoding="utf-8")
        if not counts[0]:
            reason = f" First reason, line {rejected[0].line}: {rejected[0].reason}." if rejected else ""
            raise UnreadableInput(
                f"{path}: nothing in it could be read.{reason} "
                "A source is a Hub dump (one JSON object per line, plain or gzip), a card, or a folder with a card."
            )
        workspace.commit(folder, source)
    return Loaded(source, fresh=True, quarantine=_quarantine(workspace, source))


def _card_file(path: Path) -> Path:
    from clausegraph.loaders.card import find_card

    return find_card(path)


def _quarantine(workspace: Workspace, source: Source) -> Path | None:
    return workspace.source_folder(source.name) / "quarantine.jsonl" if source.rejected else None


def write_records(folder: Path, artifacts: Iterable[Artifact]) -> tuple[int, int]:
    """Write artifacts into the tables of a folder and return the row counts."""
    writer = TableWriter(folder)
    try:
        for artifact in artifacts:
            writer.add(artifact)
    finally:
        writer.close()
    return writer.counts["artifacts"], writer.counts["references"]


def _first_record_is_facts(path: Path) -> bool:
    for _, line in hub_dump.numbered_lines(path, lambda _: None):
        try:
            return facts.is_facts(json.loads(line))
        except ValueError:
            continue
    return False


def read_dump(path: Path, folder: Path, rejected: list[Rejected]) -> tuple[int, int]:
    """Read a Hub dump into the tables of a folder: in one pass if that works, else line by line."""
    if _first_record_is_facts(path):
        library = Library.load()
        kinds, relations = library.kinds_by_spelling, library.relations
        return write_records(folder, facts.read_lines(path, kinds, relations, rejected.append))
    kind, cards = hub_dump.sniff(path)
    if kind is None:
        reason = "it is empty" if not path.stat().st_size else "its records do not look like those of the Hub"
        raise UnreadableInput(
            f"{path}: {reason}. A dump has one JSON object per line with `id` and `tags`; "
            "its name or its fields tell models from datasets."
        )
    if not cards:
        try:
            with duckdb.connect() as connection:
                return hub_dump.read_bulk(connection, path, kind, folder)
        except duckdb.Error:
            for left in folder.glob("*.parquet"):
                left.unlink()
    return write_records(folder, hub_dump.read_lines(path, kind, rejected.append))
