"""The addresses of what somebody plans and asks: choose, compose, what if, the Hub, the questions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from clausegraph.choosing.choose import choose
from clausegraph.composing.choices import command
from clausegraph.composing.kit import load_kit
from clausegraph.ground.errors import ClausegraphError, UnknownIdentifier
from clausegraph.ground.files import folder, generated
from clausegraph.library.queries import queries
from clausegraph.server.linked import Linked
from clausegraph.server.pages.artifacts import read_assumptions
from clausegraph.server.pages.cube import cube
from clausegraph.server.pages.forms import choice_context, composition_of, guide_context, what_if_context, wishes_in
from clausegraph.server.pages.hub import (
    CHARTS,
    conflicts_context,
    counts_context,
    declarations,
    months,
    question_context,
    questions_context,
)
from clausegraph.server.pages.media_type import split, wanted
from clausegraph.server.pages.rendering import (
    HTML,
    JSON,
    TURTLE,
    as_json,
    as_turtle,
    missing,
    page,
    page_of_work,
    rendered,
)
from clausegraph.server.refusal import Refused
from clausegraph.server.state import State, client
from clausegraph.store.adoption import adherence_of, adherence_query
from clausegraph.store.embedded import store_folder
from clausegraph.store.endpoint import Rows

#: Files of a composed license, and how they are sent.
DOWNLOADS = {
    "license.ttl": "text/turtle",
    "LICENSE.md": "text/markdown",
    "LICENSE.txt": "text/plain",
    "policy.ttl": "text/turtle",
    "spdx.json": "application/ld+json",
    "card.md": "text/markdown",
    "composition.json": "application/json",
}

#: What the twin of the page on the Hub says.
_COUNTED = ("kind", "works", "licensed", "facets", "years", "clauses", "pairs")


class Plans:
    """The handlers of these pages."""

    def __init__(self, state: State, linked: Linked) -> None:
        self.state = state
        self.linked = linked
        #: What was counted in the graph, by what it is, kind of artifact and store.
        self._counted: dict[tuple[str, str | None, str], Any] = {}

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/choose", self.choose),
            Route("/compose", self.compose),
            Route("/compose/{name}", self.download),
            Route("/what-if", self.what_if),
            Route("/hub", self.hub),
            Route("/hub/{name}", self.chart),
            Route("/questions", self.questions),
            Route("/query/{name}", self.question),
            Route("/ask", self.ask),
        ]

    async def choose(self, request: Request) -> Response:
        """Show the possible licenses of a work, or ask the questions of the guided choice."""
        pairs = _pairs(request)
        work = request.query_params.get("work", "").strip()

        def find() -> tuple[str, dict[str, Any]]:
            if not work:
                return "guide.html", guide_context(self.state.library, pairs)
            assumptions, given = read_assumptions(self.state.library, pairs)
            with self.state.catalogue() as catalogue:
                subject = catalogue.subject(work, assumptions)
            found = choose(subject, wishes_in(pairs))  # others may use the tables meanwhile
            wish = request.query_params.get("wish", "").strip() or None
            return "choose.html", choice_context(found, wish) | {"given": given, "reading": assumptions.reading}

        try:
            template, context = await run_in_threadpool(find)
        except UnknownIdentifier as error:
            return missing(request, str(error), error.nearest, wanted(request, None))
        except ClausegraphError as error:
            return missing(request, str(error), (), wanted(request, None), 400)
        media = wanted(request, None)
        if media == JSON:
            return as_json(context["choice"] if work else context["outcome"].to_dict())
        if media == TURTLE and work:
            address = f"{page_of_work(context['choice']['id'])}.ttl"
            assumed = urlencode(context["given"] | {"reading": context["reading"]})
            return RedirectResponse(f"{address}?{assumed}", 303, headers={"Vary": "Accept"})
        if media == TURTLE:
            return as_turtle((folder("ontology") / "composing" / "questions.ttl").read_bytes())
        preferred = [value for key, value in pairs if key == "prefer"]
        return page(request, template, context | {"pairs": pairs, "preferred": preferred, "urlencode": urlencode})

    async def compose(self, request: Request) -> Response:
        """Show the parts of the kit as a form, and the license that they make beside it."""
        kit, pairs = load_kit(), _pairs(request)
        context: dict[str, Any] = {"kit": kit, "composition": None, "error": None, "command": "", "files": DOWNLOADS}
        context["chosen"] = {value for key, value in pairs if key == "with"}
        context["fields"] = dict(pairs)
        if any(value for _, value in pairs):
            try:
                found = await run_in_threadpool(composition_of, kit, self.state.library, pairs)
                context |= {"composition": found, "command": command(kit, found.composed.choices)}
            except ClausegraphError as error:
                context["error"] = str(error)
        media = wanted(request, None)
        if media == JSON and context["composition"]:
            return as_json(context["composition"].to_dict())
        if media == TURTLE and context["composition"]:
            return as_turtle(context["composition"].composed.turtle)
        return page(request, "compose.html", context, status=400 if context["error"] else 200)

    async def download(self, request: Request) -> Response:
        """Send one of the files of a composed license."""
        name = request.path_params["name"]
        if name not in DOWNLOADS:
            return missing(request, f"there is no file {name[:100]!r} of a license", list(DOWNLOADS))
        try:
            found = await run_in_threadpool(composition_of, load_kit(), self.state.library, _pairs(request))
        except ClausegraphError as error:
            return missing(request, str(error), (), HTML, 400)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(found.files()[name], media_type=DOWNLOADS[name], headers=headers)

    async def what_if(self, request: Request) -> Response:
        """Judge a work that does not exist yet."""
        state = self.state
        context = await run_in_threadpool(what_if_context, state.library, state.catalogue, _pairs(request))
        media = wanted(request, None)
        if media == JSON and context["check"]:
            return as_json(context["check"])
        if media == TURTLE and context["turtle"]:
            return as_turtle(context["turtle"])
        return page(request, "what-if.html", context, status=400 if context["error"] else 200)

    async def hub(self, request: Request) -> Response:
        """Show what the whole workspace adds up to."""
        try:
            kind = self._kind(request)
        except UnknownIdentifier as error:
            return missing(request, str(error), error.nearest, wanted(request, None))

        def counts() -> dict[str, Any]:
            with self.state.catalogue() as catalogue:
                return counts_context(catalogue, kind)

        conflicts, counted = await asyncio.gather(
            self._count("conflicts", kind, lambda: conflicts_context(self._asked(request), self.state.library, kind)),
            run_in_threadpool(counts),
        )
        context = {**conflicts, **counted}
        media = wanted(request, None)
        if media == JSON:
            said = {key: context[key] for key in _COUNTED}
            return as_json(said | {"data_version": self.state.library.data_version})
        if media == TURTLE:
            return as_turtle(cube(self.state.library, self.state.workspace.opened, context))

        def link(name: str, value: str) -> str:
            return urlencode({"kind": kind, name: value} if kind else {name: value})

        return page(request, "hub.html", context | {"link": link})

    async def chart(self, request: Request) -> Response:
        """Answer with the data of a chart; always JSON."""
        name = request.path_params["name"]
        try:
            kind = self._kind(request)
        except UnknownIdentifier as error:
            return missing(request, str(error), error.nearest, JSON)
        if name not in CHARTS:
            return missing(request, f"there is no chart {name[:100]!r}", CHARTS, JSON)

        def adopted() -> list[dict[str, Any]]:
            with self.state.catalogue() as catalogue:
                return months(declarations(catalogue, kind))

        async def adhered() -> list[dict[str, Any]]:
            library = self.state.library
            rows = await self.state.select(adherence_query(None, kind, "month", library), client(request))
            return adherence_of(library, "month", rows)

        if name == "adoption":
            return as_json(await run_in_threadpool(adopted))
        return as_json(await self._count(name, kind, adhered))

    def _asked(self, request: Request) -> Callable[[str], Awaitable[Rows]]:
        """Return what asks the graph for a page."""
        return lambda query: self.state.select(query, client(request))

    def _kind(self, request: Request) -> str | None:
        """Return the kind of artifact that an address asks for, if any; raises `UnknownIdentifier`."""
        kind = request.query_params.get("kind", "").strip()
        return self.state.library.artifact_kind(kind).name if kind else None

    async def _count(self, what: str, kind: str | None, count: Callable[[], Awaitable[Any]]) -> Any:
        """Return what was counted in the graph, or count it: a store does not change, another takes its place."""
        store = str(store_folder(self.state.workspace).resolve())
        key = (what, kind, store)
        if key not in self._counted:
            found = await count()
            self._counted = {k: v for k, v in self._counted.items() if k[2] == store} | {key: found}
        return self._counted[key]

    async def questions(self, request: Request) -> Response:
        """List the questions that can be asked."""
        media = wanted(request, None)
        if media == JSON:
            return as_json([query.to_dict() for query in queries().values()])
        if media == TURTLE:
            return as_turtle(generated("questions.ttl").read_bytes())
        return page(request, "questions.html", questions_context())

    async def question(self, request: Request) -> Response:
        """Show a question as a form with its rows; its RDF is linked data."""
        name, stated = split(request.path_params["name"])
        media = wanted(request, stated)
        if media not in (HTML, JSON):
            request.path_params["path"] = f"query/{request.path_params['name']}"
            return await self.linked.thing(request)
        if name not in queries():
            near = UnknownIdentifier("query", name, queries())
            return missing(request, str(near), near.nearest, media)

        async def asked(query: str) -> Rows:
            return (await self.state.ask(query, client(request), shown=True))[0]

        context = await question_context(request, asked, self.state.library, name)
        if media == JSON:
            return as_json({"columns": list(context["columns"]), "rows": context["rows"], "query": context["text"]})
        return await rendered(request, "question.html", context, status=400 if context["error"] else 200)

    async def ask(self, request: Request) -> Response:
        """Run a SELECT query that somebody wrote, as the endpoint does, and show its first rows."""
        example = request.query_params.get("example", "")
        text = request.query_params.get("query", "") or (queries()[example].text if example in queries() else "")
        context: dict[str, Any] = {
            "text": text,
            "examples": list(queries().values()),
            "example": example,
            "columns": (),
            "rows": [],
            "limit": None,
            "error": None,
        }
        status = 200
        if request.query_params.get("query", "").strip():
            try:
                (columns, rows), limit = await self.state.ask(text, client(request), shown=True)
                context |= {"columns": columns, "rows": rows, "limit": limit}
            except Refused as error:
                status = error.status
                context["error"] = f"{error.message}. {error.fix}"
                if error.code == "no-such-format":
                    status, context["error"] = 400, "This page shows tables, and the query is no SELECT. Ask /sparql."
        return await rendered(request, "ask.html", context, status=status)


def _pairs(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(str(request.url.query), max_num_fields=500)
