"""Puts the parts of the server together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from clausegraph.ground.errors import ClausegraphError
from clausegraph.ground.files import generated
from clausegraph.ground.version import __version__
from clausegraph.server import api, edges
from clausegraph.server.connections import Clients
from clausegraph.server.descriptions import void
from clausegraph.server.linked import Linked
from clausegraph.server.negotiation import choose
from clausegraph.server.pages.preparing import Preparing
from clausegraph.server.pages.rendering import for_people
from clausegraph.server.pages.resources import thing_page
from clausegraph.server.pages.routes_read import Pages
from clausegraph.server.protocol import endpoint
from clausegraph.server.refusal import Refused
from clausegraph.server.state import State
from clausegraph.server.worker import GRAPHS

_ABOUT = """Which license clauses bind an AI artifact, where they come from, and what to do.

The SPARQL 1.1 endpoint is `/sparql`; its service description is what it answers without a query.
Not legal advice."""


def create(state: State, done: Callable[[BaseException | None], None] = lambda _: None) -> FastAPI:
    """Return the application that answers from an open workspace.

    It answers from the start, at first with how far it is; `done` is told when all is ready, or what went wrong.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async def prepare() -> None:
            try:
                await state.open()
            except Exception as error:
                done(error)
            else:
                done(None)

        task = asyncio.create_task(prepare())
        yield
        task.cancel()
        await state.close()

    app = FastAPI(
        title="clausegraph",
        version=__version__,
        description=_ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.served = state
    app.include_router(api.routes(state))
    api.describe(app)
    for route in _routes(state):
        app.router.routes.append(route)
    app.add_exception_handler(Refused, for_people(edges.refused))
    app.add_exception_handler(ClausegraphError, for_people(edges.known))
    app.add_exception_handler(RequestValidationError, for_people(edges.invalid))
    app.add_exception_handler(HTTPException, for_people(edges.plain))
    app.add_exception_handler(Exception, for_people(edges.unexpected))
    app.add_middleware(edges.Bodies, limits=state.limits)
    app.add_middleware(edges.Parameters, limits=state.limits)
    app.add_middleware(Preparing, state=state)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST", "HEAD"], allow_headers=["*"], max_age=86_400
    )
    app.add_middleware(Clients, proxies=state.proxies)
    return app


def _routes(state: State) -> list[BaseRoute]:
    """Return the addresses that are no part of the OpenAPI document: the endpoint, its descriptions, linked data."""
    linked = Linked(state, thing_page)

    async def dataset(request: Request) -> Response:
        media = choose(request.headers.get("accept"), tuple(GRAPHS)) or "text/turtle"
        data = void(state.address(request), state.graphs, state.workspace.opened, state.library, media)
        return Response(data, media_type=media, headers={"Vary": "Accept"})

    async def examples(_: Request) -> Response:
        return Response(generated("questions.ttl").read_bytes(), media_type="text/turtle")

    both = ["GET", "POST"]
    return [
        *Pages(state, linked).routes(),
        Route("/sparql", endpoint(state), methods=both, name="sparql"),
        Route("/.well-known/void", dataset, methods=["GET"]),
        Route("/.well-known/sparql-examples", examples, methods=["GET"]),
        Route("/ns", linked.terms, methods=["GET"]),
        *(Route(f"/ns.{end}", linked.terms, methods=["GET"]) for end in ("ttl", "nt", "jsonld", "rdf", "html")),
        Route("/resource", linked.resource, methods=["GET"]),
        Route("/{path:path}", linked.thing, methods=["GET"]),
    ]
