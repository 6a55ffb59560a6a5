"""Connections: deadlines on every request of a connection, bounds per client, and who a client is."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn

from clausegraph.ground.errors import UsageError
from clausegraph.server.connections import Clients, Proxies, protocol
from clausegraph.server.limits import Limits

LIMITS = replace(Limits(), receive=1.0, send=0.5, slowest=10_000, connections=12, connections_each=6)
#: More than the buffers of the system take.
LARGE = 40_000_000
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Answer with a large body for `/large`, after a while for `/slow`, and with a word for anything else."""
    assert scope["type"] == "http"
    if scope["path"] == "/slow":
        await asyncio.sleep(3)
    body = b"x" * (LARGE if scope["path"] == "/large" else 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def serving(limits: Limits, *trusted: str) -> Iterator[tuple[str, int]]:
    """Serve the little application and yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    http = protocol(limits, Proxies(trusted))
    config = uvicorn.Config(answer, http=http, lifespan="off", log_level="error", proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with serving(LIMITS) as found:
        yield found


@contextlib.contextmanager
def connected(place: tuple[str, int], first: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(place, timeout=15) as line:
        line.sendall(first)
        yield line


def rest(line: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(1_000_000):
            parts.append(part)
    return b"".join(parts)


def closes_after(line: socket.socket) -> float:
    start = time.monotonic()
    rest(line)
    return time.monotonic() - start


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HT", WHOLE, WHOLE + b"GET / HTT", WHOLE + WHOLE + b"GET / HTTP/1.1\r\nHost"],
    ids=["nothing", "half a request", "one request", "one and a half", "two and a half"],
)
def test_a_connection_that_waits_is_closed_whatever_came_before(sent: bytes, place: tuple[str, int]) -> None:
    with connected(place, sent) as line:
        assert closes_after(line) < 4 * LIMITS.receive


def test_a_head_that_comes_drop_by_drop_is_not_waited_for(place: tuple[str, int]) -> None:
    with connected(place, WHOLE) as line:
        start = time.monotonic()
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            for byte in b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"y" * 100:
                line.sendall(bytes([byte]))
                time.sleep(0.1)
        assert time.monotonic() - start < 4 * LIMITS.receive


def test_a_request_that_is_answered_late_is_not_cut_off(place: tuple[str, int]) -> None:
    with connected(place, WHOLE.replace(b"/ ", b"/slow ", 1)) as line:
        assert rest(line).endswith(b"xx")


def test_a_reader_that_takes_nothing_is_left(place: tuple[str, int]) -> None:
    with connected(place, WHOLE.replace(b"/ ", b"/large ", 1)) as line:
        time.sleep(4)
        assert len(rest(line)) < LARGE


def test_a_reader_that_takes_its_time_gets_everything(place: tuple[str, int]) -> None:
    with connected(place, WHOLE.replace(b"/ ", b"/large ", 1)) as line:
        size = 0
        while part := line.recv(1_000_000):
            size += len(part)
            time.sleep(0.02)
    assert size > LARGE


def test_too_many_connections_of_a_client_close_the_one_that_waited_longest_and_never_one_that_asks(
    place: tuple[str, int],
) -> None:
    with contextlib.ExitStack() as stack:
        asking = stack.enter_context(connected(place, WHOLE.replace(b"/ ", b"/slow ", 1)))
        time.sleep(0.2)
        waiting = [stack.enter_context(connected(place, b"GET")) for _ in range(5)]
        time.sleep(0.2)
        last = stack.enter_context(connected(place, WHOLE))
        assert last.recv(100).startswith(b"HTTP/1.1 200")
        waiting[0].settimeout(0.5)
        assert waiting[0].recv(10) == b""
        waiting[1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            waiting[1].recv(10)
        assert rest(asking).endswith(b"xx")


def test_a_client_whose_connections_all_ask_is_told_so(place: tuple[str, int]) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(connected(place, WHOLE.replace(b"/ ", b"/slow ", 1)))
        time.sleep(0.3)
        told = rest(stack.enter_context(connected(place)))
    assert told.startswith(b"HTTP/1.1 429 Too Many Requests")
    assert b"too-many-connections" in told


def test_a_proxy_that_is_trusted_may_hold_more_and_the_whole_has_a_bound_too() -> None:
    with serving(LIMITS, "127.0.0.0/8") as place, contextlib.ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(connected(place, WHOLE.replace(b"/ ", b"/slow ", 1)))
        time.sleep(0.3)
        told = rest(stack.enter_context(connected(place)))
    assert told.startswith(b"HTTP/1.1 503")


@pytest.mark.parametrize(
    ("header", "value", "client"),
    [
        ("forwarded", 'for=192.0.2.7;proto=https;by="_x"', "192.0.2.7"),
        ("forwarded", 'for=evil, for="192.0.2.7:4711"', "192.0.2.7"),
        ("forwarded", 'For="[2001:db8::1]:4711"', "2001:db8::1"),
        ("forwarded", "for=192.0.2.7, for=10.0.0.2", "192.0.2.7"),
        ("x-forwarded-for", "evil, 192.0.2.7, 10.0.0.3", "192.0.2.7"),
        ("x-forwarded-for", "2001:db8::1", "2001:db8::1"),
        ("x-real-ip", "192.0.2.7", "10.0.0.1"),
        ("forwarded", "proto=https", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_says_who_asks_and_only_what_it_added_counts(header: str, value: str, client: str) -> None:
    headers = [(header.encode(), value.encode())]
    assert Proxies(["10.0.0.0/8"]).client("10.0.0.1", headers) == client
    assert Proxies().client("10.0.0.1", headers) == "10.0.0.1"
    assert Proxies(["10.0.0.0/8"]).client("192.0.2.1", headers) == "192.0.2.1"


def test_what_is_no_address_of_a_proxy_is_told() -> None:
    with pytest.raises(UsageError, match="--behind"):
        Proxies(["proxy.example"])


def test_who_asks_reaches_the_application() -> None:
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"])

    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"forwarded", b"for=192.0.2.7")]}
    asyncio.run(Clients(application, Proxies(["127.0.0.1"]))(scope, None, None))  # type: ignore[arg-type]
    assert seen == [("192.0.2.7", 1)]
