"""The addresses of the explorer, each with its page and its twins."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from clausegraph.answers.answer_graph import subject_graph
from clausegraph.answers.compare import comparison
from clausegraph.answers.license_record import license_row
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import ClausegraphError, UnknownIdentifier
from clausegraph.ground.record_types import CompareAnswer
from clausegraph.server.linked import Linked, without_format
from clausegraph.server.pages.artifacts import artifact_context, read_assumptions
from clausegraph.server.pages.drawings import Drawings
from clausegraph.server.pages.licenses import license_context
from clausegraph.server.pages.media_type import place, split
from clausegraph.server.pages.media_type import wanted as media_of
from clausegraph.server.pages.rendering import (
    HTML,
    JSON,
    TURTLE,
    Static,
    as_json,
    as_turtle,
    missing,
    page,
    page_of,
    page_of_work,
)
from clausegraph.server.pages.routes_plan import Plans
from clausegraph.server.pages.search import search_artifacts, search_library
from clausegraph.server.state import State


class Pages:
    """The handlers of pages; what is not theirs goes to linked data."""

    def __init__(self, state: State, linked: Linked) -> None:
        self.state = state
        self.linked = linked
        self._paths = {found.iri.removeprefix(ns.LICENSE): found.id for found in state.library.licenses.values()}

    def routes(self) -> list[BaseRoute]:
        """Return the routes, which come before those of linked data."""
        return [
            *Plans(self.state, self.linked).routes(),
            *Drawings(self.state, self.linked).routes(),
            Route("/", self.start),
            Route("/search", self.search),
            Mount("/static", Static()),
            Route("/licenses", self.licenses),
            Route("/compare", self.compare),
            Route("/license/{name:path}", self.license),
            Route("/artifact/{address:path}", self.artifact),
        ]

    async def start(self, request: Request) -> Response:
        """Show the search box, three examples, and what is loaded."""
        sources = await run_in_threadpool(self._sources)
        context = {"sources": sources, "count": sum(int(s["artifacts"]) for s in sources)}
        media = media_of(request, None)
        if media == JSON:
            return as_json(context | {"data_version": self.state.library.data_version})
        if media == TURTLE:
            return RedirectResponse("/.well-known/void", 303, headers={"Vary": "Accept"})
        return page(request, "start.html", context)

    def _sources(self) -> list[dict[str, Any]]:
        found = self.state.workspace.sources()
        return [{"location": s.location, "date": s.date, "artifacts": s.artifacts} for s in found]

    async def search(self, request: Request) -> Response:
        """Find everything that has a page."""
        text = request.query_params.get("q", "")

        def find() -> list[dict[str, str]]:
            hits = search_library(self.state.library, text)
            with self.state.catalogue() as catalogue:
                hits += search_artifacts(catalogue, text, near=not hits)
            return [hit.to_dict() for hit in hits]

        hits = await run_in_threadpool(find)
        media = media_of(request, None)
        if media == JSON:
            return as_json({"query": text, "hits": hits})
        if media == TURTLE:
            return as_turtle(await self.linked.things(request, [hit["iri"] for hit in hits]))
        return page(request, "search.html", {"found": text, "hits": hits})

    async def licenses(self, request: Request) -> Response:
        """List the licenses, or those of a family."""
        family = request.query_params.get("family", "")
        found = [one for one in self.state.library.licenses.values() if not family or family in one.families]
        rows = [license_row(one) | {"families": list(one.families)} for one in found]
        media = media_of(request, None)
        if media == JSON:
            return as_json(rows)
        if media == TURTLE:
            return as_turtle(await run_in_threadpool(self.linked.files, [one.id for one in found]))
        families = sorted({name for one in self.state.library.licenses.values() for name in one.families})
        paths = {id_: path for path, id_ in self._paths.items()}
        return page(request, "licenses.html", {"rows": rows, "families": families, "family": family, "paths": paths})

    async def license(self, request: Request) -> Response:
        """Show a license; its RDF is linked data."""
        name, stated = split(request.path_params["name"])
        wanted = media_of(request, stated)
        if wanted not in (HTML, JSON):
            return await self.linked.license(request)
        library = self.state.library
        if name not in self._paths:
            try:
                known = await run_in_threadpool(library.license, name)
            except UnknownIdentifier as error:
                return missing(request, str(error), error.nearest, wanted)
            return RedirectResponse(page_of(known.iri), 303, headers={"Vary": "Accept"})
        via = request.query_params.get("via", "finetune")
        try:
            via = library.relation(via).name
        except UnknownIdentifier as error:
            return missing(request, str(error), error.nearest, wanted)
        found = library.licenses[self._paths[name]]
        context = await run_in_threadpool(license_context, library, self.state.compat, found, via)
        return as_json(context["license"]) if wanted == JSON else page(request, "license.html", context)

    async def compare(self, request: Request) -> Response:
        """Show two to four licenses side by side."""
        library = self.state.library
        spellings = [text for text in request.query_params.getlist("id") if text.strip()][:8]
        everything = request.query_params.get("all", "") == "1"
        context: dict[str, Any] = {"spellings": spellings, "everything": everything, "comparison": None, "error": None}

        def compared() -> CompareAnswer:
            return comparison(library, [library.license(text) for text in spellings], differences=not everything)

        if spellings:
            try:
                context["comparison"] = await run_in_threadpool(compared)
            except ClausegraphError as error:
                context["error"] = str(error)
        media = media_of(request, None)
        if media == JSON and context["comparison"]:
            return as_json(context["comparison"])
        if media == TURTLE and context["comparison"]:
            return as_turtle(self.linked.files(context["comparison"]["licenses"]))
        return page(request, "compare.html", context, status=400 if context["error"] else 200)

    async def artifact(self, request: Request) -> Response:
        """Show an artifact: verdict, because, path, do, how sure; its RDF is judged under the same assumptions."""
        address, stated = split(request.path_params["address"])
        wanted = media_of(request, stated)
        start = request.query_params.get("from", "0")

        rdf = wanted not in (HTML, JSON)
        name = without_format(address)[0] if rdf else address

        def find() -> dict[str, Any]:
            assumptions, given = read_assumptions(self.state.library, parse_qsl(str(request.url.query)))
            with self.state.catalogue() as catalogue:
                # an artifact may be called as a format is
                text = address if name != address and catalogue.holds(address) else name
                return artifact_context(catalogue, text, assumptions, given, place(start))

        try:
            context = await run_in_threadpool(find)
        except UnknownIdentifier as error:
            if rdf:  # what is named and was not loaded is in the graph all the same
                return await self.linked.artifact(request)
            return missing(request, str(error), error.nearest, wanted)
        except ClausegraphError as error:
            return missing(request, str(error), (), HTML, 400)
        if rdf and context["entry"].address.removeprefix(ns.HUB) not in (address, name):
            return await self.linked.artifact(request)
        if rdf:
            judged = await run_in_threadpool(lambda: subject_graph(context["subject"]).serialize(format="nt"))
            return await self.linked.artifact(request, judged)
        if context["entry"].address.removeprefix(ns.HUB) != address and wanted == HTML:
            return RedirectResponse(page_of_work(context["entry"].address), 303, headers={"Vary": "Accept"})
        return as_json(context["check"]) if wanted == JSON else page(request, "artifact.html", context)
