"""The addresses of what is drawn and narrowed down: lineages, works by facets, the atlas."""

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from clausegraph.ground.addresses import iri_of
from clausegraph.ground.errors import ClausegraphError, UnknownIdentifier
from clausegraph.server.linked import Linked
from clausegraph.server.pages.atlas import atlas, atlas_turtle
from clausegraph.server.pages.facets import FACETS, facets_context
from clausegraph.server.pages.lineage import drawing
from clausegraph.server.pages.media_type import place, wanted
from clausegraph.server.pages.rendering import JSON, TURTLE, as_json, as_turtle, missing, page
from clausegraph.server.state import State


class Drawings:
    """The handlers of these pages."""

    def __init__(self, state: State, linked: Linked) -> None:
        self.state = state
        self.linked = linked
        #: The atlas, and the folder of the tables that it was made from.
        self._atlas: tuple[Any, dict[str, Any]] | None = None

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/lineage", self.lineage),
            Route("/artifacts", self.works),
            Route("/works", self.moved),
            Route("/atlas", self.atlas),
        ]

    async def lineage(self, request: Request) -> Response:
        """Answer with the works around one, for the drawing; always JSON."""
        asked = request.query_params

        def find() -> dict[str, Any]:
            with self.state.catalogue() as catalogue:
                return drawing(catalogue, asked.get("work", ""), asked.get("way", "all"), place(asked.get("from")))

        try:
            return as_json(await run_in_threadpool(find))
        except UnknownIdentifier as error:
            return missing(request, str(error), error.nearest, JSON)
        except ClausegraphError as error:
            return missing(request, str(error), (), JSON, 400)

    async def moved(self, request: Request) -> Response:
        """Lead from the address that the list had before to the one that it has now."""
        return RedirectResponse(str(request.url.replace(path="/artifacts", scheme="", netloc="")), 308)

    async def works(self, request: Request) -> Response:
        """Show the works that have all chosen values, and what else could be chosen."""
        chosen = {name: value for name in FACETS if (value := request.query_params.get(name, "").strip())}

        def find() -> dict[str, Any]:
            with self.state.catalogue() as catalogue:
                return facets_context(catalogue, chosen, place(request.query_params.get("from")))

        context = await run_in_threadpool(find)
        media = wanted(request, None)
        if media == JSON:
            return as_json(context | {"data_version": self.state.library.data_version})
        if media == TURTLE:
            return as_turtle(await self.linked.things(request, [iri_of(row["id"]) for row in context["works"]["rows"]]))

        def changed(name: str, value: object) -> list[tuple[str, str]]:
            return [*((k, v) for k, v in chosen.items() if k != name), (name, str(value))]

        def without(name: str) -> list[tuple[str, str]]:
            return [(k, v) for k, v in chosen.items() if k != name]

        def link(name: str, value: object) -> str:
            return urlencode(changed(name, value))

        tools = {"urlencode": urlencode, "with": changed, "without": without, "link": link}
        return page(request, "artifacts.html", context | tools)

    async def atlas(self, request: Request) -> Response:
        """Show the families of the snapshot; the drawing asks for the JSON."""
        media = wanted(request, None)
        if media not in (JSON, TURTLE):
            return page(request, "atlas.html", {})

        def find() -> dict[str, Any]:
            with self.state.catalogue() as catalogue:
                if self._atlas is None or self._atlas[0] is not catalogue:
                    self._atlas = (catalogue, atlas(catalogue))
                return self._atlas[1]

        found = await run_in_threadpool(find)
        return as_json(found) if media == JSON else as_turtle(await run_in_threadpool(atlas_turtle, found))
