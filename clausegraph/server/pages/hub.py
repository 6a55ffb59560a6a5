"""What a whole workspace shows: facets with their counts, conflicts, adherence; and the questions as pages."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import product
from math import log1p
from typing import Any

from starlette.requests import Request

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import ClausegraphError
from clausegraph.library import Library
from clausegraph.library.names import UNDECLARED
from clausegraph.library.queries import bind, find, own_limit, queries
from clausegraph.server.pages.facets import FACETS, Facets
from clausegraph.store.endpoint import Rows

#: Rows of a table of counts.
SHOWN = 25
#: Licenses on each side of the conflict table, and those of which each year is told.
SIDE = 12
YEARLY = 6
#: The charts of the page.
CHARTS = ("adoption", "adherence")
#: The questions behind its tables of conflicts, each with its parameter for a kind of artifact.
CLAUSES, PAIRS = ("conflicts-by-clause", "artifact"), ("conflicting-pairs", "kind")


#: Answers a query with columns and rows.
Asked = Callable[[str], Awaitable[Rows]]


async def conflicts_context(asked: Asked, library: Library, kind: str | None) -> dict[str, Any]:
    """Return the clauses that are breached most, and which licenses clash with which, as rows and as a table."""

    async def rows(question: tuple[str, str]) -> list[tuple[Any, ...]]:
        name, parameter = question
        return (await asked(bind(find(name), {parameter: kind} if kind else {}, library)))[1]

    clauses, pairs = await asyncio.gather(rows(CLAUSES), rows(PAIRS))
    ids = {found.iri: id_ for id_, found in library.licenses.items()}
    pairs = [(ids.get(up, up), ids.get(down, down), works) for up, down, works in pairs]
    return {"clauses": clauses[:SHOWN], "map": heat_map(pairs), "pairs": pairs}


def counts_context(catalogue: Catalogue, kind: str | None) -> dict[str, Any]:
    """Return how many works there are, of one kind or of all, and the counts of every facet."""
    found = Facets(catalogue, {"kind": kind} if kind else {})
    facets = {name: found.count(name) for name in FACETS}
    works = found.size()
    licensed = works - dict(facets["license"]).get(UNDECLARED, 0)
    facets["license"] = [(name, count) for name, count in facets["license"] if name != UNDECLARED]
    return {
        "kind": kind or "",
        "kinds": sorted(catalogue.library.artifact_kinds),
        "works": works,
        "licensed": licensed,
        "facets": facets,
        "years": years(declarations(catalogue, kind)),
        "shown": SHOWN,
    }


def declarations(catalogue: Catalogue, kind: str | None) -> list[dict[str, Any]]:
    """Return how many works declare each license, by the month in which they were created."""
    found = Counter[tuple[str, str]]()
    for month, expression, works in Facets(catalogue, {"kind": kind} if kind else {}).months():
        for id_ in catalogue.expressions[expression].ids - {UNDECLARED}:
            found[month, id_] += works
    return [{"month": month, "license": id_, "works": works} for (month, id_), works in sorted(found.items())]


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
    every = sorted({month for month, _ in found}), sorted({name for _, name in found})
    return [{"month": month, "license": name, "works": found[month, name]} for month, name in product(*every)]


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


async def question_context(request: Request, asked: Asked, library: Library, name: str) -> dict[str, Any]:
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
        columns, rows = await asked(text)
        return context | {"text": text, "columns": columns, "rows": rows, "asked": True}
    except ClausegraphError as error:
        return context | {"text": query.text, "error": str(error)}


def questions_context() -> dict[str, Any]:
    """Return all questions."""
    found = list(queries().values())
    return {"questions": found, "tags": sorted({tag for query in found for tag in query.tags})}
