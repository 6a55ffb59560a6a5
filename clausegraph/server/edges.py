"""The outer edge: bodies that are too large or too slow, a server that is not ready yet, and errors in one shape."""

import asyncio

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clausegraph.ground.errors import MachineLimit, NetworkError, UnknownIdentifier
from clausegraph.server.limits import Limits
from clausegraph.server.refusal import Refused

_STATUS = {UnknownIdentifier: (404, "unknown"), NetworkError: (502, "network"), MachineLimit: (503, "machine-limit")}


def failure(status: int, code: str, message: str, fix: str = "", after: int | None = None) -> JSONResponse:
    """Return an error as every part of the server writes it."""
    headers = {"Retry-After": str(after)} if after else None
    return JSONResponse({"error": {"code": code, "message": message, "fix": fix}, "status": status}, status, headers)


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer with a refusal."""
    assert isinstance(error, Refused)
    return failure(error.status, error.code, error.message, error.fix, error.after)


async def known(_: Request, error: Exception) -> JSONResponse:
    """Answer with an error that is meant for the user."""
    status, code = next((found for cls, found in _STATUS.items() if isinstance(error, cls)), (400, "usage"))
    return failure(status, code, str(error))


async def invalid(_: Request, error: Exception) -> JSONResponse:
    """Answer with what a request lacks or has wrong."""
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
    return failure(422, "invalid", said[:2000], "/api/openapi.json describes every parameter.")


async def plain(_: Request, error: Exception) -> JSONResponse:
    """Answer with an error of the framework: no such address, no such method."""
    assert isinstance(error, HTTPException)
    answer = failure(error.status_code, "http", str(error.detail), "/api/openapi.json describes every address.")
    answer.headers.update(error.headers or {})
    return answer


async def unexpected(_: Request, error: Exception) -> JSONResponse:
    """Answer where the server itself is at fault; what it was stands in its log."""
    text = f"the server could not answer ({type(error).__name__}); this is a fault of clausegraph"
    return failure(500, "internal", text, "Please report it with the address that you asked.")


class Parameters:
    """Refuses requests with more parameters than anybody needs."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["query_string"].count(b"&") >= self.limits.parameters:
            text = f"the request has more than {self.limits.parameters} parameters"
            await failure(400, "malformed-request", text, "Ask for less at once.")(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Bodies:
    """Reads the body of a request in time and within its limit, before anything else sees it."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its whole body, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self.limits.receive)
        except TimeoutError:
            text = f"the request did not arrive within {self.limits.receive:g} seconds"
            await failure(408, "too-slow", text, "Send it faster.")(scope, receive, send)
            return
        if body is None:
            text = f"the body has more than {self.limits.body:,} bytes"
            await failure(413, "body-too-large", text, "Send it in parts.")(scope, receive, send)
            return
        sent = False

        async def whole() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, whole, send)

    async def _read(self, receive: Receive) -> bytes | None:
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b""
            part = message.get("body", b"")
            size += len(part)
            if size > self.limits.body:
                return None
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)
