"""What a whole workspace shows: adoption, adherence, conflicts; and the questions as pages."""

import asyncio
from typing import Any

from starlette.requests import Request

from clausegraph.adoption import adherence, adoption
from clausegraph.asking import bind, find, own_limit, queries
from clausegraph.errors import ClausegraphError
from clausegraph.graph import Graph
from clausegraph.library import Library

#: Rows of a table of counts.
SHOWN = 25
#: Licenses on each side of the conflict table.
SIDE = 12


def hub_context(graph: Graph, library: Library, kind: str | None) -> dict[str, Any]:
    """Return the counts of a snapshot: licenses, families, verdicts, findings, and which pairs conflict."""
    counted = adoption(graph, library, kind=kind, by="kind")
    columns, verdicts = graph.select(bind(find("verdicts"), {}, library))
    named, conflicts = graph.select(bind(find("conflicts"), {}, library))
    pair_columns, pairs = graph.select(bind(find("conflicting-pairs"), {}, library))
    return {
        "kind": kind or "",
        "kinds": sorted({k.name for k in library.kinds_by_spelling.values()}),
        "adoption": counted.to_dict(),
        "shown": SHOWN,
        "verdicts": [dict(zip(columns, row, strict=True)) for row in verdicts],
        "conflicts": [dict(zip(named, row, strict=True)) for row in conflicts[:SHOWN]],
        "columns": pair_columns,
        "pairs": pairs[:SHOWN],
        "adherence": adherence(graph, library, by="license")[:SHOWN],
    }


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
