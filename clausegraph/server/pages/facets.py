"""The works of a workspace held in memory: what facets count, drawings look up and searches read.

They are held once per opened workspace, beside its tables, since a page must answer in tens of milliseconds.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.store.nquads import ensure_audit
from clausegraph.workspace.duck import parquet

#: What works can be narrowed down by, in the order of the page.
FACETS = ("kind", "license", "family", "verdict", "finding", "relation", "year")
#: Works on one page, and values of a facet that are shown at once.
SHOWN, VALUES = 50, 12


def hold(catalogue: Catalogue) -> None:
    """Hold the works in memory, with the situation that each is in, if they are not held yet."""
    if catalogue.ask("SELECT 1 FROM duckdb_tables() WHERE table_name = 'works'"):
        return
    folder = ensure_audit(catalogue.workspace, catalogue.library)
    catalogue.ask(
        f"""CREATE TEMP TABLE situations AS FROM {parquet(folder / "situations.parquet")};
        CREATE TEMP TABLE codes AS
        SELECT DISTINCT situation, code FROM {parquet(folder / "findings.parquet")};
        CREATE TEMP TABLE works AS
        SELECT a.n, a.kind, a.id, lower(a.id) AS low, a.expression, i.situation,
          strftime(try_cast(a.created_at AS TIMESTAMP), '%Y-%m') AS month, left(month, 4) AS year,
          coalesce(a.downloads, 0) AS downloads
        FROM artifacts a LEFT JOIN {parquet(folder / "in_situation.parquet")} i USING (n) ORDER BY low"""
    )


class Facets:
    """The works that have all chosen values; each facet is counted over those that the other choices leave."""

    def __init__(self, catalogue: Catalogue, chosen: Mapping[str, str]) -> None:
        hold(catalogue)
        self.catalogue = catalogue
        self.chosen = {name: chosen[name] for name in FACETS if chosen.get(name)}
        self._licenses = [_licenses(e) for e in catalogue.expressions]
        self._families = [_families(catalogue.library, e) for e in catalogue.expressions]
        self._verdicts = dict(catalogue.ask("SELECT situation, verdict FROM situations"))
        self._codes: dict[int, list[str]] = {}
        for situation, code in catalogue.ask("SELECT situation, code FROM codes ORDER BY code"):
            self._codes.setdefault(situation, []).append(code)

    def count(self, name: str) -> list[tuple[str, int]]:
        """Return the values of a facet with their works, the most first; years in their order."""
        where, values = self._where(name)
        found = Counter[str]()
        if name == "relation":
            rows = self.catalogue.ask(
                f"""SELECT e.relation, count(DISTINCT e.child) FROM edges e JOIN works w ON w.n = e.child
                WHERE {where} GROUP BY 1""",
                values,
            )
            found.update(dict(rows))
        else:
            column, meaning = self._column(name)
            for key, works in self.catalogue.ask(
                f"SELECT {column}, count(*) FROM works w WHERE {where} GROUP BY 1", values
            ):
                for value in meaning(key):
                    found[value] += works
        if name == "year":
            return sorted(found.items())
        return sorted(found.items(), key=lambda row: (-row[1], row[0]))

    def size(self) -> int:
        """Return how many works have all chosen values."""
        where, values = self._where(None)
        found: int = self.catalogue.ask(f"SELECT count(*) FROM works w WHERE {where}", values)[0][0]
        return found

    def months(self) -> list[tuple[str, int, int]]:
        """Return month of creation, number of the declared expression, and works, of those that have all values."""
        where, values = self._where(None)
        return self.catalogue.ask(
            f"SELECT month, expression, count(*) FROM works w WHERE month IS NOT NULL AND {where} GROUP BY 1, 2", values
        )

    def rows(self, start: int) -> dict[str, Any]:
        """Return how many works have all chosen values, and some of them from a place on, most downloaded first."""
        where, values = self._where(None)
        rows = self.catalogue.ask(
            f"""SELECT w.kind, w.id, w.expression, w.situation, w.year, w.downloads FROM works w WHERE {where}
            ORDER BY w.downloads DESC, w.kind, w.id LIMIT {SHOWN} OFFSET ?""",
            [*values, start],
        )
        found = [
            {
                "id": address(kind, id_),
                "kind": kind,
                "declared": str(self.catalogue.expressions[e]),
                "verdict": self._verdicts.get(s),
                "findings": self._codes.get(s, []),
                "year": year,
                "downloads": downloads,
            }
            for kind, id_, e, s, year, downloads in rows
        ]
        return {"count": self.size(), "start": start, "shown": SHOWN, "rows": found}

    def _column(self, name: str) -> tuple[str, Any]:
        """Return the column that is counted for a facet, and what its values mean."""
        if name == "license":
            return "w.expression", lambda e: self._licenses[e]
        if name == "family":
            return "w.expression", lambda e: self._families[e]
        if name == "verdict":
            return "w.situation", lambda s: [self._verdicts[s]] if s in self._verdicts else []
        if name == "finding":
            return "w.situation", lambda s: self._codes.get(s, [])
        return f"w.{name}", lambda value: [] if value is None else [value]

    def _where(self, but: str | None) -> tuple[str, list[Any]]:
        """Return the condition of all chosen values but those of one facet."""
        parts, values = ["true"], list[Any]()
        for name, value in self.chosen.items():
            if name == but:
                continue
            if name == "relation":
                parts.append("w.n IN (SELECT child FROM edges WHERE relation = ?)")
                values.append(value)
            elif name in ("kind", "year"):
                parts.append(f"w.{name} = ?")
                values.append(value)
            else:
                column, meaning = self._column(name)
                known: Collection[int] = (
                    range(len(self._licenses)) if name in ("license", "family") else self._verdicts.keys()
                )
                parts.append(f"{column} IN (SELECT unnest(?::BIGINT[]))")
                values.append([key for key in known if value in meaning(key)])
        return " AND ".join(parts), values


def _licenses(expression: Expression) -> list[str]:
    return sorted(expression.ids)


def _families(library: Library, expression: Expression) -> list[str]:
    found = (library.licenses[id_] for id_ in expression.ids)
    return sorted({name for one in found for name in (*one.families, *one.shared)})


def facets_context(catalogue: Catalogue, chosen: Mapping[str, str], start: int) -> dict[str, Any]:
    """Return the facets with their counts, and the works that have all chosen values."""
    found = Facets(catalogue, chosen)
    facets = [{"name": name, "values": found.count(name), "chosen": found.chosen.get(name)} for name in FACETS]
    return {"chosen": found.chosen, "facets": facets, "works": found.rows(start), "values": VALUES}
