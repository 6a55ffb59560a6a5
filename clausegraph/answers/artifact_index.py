"""Looks up artifacts of a workspace: one with its ancestors, without reading the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from clausegraph.answers.check import CheckResult, Note, Subject
from clausegraph.answers.nodes import missing_node, with_terms
from clausegraph.ground.addresses import address
from clausegraph.ground.errors import LONGEST, UnknownIdentifier
from clausegraph.ground.record_types import LineageAnswer
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import MISFIT
from clausegraph.library.names import Expression
from clausegraph.loaders.identifiers import split_reference
from clausegraph.loaders.records import REPAIRS
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.workspace import lineage
from clausegraph.workspace.data_findings import comparison_reasons, findings_sql
from clausegraph.workspace.duck import connect
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.limits import machine_limits

#: Sets of assumptions of which the judge is kept.
MAX_JUDGES = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An artifact of a workspace as its card states it."""

    n: int
    kind: str
    id: str
    licenses: tuple[str, ...]
    license_name: str | None
    created_at: str | None
    downloads: int | None

    @property
    def address(self) -> str:
        """The address of the artifact."""
        return address(self.kind, self.id)


class Catalogue:
    """The artifacts of a workspace, opened for look-ups."""

    def __init__(self, workspace: Workspace, library: Library) -> None:
        self.library = library
        self.workspace = workspace
        self.folder = lineage.resolve(workspace, library)
        self.connection = connect()
        self.connection.execute("SET parquet_metadata_cache = true")
        self._judges: dict[Assumptions, SituationJudge] = {}
        with machine_limits(workspace.folder):
            self.expressions: list[Expression] = lineage.open_resolved(self.connection, self.folder)

    def _entry(self, condition: str, values: list[Any]) -> Entry | None:
        rows = self.ask(
            f"""SELECT n, kind, id, licenses, license_name, created_at, downloads FROM artifacts
            WHERE {condition} ORDER BY kind = 'model' DESC, coalesce(downloads, 0) DESC, id LIMIT 1""",
            values,
        )
        return next((Entry(n, kind, id_, tuple(found or ()), *more) for n, kind, id_, found, *more in rows), None)

    def entry(self, text: str, kind: str | None = None) -> Entry:
        """Return the artifact with this id, URL or prefixed id; raises `UnknownIdentifier`.

        An id that differs by capitals, or that lacks its owner, finds its artifact too.
        """
        stated, id_ = split_reference(text)
        if found := self._entry(
            "id = ?" + (" AND kind = ?" if kind else ""), [text.strip(), *([kind] if kind else [])]
        ):
            return found
        where, values = ("kind = ? AND ", [kind or stated]) if kind or stated else ("", [])
        for condition in ("id = ?", "lower(id) = lower(?)", "owner IS NOT NULL AND lower(name) = lower(?)"):
            found = self._entry(where + condition, [*values, id_])
            if found:
                return found
        here = self._at(text.strip(), kind)
        if len(here) == 1:
            return here[0]
        near = [one.id for one in here] or self._near(id_)
        raise UnknownIdentifier("artifact", text, near, "`clausegraph load` adds sources to the workspace.")

    def _at(self, place: str, kind: str | None) -> list[Entry]:
        """Return the artifacts at an address that does not name one alone, so that a name stands behind it."""
        if ":" not in place:
            return []
        where, values = ("kind = ? AND ", [kind]) if kind else ("", [])
        rows = self.ask(f"SELECT id FROM artifacts WHERE {where}starts_with(id, ?) ORDER BY id", [*values, f"{place}#"])
        found = [self._entry("id = ?", [id_]) for (id_,) in rows[:LONGEST]]
        return [one for one in found if one]

    def holds(self, text: str) -> bool:
        """Say whether there is an artifact with exactly this id or address."""
        kind, id_ = split_reference(text)
        condition = "id = ?" + (" AND kind = ?" if kind else "")
        found = self._entry(condition, [id_, *([kind] if kind else [])]) or self._entry("id = ?", [text.strip()])
        return found is not None

    def _near(self, id_: str) -> list[str]:
        if len(id_) > LONGEST:
            return []
        rows = self.ask(
            """SELECT id FROM artifacts ORDER BY jaro_winkler_similarity(lower(id), lower(?)) DESC,
            coalesce(downloads, 0) DESC LIMIT 3""",
            [id_],
        )
        return [row[0] for row in rows]

    def find(self, kind: str, text: str, *, ask: bool = True) -> str | None:
        """Return the address of an artifact, or `None`; nobody else is asked."""
        try:
            return self.entry(text, kind).address
        except UnknownIdentifier:
            return None

    def nodes(self, text: str) -> list[Node]:
        """Return an artifact and all its ancestors as nodes, the artifact first."""
        return self.nodes_of(self.entry(text))

    def nodes_of(self, entry: Entry) -> list[Node]:
        """Return an artifact that was looked up, and all its ancestors, as nodes; the artifact first."""
        return self._nodes(entry.n)

    def lineage(self, text: str) -> LineageAnswer:
        """Return an artifact and all its ancestors as JSON values."""
        nodes = self.nodes(text)
        return lineage_dict(Trace(self.library, nodes), nodes)

    def _nodes(self, start: int) -> list[Node]:
        """Follow the edges upwards, one level at a time: each look-up reads only where its children lie."""
        level, known, stated = {start}, {start}, []
        while level:
            found = self._rows("SELECT child, parent, relation, same_party, inferred FROM edges WHERE child", level)
            stated += found
            level = {parent for _, parent, *_ in found} - known
            known |= level
        rows = self._rows("SELECT n, kind, id, owner, expression, terms, release FROM artifacts WHERE n", known)
        addresses = {n: address(kind, id_) for n, kind, id_, *_ in rows}
        edges: dict[int, list[Edge]] = {n: [] for n in addresses}
        for child, parent, relation, same, inferred in sorted(stated, key=lambda row: row[:4]):
            edges[child].append(Edge(addresses[parent], relation, same, inferred))
        rows.sort(key=lambda row: (row[0] != start, row[0]))
        lost = self._missing(known, edges)
        left_open = self._left_open(known)
        nodes = []
        for n, kind, _, owner, declared, terms, release in rows:
            left = left_open.get(n, ())
            node = Node(addresses[n], kind, self.expressions[declared], tuple(edges[n]), left_open=left, owner=owner)
            nodes.append(with_terms(self.library, node, self.expressions[terms], release))
        return [*nodes, *lost]

    def _missing(self, known: set[int], edges: dict[int, list[Edge]]) -> list[Node]:
        """Add the edges to ancestors of which nothing is known, and return these as nodes."""
        lost = f"SELECT child, stated, parent_kind, relation, word FROM lost WHERE word != '{MISFIT}'"
        rows = self._rows(f"{lost} AND child", known)
        found: dict[str, Node] = {}
        for child, stated, kind, relation, word in sorted(rows):
            node = missing_node(self.library, kind, stated, word=word)
            found[node.id] = node
            edges[child].append(Edge(node.id, relation))
        return list(found.values())

    def _left_open(self, known: set[int]) -> dict[int, tuple[str, ...]]:
        """Return why the terms of artifacts are not known beside what they declare."""
        reasons = comparison_reasons(self.library)
        found: dict[int, set[str]] = {}
        for n, comparison in self._rows("SELECT n, comparison FROM comparisons WHERE n", known):
            if comparison in reasons:
                found.setdefault(n, set()).add(reasons[comparison])
        return {n: tuple(sorted(names)) for n, names in found.items()}

    def _rows(self, sql: str, numbers: set[int]) -> list[Any]:
        return self.ask(f"{sql} IN ({','.join(map(str, sorted(numbers)))})")

    def ask(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Return the rows of a query over the tables of the workspace."""
        with machine_limits(self.workspace.folder):
            rows: list[Any] = self.connection.execute(sql, values).fetchall()
        return rows

    def notes(self, entry: Entry) -> list[Note]:
        """Return what is to be said of the parents that a card states."""
        from clausegraph.library.codes import message_of

        coded = self.ask(f"SELECT code, subject FROM ({findings_sql()}) WHERE n = ? ORDER BY ALL", [entry.n])
        return [Note(code, subject, message_of(code)) for code, subject in coded]

    def check(self, text: str, assumptions: Assumptions) -> CheckResult:
        """Check one artifact of the workspace."""
        return self.subject(text, assumptions).check()

    def subject(self, text: str, assumptions: Assumptions) -> Subject:
        """Return one artifact of the workspace with its ancestors, to be judged."""
        entry = self.entry(text)
        return self.subject_of(entry, self.nodes_of(entry), assumptions)

    def subject_of(self, entry: Entry, nodes: Sequence[Node], assumptions: Assumptions) -> Subject:
        """Return an artifact that was looked up with its ancestors, to be judged."""
        trace = Trace(self.library, nodes)
        if assumptions not in self._judges:
            if len(self._judges) >= MAX_JUDGES:
                self._judges.clear()
            self._judges[assumptions] = SituationJudge(self.library, assumptions)
        judges = self._judges[assumptions]
        return Subject(self.library, trace, nodes[0], judges, tuple(self.notes(entry)), stated=entry.licenses)

    def statistics(self) -> dict[str, Any]:
        """Return the numbers of `lineage --stats`: base-model references, their repairs and their licenses."""
        base = "parent_kind = 'model' AND stated != ''"
        count = self.connection.execute
        repairs = dict.fromkeys(REPAIRS, 0)
        once = f"(SELECT DISTINCT child, stated, repair, circle FROM refs WHERE {base})"
        repairs |= dict(count(f"SELECT repair, count(*) FROM {once} GROUP BY repair").fetchall())
        circle = count(f"SELECT count(*) FROM {once} WHERE circle").fetchone()
        relations = dict(
            count(
                f"""SELECT relation, count(*) FROM (SELECT DISTINCT child, stated, relation FROM refs r WHERE {base}
                QUALIFY min({lineage.RANK}) OVER (PARTITION BY child, stated) = {lineage.RANK})
                GROUP BY ALL ORDER BY ALL"""
            ).fetchall()
        )
        bare = [i for i, e in enumerate(self.expressions) if self._undeclared(e)]
        row = count(
            f"""WITH e AS (SELECT DISTINCT r.child, r.parent, c.expression AS ce, p.expression AS pe,
              c.expression IN {_sql(bare)} AS cn, p.expression IN {_sql(bare)} AS pn
              FROM refs r JOIN declared c ON c.n = r.child JOIN declared p ON p.n = r.parent
              WHERE {base} AND repair NOT IN {lineage.NO_PARENT} AND r.child != r.parent)
            SELECT count(*), count(*) FILTER (NOT cn AND NOT pn), count(*) FILTER (NOT cn AND NOT pn AND ce != pe),
              count(*) FILTER (cn AND NOT pn), count(*) FILTER (NOT cn AND pn), count(*) FILTER (cn AND pn) FROM e"""
        ).fetchone()
        names = ("edges", "both_licensed", "license_changed", "parent_only", "child_only", "neither")
        return {
            "schema_version": 1,
            "references": sum(repairs.values()),
            "by_repair": {**repairs, "circle": circle[0] if circle else 0},
            **dict(zip(names, row or (), strict=False)),
            "by_relation": relations,
            "data_version": self.library.data_version,
        }

    def _undeclared(self, expression: Expression) -> bool:
        from clausegraph.library.names import UNDECLARED

        return expression.ids == {UNDECLARED}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def lineage_dict(trace: Trace, nodes: Sequence[Node]) -> LineageAnswer:
    """Return a lineage as JSON values, the artifact that it is about first."""
    return cast(
        LineageAnswer,
        {
            "schema_version": 2,
            "root": nodes[0].id,
            "nodes": [
                {
                    "id": n.id,
                    "kind": n.kind,
                    "declared": str(n.declared),
                    "encumbrances": [trace.states.labels[s] for s in trace.states_of(n.id)],
                    "known": n.known,
                    "parents": [
                        {"id": e.parent, "relation": e.relation, "same_party": e.same_party, "inferred": e.inferred}
                        for e in n.edges
                    ],
                }
                for n in nodes
            ],
            "data_version": trace.library.data_version,
        },
    )


def _sql(numbers: list[int]) -> str:
    return "(" + ", ".join(str(n) for n in numbers or [-1]) + ")"
