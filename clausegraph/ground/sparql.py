"""Typed SELECT and CONSTRUCT over an Oxigraph store."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pyoxigraph as ox


def construct(store: ox.Store, query: str, given: Mapping[str, ox.NamedNode] | None = None) -> Iterator[ox.Triple]:
    """Yield the triples of a CONSTRUCT query, with terms put in for variables."""
    terms: dict[Any, Any] = {ox.Variable(name): term for name, term in (given or {}).items()}
    yield from cast(Iterator[ox.Triple], store.query(query, substitutions=terms))


def select(store: ox.Store, query: str, *, union: bool = False) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return columns and rows of terms of a SELECT query."""
    found: Any = store.query(query, use_default_graph_as_union=union)
    columns = tuple(v.value for v in found.variables)
    return columns, [tuple(row[c] for c in columns) for row in found]
