"""Makes `ontology/known/hub.tsv` from dumps of the Hub: every artifact that others are made from, or that many use.

The dumps are loaded into a workspace of their own and brought together as every workspace is, so that names are
repaired and relations found by the same rules. The same dumps give the same bytes, in whatever order they are named.
A source with fewer than `SMALL` artifacts is kept whole: it was collected because it is used.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from clausegraph.ground.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.loaders.records import OWN
from clausegraph.workspace.context import date_of
from clausegraph.workspace.data_findings import comparison_reasons
from clausegraph.workspace.duck import connect
from clausegraph.workspace.folder import Source, Workspace, write_whole
from clausegraph.workspace.known import MOVED, Known, KnownParent, Stated, hub_line, key
from clausegraph.workspace.lineage import open_resolved, read_table, resolve
from clausegraph.workspace.load import load
from clausegraph.workspace.missing import NOT_LOADED
from clausegraph.workspace.usual import USUAL_FILE, usual_text

#: The artifacts of a source that is kept whole.
SMALL = 10_000
#: Downloads of an artifact that many use, and of one that a name without its owner may mean.
USED, FAMOUS = 1_000, 1_000
#: Characters of a parent that is stated in a form that names nothing.
_LONGEST = 80
_KEPT = f"""CREATE TEMP TABLE kept AS
SELECT n, kind, id FROM artifacts WHERE kind IN ('model', 'dataset') AND (
  n IN (SELECT parent FROM edges) OR downloads >= {USED} OR list_contains(?, source))"""


def build_known(dumps: Sequence[Path], target: Path, progress: Callable[[str], None] = lambda _: None) -> int:
    """Write the file from dumps and return how many artifacts it holds; raises `UnreadableInput` without any."""
    missing = next((dump for dump in dumps if not dump.is_file()), None)
    if missing is not None:
        raise UnreadableInput(f"{missing}: there is no such file. Name dumps of the Hub.")
    with tempfile.TemporaryDirectory() as scratch, connect() as connection:
        place = Workspace(scratch)
        ordered = sorted(dumps, key=lambda dump: (date_of(dump), dump.name))
        for dump in ordered:
            load(place, str(dump), progress)
        library = Library.load()
        progress("bringing them together")
        open_resolved(connection, resolve(place, library))
        sources = place.sources()
        connection.execute(_KEPT, [[i for i, s in enumerate(sources) if s.artifacts < SMALL]])
        found = list(_artifacts(connection, place, library, sources))
        lines = [(key(k.kind, k.id), hub_line(k)) for k in found]
        lines += [(key(kind, old), "\t".join((kind, old, MOVED, now))) for kind, old, now in _moved(connection, place)]
        head = [f"# made by `clausegraph ontology known` from {d.name} sha256:{_digest(d)}" for d in ordered]
        write_whole(target, "\n".join([*head, *(line for _, line in sorted(lines))]) + "\n")
        write_whole(target.with_name(USUAL_FILE), usual_text(library, found))
    return len(found)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:16]


def _artifacts(
    connection: duckdb.DuckDBPyConnection, place: Workspace, library: Library, sources: Sequence[Source]
) -> Iterable[Known]:
    """Yield the artifacts with all that was stated of their licenses, and their parents."""
    parents = _parents(connection)
    words = comparison_reasons(library)
    left_open: dict[int, set[str]] = {}
    for n, comparison in connection.execute("SELECT n, comparison FROM comparisons JOIN kept USING (n)").fetchall():
        if comparison in words:
            left_open.setdefault(n, set()).add(comparison)
    rows = connection.execute(
        f"""SELECT k.n, k.kind, k.id, r.source, r.licenses, r.license_name
        FROM kept k JOIN ({read_table(place, "artifacts")}) r USING (kind, id)
        WHERE r.place IN {OWN} ORDER BY k.n, r.source DESC"""
    ).fetchall()
    stated: dict[int, dict[Any, Stated]] = {}
    names: dict[int, tuple[str, str]] = {}
    for n, kind, id_, source, licenses, name in rows:
        names[n] = kind, id_
        one = Stated(sources[source].date, tuple(licenses or ()), name)
        same = (library.names.declared(list(one.licenses)), one.name)
        stated.setdefault(n, {}).setdefault(same, one)
    for n, (kind, id_) in names.items():
        said = tuple(s for i, s in enumerate(stated[n].values()) if not i or s.licenses)
        yield Known(kind, id_, said, tuple(parents.get(n, ())), tuple(sorted(left_open.get(n, ()))))


def _parents(connection: duckdb.DuckDBPyConnection) -> dict[int, list[KnownParent]]:
    found: dict[int, list[KnownParent]] = {}
    rows = connection.execute(
        """SELECT e.child, p.kind, p.id, e.relation, e.inferred, '' AS word FROM edges e
          JOIN kept k ON k.n = e.child JOIN artifacts p ON p.n = e.parent
        UNION SELECT l.child, l.parent_kind, l.stated, l.relation, NULL, l.word FROM lost l
          JOIN kept k ON k.n = l.child WHERE l.word != 'misfit' ORDER BY ALL"""
    ).fetchall()
    for child, kind, id_, relation, inferred, word in rows:
        stated = id_ if word in ("", NOT_LOADED) else " ".join(id_.split())[:_LONGEST]
        found.setdefault(child, []).append(KnownParent(kind, stated, relation, inferred, word))
    return found


def _moved(connection: duckdb.DuckDBPyConnection, place: Workspace) -> list[tuple[str, str, str]]:
    """Return former ids with the kept artifacts that they mean: what was repaired, and what sources list as renamed."""
    rows: list[tuple[str, str, str]] = connection.execute(
        f"""SELECT kind, old, min(now) FROM (
          SELECT r.parent_kind AS kind, r.stated AS old, k.id AS now FROM refs r JOIN kept k ON k.n = r.parent
            JOIN artifacts p ON p.n = r.parent
            WHERE r.repair = 'renamed' OR (r.repair = 'legacy_name' AND p.downloads >= {FAMOUS})
          UNION SELECT r.kind, r.id, k.id FROM ({read_table(place, "renames")}) r
            JOIN kept k ON k.kind = r.kind AND lower(k.id) = lower(r.now))
        AS said WHERE lower(old) != lower(now) AND NOT contains(old, chr(9)) AND NOT EXISTS (
          SELECT 1 FROM artifacts a WHERE a.kind = said.kind AND a.id = said.old)
        GROUP BY kind, old ORDER BY ALL"""
    ).fetchall()
    return rows
