"""Brings sources together: one table of artifacts, and parent references with their repairs.

A reference is kept as its card states it. What it was resolved to is a second statement beside it,
with the way in which it was repaired; both can be queried. Repairs, in the order in which they are
tried:

| repair | means |
|---|---|
| `self_loop` | the card names the artifact itself |
| `exact` | the identifier exists |
| `case` | it exists with other capitals |
| `legacy_name` | it has no owner; the most downloaded artifact of that name is taken |
| `gone` | nothing has that identifier |

A reference on a circle of artifacts that name each other is marked so beside its repair.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import duckdb

from clausegraph.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.names import UNDETERMINED, Expression
from clausegraph.workspace import Workspace, write_whole

#: The tables that are kept.
TABLES = ("artifacts", "refs", "declared", "edges")
#: Finding codes of repairs; `shapes/data` states the same over the graph.
REPAIR_CODES = {"gone": "CG111", "self_loop": "CG112", "legacy_name": "CG114", "case": "CG115"}
CIRCLE_CODE = "CG113"
REPAIRS = ("exact", "legacy_name", "case", "gone", "self_loop")


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return an in-memory DuckDB connection."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET memory_limit = '3GB'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def build_artifacts(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Create the table `artifacts`; of an artifact in several sources, the one loaded last counts."""
    files = workspace.tables("artifacts")
    union = " UNION ALL ".join(
        f"SELECT *, {position} AS source FROM read_parquet('{_quoted(f)}')" for position, f in enumerate(files)
    )
    try:
        connection.execute(
            f"""CREATE TABLE artifacts AS
            SELECT row_number() OVER (ORDER BY kind, id) - 1 AS n, kind, id,
              CASE WHEN contains(id, '/') THEN split_part(id, '/', 1) END AS owner,
              CASE WHEN contains(id, '/') THEN split_part(id, '/', 2) ELSE id END AS name,
              licenses, license_name, license_link, created_at, downloads
            FROM (SELECT * FROM ({union})
              QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY source DESC) = 1)"""
        )
    except duckdb.Error as error:
        raise UnreadableInput(f"{workspace.folder}: a table is damaged ({error}). Load the source again.") from error


def literal(path: Path) -> str:
    """Return a path as a SQL string; a quote in it stays text."""
    return f"'{_quoted(str(path))}'"


def _quoted(path: str) -> str:
    return path.replace("'", "''")


def build_references(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Create the table `refs`: every stated parent with its repair and the artifact that it means."""
    files = workspace.tables("references")
    union = " UNION ALL ".join(f"SELECT * FROM read_parquet('{_quoted(f)}')" for f in files)
    connection.execute(
        f"""CREATE TABLE stated AS
        SELECT DISTINCT c.n AS child, c.id AS child_id, c.kind AS child_kind,
          r.parent_kind, r.parent, r.relation, r.basis
        FROM ({union}) r JOIN artifacts c ON c.kind = r.child_kind AND c.id = r.child;
        CREATE TABLE by_case AS
        SELECT kind, lower(id) AS low, arg_max(n, coalesce(downloads, 0)) AS n FROM artifacts GROUP BY ALL;
        CREATE TABLE by_name AS
        SELECT kind, lower(name) AS low, arg_max(n, (coalesce(downloads, 0), id)) AS n
        FROM artifacts WHERE owner IS NOT NULL GROUP BY ALL;
        CREATE TABLE refs AS
        SELECT s.child, s.parent_kind, s.parent AS stated, s.relation, s.basis,
          CASE WHEN s.child_kind = s.parent_kind AND s.child_id = s.parent THEN 'self_loop'
            WHEN e.n IS NOT NULL THEN 'exact'
            WHEN i.n IS NOT NULL THEN 'case'
            WHEN l.n IS NOT NULL THEN 'legacy_name'
            ELSE 'gone' END AS repair,
          coalesce(e.n, i.n, l.n) AS parent, false AS circle
        FROM stated s
        LEFT JOIN artifacts e ON e.kind = s.parent_kind AND e.id = s.parent
        LEFT JOIN by_case i ON i.kind = s.parent_kind AND i.low = lower(s.parent)
        LEFT JOIN by_name l ON NOT contains(s.parent, '/') AND l.kind = s.parent_kind AND l.low = lower(s.parent)"""
    )
    mark_circles(connection)


def mark_circles(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark references between artifacts that reach each other."""
    rows = connection.execute(
        "SELECT DISTINCT child, parent FROM refs WHERE repair NOT IN ('self_loop', 'gone') AND child != parent"
    ).fetchall()
    circle = circles(rows)
    connection.execute("CREATE TEMP TABLE on_circle (n BIGINT, circle BIGINT)")
    if circle:
        members = [(n, number) for number, ring in enumerate(circle) for n in sorted(ring)]
        connection.executemany("INSERT INTO on_circle VALUES (?, ?)", members)
        connection.execute(
            """UPDATE refs SET circle = true WHERE EXISTS (SELECT 1 FROM on_circle a JOIN on_circle b
            ON a.circle = b.circle WHERE a.n = refs.child AND b.n = refs.parent AND refs.child != refs.parent)"""
        )


def circles(edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Return the groups of nodes that reach each other, by peeling off what has no way in or out.

    >>> circles([(1, 2), (2, 1), (3, 1)])
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
        "SELECT DISTINCT licenses, CASE WHEN list_contains(licenses, 'other') THEN license_name END FROM artifacts"
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
    return list(numbers)


def declared_expression(library: Library, licenses: Iterable[str], name: str | None) -> Expression:
    """Return what a card declares; an `other` with a name that is known counts as that license."""
    values = list(licenses)
    if name and (found := library.names.expression(name)):
        values = [name if library.names.find(v) == UNDETERMINED else v for v in values]
        if not values:
            return found
    return library.names.declared(values)


def build_edges(connection: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Create the table `edges`: child, parent, relation, and whether both belong to one party."""
    kinds = {k.name: k.implies for k in library.artifact_kinds.values() if k.implies}
    implied = "".join(f" WHEN c.kind = '{kind}' THEN '{relation}'" for kind, relation in sorted(kinds.items()))
    also = f"CASE{implied} END" if implied else "NULL"
    connection.execute(
        f"""CREATE TABLE edges AS
        SELECT DISTINCT r.child, r.parent, r.relation, {also} AS implied,
          coalesce(c.owner = p.owner, false) AS same_party
        FROM refs r JOIN artifacts c ON c.n = r.child JOIN artifacts p ON p.n = r.parent
        WHERE r.repair NOT IN ('self_loop', 'gone') AND r.child != r.parent"""
    )


def build(connection: duckdb.DuckDBPyConnection, workspace: Workspace, library: Library) -> list[Expression]:
    """Create `artifacts`, `refs`, `declared` and `edges`; return the expressions by their number."""
    workspace.require_sources()
    build_artifacts(connection, workspace)
    build_references(connection, workspace)
    expressions = build_expressions(connection, library)
    build_edges(connection, library)
    return expressions


def resolve(workspace: Workspace, library: Library) -> Path:
    """Bring the sources of a workspace together once, keep the tables, and return their folder.

    The tables are kept until a source is loaded or the legal content changes.
    """
    workspace.require_sources()
    folder = workspace.derived / f"resolved-{library.data_version}"
    if not (folder / "expressions.json").exists():
        with connect() as connection:
            expressions = build(connection, workspace, library)
            folder.mkdir(parents=True, exist_ok=True)
            for table in TABLES:
                connection.execute(f"COPY {table} TO '{_quoted(str(folder / table))}.parquet' (FORMAT parquet)")
        options = [sorted(sorted(o) for o in e.options) for e in expressions]
        write_whole(folder / "expressions.json", json.dumps(options))
    return folder


def open_resolved(connection: duckdb.DuckDBPyConnection, folder: Path, *, copy: bool = True) -> list[Expression]:
    """Bring the kept tables into a connection, as tables or as views, and return the expressions."""
    for table in TABLES:
        what = "TABLE" if copy else "VIEW"
        connection.execute(
            f"CREATE {what} {table} AS SELECT * FROM read_parquet('{_quoted(str(folder / table))}.parquet')"
        )
    options = json.loads((folder / "expressions.json").read_text(encoding="utf-8"))
    return [Expression(frozenset(frozenset(o) for o in found)) for found in options]
