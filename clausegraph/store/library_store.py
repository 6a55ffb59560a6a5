"""The library as a store of its own, from which the store of a workspace can begin.

Loading the ontology and its tables takes most of the time in which a small store is built, and gives the same each
time. Where `CLAUSEGRAPH_CACHE` names a folder, it is done once there; every other store begins as a copy that shares
the files. Without the variable nothing is kept.
"""

import hashlib
import os
from pathlib import Path

import pyoxigraph as ox

from clausegraph.ground.errors import UsageError
from clausegraph.ground.files import generated, turtle_files
from clausegraph.store.nquads import graph_iri
from clausegraph.workspace.folder import replacing

#: The environment variable with the folder in which the store of the library is kept.
VARIABLE = "CLAUSEGRAPH_CACHE"
#: The graphs that are the same in every store.
LIBRARY_GRAPHS = ("library", "inferred")
_TABLES = ("library.nt", "questions.ttl", "inferred.ttl")


def fill_library(store: ox.Store) -> None:
    """Load the ontology and its generated tables into their graphs."""
    library_graph, inferred_graph = (ox.NamedNode(graph_iri(name)) for name in LIBRARY_GRAPHS)
    # one bulk for the many small files: each by itself takes as long as a large one
    store.bulk_extend(
        ox.Quad(t.subject, t.predicate, t.object, library_graph)
        for path in turtle_files("ontology")
        for t in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES, to_graph=library_graph)
    store.bulk_load(path=str(generated("questions.ttl")), format=ox.RdfFormat.TURTLE, to_graph=library_graph)
    store.bulk_load(path=str(generated("inferred.ttl")), format=ox.RdfFormat.TURTLE, to_graph=inferred_graph)


def library_store() -> ox.Store:
    """Return a store in memory with the library alone, for questions about licenses; it takes seconds to fill."""
    store = ox.Store()
    fill_library(store)
    return store


def new_store(place: Path) -> ox.Store:
    """Return a new store in an empty place with the graphs of the library in it."""
    kept = _kept()
    if kept is None:
        store = ox.Store(str(place))
        fill_library(store)
        return store
    ox.Store.read_only(str(kept)).backup(str(place))
    return ox.Store(str(place))


def _kept() -> Path | None:
    """Return the store of the library in the folder for it, made if need be; `None` where there is no such folder."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return None
    place = Path(folder) / f"library-{_digest()}"
    if not place.exists():
        try:
            with replacing(place) as made:
                store = ox.Store(str(made / "oxigraph"))
                fill_library(store)
                store.optimize()
                store.flush()
        except UsageError:
            return None  # another process is making it: who waited for that would wait as long as for his own
    return place / "oxigraph"


def _digest() -> str:
    """Return a digest of all files that are loaded, and of the program that wrote the store."""
    total = hashlib.sha256(ox.__version__.encode())
    for path in (*turtle_files("ontology"), *map(generated, _TABLES)):
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]
