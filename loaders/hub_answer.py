"""One answer of the Hub's API, saved as it came: an item, or a list of items, in one JSON document."""

from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import Context, Document, read_each
from clausegraph.loaders.hub_record import kind_of, read_item
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Record


def accepts(document: Document) -> bool:
    """Say whether a document is an item of the Hub or a list of them."""
    items = _items(document)
    return bool(items) and isinstance(items[0], dict) and "id" in items[0] and "tags" in items[0]


def _items(document: Document) -> list[Any]:
    data = document.json
    return data if isinstance(data, list) else [data]


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the artifacts of an answer."""
    name = document.name.casefold()
    usual = DATASET if "dataset" in name else SERVICE if "space" in name else MODEL
    return read_each(document.place, enumerate(_items(document), 1), lambda item: _one(item, usual), context)


def _one(item: Any, usual: str) -> list[Record]:
    if not isinstance(item, dict):
        raise ValueError("an item of the list is no object")
    return read_item(item, kind_of(item) or usual)
