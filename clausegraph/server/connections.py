"""Connections: how long each part of a request may take, how many a client may hold, and who a client is.

A connection that waits for a request, or for the rest of one, is closed after a while; so is one whose reader takes
nothing. Where there are too many, of one client or in all, the one that has waited longest without asking is closed;
where all of them ask, the new one is told so.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from clausegraph.ground.errors import UsageError
from clausegraph.server.limits import Limits

_FULL = b'{"error": {"code": "%s", "message": "%s", "fix": "Close some, or wait."}, "status": %d}'
_FOR = re.compile(r'for=(?:"([^"]{1,100})"|([^;,\s"]{1,100}))', re.IGNORECASE)


class Proxies:
    """The addresses of proxies that are trusted to say for whom they ask, as addresses or networks."""

    def __init__(self, stated: Sequence[str] = ()) -> None:
        try:
            self._networks = [ip_network(text, strict=False) for text in stated]
        except ValueError as error:
            raise UsageError(f"--behind takes the address of a proxy, or a network: {error}") from error

    def trust(self, address: str) -> bool:
        """Say whether an address is that of a trusted proxy."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def client(self, peer: str, headers: Sequence[tuple[bytes, bytes]]) -> str:
        """Return the client: the peer, or, where it is a trusted proxy, the last address named that is none.

        `Forwarded` (RFC 7239) counts before `X-Forwarded-For`.
        """
        if not self.trust(peer):
            return peer
        for name, read in ((b"forwarded", _forwarded), (b"x-forwarded-for", _x_forwarded_for)):
            stated = ",".join(value.decode("latin-1") for key, value in headers if key == name)
            for address in reversed(read(stated[-4000:])):
                if not self.trust(address):
                    return address
        return peer


def _forwarded(text: str) -> list[str]:
    return [_address(quoted or plain) for quoted, plain in _FOR.findall(text)]


def _x_forwarded_for(text: str) -> list[str]:
    return [_address(part.strip()) for part in text.split(",") if part.strip()]


def _address(text: str) -> str:
    """Return a node of `Forwarded` without its port and brackets."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


class Clients:
    """Middleware that puts the address of the client in place of that of a trusted proxy."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as its client's."""
        if scope["type"] == "http" and scope.get("client"):
            peer, port = scope["client"]
            scope = {**scope, "client": (self.proxies.client(peer, scope["headers"]), port)}
        await self.app(scope, receive, send)


def protocol(limits: Limits, proxies: Proxies) -> type[H11Protocol]:
    """Return the HTTP protocol of a server, with its limits."""
    held: dict[str, list[_Patient]] = defaultdict(list)

    class Limited(_Patient):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.limits, self.proxies, self.held = limits, proxies, held

    return Limited


class _Patient(H11Protocol):
    """A connection with deadlines for what it waits for."""

    limits: Limits
    proxies: Proxies
    held: dict[str, "list[_Patient]"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: Any = None
        self._reader: Any = None
        self._begun = False
        self._left = 0
        self._peer = ""

    # ---- the connection itself

    def connection_made(self, transport: Any) -> None:
        """Take a connection, or refuse it where there are too many of which all ask."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        mine = self.held[self._peer]
        mine.append(self)
        if len(mine) > self.limits.connections_each and not self.proxies.trust(self._peer):
            self._make_room(mine, 429, "too-many-connections", f"you hold {self.limits.connections_each} connections")
        elif len(self.connections) > self.limits.connections:
            every = [one for some in self.held.values() for one in some]
            self._make_room(every, 503, "busy", "too many connections are open")
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        for timer in (self._deadline, self._reader):
            if timer is not None:
                timer.cancel()
        self._deadline = self._reader = None
        mine = self.held.get(self._peer, [])
        if self in mine:
            mine.remove(self)
        if not mine:
            self.held.pop(self._peer, None)
        super().connection_lost(exc)

    def _make_room(self, among: "list[_Patient]", status: int, code: str, message: str) -> None:
        """Close the connection that has waited longest without asking; where there is none, refuse this one."""
        for one in among:
            if one is not self and one.waits:
                one.end()
                return
        body = _FULL % (code.encode(), message.encode(), status)
        phrase = b"Too Many Requests" if status == 429 else b"Service Unavailable"
        head = b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\nretry-after: 5\r\nconnection: close\r\n"
        self.transport.write(head % (status, phrase) + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.end()

    def end(self) -> None:
        """Close the connection now; what its reader has not taken after a while is lost."""
        if self.transport.is_closing():
            return
        self.held[self._peer].remove(self)
        self.transport.close()
        self.loop.call_later(self.limits.send, self.transport.abort)

    # ---- what it waits for

    @property
    def waits(self) -> bool:
        """Whether it waits for a request, or for the head of one, and its last answer was taken."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self.transport.get_write_buffer_size()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; its head must be whole in time, however it is cut."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect_nothing()
        elif not self._begun:
            self._expect()
            self._begun = True

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if self.cycle.response_complete:
            self._expect()
        else:  # it had come already
            self._expect_nothing()

    def _expect(self) -> None:
        self._expect_nothing()
        if not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.limits.receive, self._be_over)

    def _be_over(self) -> None:
        if self.waits:
            self.end()
        else:  # its last answer is still being taken, at which `_look` looks
            self._expect()

    def _expect_nothing(self) -> None:
        self._begun = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # ---- its reader

    def pause_writing(self) -> None:
        """Watch whether the reader takes what is written."""
        self.flow.pause_writing()
        self._left = self.transport.get_write_buffer_size()
        if self._reader is None:
            self._reader = self.loop.call_later(self.limits.send, self._look)

    def resume_writing(self) -> None:
        """Go on writing."""
        self.flow.resume_writing()
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def _look(self) -> None:
        left = self.transport.get_write_buffer_size()
        if self._left - left < self.limits.slowest * self.limits.send:
            self.transport.abort()
            return
        self._left = left
        self._reader = self.loop.call_later(self.limits.send, self._look)
