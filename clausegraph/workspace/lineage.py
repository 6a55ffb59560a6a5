"""Brings sources together: one table of artifacts, and parent references with their repairs.

A reference is kept as it is stated, once for each place that states it. What it was resolved to is a second
statement beside it, with the way in which it was repaired; both can be queried. Repairs, in the order in
which they are tried:

| repair | means |
|---|---|
| `self_loop` | the card names the artifact itself |
| `exact` | the identifier exists |
| `form` | it exists, and is written as a link, with a revision, in a list or in another form |
| `no_artifact` | the name is that of a loader or of a template, and names nothing |
| `case` | it exists with other capitals |
| `legacy_name` | it has no owner; the most downloaded artifact of that name is taken |
| `renamed` | its owner or it has another name now |
| `gone` | nothing has that identifier |

A reference on a cycle of artifacts that name each other is marked so beside its repair.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import duckdb

from clausegraph.ground.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.library.licensors import build_own_terms
from clausegraph.library.names import Expression
from clausegraph.library.releases import build_terms
from clausegraph.loaders.records import BASES, OWN
from clausegraph.workspace.comparisons import build_comparisons
from clausegraph.workspace.duck import connect, copy, parquet
from clausegraph.workspace.folder import Workspace, write_whole
from clausegraph.workspace.limits import machine_limits
from clausegraph.workspace.missing import build_forms, build_lost, implied_sql, judged_sql, misfit_sql

#: Changes with the columns of the tables, so that those of an older version are made anew.
FORMAT = 4
#: The tables that are kept, each with what it is sorted by, so that a look-up reads a small part of it.
TABLES = {"artifacts": "n", "refs": "child", "edges": "child", "lost": "child", "comparisons": "n", "own_terms": "n"}
#: References that lead to no parent.
NO_PARENT = "('gone', 'self_loop', 'no_artifact')"
#: Places in a repository itself, as SQL.
_OWN = str(OWN)


def read_table(workspace: Workspace, name: str) -> str:
    """Return the SQL of a table over all sources, with the position of the source; empty if no source has it."""
    parts = [
        f"SELECT *, {position} AS source FROM {parquet(path)}"
        for position, source in enumerate(workspace.sources())
        if (path := workspace.source_folder(source.name) / f"{name}.parquet").exists()
    ]
    return " UNION ALL ".join(parts) or f"SELECT * FROM ({_EMPTY[name]}) WHERE false"


_EMPTY = {
    "statements": "SELECT '' AS kind, '' AS id, '' AS place, '' AS value, '' AS name, false AS more, 0 AS source",
    "renames": "SELECT '' AS kind, '' AS id, '' AS now, '' AS reason, 0 AS source",
}


def build_artifacts(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Create `artifacts`, and `statements` with the licenses that others state.

    What a repository says of itself counts before what others say; of several sources the one loaded last counts.
    """
    union = read_table(workspace, "artifacts")
    try:
        connection.execute(
            f"""CREATE TEMP VIEW rows AS {union};
            CREATE TABLE artifacts AS
            SELECT row_number() OVER (ORDER BY kind, id) - 1 AS n, kind, id,
              CASE WHEN contains(id, '/') AND NOT contains(id, ':') THEN split_part(id, '/', 1) END AS owner,
              CASE WHEN contains(id, ':') THEN regexp_extract(id, '([^/:#]*)[/:#]*$', 1)
                WHEN contains(id, '/') THEN split_part(id, '/', 2) ELSE id END AS name,
              licenses, license_name, license_link, created_at, downloads, access, place, resolved, source
            FROM (SELECT * FROM rows QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY
              place IN {_OWN} DESC, CASE WHEN place IN {_OWN} THEN false ELSE len(licenses) = 0 END,
              source DESC) = 1);
            CREATE TABLE statements AS
            SELECT DISTINCT a.n, s.place, s.value, s.name, s.more, a.source AS own, s.source
            FROM ({read_table(workspace, "statements")}) s JOIN artifacts a USING (kind, id)
            WHERE s.source = a.source OR s.place NOT IN {_OWN}
            UNION SELECT a.n, r.place, unnest(r.licenses), r.license_name, false, a.source, r.source
            FROM rows r JOIN artifacts a USING (kind, id) WHERE r.source != a.source AND r.place NOT IN {_OWN}"""
        )
    except duckdb.Error as error:
        raise UnreadableInput(f"{workspace.folder}: a table is damaged ({error}). Load the source again.") from error


def build_references(connection: duckdb.DuckDBPyConnection, workspace: Workspace, library: Library) -> None:
    """Create the table `refs`: every stated parent with its repair, the reason, and the artifact that it means."""
    _repair_tables(connection, workspace, library)
    build_forms(connection, read_table(workspace, "references"))
    connection.execute(
        f"""CREATE TABLE stated AS
        SELECT DISTINCT c.n AS child, c.id AS child_id, c.kind AS child_kind,
          r.parent_kind, r.parent AS stated, coalesce(f.meant, r.parent) AS parent, r.relation, r.basis, r.place
        FROM ({read_table(workspace, "references")}) r JOIN artifacts c ON c.kind = r.child_kind AND c.id = r.child
        LEFT JOIN forms f ON f.kind = r.parent_kind AND f.stated = r.parent
        WHERE r.source = c.source OR r.place NOT IN {_OWN};
        CREATE TABLE by_case AS
        SELECT kind, lower(id) AS low, arg_max(n, (coalesce(downloads, 0), id)) AS n FROM artifacts GROUP BY ALL;
        CREATE TABLE by_name AS
        SELECT kind, lower(name) AS low, arg_max(n, (coalesce(downloads, 0), id)) AS n
        FROM artifacts WHERE owner IS NOT NULL GROUP BY ALL;
        CREATE TABLE refs AS
        SELECT s.child, s.parent_kind, s.stated, s.parent AS meant, s.relation, s.basis, s.place,
          CASE WHEN s.child_kind = s.parent_kind AND s.child_id = s.parent THEN 'self_loop'
            WHEN s.parent = '' THEN 'no_artifact'
            WHEN e.n IS NOT NULL THEN CASE WHEN s.stated = s.parent THEN 'exact' ELSE 'form' END
            WHEN x.name IS NOT NULL THEN 'no_artifact'
            WHEN i.n IS NOT NULL THEN 'case'
            WHEN l.n IS NOT NULL THEN 'legacy_name'
            WHEN m.n IS NOT NULL THEN 'renamed'
            ELSE 'gone' END AS repair,
          CASE WHEN e.n IS NULL AND x.name IS NOT NULL THEN NULL ELSE coalesce(e.n, i.n, l.n, m.n) END AS parent,
          CASE WHEN e.n IS NULL AND x.name IS NOT NULL THEN x.reason
            WHEN coalesce(e.n, i.n, l.n) IS NULL AND m.reason IS NOT NULL THEN m.reason
            WHEN s.stated != s.parent THEN 'read as ' || s.parent END AS reason,
          false AS circle, false AS dropped, false AS undeclared
        FROM stated s
        LEFT JOIN artifacts e ON e.kind = s.parent_kind AND e.id = s.parent
        LEFT JOIN by_case i ON i.kind = s.parent_kind AND i.low = lower(s.parent)
        LEFT JOIN by_name l ON NOT contains(s.parent, '/') AND l.kind = s.parent_kind AND l.low = lower(s.parent)
        LEFT JOIN no_artifacts x ON x.kind = s.parent_kind AND x.name = lower(s.parent)
        LEFT JOIN moved m ON m.kind = s.parent_kind AND m.low = lower(s.parent)"""
    )
    mark_cycles(connection)
    mark_differences(connection)


def _repair_tables(connection: duckdb.DuckDBPyConnection, workspace: Workspace, library: Library) -> None:
    """Create `no_artifacts`, and `moved`: former identifiers with the artifact that has another name now."""
    kinds = {kind.cls: kind.name for kind in library.artifact_kinds.values()}
    connection.execute(
        """CREATE TABLE no_artifacts (kind VARCHAR, name VARCHAR, reason VARCHAR);
        CREATE TABLE owners (before VARCHAR, now VARCHAR, reason VARCHAR)"""
    )
    names = [(kinds[cls], name.lower(), reason) for (cls, name), reason in library.no_artifacts.items()]
    owners = [(before.lower(), now.lower(), reason) for before, (now, reason) in library.renamed_owners.items()]
    for table, rows in (("no_artifacts", names), ("owners", owners)):
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)
    connection.execute(
        f"""CREATE TABLE moved AS
        SELECT kind, low, min(n) AS n, min(reason) AS reason FROM (
          SELECT a.kind, o.before || '/' || lower(a.name) AS low, a.n, o.reason
          FROM artifacts a JOIN owners o ON lower(a.owner) = o.now
          UNION ALL SELECT a.kind, lower(r.id), a.n, r.reason
          FROM ({read_table(workspace, "renames")}) r
          JOIN artifacts a ON a.kind = r.kind AND lower(a.id) = lower(r.now)
          UNION ALL SELECT kind, lower(split_part(id, '#', 1)), min(n), 'no other artifact is at this address'
          FROM artifacts WHERE contains(id, '#') AND contains(id, ':') GROUP BY ALL HAVING count(*) = 1)
        GROUP BY kind, low"""
    )


def mark_differences(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark parents that the Hub dropped, and relations that only the Hub gives.

    Where a card names one parent that is gone, and the Hub resolved one parent, the Hub followed a rename.
    """
    connection.execute(
        """CREATE TEMP TABLE hubs AS
        SELECT DISTINCT child, stated, parent, relation FROM refs WHERE place = 'resolved' AND parent_kind = 'model';
        CREATE TEMP TABLE followed AS
        SELECT r.child, min(r.stated) AS stated, min(h.parent) AS parent FROM refs r JOIN hubs h USING (child)
        WHERE r.place = 'card' AND r.parent_kind = 'model'
        GROUP BY r.child HAVING count(DISTINCT r.meant) = 1 AND count(DISTINCT h.stated) = 1
          AND bool_and(r.repair = 'gone') AND min(h.parent) IS NOT NULL;
        UPDATE refs SET repair = 'renamed', parent = f.parent, reason = 'the Hub resolves it to this artifact'
        FROM followed f WHERE refs.child = f.child AND refs.stated = f.stated AND refs.repair = 'gone';
        UPDATE refs SET dropped = true
        FROM artifacts a WHERE a.n = refs.child AND a.resolved AND refs.parent_kind = 'model'
          AND refs.place IN ('card', 'tag') AND refs.repair != 'self_loop' AND refs.stated != '' AND NOT EXISTS (
            SELECT 1 FROM hubs h WHERE h.child = refs.child
              AND (lower(h.stated) = lower(refs.meant) OR h.parent = refs.parent));
        UPDATE refs SET undeclared = true
        WHERE place = 'card' AND basis = 'inferred' AND parent_kind = 'model' AND EXISTS (
          SELECT 1 FROM refs h WHERE h.child = refs.child AND h.basis = 'hub'
            AND (lower(h.stated) = lower(refs.meant) OR h.parent = refs.parent))"""
    )


def mark_cycles(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark references between artifacts that reach each other."""
    rows = connection.execute(
        f"SELECT DISTINCT child, parent FROM refs WHERE repair NOT IN {NO_PARENT} AND child != parent"
    ).fetchall()
    found = cycles(rows)
    connection.execute("CREATE TEMP TABLE on_cycle (n BIGINT, cycle BIGINT)")
    if found:
        members = [(n, number) for number, cycle in enumerate(found) for n in sorted(cycle)]
        connection.executemany("INSERT INTO on_cycle VALUES (?, ?)", members)
        connection.execute(
            """UPDATE refs SET circle = true WHERE EXISTS (SELECT 1 FROM on_cycle a JOIN on_cycle b
            ON a.cycle = b.cycle WHERE a.n = refs.child AND b.n = refs.parent AND refs.child != refs.parent)"""
        )


def cycles(edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Return the groups of nodes that reach each other, by peeling off what has no way in or out.

    >>> cycles([(1, 2), (2, 1), (3, 1)])
    [{1, 2}]
    """
    forward: dict[int, set[int]] = defaultdict(set)
    backward: dict[int, set[int]] = defaultdict(set)
    for child, parent in edges:
        forward[child].add(parent)
        backward[parent].add(child)
    for ahead, behind in ((forward, backward), (backward, forward)):
        queue = [n for n in behind if not ahead.get(n)]
        while queue:
            node = queue.pop()
            for other in behind.pop(node, set()):
                ahead[other].discard(node)
                if not ahead[other]:
                    ahead.pop(other)
                    queue.append(other)
            ahead.pop(node, None)
    reached = {node: _reach(node, forward) for node in forward}
    rings = {
        frozenset(m for m in found if node in reached.get(m, ())) for node, found in reached.items() if node in found
    }
    return [set(ring) for ring in sorted(rings, key=min)]


def _reach(start: int, forward: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    queue = [start]
    while queue:
        for other in forward.get(queue.pop(), ()):
            if other not in found:
                found.add(other)
                queue.append(other)
    return found


def build_expressions(connection: duckdb.DuckDBPyConnection, library: Library) -> list[Expression]:
    """Create the table `declared` (artifact → expression number) and return the expressions.

    A value `other` that comes with a name is looked up by that name.
    """
    rows = connection.execute(
        """SELECT DISTINCT licenses, CASE WHEN list_contains(licenses, 'other') THEN license_name END FROM artifacts
        ORDER BY ALL"""
    ).fetchall()
    numbers: dict[Expression, int] = {}
    table = []
    for licenses, name in rows:
        expression = declared_expression(library, licenses or [], name)
        table.append((licenses, name, numbers.setdefault(expression, len(numbers))))
    connection.execute("CREATE TEMP TABLE readings (licenses VARCHAR[], name VARCHAR, expression INTEGER)")
    connection.executemany("INSERT INTO readings VALUES (?, ?, ?)", table)
    connection.execute(
        """CREATE TABLE declared AS SELECT a.n, r.expression FROM artifacts a JOIN readings r
        ON a.licenses IS NOT DISTINCT FROM r.licenses AND
          (CASE WHEN list_contains(a.licenses, 'other') THEN a.license_name END) IS NOT DISTINCT FROM r.name"""
    )
    connection.execute("CREATE OR REPLACE TABLE artifacts AS FROM artifacts JOIN declared USING (n)")
    return list(numbers)


def declared_expression(library: Library, licenses: Iterable[str], name: str | None) -> Expression:
    """Return what a card declares; an `other` with a name that is known counts as that license."""
    return library.names.stated(licenses, name)


#: What counts more among the statements of one parent; `r` is a reference.
RANK = f"list_position({list(BASES)}, r.basis)"


def build_edges(connection: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Create the table `edges`: child, parent, relation, and whether both belong to one party.

    A relation that is declared counts before the Hub's, and that before one that is inferred. `relation` is the one
    along which the edge is judged; `inferred` is what tags suggest where none is stated. Along an edge that does not
    fit its parent nothing is judged.
    """
    connection.execute(
        f"""CREATE TABLE edges AS
        SELECT DISTINCT r.child, r.parent, {judged_sql(library)} AS relation, {implied_sql(library)} AS implied,
          coalesce(c.owner = p.owner, false) AS same_party,
          CASE WHEN {judged_sql(library)} != r.relation THEN r.relation END AS inferred,
          NOT {misfit_sql(library, judged_sql(library), "p.kind")} AS fits
        FROM refs r JOIN artifacts c ON c.n = r.child JOIN artifacts p ON p.n = r.parent
        WHERE r.repair NOT IN {NO_PARENT} AND r.child != r.parent
        QUALIFY min({RANK}) OVER (PARTITION BY r.child, r.parent) = {RANK}"""
    )


def build(connection: duckdb.DuckDBPyConnection, workspace: Workspace, library: Library) -> list[Expression]:
    """Create the tables of the lineage; return the expressions by their number."""
    workspace.require_sources()
    build_artifacts(connection, workspace)
    build_references(connection, workspace, library)
    expressions = build_expressions(connection, library)
    build_comparisons(connection, library, expressions)
    build_edges(connection, library)
    sources = workspace.sources()
    expressions += [e for i in library.missing.values() if (e := Expression.of(i)) not in expressions]
    build_terms(connection, library, [source.date for source in sources], expressions)
    build_own_terms(connection, library, expressions)
    build_lost(connection, library, sorted({kind for source in sources for kind in source.whole}), expressions)
    return expressions


def resolve(workspace: Workspace, library: Library) -> Path:
    """Bring the sources of a workspace together once, keep the tables, and return their folder.

    The tables are kept until a source is loaded or the legal content changes.
    """
    workspace.require_sources()
    folder = workspace.derived / f"resolved-{FORMAT}-{library.data_version}"
    if not (folder / "expressions.json").exists():
        with machine_limits(workspace.folder), connect() as connection:
            expressions = build(connection, workspace, library)
            folder.mkdir(parents=True, exist_ok=True)
            for table, order in TABLES.items():
                connection.execute(copy(table, folder / f"{table}.parquet", order))
        written = [{"options": sorted(sorted(o) for o in e.options), "listed": e.listed} for e in expressions]
        write_whole(folder / "expressions.json", json.dumps(written))
        for older in workspace.derived.glob("resolved-*"):
            if older != folder:
                shutil.rmtree(older, ignore_errors=True)
    return folder


def open_resolved(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Expression]:
    """Bring the kept tables into a connection as views, and return the expressions."""
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS FROM {parquet(folder / f'{table}.parquet')}")
    connection.execute("CREATE VIEW declared AS SELECT n, expression, terms FROM artifacts")
    return read_expressions(folder)


def read_expressions(folder: Path) -> list[Expression]:
    """Return the declared expressions by their number."""
    written = json.loads((folder / "expressions.json").read_text(encoding="utf-8"))
    return [Expression(frozenset(frozenset(o) for o in e["options"]), e["listed"]) for e in written]
