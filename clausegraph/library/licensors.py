"""What binds between works of one owner: licenses whose text names another licensor than that owner.

A licensor is not bound by its own license, and what a party puts under most licenses is its own to license. Some texts
name the one party that licenses under them (`ontology/licensors.ttl`). Under such a license only that party's accounts
are the licensor, so that for every other owner, and for one that is not known, it binds as between strangers.
"""

from collections.abc import Sequence
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
    rows = [
        (number, account, rest)
        for number, terms in enumerate(tuple(expressions))
        for account in (None, *_accounts(library, terms))
        if (rest := binding_within(library, terms, account)) is not None or account
    ]
    numbers = {expression: i for i, expression in enumerate(expressions)}
    for _, _, rest in rows:
        if rest is not None and rest not in numbers:
            numbers[rest] = len(expressions)
            expressions.append(rest)
    connection.execute("CREATE TEMP TABLE bound_within (terms INTEGER, account VARCHAR, expression INTEGER)")
    if rows:
        values = [(number, account, None if rest is None else numbers[rest]) for number, account, rest in rows]
        connection.executemany("INSERT INTO bound_within VALUES (?, ?, ?)", values)
    connection.execute(
        """CREATE TABLE own_terms AS
        SELECT n, CASE WHEN its.terms IS NULL THEN usual.expression ELSE its.expression END AS expression
        FROM (SELECT DISTINCT parent AS n FROM edges WHERE same_party AND fits) JOIN artifacts a USING (n)
        JOIN bound_within usual ON usual.terms = a.terms AND usual.account IS NULL
        LEFT JOIN bound_within its ON its.terms = a.terms AND its.account = lower(a.owner)
        WHERE its.terms IS NULL OR its.expression IS NOT NULL"""
    )


def _accounts(library: Library, terms: Expression) -> Sequence[str]:
    """Return the accounts of the licensors that the texts of some terms name."""
    return sorted({a for id_ in terms.ids for accounts in library.fixed_licensors.get(id_, ()) for a in accounts})
