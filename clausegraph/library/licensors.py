"""What binds between works of one owner: licenses whose text names another licensor than that owner.

A licensor is not bound by its own license, and what a party puts under most licenses is its own to license. Some texts
name the one party that licenses under them (`ontology/licensors.ttl`). Under such a license only that party's accounts
are the licensor, so that for every other owner, and for one that is not known, it binds as between strangers.
"""

from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.names import Expression

if TYPE_CHECKING:  # judging a few works needs no tables
    import duckdb


def binding_within(library: Library, terms: Expression, account: str | None) -> Expression | None:
    """Return what of the terms of a work of an account binds other works of that account, or `None` for nothing.

    Of a choice that has an option of one's own nothing binds. A list that does not say how its members hold keeps such
    an option as an empty one: it may be chosen, or all may hold.
    """
    own = (account or "").casefold()

    def binds(license_id: str) -> bool:
        return any(own not in accounts for accounts in library.fixed_licensors.get(license_id, ()))

    options = frozenset(frozenset(filter(binds, option)) for option in terms.options)
    if not any(options) or (frozenset() in options and not terms.listed):
        return None
    return Expression(options, terms.listed)


def build_own_terms(connection: "duckdb.DuckDBPyConnection", library: Library, expressions: list[Expression]) -> None:
    """Create `own_terms`: each work from which its owner made another one, with what of its terms binds that one.

    It needs `artifacts` with their terms, and `edges`; new expressions are added to `expressions`.
    """
    fixed = [number for number, terms in enumerate(expressions) if binding_within(library, terms, None) is not None]
    rows = connection.execute(
        """SELECT n, owner, terms FROM artifacts JOIN (SELECT DISTINCT parent AS n FROM edges WHERE same_party AND fits)
        USING (n) WHERE list_contains(?, terms) ORDER BY n""",
        [fixed],
    ).fetchall()
    numbers = {expression: i for i, expression in enumerate(expressions)}
    found = []
    for n, owner, terms in rows:
        rest = binding_within(library, expressions[terms], owner)
        if rest is not None:
            if rest not in numbers:
                numbers[rest] = len(expressions)
                expressions.append(rest)
            found.append((n, numbers[rest]))
    connection.execute(
        "CREATE TABLE own_terms AS SELECT unnest(?::BIGINT[]) AS n, unnest(?::INTEGER[]) AS expression",
        [[n for n, _ in found], [expression for _, expression in found]],
    )
