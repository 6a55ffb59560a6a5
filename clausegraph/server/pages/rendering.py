"""Templates and answers: one result as a page, as JSON or as Turtle, at one address."""

import json
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from clausegraph.ground import namespaces as ns
from clausegraph.library.codes import codes
from clausegraph.reasoning.outcome_json import reading_words
from clausegraph.reasoning.outcomes import GLYPHS
from clausegraph.server.negotiation import choose

HTML, JSON, TURTLE = "text/html", "application/json", "text/turtle"
#: Nothing is loaded from elsewhere, nothing runs but what the wheel brings.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}
Handler = Callable[[Request, Exception], Awaitable[Response]]
#: Where the templates lie, and what pages load.
HERE = Path(__file__).resolve().parent


@cache
def environment() -> Environment:
    """Return the templates; everything that is put in is escaped, and a name that is missing is an error."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.install_null_translations()  # type: ignore[attr-defined]  # the extension adds it
    found.globals["glyphs"] = GLYPHS
    found.globals["findings"] = {code: about.name for code, about in codes().items()}
    found.filters["address"] = address
    found.filters["reading"] = reading_words
    found.filters["tail"] = ns.local
    found.filters["page"] = page_of
    found.filters["work_page"] = page_of_work
    found.filters["words"] = lambda text: str(text).replace("_", " ").replace("-", " ")
    return found


def address(text: str) -> str:
    """Return a part of an address in which nothing but slashes has a meaning."""
    return quote(text, safe="/:@!$'()*,;=~-._")


def page_of(iri: str) -> str:
    """Return the address of the page of a thing of ours; a clause is a place on the page of its license."""
    path, _, place = iri.removeprefix(ns.BASE).partition("#")
    return f"/{address(path)}" + (f"#{quote(place)}" if place else "")


def page_of_work(work: str) -> str:
    """Return the address of the page of an artifact, by its own address."""
    return f"/artifact/{address(work.removeprefix(ns.HUB))}"


class Static(StaticFiles):
    """What pages load; a browser asks each time whether it has changed."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file, or that it has not changed."""
        response = super().file_response(*args, **kwargs)
        response.headers.update({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})
        return response


def page(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> Response:
    """Return a page."""
    state = request.app.state.served
    common = {
        "path": request.url.path,
        "query": str(request.url.query),
        "data_version": state.library.data_version,
        "snapshot": state.workspace.opened,
        "found": "",
    }
    return HTMLResponse(environment().get_template(template).render(common | context), status, headers=HEADERS)


async def rendered(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> Response:
    """Return a page with what a stranger wrote or asked for, which may be long: nobody waits while it is rendered."""
    return await run_in_threadpool(lambda: page(request, template, context, status=status))


def as_json(value: Any) -> Response:
    """Return the JSON twin of a page."""
    return JSONResponse(value, headers={"Vary": "Accept"})


def as_turtle(text: str | bytes) -> Response:
    """Return the Turtle twin of a page."""
    return Response(text, media_type=TURTLE, headers={"Vary": "Accept"})


def missing(
    request: Request, message: str, near: Sequence[str] = (), wanted: str = HTML, status: int = 404
) -> Response:
    """Answer that something is not here, with the nearest names."""
    if wanted == JSON:
        error = {"error": {"code": "unknown", "message": message, "fix": ""}, "status": status}
        return JSONResponse(error, status, headers={"Vary": "Accept"})
    return page(request, "missing.html", {"message": message, "near": near, "status": status}, status=status)


def for_people(handler: Handler) -> Handler:
    """Return a handler of errors that answers with a page where a browser asks, and as before where a program does."""

    async def answer(request: Request, error: Exception) -> Response:
        found = await handler(request, error)
        if choose(request.headers.get("accept"), (JSON, HTML)) != HTML:
            return found
        said = json.loads(bytes(found.body))["error"]
        message = f"{said['message']}. {said['fix']}".strip(". ") + "."
        shown = missing(request, message, getattr(error, "nearest", ()), HTML, found.status_code)
        shown.headers.update({k: v for k, v in found.headers.items() if k in ("retry-after", "allow")})
        return shown

    return answer
