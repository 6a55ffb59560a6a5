"""Compares what is stated twice: the declared license with those in tags, files, catalogues and checks.

A difference is found only between licenses that are known; a family without a version, `other` and what
cannot be read compare as unknown.
"""

from collections.abc import Iterable, Sequence

import duckdb

from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.quality import COMPARISON_CODES

SAME, UNKNOWN = "same", "unknown"


def compare(library: Library, declared: Expression, values: Iterable[str], place: str) -> str:
    """Return `same`, `unknown`, or in which place another license than the declared one is stated."""
    stated = library.names.declared(list(values))
    if any(library.licenses[i].status != "License" for i in declared.ids | stated.ids):
        return UNKNOWN
    if declared.options <= stated.options or stated.options <= declared.options:
        return SAME
    return f"{place}_differs" if f"{place}_differs" in COMPARISON_CODES else UNKNOWN


def build_comparisons(
    connection: duckdb.DuckDBPyConnection, library: Library, expressions: Sequence[Expression]
) -> None:
    """Create `comparisons`: each further license statement of an artifact with how it compares."""
    rows = connection.execute(
        """SELECT s.n, d.expression, s.place, s.source, s.name, list_sort(list(DISTINCT s.value))
        FROM statements s JOIN declared d USING (n) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    connection.execute(
        """CREATE TABLE comparisons (n BIGINT, place VARCHAR, source BIGINT, name VARCHAR, value VARCHAR,
        comparison VARCHAR)"""
    )
    found: dict[tuple[int, str, tuple[str, ...]], str] = {}
    table = []
    for n, expression, place, source, name, values in rows:
        key = (expression, place, tuple(values))
        if key not in found:
            found[key] = compare(library, expressions[expression], values, place)
        table.append((n, place, source, name, " AND ".join(values), found[key]))
    if table:
        connection.executemany("INSERT INTO comparisons VALUES (?, ?, ?, ?, ?, ?)", table)
