"""Compares what is stated twice: the declared license with those in tags, files, catalogues and checks.

A difference is found only between licenses that are known; a family without a version, `other` and what
cannot be read compare as unknown.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.library.releases import MODEL, is_of_the_code
from clausegraph.loaders.records import FILE
from clausegraph.workspace.data_findings import COMPARISON_CODES

if TYPE_CHECKING:
    import duckdb

SAME, UNKNOWN = "same", "unknown"
#: The number of a version in the name of a license; `3-Clause` and `180B` are none.
_VERSION = re.compile(r"\bv?\d+(?:\.\d+)*\b(?!-?[^\W\d_])", re.IGNORECASE)


def compare(
    library: Library, declared: Expression, values: Iterable[str], place: str, *, more: bool = False, text: bool = True
) -> str:
    """Return `same`, `unknown`, or how what is stated in a place differs from the declared license.

    A license file says under which text the whole stands, so it also differs where it holds `more` than the declared
    license, or is the text of no license that is known; one that names the family of what is declared, and no version,
    leaves open which it is. One that is like another version of the declared license and holds more may be any of its
    versions: nobody knows which. What is no `text` but a value in a file's head says nothing where it is not known.
    """
    stated = library.names.declared(list(values))
    if not _specified(library, declared.ids):
        return UNKNOWN
    if place == FILE and (text or _specified(library, stated.ids)):
        known = frozenset(i for i in stated.ids if not library.licenses[i].names_no_text)
        if not known and _specified(library, stated.ids) and declared.ids <= _with_members(library, stated.ids):
            return UNKNOWN
        if not known:
            return "file_not_identified"
        if more and _is_version(library, declared, stated):
            return "file_not_identified"
        if more or known != stated.ids:
            return "file_holds_more" if declared.ids <= _with_families(library, known) else "file_differs"
        differs = "file_holds_more" if declared.ids < stated.ids else "file_differs"
        return SAME if _agree(library, declared, stated) or _is_one_of(declared, stated) else differs
    if any(not library.licenses[i].is_text for i in declared.ids | stated.ids):
        return UNKNOWN
    if _agree(library, declared, stated):
        return SAME
    return f"{place}_differs" if f"{place}_differs" in COMPARISON_CODES else UNKNOWN


def is_text(name: str | None) -> bool:
    """Say whether a statement was read in a text, and not in the head of a file of weights."""
    return not (name or "").endswith(".gguf")


def _specified(library: Library, ids: Iterable[str]) -> bool:
    """Say whether licenses name texts, or at least families of texts."""
    return all(not library.licenses[i].names_no_text or i in library.members for i in ids)


def _with_families(library: Library, ids: frozenset[str]) -> frozenset[str]:
    return ids | {family for family, members in library.members.items() if ids & set(members)}


def _with_members(library: Library, ids: frozenset[str]) -> frozenset[str]:
    return ids | {member for family in ids for member in library.members.get(family, ())}


def _is_version(library: Library, declared: Expression, stated: Expression) -> bool:
    """Say whether two licenses are versions of one: their names differ in the number of the version only."""
    if len(declared.ids) != 1 or len(stated.ids) != 1 or declared.ids == stated.ids:
        return False
    titles = {" ".join(_VERSION.sub(" ", library.licenses[i].name).split()) for i in declared.ids | stated.ids}
    return len(titles) == 1


def _is_one_of(declared: Expression, stated: Expression) -> bool:
    """Say whether a file is the text of licenses that hold together with others: each may have a file of its own."""
    return len(declared.options) == len(stated.options) == 1 and stated.ids < declared.ids


def _agree(library: Library, declared: Expression, stated: Expression) -> bool:
    """Say whether two statements agree: one offers what the other does, or names its family.

    A list may mean that all in it hold, so it says more than one license of it.
    """
    if stated.listed and not declared.listed:
        return False
    if declared.options <= stated.options or stated.options <= declared.options:
        return True
    members = [set(library.members.get(i, (i,))) for i in declared.ids]
    return len(stated.options) == 1 and len(members) == 1 and stated.ids <= members[0]


def build_comparisons(
    connection: "duckdb.DuckDBPyConnection", library: Library, expressions: Sequence[Expression]
) -> None:
    """Create `comparisons`: each further license statement of an artifact with how it compares."""
    rows = connection.execute(
        """SELECT s.n, d.expression, s.place, s.source, s.name, bool_or(coalesce(s.more, false)),
          list_sort(list(DISTINCT s.value))
        FROM statements s JOIN declared d USING (n) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    connection.execute(
        """CREATE TABLE comparisons (n BIGINT, place VARCHAR, source BIGINT, name VARCHAR, value VARCHAR,
        comparison VARCHAR)"""
    )
    found: dict[tuple[int, str, bool, tuple[str, ...], bool], str] = {}
    table: list[tuple[int, str, int, str | None, str, str]] = []
    differing = []
    for n, expression, place, source, name, more, values in rows:
        key = (expression, place, more, tuple(values), is_text(name))
        if key not in found:
            found[key] = compare(library, expressions[expression], values, place, more=more, text=key[-1])
        if found[key] == "file_differs" and not more:
            differing.append((len(table), expressions[expression], values))
        table.append((n, place, source, name, " AND ".join(values), found[key]))
    models = _names(connection, {table[at][0] for at, _, _ in differing})
    for at, declared, values in differing:
        if of_the_code(library, models.get(table[at][0]), declared, values):
            table[at] = (*table[at][:-1], UNKNOWN)
    if table:
        connection.executemany("INSERT INTO comparisons VALUES (?, ?, ?, ?, ?, ?)", table)


def of_the_code(library: Library, model: str | None, declared: Expression, values: Sequence[str]) -> bool:
    """Say whether a license file beside a model of a name is by its release the license of the code alone."""
    return model is not None and is_of_the_code(library, model, declared, library.names.declared(values))


def _names(connection: "duckdb.DuckDBPyConnection", numbers: set[int]) -> dict[int, str]:
    """Return the names of those artifacts that are models."""
    if not numbers:
        return {}
    rows = connection.execute(
        f"SELECT n, name FROM artifacts WHERE kind = '{MODEL}' AND list_contains(?, n)", [sorted(numbers)]
    )
    return dict(rows.fetchall())
