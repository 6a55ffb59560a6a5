"""What the server answers from: the library, the tables of a workspace, and its store.

Both are looked at again for every request: tables that another process made anew are opened again, and the store that
counts is the one that its link leads to.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.requests import Request

from clausegraph.catalogue import Catalogue
from clausegraph.compat import Compat
from clausegraph.errors import UsageError
from clausegraph.graph import Rows, rows_of
from clausegraph.library import Library
from clausegraph.server.limits import Limits
from clausegraph.server.pool import Pool
from clausegraph.store import graph_sizes, open_store, store_folder
from clausegraph.workspace import Workspace


class State:
    """The open workspace. Its tables are read by one request at a time, its graph by the pool."""

    def __init__(self, workspace: Workspace, library: Library, limits: Limits) -> None:
        workspace.require_sources()
        self.workspace = workspace
        self.library = library
        self.limits = limits
        open_store(workspace, library)  # builds or mends it, if needed; the workers open it
        self.pool = Pool(lambda: str(store_folder(workspace).resolve() / "oxigraph"), limits)
        self.compat = Compat(library)
        self._catalogue: Catalogue | None = None
        self._opened: tuple[int, int] | None = None
        self._lock = threading.Lock()

    @property
    def graphs(self) -> dict[str, int]:
        """The number of triples of each graph."""
        return graph_sizes(store_folder(self.workspace))

    @contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        """Hold the artifacts of the workspace; they are opened again where the workspace has changed."""
        with self._lock:
            if self._catalogue is None or self._tables() != self._opened:
                if self._catalogue is not None:
                    self._catalogue.close()
                self._catalogue = Catalogue(self.workspace, self.library)
                self._opened = self._tables()
            yield self._catalogue

    def _tables(self) -> tuple[int, int] | None:
        """Return what tells the tables of the workspace from others, or `None` where there are none now."""
        if self._catalogue is None:
            return None
        try:
            status = (self._catalogue.folder / "expressions.json").stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

    def graph(self, client: str, loop: asyncio.AbstractEventLoop) -> "PoolGraph":
        """Return the graph as a client asks it."""
        return PoolGraph(self.pool, client, loop)


class PoolGraph:
    """The graph of the server for code that runs in a thread and asks for rows."""

    def __init__(self, pool: Pool, client: str, loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._client = client
        self._loop = loop

    def select(self, query: str) -> Rows:
        """Return the columns and rows of a SELECT query; raises `Refused`."""
        job = {"query": query, "media": "application/sparql-results+json"}
        data = asyncio.run_coroutine_threadsafe(self._pool.run(job, self._client), self._loop).result()
        return rows_of(json.loads(data))


def client(request: Request) -> str:
    """Return who asks, by whom clients take turns."""
    return request.client.host if request.client else ""


def open_state(folder: Path | None, library: Library, limits: Limits) -> State:
    """Return the state of a server over a workspace; raises `UsageError` where nothing was loaded."""
    found = Workspace(folder)
    if not found.sources():
        raise UsageError(f"the workspace {found.folder} is empty. Run `clausegraph load SOURCE` or `clausegraph demo`.")
    return State(found, library, limits)
