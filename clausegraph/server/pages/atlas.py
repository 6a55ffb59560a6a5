"""The atlas: the families of a snapshot, each work placed under the parent that is downloaded most."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import address, iri_of
from clausegraph.server.descriptions import written
from clausegraph.server.pages.facets import hold
from clausegraph.server.pages.lineage import openness_keys, openness_of

#: Works that are drawn at most: those from which others are made, then the others by their downloads.
MAX = 40_000
#: Families with fewer works are left out.
SMALLEST = 3


def atlas(catalogue: Catalogue) -> dict[str, Any]:
    """Return the works of families by columns: names, place of the parent or -1, openness, verdict, downloads."""
    hold(catalogue)
    above = dict(
        catalogue.ask(
            """SELECT e.child, arg_max(e.parent, (p.downloads, -p.n)) FROM edges e
            JOIN works p ON p.n = e.parent JOIN works c ON c.n = e.child
            WHERE p.kind = 'model' AND c.kind = 'model' GROUP BY 1"""
        )
    )
    roots = _roots(above)
    sizes = Counter(roots.values())
    members = sorted(n for n, root in roots.items() if sizes[root] >= SMALLEST)
    bearing = sorted(set(above.values()))
    rows = catalogue.ask(
        """SELECT w.n, w.kind, w.id, w.expression, coalesce(s.verdict, 'unknown'), w.downloads
        FROM works w LEFT JOIN situations s USING (situation)
        WHERE w.n IN (SELECT unnest($members::BIGINT[]))
        ORDER BY w.n IN (SELECT unnest($bearing::BIGINT[])) DESC, w.downloads DESC, w.n LIMIT $most""",
        {"members": members, "bearing": bearing, "most": MAX},
    )
    place = {row[0]: i for i, row in enumerate(rows)}
    keys = openness_keys(catalogue.library)
    openness = {e: keys.index(openness_of(catalogue.library, catalogue.expressions[e])) for e in {r[3] for r in rows}}
    verdicts = sorted({row[4] for row in rows})
    return {
        "schema_version": 1,
        "openness": keys,
        "verdicts": verdicts,
        "families": sum(size >= SMALLEST for size in sizes.values()),
        "left_out": len(roots) - len(rows),
        "works": {
            "id": [address(kind, id_) for _, kind, id_, *_ in rows],
            "parent": [place[above[n]] if n in above and n != roots[n] else -1 for n, *_ in rows],
            "openness": [openness[row[3]] for row in rows],
            "verdict": [verdicts.index(row[4]) for row in rows],
            "downloads": [row[5] for row in rows],
        },
        "data_version": catalogue.library.data_version,
    }


def atlas_turtle(found: dict[str, Any]) -> bytes:
    """Return the works of an atlas as Turtle: from which each is made, and how often it is downloaded."""
    return written(_triples(found["works"]), "text/turtle")


def _triples(works: dict[str, list[Any]]) -> Iterator[ox.Triple]:
    nodes = [ox.NamedNode(iri_of(one)) for one in works["id"]]
    derives, downloads = ox.NamedNode(ns.CG + "derivesFrom"), ox.NamedNode(ns.CG + "downloads")
    for node, parent, count in zip(nodes, works["parent"], works["downloads"], strict=True):
        yield ox.Triple(node, downloads, ox.Literal(count))
        if parent >= 0:
            yield ox.Triple(node, derives, nodes[parent])


def _roots(above: dict[int, int]) -> dict[int, int]:
    """Return the topmost work over each one; on a cycle, the one with the smallest number is the topmost."""
    roots: dict[int, int] = {}
    for start in {*above, *above.values()}:
        way, n = [], start
        on_way = set[int]()
        while n not in roots and n in above and n not in on_way:
            way.append(n)
            on_way.add(n)
            n = above[n]
        if n in roots:
            root = roots[n]
        elif n in on_way:
            cycle = way[way.index(n) :]
            root = min(cycle)
        else:
            root = n
            roots[n] = n
        roots |= dict.fromkeys(way, root)
    return roots
