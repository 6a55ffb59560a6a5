"""What is shown while the store is being built: how far it is, and when to ask again."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from clausegraph.server.edges import failure
from clausegraph.server.negotiation import choose
from clausegraph.server.pages.rendering import JSON, page
from clausegraph.server.state import State

#: Seconds after which a page asks again.
AGAIN = 2


class Preparing:
    """Answers everything with 503 and how far the server is, until it is ready."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say how far the server is."""
        step = self.state.step
        if scope["type"] != "http" or step is None or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if choose(request.headers.get("accept"), (JSON, "text/html")) == JSON:
            text = f"the graph is being made ready: {step}"
            said: Response = failure(503, "preparing", text, "Ask again soon.", after=AGAIN)
        else:
            said = page(request, "preparing.html", {"step": step, "again": AGAIN}, status=503)
            said.headers["Retry-After"] = str(AGAIN)
        await said(scope, receive, send)
