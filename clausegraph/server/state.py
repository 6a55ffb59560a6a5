"""What the server answers from: the library, the tables of a workspace, and its store.

Both are looked at again for every request: tables that another process made anew are opened again, and the store that
counts is the one that its link leads to.
"""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.answers.compat import Compat
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.server.connections import Proxies
from clausegraph.server.limits import Limits
from clausegraph.server.pool import QUESTIONS, Pool
from clausegraph.store.embedded import graph_sizes, open_store, store_folder
from clausegraph.store.endpoint import Rows, rows_of
from clausegraph.store.parsing import Form
from clausegraph.workspace.folder import Workspace

_JSON = "application/sparql-results+json"
#: Names of this machine, which a request may give.
KNOWN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", socket.gethostname()})


class State:
    """The open workspace. Its tables are read by one request at a time, its graph by the pool."""

    def __init__(
        self,
        workspace: Workspace,
        library: Library,
        limits: Limits,
        public_url: str | None = None,
        proxies: Proxies | None = None,
    ) -> None:
        workspace.require_sources()
        self.workspace = workspace
        self.library = library
        self.limits = limits
        self.public_url = public_url
        self.proxies = proxies or Proxies()
        #: What is being done before the first answer, and `None` when all is ready.
        self.step: str | None = "starting"
        self.questions = Pool(self._store, limits, QUESTIONS)
        self.pages = Pool(self._store, limits)
        self.compat = Compat(library)
        self._catalogue: Catalogue | None = None
        self._opened: tuple[int, int] | None = None
        self._lock = threading.Lock()

    async def open(self) -> None:
        """Build or repair the store where that is needed, start the workers, and hold what pages need."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def prepare() -> None:
            try:
                open_store(self.workspace, self.library, self._tell)
            except BaseException as error:
                loop.call_soon_threadsafe(_settle, done, error)
            else:
                loop.call_soon_threadsafe(_settle, done, None)

        # a daemon, so that a server that is stopped meanwhile does not wait for it: what it makes appears in one step
        threading.Thread(target=prepare, daemon=True).start()
        await done
        self._tell("starting the workers")
        await asyncio.gather(self.questions.start(), self.pages.start())
        await run_in_threadpool(self._hold)
        self.step = None

    async def close(self) -> None:
        """End the workers."""
        await asyncio.gather(self.questions.stop(), self.pages.stop())

    def _tell(self, step: str) -> None:
        self.step = step

    def _hold(self) -> None:
        from clausegraph.server.pages.facets import hold

        with self.catalogue() as catalogue:
            hold(catalogue)  # so that the first reader does not wait for it

    def address(self, request: Request) -> str:
        """Return the address of this server as answers write it, with a slash at its end.

        What a client says in `Host` is written only where it names this machine; else it is where the request arrived.
        """
        if self.public_url:
            return self.public_url.rstrip("/") + "/"
        if request.url.hostname in KNOWN_HOSTS:
            return str(request.base_url)
        host, port = request.scope["server"]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def _store(self) -> str:
        return str(store_folder(self.workspace).resolve() / "oxigraph")

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

    async def select(self, query: str, client: str) -> Rows:
        """Return the columns and rows that a page of ours asks for; raises `Refused`."""
        return rows_of(json.loads((await self.pages.run({"query": query, "media": _JSON}, client)).data))

    async def ask(self, query: str, client: str, *, shown: bool = False) -> tuple[Rows, int | None]:
        """Return columns and rows of somebody's question, and the limit on its rows where it had none.

        What is `shown` on a page has lower limits. Raises `Refused`, with the code `no-such-format` where the query is
        no SELECT.
        """
        job: dict[str, Any] = {"query": query, "media": {Form.rows: _JSON}}
        if shown:
            job |= {"limit": self.limits.shown, "most": self.limits.shown_bytes}
        answer = await self.questions.run(job, client)
        return await run_in_threadpool(lambda: rows_of(json.loads(answer.data))), answer.limit


def _settle(done: "asyncio.Future[None]", error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


def client(request: Request) -> str:
    """Return the client key by which clients take turns."""
    return request.client.host if request.client else ""


def open_state(
    folder: Path | None,
    library: Library,
    limits: Limits,
    public_url: str | None = None,
    behind: Sequence[str] = (),
) -> State:
    """Return the state of a server over a workspace; raises `UsageError` where nothing was loaded.

    `public_url` is the address that answers write, and `behind` are the addresses of proxies that are trusted.
    """
    found = Workspace(folder)
    if not found.sources():
        raise UsageError(f"the workspace {found.folder} is empty. Run `clausegraph load SOURCE` or `clausegraph demo`.")
    if public_url is not None and not public_url.startswith(("http://", "https://")):
        raise UsageError(f"--public-url takes an http or https address, not {public_url!r}.")
    return State(found, library, limits, public_url, Proxies(behind))
