"""Adoption of licenses and adherence to them, as the queries of the library count them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from clausegraph.ground import namespaces as ns
from clausegraph.ground.record_types import AdherenceAnswer, AdoptionAnswer
from clausegraph.library import Library
from clausegraph.library.queries import bind, find
from clausegraph.store.endpoint import Graph, Rows

#: What adoption and adherence can be counted by: the query behind each.
ADOPTION = {
    "license": "adoption",
    "family": "adoption-by-family",
    "month": "adoption-by-month",
    "kind": "adoption-by-kind",
}
ADHERENCE = {"license": "adherence", "relation": "adherence-by-relation", "month": "adherence-by-month"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Adoption:
    """Which licenses the works of a graph declare.

    `total` counts all works and `licensed` those that declare any license; a work with several licenses counts once
    for each of them, once for each family, and once in `licensed`. `by_month` and `by_kind` are there when asked for.
    """

    total: int
    licensed: int
    by_license: tuple[Row, ...]
    by_family: tuple[Row, ...]
    by_month: tuple[Row, ...] | None
    by_kind: tuple[Row, ...] | None
    data_version: str

    def to_dict(self) -> AdoptionAnswer:
        """Return the JSON of the contract; shares are between 0 and 1."""
        found = {
            "schema_version": 1,
            "total": self.total,
            "licensed": self.licensed,
            "by_license": list(self.by_license),
            "by_family": list(self.by_family),
        }
        more = {"by_month": self.by_month, "by_kind": self.by_kind}
        found |= {name: list(rows) for name, rows in more.items() if rows is not None}
        return cast(AdoptionAnswer, found | {"data_version": self.data_version})


def adoption_queries(kind: str | None, before: str | None, by: str, library: Library) -> dict[str, str]:
    """Return the texts of the queries behind an adoption, by their names."""
    names = ["licensed", ADOPTION["license"], ADOPTION["family"], *([ADOPTION[by]] if by in ("month", "kind") else [])]
    return {name: _bound(name, {"kind": kind, "before": before}, library) for name in names}


def adoption_of(library: Library, answers: Mapping[str, Rows]) -> Adoption:
    """Return the adoption that the answers to its queries add up to."""
    found = {name: [dict(zip(columns, row, strict=True)) for row in rows] for name, (columns, rows) in answers.items()}
    (counts,) = found["licensed"]
    ids = _ids(library)
    total, licensed = int(counts["all"] or 0), int(counts["licensed"] or 0)

    def shares(count: int) -> Row:
        return {
            "count": count,
            "share_all": round(count / total, 6) if total else 0.0,
            "share_licensed": round(count / licensed, 6) if licensed else 0.0,
        }

    months, kinds = found.get(ADOPTION["month"]), found.get(ADOPTION["kind"])
    return Adoption(
        total,
        licensed,
        tuple(
            {"license": ids[row["license"]], "hf_id": row["hubId"]} | shares(row["works"])
            for row in found[ADOPTION["license"]]
        ),
        tuple({"family": ns.local(row["family"])} | shares(row["works"]) for row in found[ADOPTION["family"]]),
        None if months is None else tuple(row | {"license": ids[row["license"]]} for row in months),
        None if kinds is None else tuple(row | {"kind": ns.local(row["kind"])} for row in kinds),
        library.data_version,
    )


def adoption(
    graph: Graph, library: Library, *, kind: str | None = None, before: str | None = None, by: str = "license"
) -> Adoption:
    """Count the licenses that works declare: of one `kind`, created `before` a date, if these are given."""
    texts = adoption_queries(kind, before, by, library)
    return adoption_of(library, {name: graph.select(text) for name, text in texts.items()})


def adherence_query(license_: str | None, kind: str | None, by: str, library: Library) -> str:
    """Return the text of the query behind an adherence."""
    return _bound(ADHERENCE[by], {"license": license_, "kind": kind}, library)


def adherence_of(library: Library, by: str, answer: Rows) -> list[Row]:
    """Return the rows of an adherence that the answer to its query gives."""
    columns, rows = answer
    ids = _ids(library)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [row | {by: ids.get(row[by]) or ns.local(row[by])} for row in found]


def adherence(
    graph: Graph, library: Library, *, license_: str | None = None, kind: str | None = None, by: str = "license"
) -> list[Row]:
    """Count the works, of one `kind` if it is given, made from works under licenses with flow-down, by what became
    of it."""
    return adherence_of(library, by, graph.select(adherence_query(license_, kind, by, library)))


def _bound(name: str, given: Mapping[str, str | None], library: Library) -> str:
    query = find(name)
    return bind(query, {key: text for key, text in given.items() if text is not None and key in query.params}, library)


def adherence_dict(library: Library, by: str, rows: list[Row]) -> AdherenceAnswer:
    """Return the JSON of adherence, with the sums over all rows."""
    return cast(
        AdherenceAnswer,
        {
            "schema_version": 1,
            "by": by,
            "reuses": sum(row["all"] for row in rows),
            "carried": sum(row["carried"] for row in rows),
            "rows": rows,
            "data_version": library.data_version,
        },
    )


def _ids(library: Library) -> dict[str, str]:
    """Return the ids of licenses by their IRIs; some ids hold characters that an IRI cannot."""
    return {found.iri: id_ for id_, found in library.licenses.items()}
