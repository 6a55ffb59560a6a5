"""What the page of an artifact shows: verdict, because, path, do, how sure; its family, and the assumptions."""

from collections.abc import Iterable, Mapping
from typing import Any

from clausegraph.answers.artifact_index import Catalogue, lineage_dict
from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.library.assumptions import AT, READINGS, Assumptions
from clausegraph.library.model import AssumptionKey
from clausegraph.render.human import license_names
from clausegraph.server.pages.rendering import page_of_work

#: Assumptions that the form asks for; others can stand in the address.
ASKED = (
    "commercial",
    "research",
    "distributed",
    "monthly_active_users",
    "annual_revenue_usd",
    "region",
    "passes_terms_on",
    "authorized",
    "purposes",
)
#: Children on one page, and what is said of each.
SHOWN = 50
#: Kinds that have a list of their own.
SERVICE, DATASET = "service", "dataset"
_CHILD = ("id", "kind", "relation", "declared", "downloads")


def read_assumptions(library: Library, query: Iterable[tuple[str, str]]) -> tuple[Assumptions, dict[str, str]]:
    """Return the assumptions in an address, as `key=value` or `key@license=value`, and how they were given.

    A `reading` that there is not is the first of them.
    """
    pairs = list(query)
    given = {key: value for key, value in pairs if key.partition(AT)[0] in library.keys and value != ""}
    reading = next((value for key, value in pairs if key == "reading" and value in READINGS), READINGS[0])
    found, _ = Assumptions.of_pairs(library, [f"{key}={value}" for key, value in given.items()], reading)
    return found, given


def children(catalogue: Catalogue, n: int, start: int, kind: str | None = None) -> dict[str, Any]:
    """Return what is made of an artifact, most downloaded first, from a place on; and how many there are."""
    which, of_kind = ("AND a.kind = ?", [kind]) if kind else ("", [])
    count = catalogue.ask(
        f"SELECT count(*) FROM edges e JOIN artifacts a ON a.n = e.child WHERE e.parent = ? {which}", [n, *of_kind]
    )[0][0]
    rows = catalogue.ask(
        f"""SELECT a.kind, a.id, e.relation, a.expression, coalesce(a.downloads, 0) FROM edges e
        JOIN artifacts a ON a.n = e.child WHERE e.parent = ? {which}
        ORDER BY coalesce(a.downloads, 0) DESC, a.id LIMIT {SHOWN} OFFSET ?""",
        [n, *of_kind, start],
    )
    found = [
        {
            "id": address(kind, id_),
            "kind": kind,
            "relation": relation,
            "declared": str(catalogue.expressions[e]),
            "downloads": d,
        }
        for kind, id_, relation, e, d in rows
    ]
    return {"count": count, "start": start, "shown": SHOWN, "rows": found}


def _asked(library: Library, check: Mapping[str, Any]) -> Iterable[tuple[str, AssumptionKey]]:
    """Yield the questions of the form: those about one licensor once more for each, where there are several."""
    licensors = sorted({found["license"] for found in (*check["findings"], *check["obligations"]) if found["license"]})
    for name in ASKED:
        key = library.keys[name]
        yield name, key
        if key.per_licensor and len(licensors) > 1:
            yield from ((f"{name}{AT}{licensor}", key) for licensor in licensors)


def artifact_context(
    catalogue: Catalogue, text: str, assumptions: Assumptions, given: Mapping[str, str], start: int
) -> dict[str, Any]:
    """Return everything that the page of an artifact shows; raises `UnknownIdentifier` with the nearest ones."""
    library = catalogue.library
    entry = catalogue.entry(text)
    nodes = catalogue.nodes_of(entry)
    subject = catalogue.subject_of(entry, nodes, assumptions)
    check = subject.check().to_dict()
    lineage = lineage_dict(subject.trace, nodes)
    names = license_names(library.licenses)
    base = page_of_work(entry.address)
    return {
        "path_json": f"{base}.json",
        "path_turtle": f"{base}.ttl",
        "entry": entry,
        "subject": subject,
        "check": check,
        "lineage": lineage["nodes"][1:],
        "children": children(catalogue, entry.n, start),
        "services": children(catalogue, entry.n, 0, SERVICE),
        "datasets": [node for node in lineage["nodes"][1:] if node["kind"] == DATASET],
        "names": names,
        "given": given,
        "asked": [*_asked(library, check)],
        "reading": assumptions.reading,
    }
