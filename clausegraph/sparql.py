"""Typed SELECT and CONSTRUCT over an Oxigraph store."""

from collections.abc import Iterator
from typing import Any, cast

import pyoxigraph as ox


def construct(store: ox.Store, query: str) -> Iterator[ox.Triple]:
    """Yield the triples of a CONSTRUCT query."""
    yield from cast(Iterator[ox.Triple], store.query(query))


def select(store: ox.Store, query: str, *, union: bool = False) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return columns and rows of terms of a SELECT query."""
    found: Any = store.query(query, use_default_graph_as_union=union)
    columns = tuple(v.value for v in found.variables)
    return columns, [tuple(row[c] for c in columns) for row in found]
