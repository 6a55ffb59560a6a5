"""Parquet tables with the columns of hub-stats: one row per model, dataset or Space.

`tags`, `cardData` (JSON) and `baseModels` are read as the Hub's API gives them; further columns are left
alone. Row groups are streamed.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from clausegraph.loaders.document import Context, read_each
from clausegraph.loaders.hub_record import kind_of, read_item
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Record

from clausegraph.ground.errors import UnreadableInput

_COLUMNS = (
    "id",
    "tags",
    "cardData",
    "baseModels",
    "createdAt",
    "downloads",
    "private",
    "gated",
    "disabled",
    "sdk",
    "models",
    "datasets",
)
_BATCH = 5_000


def accepts(path: Path) -> bool:
    """Say whether the file is Parquet."""
    with path.open("rb") as handle:
        return handle.read(4) == b"PAR1"


def read(path: Path, context: Context) -> Iterator[Record]:
    """Yield the artifacts of a table; raises `UnreadableInput` where it is damaged or lacks its columns."""
    try:
        table = pq.ParquetFile(path)
        names = table.schema_arrow.names
    except (pa.ArrowException, OSError) as error:
        raise UnreadableInput(f"{path}: the Parquet file is damaged ({error}). Fetch it again.") from error
    if "id" not in names or "tags" not in names:
        raise UnreadableInput(f"{path}: the table lacks the columns `id` and `tags` of hub-stats; it has {names[:8]}.")
    lower = path.name.casefold()
    kind = SERVICE if "sdk" in names else DATASET if "dataset" in lower else MODEL
    return read_each(str(path), _rows(table, [c for c in _COLUMNS if c in names]), lambda r: _row(r, kind), context)


def _rows(table: pq.ParquetFile, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    for batch in table.iter_batches(_BATCH, columns=columns):
        for row in batch.to_pylist():
            number += 1
            yield number, row


def _row(row: dict[str, Any], kind: str) -> list[Record]:
    row["tags"] = row.get("tags") if row.get("tags") is not None else []
    if isinstance(row.get("cardData"), str):
        card = json.loads(row["cardData"])
        row["cardData"] = card if isinstance(card, dict) else {}
    if hasattr(row.get("createdAt"), "isoformat"):
        row["createdAt"] = row["createdAt"].isoformat()
    return read_item(row, kind_of(row) or kind if kind is not MODEL else kind)
