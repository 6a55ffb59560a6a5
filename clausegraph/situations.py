"""Groups artifacts by situation: all that a compliance shape may look at.

A situation is the kind of artifact, what is declared, the encumbrances, and those conditions on the
artifact itself on which a binding clause depends (its name begins with a word, all parents of a merge
carry one license). Many artifacts share one; paths and origins are no part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from clausegraph.conditions import NAME_TESTS, NOT_PLAIN, plain_name
from clausegraph.library import Library
from clausegraph.library.model import Condition
from clausegraph.names import Expression
from clausegraph.states import States


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation: `features` are pairs of a condition's IRI and whether it holds.

    `release` is a release whose weights have terms of their own, where only the code's are declared.
    """

    number: int
    kind: str
    declared: Expression
    states: tuple[int, ...]
    features: tuple[tuple[str, bool], ...]
    artifacts: int
    release: str | None = None


def group(
    connection: duckdb.DuckDBPyConnection, library: Library, states: States, expressions: Sequence[Expression]
) -> list[Situation]:
    """Create the tables `situations` and `in_situation` and return the situations.

    `in_situation` has one row per artifact: its number and the number of its situation.
    """
    conditions = library.artifact_conditions
    _features(connection, library, conditions)
    _needs(connection, states, conditions)
    _releases(connection, library, expressions)
    connection.execute(
        """CREATE TABLE lying AS
        SELECT artifact AS n, list_sort(list(state)) AS states FROM encumbered GROUP BY artifact;
        CREATE TABLE shown AS
        SELECT e.artifact AS n, list_sort(list(DISTINCT needs.condition * 2 + f.holds::INTEGER)) AS features
        FROM encumbered e JOIN needs USING (state) JOIN features f ON f.n = e.artifact AND f.condition = needs.condition
        GROUP BY e.artifact;
        CREATE TABLE keyed AS
        SELECT a.n, a.kind, d.expression, coalesce(l.states, []) AS states, coalesce(s.features, []) AS features,
          coalesce(o.release, '') AS release
        FROM artifacts a JOIN declared d ON d.n = a.n LEFT JOIN lying l ON l.n = a.n LEFT JOIN shown s ON s.n = a.n
          LEFT JOIN code_only o ON o.n = a.n;
        CREATE TABLE situations AS
        SELECT row_number() OVER (ORDER BY kind, expression, states, features, release) - 1 AS situation, * FROM (
          SELECT kind, expression, states, features, release, count(*) AS artifacts FROM keyed GROUP BY ALL);
        CREATE TABLE in_situation AS
        SELECT k.n, s.situation FROM keyed k JOIN situations s USING (kind, expression, states, features, release)"""
    )
    rows = connection.execute("SELECT * FROM situations ORDER BY situation").fetchall()
    return [
        Situation(
            number,
            kind,
            expressions[expression],
            tuple(found),
            tuple((conditions[code // 2].iri, bool(code % 2)) for code in features),
            artifacts,
            release or None,
        )
        for number, kind, expression, found, features, release, artifacts in rows
    ]


def _releases(connection: duckdb.DuckDBPyConnection, library: Library, expressions: Sequence[Expression]) -> None:
    """Create `code_only`: models that are named like a release and declare only the license of its code."""
    connection.execute("CREATE TABLE release_names (release VARCHAR, begins VARCHAR, expression INTEGER)")
    position = {expression: i for i, expression in enumerate(expressions)}
    rows = [
        (release.iri, plain_name(name), position[code])
        for release in library.releases
        if (code := Expression.of(release.code)) in position
        for name in release.names
    ]
    if rows:
        connection.executemany("INSERT INTO release_names VALUES (?, ?, ?)", rows)
    connection.execute(
        f"""CREATE TABLE code_only AS
        SELECT a.n, min(r.release) AS release FROM artifacts a JOIN declared d USING (n)
        JOIN release_names r ON r.expression = d.expression
          AND starts_with(regexp_replace(lower(a.name), '{NOT_PLAIN}', '', 'g'), r.begins)
        WHERE a.kind = 'model' GROUP BY a.n"""
    )


def _needs(connection: duckdb.DuckDBPyConnection, states: States, conditions: Sequence[Condition]) -> None:
    """Create `needs`: on which conditions on the artifact the clauses of a state depend."""
    position = {c.iri: i for i, c in enumerate(conditions)}
    rows = {
        (state, position[c.iri])
        for state, part in enumerate(states.parts)
        for option in part
        for encumbrance in option
        for clause in (*encumbrance.binds, *encumbrance.may_bind)
        for c in (*clause.when, *clause.unless, *clause.met)
        if c.iri in position
    }
    connection.execute("CREATE TABLE needs (state INTEGER, condition INTEGER)")
    if rows:
        connection.executemany("INSERT INTO needs VALUES (?, ?)", sorted(rows))


def _features(connection: duckdb.DuckDBPyConnection, library: Library, conditions: Sequence[Condition]) -> None:
    """Create `features`: for encumbered artifacts, which conditions on themselves hold."""
    alike = ", ".join(f"'{r.name}'" for r in library.relations.values() if r.family_when_alike)
    connection.execute(
        f"""CREATE TABLE plain AS SELECT n, regexp_replace(lower(name), '{NOT_PLAIN}', '', 'g') AS name
        FROM artifacts WHERE n IN (SELECT artifact FROM encumbered);
        CREATE TABLE alike AS SELECT e.child AS n FROM edges e JOIN declared d ON d.n = e.parent
        WHERE e.relation IN ({alike}) GROUP BY e.child HAVING count(DISTINCT d.expression) = 1;
        CREATE TABLE features (n BIGINT, condition INTEGER, holds BOOLEAN)"""
    )
    for number, condition in enumerate(conditions):
        if test := NAME_TESTS.get(condition.operator):
            tests = " OR ".join(f"{test.sql}(name, ?)" for _ in condition.values)
            connection.execute(
                f"INSERT INTO features SELECT n, {number}, {tests} FROM plain",
                [plain_name(str(v)) for v in condition.values],
            )
        else:
            connection.execute(f"INSERT INTO features SELECT n, {number}, n IN (SELECT n FROM alike) FROM plain")
