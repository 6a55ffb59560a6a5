"""Runs the server until it is stopped."""

import socket
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn

from clausegraph.ground.errors import UsageError
from clausegraph.server.app import create
from clausegraph.server.connections import protocol
from clausegraph.server.state import State


def serve(state: State, host: str, port: int, bound: Callable[[str], None], ready: Callable[[str], None]) -> None:
    """Answer on an address until stopped; port 0 takes a free one.

    `bound` is told the address at once, and `ready` when the graph can be asked. Raises `UsageError` where the port is
    taken, and what goes wrong while the store is built.
    """
    try:
        listening = socket.create_server((host, port), family=_family(host), backlog=1_024)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port} ({error.strerror}). Take another --port, or 0.") from error
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}/"
    wrong: list[BaseException] = []

    def done(error: BaseException | None) -> None:
        error = error or _unsealed(state, host)
        if error is None:
            ready(address)
        else:
            wrong.append(error)
            server.should_exit = True

    config = uvicorn.Config(
        create(state, done),
        http=protocol(state.limits, state.proxies),
        lifespan="on",
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # who asks is said by the proxies that are trusted, and by them only
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64_000,
        server_header=False,
    )
    server = uvicorn.Server(config)
    bound(address)
    server.run(sockets=[listening])
    if wrong:
        raise wrong[0]


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _unsealed(state: State, host: str) -> UsageError | None:
    """Return why others may not ask: the system cannot take the network away from what runs their queries."""
    why = state.questions.unsealed or state.pages.unsealed
    if why is None or _is_loopback(host):
        return None
    return UsageError(
        f"the processes that run queries cannot give up the network here ({why}). Listen on 127.0.0.1 only, or serve "
        "on Linux with seccomp."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
