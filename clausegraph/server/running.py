"""Runs the server until it is stopped."""

import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from clausegraph.errors import UsageError
from clausegraph.server.app import create
from clausegraph.server.edges import impatient
from clausegraph.server.state import State


def serve(state: State, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Answer on an address and tell `ready`; port 0 takes a free one. Raises `UsageError` where one is taken."""
    try:
        listening = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port} ({error.strerror}). Take another --port, or 0.") from error
    config = uvicorn.Config(
        create(state),
        http=impatient(H11Protocol, state.limits.receive),
        lifespan="on",
        log_level="warning",
        access_log=False,
        limit_concurrency=2_000,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64_000,
        server_header=False,
    )
    server = _Server(config, lambda: ready(f"http://{host}:{listening.getsockname()[1]}/"))
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()
