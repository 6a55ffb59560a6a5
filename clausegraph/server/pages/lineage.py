"""What the drawing of a lineage shows: works with their license and verdict, and how each edge is known."""

from collections.abc import Iterable
from typing import Any

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.loaders.records import BASES
from clausegraph.server.pages.facets import hold
from clausegraph.server.pages.rendering import page_of_work

#: Ways from a work: all ancestors with the most downloaded children, its parents, or more children.
WAYS = ("all", "up", "down")
#: Ancestors that are drawn at once, and children that are added at a time.
ANCESTORS, CHILDREN = 300, 15


def drawing(catalogue: Catalogue, text: str, way: str, start: int) -> dict[str, Any]:
    """Return the works around one and the edges between them; raises `UnknownIdentifier` or `UsageError`."""
    if way not in WAYS:
        raise UsageError(f"{way[:100]!r} is no way from a work. Take one of {', '.join(WAYS)}.")
    hold(catalogue)
    entry = catalogue.entry(text)
    known = {entry.n}
    if way in ("all", "up"):
        known |= _ancestors(catalogue, entry.n, ANCESTORS if way == "all" else 1)
    if way in ("all", "down"):
        rows = catalogue.ask(
            f"""SELECT e.child FROM edges e JOIN works w ON w.n = e.child WHERE e.parent = ?
            ORDER BY w.downloads DESC, w.id LIMIT {CHILDREN} OFFSET ?""",
            [entry.n, start],
        )
        known |= {child for (child,) in rows}
    nodes = _nodes(catalogue, known)
    return {
        "schema_version": 1,
        "root": entry.address,
        "nodes": nodes,
        "edges": _edges(catalogue, known, {node["n"]: node["id"] for node in nodes}),
        "openness": openness_keys(catalogue.library),
        "next": start + CHILDREN,
        "data_version": catalogue.library.data_version,
    }


def _ancestors(catalogue: Catalogue, start: int, most: int) -> set[int]:
    """Return a work with its ancestors, level by level until there are `most`; with 1 the parents, however many."""
    known, level, first = {start}, [start], True
    while level and (first or len(known) < most):
        first = False
        rows = catalogue.ask(
            "SELECT DISTINCT parent FROM edges WHERE child IN (SELECT unnest(?::BIGINT[])) ORDER BY 1", [level]
        )
        level = [parent for (parent,) in rows if parent not in known]
        known.update(level)
    return known


def _nodes(catalogue: Catalogue, known: Iterable[int]) -> list[dict[str, Any]]:
    numbers = sorted(known)
    rows = catalogue.ask(
        """SELECT w.n, w.kind, w.id, w.expression, s.verdict, w.downloads,
          (SELECT count(*) FROM edges e WHERE e.child = w.n), (SELECT count(*) FROM edges e WHERE e.parent = w.n)
        FROM works w LEFT JOIN situations s USING (situation)
        WHERE w.n IN (SELECT unnest(?::BIGINT[])) ORDER BY w.n""",
        [numbers],
    )
    return [
        {
            "n": n,
            "id": address(kind, id_),
            "href": page_of_work(address(kind, id_)),
            "kind": kind,
            "license": str(catalogue.expressions[e]),
            "openness": openness_of(catalogue.library, catalogue.expressions[e]),
            "verdict": verdict,
            "downloads": downloads,
            "parents": parents,
            "children": children,
        }
        for n, kind, id_, e, verdict, downloads, parents, children in rows
    ]


def _edges(catalogue: Catalogue, known: Iterable[int], names: dict[int, str]) -> list[dict[str, Any]]:
    """Return the edges between works, with the best basis on which each is stated and how it was repaired."""
    rows = catalogue.ask(
        f"""SELECT e.child, e.parent, e.relation, e.same_party,
          arg_min(r.basis, list_position({list(BASES)}, r.basis)),
          CASE WHEN bool_or(r.repair = 'exact') THEN 'exact' ELSE min(r.repair) END
        FROM edges e LEFT JOIN refs r ON r.child = e.child AND r.parent = e.parent AND r.relation = e.relation
        WHERE e.child IN (SELECT unnest($1::BIGINT[])) AND e.parent IN (SELECT unnest($1::BIGINT[]))
        GROUP BY ALL ORDER BY ALL""",
        [sorted(known)],
    )
    return [
        {
            "child": names[child],
            "parent": names[parent],
            "relation": relation,
            "same_party": same_party,
            "basis": basis,
            "repair": repair,
        }
        for child, parent, relation, same_party, basis, repair in rows
    ]


def openness_keys(library: Library) -> list[str]:
    """Return the classes by which licenses are drawn, in their order."""
    return [*(one.key for one in library.openness), "unknown"]


def openness_of(library: Library, expression: Expression) -> str:
    """Return the class by which a license is drawn: the first that holds of all licenses of an expression."""
    families = [set(library.licenses[id_].families) for id_ in expression.ids]
    return next((one.key for one in library.openness if all(one.name in found for found in families)), "unknown")
