"""The graph of a workspace in an embedded Oxigraph store, kept beside it and brought up to date by differences.

The store lies outside the derived tables and outlives them: when a snapshot is loaded again, only the quads that
changed are taken out and put in, on a copy that shares its files, which then takes the store's place in one step.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from clausegraph.ground.files import generated, turtle_files
from clausegraph.ground.sparql import select
from clausegraph.library import Library
from clausegraph.store.library_store import LIBRARY_GRAPHS, new_store
from clausegraph.store.nquads import GRAPHS, ensure_audit, graph_iri, write_quads
from clausegraph.workspace.duck import connect, lines, literal, parquet
from clausegraph.workspace.folder import Workspace, replacing
from clausegraph.workspace.limits import machine_limits

#: The share of changed quads from which building anew is faster than changing it.
MAX_CHANGED = 0.2
#: Quads that are taken out together.
BATCH = 10_000
_KEPT = "ready"
_SIZES = "graphs.json"


class State(NamedTuple):
    """What a store holds: a digest of what is the same in every store, and the name of the audit."""

    content: str
    audit: str

    @staticmethod
    def read(place: Path) -> "State | None":
        """Return what the store at a place holds, or `None` if there is none."""
        kept = place / _KEPT
        parts = kept.read_text(encoding="utf-8").split() if kept.exists() else []
        return State(*parts) if len(parts) == len(State._fields) else None


def open_store(workspace: Workspace, library: Library, progress: Callable[[str], None] = lambda _: None) -> ox.Store:
    """Return the store of a workspace, read-only; it is built or brought up to date when that is needed."""
    audited = ensure_audit(workspace, library, progress)
    place = store_folder(workspace)
    state = State(content(), audited.name)
    before = State.read(place)
    if before != state:
        with machine_limits(workspace.folder), replacing(place) as folder:
            quads = write_quads(workspace, library, folder / "graph.nq", progress)
            same_content = before is not None and before.content == state.content
            if not (same_content and _update(place, folder, quads, progress)):
                _build(folder, quads, progress)
            with connect() as connection:
                connection.execute(
                    f"COPY (FROM {lines(quads)}) TO {literal(folder / 'quads.parquet')} "
                    "(FORMAT parquet, COMPRESSION zstd)"
                )
            quads.unlink()
            sizes = {**_sizes(folder / "quads.parquet"), **_library_sizes(folder / "oxigraph")}
            (folder / _SIZES).write_text(json.dumps(sizes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            (folder / _KEPT).write_text(f"{state.content} {state.audit}", encoding="utf-8")
    return ox.Store.read_only(str(place / "oxigraph"))


def store_folder(workspace: Workspace) -> Path:
    """Return where the store of a workspace's snapshot lies: a link to the folder that counts."""
    return workspace.folder / "store" / workspace.opened


def graph_sizes(folder: Path) -> dict[str, int]:
    """Return the number of triples of each graph of a store."""
    found: dict[str, int] = json.loads((folder / _SIZES).read_text(encoding="utf-8"))
    return found


def _sizes(quads: Path) -> dict[str, int]:
    graphs = ", ".join(f"'{graph_iri(name)}'" for name in GRAPHS)
    with connect() as connection:
        return dict(
            connection.execute(
                f"""SELECT graph, count(DISTINCT hash(line)) FROM {parquet(quads)}, (SELECT unnest([{graphs}]) AS graph)
                WHERE suffix(line, '<' || graph || '> .') GROUP BY graph"""
            ).fetchall()
        )


def _library_sizes(store: Path) -> dict[str, int]:
    opened = ox.Store.read_only(str(store))

    def size(iri: str) -> int:
        _, rows = select(opened, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
        return int(rows[0][0].value)

    return {iri: size(iri) for iri in map(graph_iri, LIBRARY_GRAPHS)}


def content() -> str:
    """Return a digest of what is the same in every store: the ontology, its tables and the queries."""
    total = hashlib.sha256()
    for path in (*turtle_files("ontology"), generated("library.json"), generated("questions.ttl")):
        total.update(path.read_bytes())
    return total.hexdigest()


def _build(folder: Path, quads: Path, progress: Callable[[str], None]) -> None:
    progress("loading the store")
    store = new_store(folder / "oxigraph")
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.optimize()  # merges the files of a bulk load; without it queries over a whole Hub take eight times as long


def _update(place: Path, folder: Path, quads: Path, progress: Callable[[str], None]) -> bool:
    """Make the new store from the one that is there; say no where too much has changed."""
    progress("comparing with the store")
    before, now = parquet(place / "quads.parquet"), lines(quads)
    with connect() as connection:
        for name, here, there in (("gone", before, now), ("added", now, before)):
            connection.execute(
                f"""CREATE TABLE {name} AS SELECT DISTINCT line FROM {here} x
                ANTI JOIN (SELECT hash(line) AS h, strlen(line) AS l FROM {there}) y
                ON hash(x.line) = y.h AND strlen(x.line) = y.l"""
            )
        sizes = connection.execute(
            f"SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM added), (SELECT count(*) FROM {before})"
        ).fetchall()[0]
        if sizes[0] + sizes[1] > MAX_CHANGED * sizes[2]:
            return False
        progress(f"changing {sizes[0] + sizes[1]:,} quads")
        ox.Store.read_only(str(place / "oxigraph")).backup(str(folder / "oxigraph"))
        store = ox.Store(str(folder / "oxigraph"))
        gone = connection.execute("SELECT line FROM gone")
        while rows := gone.fetchmany(BATCH):
            for quad in ox.parse("\n".join(row[0] for row in rows), format=ox.RdfFormat.N_QUADS):
                store.remove(quad)
        added = connection.execute("SELECT line FROM added")
        while rows := added.fetchmany(BATCH):
            store.load("\n".join(row[0] for row in rows), format=ox.RdfFormat.N_QUADS)
        store.flush()
    return True
