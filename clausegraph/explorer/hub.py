"""What a whole workspace shows: adoption, adherence, conflicts; and the questions as pages."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from math import log1p
from typing import Any

from starlette.requests import Request

from clausegraph.adoption import adherence, adoption
from clausegraph.asking import bind, find, own_limit, queries
from clausegraph.errors import ClausegraphError
from clausegraph.graph import Graph
from clausegraph.library import Library

#: Rows of a table of counts.
SHOWN = 25
#: Licenses on each side of the conflict table, and those of which each year is told.
SIDE = 12
YEARLY = 6


def hub_context(graph: Graph, library: Library, kind: str | None) -> dict[str, Any]:
    """Return the counts of a snapshot: kinds, licenses, families, years, verdicts, clauses, conflicting pairs."""
    counted = adoption(graph, library, kind=kind, by="month")
    ids = {found.iri: id_ for id_, found in library.licenses.items()}
    pairs = [(ids.get(up, up), ids.get(down, down), works) for up, down, works in _rows(graph, library, PAIRS)]
    return {
        "kind": kind or "",
        "kinds": sorted({k.name for k in library.kinds_by_spelling.values()}),
        "adoption": counted.to_dict(),
        "years": years(counted.by_month or ()),
        "months": months(counted.by_month or ()),
        "adherence_by_month": adherence(graph, library, by="month"),
        "shown": SHOWN,
        "verdicts": _rows(graph, library, VERDICTS),
        "clauses": _rows(graph, library, CLAUSES)[:SHOWN],
        "map": heat_map(pairs),
        "pairs": pairs,
        "adherence": adherence(graph, library, by="license")[:SHOWN],
        "relations": adherence(graph, library, by="relation"),
    }


#: The questions behind the page.
VERDICTS, CLAUSES, PAIRS = "verdicts", "conflicts-by-clause", "conflicting-pairs"


def _rows(graph: Graph, library: Library, name: str) -> list[tuple[Any, ...]]:
    return graph.select(bind(find(name), {}, library))[1]


def years(months: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each year, how many works declare the licenses that are declared most, and others."""
    totals: Counter[str] = Counter()
    by_year: dict[str, Counter[str]] = {}
    for row in months:
        by_year.setdefault(str(row["month"])[:4], Counter())[row["license"]] += row["works"]
        totals[row["license"]] += row["works"]
    first = [license_id for license_id, _ in totals.most_common(YEARLY)]
    return [
        {"year": year, "works": found.total(), "first": [(license_id, found[license_id]) for license_id in first]}
        for year, found in sorted(by_year.items())
    ]


def months(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each month, the works under the licenses that are declared most, and under all others together."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["license"]] += row["works"]
    first = {license_id for license_id, _ in totals.most_common(YEARLY)}
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[str(row["month"]), row["license"] if row["license"] in first else "others"] += row["works"]
    return [{"month": month, "license": name, "works": works} for (month, name), works in sorted(found.items())]


def heat_map(pairs: Sequence[tuple[str, str, int]]) -> dict[str, Any]:
    """Return a table of upstream by declared licenses, those with most conflicts first; `heat` is 0 to 4 by size."""
    up, down = Counter[str](), Counter[str]()
    for one, other, works in pairs:
        up[one] += works
        down[other] += works
    columns = [license_id for license_id, _ in down.most_common(SIDE)]
    known = {(one, other): works for one, other, works in pairs}
    most = max((works for *_, works in pairs), default=1)
    rows = []
    for one, _ in up.most_common(SIDE):
        cells = [known.get((one, other), 0) for other in columns]
        heats = [0 if not n else 1 + min(3, int(4 * log1p(n) / log1p(most + 1))) for n in cells]
        rows.append({"license": one, "cells": list(zip(cells, heats, strict=True))})
    return {"columns": columns, "rows": rows}


async def question_context(request: Request, graph: Graph, library: Library, name: str) -> dict[str, Any]:
    """Return a question with its parameters, its text, and its rows where all that it needs was given."""
    query = find(name)
    given = {key: value for key, value in request.query_params.items() if key in query.params and value}
    needed = [key for key, facts in query.params.items() if facts["required"]]
    context: dict[str, Any] = {
        "query_": query,
        "given": given,
        "columns": (),
        "rows": [],
        "error": None,
        "asked": False,
    }
    context["limit"] = own_limit(query)
    if any(key not in given for key in needed) or (request.query_params.get("ask") is None and needed):
        return context | {"text": query.text}
    try:
        text = bind(query, given, library)
        columns, rows = await asyncio.to_thread(graph.select, text)
        return context | {"text": text, "columns": columns, "rows": rows, "asked": True}
    except ClausegraphError as error:
        return context | {"text": query.text, "error": str(error)}


def questions_context() -> dict[str, Any]:
    """Return all questions."""
    found = list(queries().values())
    return {"questions": found, "tags": sorted({tag for query in found for tag in query.tags})}
