"""Under which terms a work stands for those who reuse it, where that is not what its card declares.

The weights of some releases stood for a time under terms of their own, while the card named the license of the code,
`other`, or nothing. Their names, accounts and periods are in `ontology/releases.ttl`; the day that counts is the one
of which the source tells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.assumptions import NOT_PLAIN, plain_name
from clausegraph.library.model import Release
from clausegraph.library.names import Expression

if TYPE_CHECKING:
    import duckdb

#: The kind of artifact whose weights a release is about.
MODEL = "model"
#: Classes of declarations that name nothing, so that a release may say more.
_SILENT = {"NoDeclaration", "UndeterminedLicense"}
#: What a source says of a repository that only its owner can see, and the word for an ancestor of that sort.
_UNSEEN, PRIVATE = "('private', 'disabled')", "private"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a work passes on, and the release of which its card names only the license of the code."""

    expression: Expression
    code_only: Release | None = None


def release_of(library: Library, name: str) -> Release | None:
    """Return the release that a model belongs to by its name, the longest beginning counting."""
    plain = plain_name(name)
    found = [(len(b), r) for r in library.releases for n in r.names if plain.startswith(b := plain_name(n))]
    return max(found, key=lambda f: f[0])[1] if found else None


def terms_of(library: Library, name: str, owner: str | None, declared: Expression, day: str) -> Terms:
    """Return under which terms a model of a name stood on a day (`YYYY-MM-DD`), and what its card leaves out.

    The accounts of the publisher say what the terms are; a repository of somebody else may add terms to them.
    """
    release = release_of(library, name)
    weights = release.weights_on(day) if release else None
    if release is None or weights is None or weights in declared.ids:
        return Terms(declared)
    code = declared == Expression.of(release.code)
    silent = all(_SILENT & set(library.licenses[i].sorts) for i in declared.ids)
    if not code and not silent:
        return Terms(declared)
    published = (owner or "").casefold() in {account.casefold() for account in release.accounts}
    real = Expression.of(weights)
    return Terms(real if published else real.together(declared), release if code else None)


def is_of_the_code(library: Library, name: str, declared: Expression, stated: Expression) -> bool:
    """Say whether a file beside a model states the license of its release's code, and the card that of the weights.

    Such a file counts for the code only.
    """
    release = release_of(library, name)
    if release is None or stated != Expression.of(release.code) or release.code in declared.ids:
        return False
    return any(period.license in declared.ids for period in release.weights)


def build_terms(
    connection: "duckdb.DuckDBPyConnection", library: Library, days: Sequence[str], expressions: list[Expression]
) -> None:
    """Add to `artifacts` what each passes on (`terms`, a number of an expression) and its `release`, if code only.

    `days` are the days of the sources by their position; new expressions are added to `expressions`.
    """
    names = sorted({plain_name(n) for release in library.releases for n in release.names})
    pattern = "^(" + "|".join(map(re.escape, names)) + ")"
    rows = connection.execute(
        f"""SELECT n, name, owner, expression, source FROM artifacts
        WHERE kind = '{MODEL}' AND regexp_matches(regexp_replace(lower(name), '{NOT_PLAIN}', '', 'g'), ?)""",
        [pattern],
    ).fetchall()
    numbers = {expression: i for i, expression in enumerate(expressions)}

    def number(expression: Expression) -> int:
        if expression not in numbers:
            numbers[expression] = len(expressions)
            expressions.append(expression)
        return numbers[expression]

    unseen = number(Expression.of(library.missing[PRIVATE]))
    found = []
    for n, name, owner, declared, source in rows:
        terms = terms_of(library, name, owner, expressions[declared], days[source])
        if terms.expression != expressions[declared] or terms.code_only:
            found.append((n, number(terms.expression), terms.code_only.iri if terms.code_only else None))
    bare = [i for i, e in enumerate(expressions) if all("NoDeclaration" in library.licenses[x].sorts for x in e.ids)]
    connection.execute("CREATE TEMP TABLE real_terms (n BIGINT, terms INTEGER, release VARCHAR)")
    if found:
        connection.executemany("INSERT INTO real_terms VALUES (?, ?, ?)", found)
    connection.execute(
        f"""CREATE OR REPLACE TABLE artifacts AS
        SELECT a.*, CAST(CASE WHEN a.access IN {_UNSEEN} AND list_contains(?, a.expression) THEN {unseen}
          ELSE coalesce(r.terms, a.expression) END AS INTEGER) AS terms, r.release AS release
        FROM artifacts a LEFT JOIN real_terms r USING (n)""",
        [bare],
    )
