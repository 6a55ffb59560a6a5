"""Ancestors that are named, or must exist, and of which nothing else is known.

| word | means |
|---|---|
| `not-loaded` | no loaded source holds it |
| `gone` | it no longer exists: the Hub dropped it, or a source that lists everything lacks it |
| `unreadable` | what is stated is no identifier, for instance a path on somebody's disk |
| `unnamed` | an adapter does not say which base it has |
| `private` | only its owner can see it |
| `misfit` | it is known, and stands in a relation that its kind cannot stand in: nobody knows how it was used |

For each word the ontology has a node that stands for the license of such an ancestor, so that what is not known moves
along the lineage as every license does.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.model import MISFIT
from clausegraph.library.names import Expression
from clausegraph.loaders.forms import meant
from clausegraph.loaders.identifiers import ADDRESS, MAX_ADDRESS, MAX_REPO, REPO, is_iri, is_repo_id
from clausegraph.loaders.records import FILE, MODEL

if TYPE_CHECKING:
    import duckdb

NOT_LOADED, GONE, UNREADABLE, UNNAMED = "not-loaded", "gone", "unreadable", "unnamed"
#: Whether what is meant can be the identifier of a work, as `is_identifier` says it.
_IDENTIFIES = rf"""((regexp_full_match(meant, '{REPO}') AND NOT contains(meant, '..') AND len(meant) <= {MAX_REPO})
  OR (regexp_full_match(meant, '{ADDRESS}') AND len(meant) <= {MAX_ADDRESS}))"""


def is_identifier(stated: str) -> bool:
    """Say whether what is stated of an ancestor can be the identifier of a work."""
    return is_repo_id(stated) or is_iri(stated)


def build_forms(connection: "duckdb.DuckDBPyConnection", references: str) -> None:
    """Create `forms`: stated parents that are no identifier as they stand, with each identifier that they mean.

    What some source holds under the very name that is stated is left as it is.
    """
    rows = connection.execute(
        f"""SELECT DISTINCT r.parent_kind, r.parent FROM ({references}) r
        WHERE r.parent != '' AND NOT regexp_full_match(r.parent, '{REPO}')
          AND NOT EXISTS (SELECT 1 FROM artifacts a WHERE a.kind = r.parent_kind AND a.id = r.parent)"""
    ).fetchall()
    connection.execute("CREATE TEMP TABLE forms (kind VARCHAR, stated VARCHAR, meant VARCHAR)")
    found = [(kind, stated, id_) for kind, stated in rows for id_ in meant(kind, stated) if id_ != stated]
    if found:
        connection.executemany("INSERT INTO forms VALUES (?, ?, ?)", found)


def build_lost(
    connection: "duckdb.DuckDBPyConnection", library: Library, whole: Sequence[str], expressions: Sequence[Expression]
) -> None:
    """Create `lost`: each artifact with an ancestor of which nothing is known, the relation, and the word for why.

    `whole` are the kinds of artifact of which a source lists everything. A path in a file of the repository does not
    count where the card names the base.
    """
    number = {expression: i for i, expression in enumerate(expressions)}
    words = [(word, number[Expression.of(id_)]) for word, id_ in library.missing.items()]
    connection.execute("CREATE TEMP TABLE missing_word (word VARCHAR, expression INTEGER)")
    connection.executemany("INSERT INTO missing_word VALUES (?, ?)", words)
    needs = [r.name for r in library.relations.values() if r.needs_upstream]
    connection.execute(
        f"""CREATE TABLE lost AS
        SELECT DISTINCT w.child, w.meant AS stated, w.parent_kind, w.judged AS relation,
          {implied_sql(library)} AS implied, w.word, m.expression
        FROM (SELECT r.*, {judged_sql(library)} AS judged,
            CASE WHEN repair = 'no_artifact' THEN '{UNNAMED}'
              WHEN NOT {_IDENTIFIES} THEN '{UNREADABLE}'
              WHEN dropped OR list_contains(?, parent_kind) THEN '{GONE}' ELSE '{NOT_LOADED}' END AS word
          FROM refs r WHERE repair = 'gone' OR (repair = 'no_artifact' AND relation IN {_in(needs)})) w
        JOIN missing_word m USING (word) JOIN artifacts c ON c.n = w.child
        WHERE NOT (w.place = '{FILE}' AND w.word IN ('{UNREADABLE}', '{UNNAMED}') AND EXISTS (
          SELECT 1 FROM refs o WHERE o.child = w.child AND o.parent_kind = '{MODEL}' AND o.place != '{FILE}'
            AND o.repair NOT IN ('self_loop', 'no_artifact')))""",
        [list(whole)],
    )
    connection.execute(
        f"""INSERT INTO lost SELECT x.child, p.id, p.kind, x.relation, x.implied, '{MISFIT}', m.expression
        FROM edges x JOIN artifacts p ON p.n = x.parent, missing_word m WHERE NOT x.fits AND m.word = '{MISFIT}'"""
    )


def misfit_sql(library: Library, relation: str, kind: str) -> str:
    """Return the SQL that says whether a relation does not fit a kind of artifact upstream, both columns."""
    wrong = [
        (r.name, k.name) for r in library.relations.values() for k in library.artifact_kinds.values() if not r.fits(k)
    ]
    return f"(({relation}) || ' ' || {kind}) IN ({', '.join(repr(f'{r} {k}') for r, k in sorted(wrong))})"


def implied_sql(library: Library) -> str:
    """Return the SQL of the relation by which everything on an artifact `c` moves once more, or of nothing."""
    kinds = sorted((k.name, k.implies) for k in library.artifact_kinds.values() if k.implies)
    branches = "".join(f" WHEN c.kind = '{kind}' THEN '{relation}'" for kind, relation in kinds)
    return f"CASE{branches} END" if branches else "NULL"


def judged_sql(library: Library) -> str:
    """Return the SQL of the relation along which a reference `r` is judged: an inferred one is not stated.

    A relation that a file of the repository shows counts as it is; one that is concluded from tags does not.
    """
    unstated = library.unstated["base_model"].name
    return f"""CASE WHEN r.basis = 'inferred' AND r.place != '{FILE}' AND r.parent_kind = '{MODEL}'
      THEN '{unstated}' ELSE r.relation END"""


def _in(words: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words or [""]) + ")"
