"""Linked data: what the graph says of one thing, at an address of its own, in the format that the client asks for.

| address here | is |
|---|---|
| `/license/gemma`, `/kind/…`, `/query/…`, `/situation/…` and so on | `https://w3id.org/clausegraph/` and the same |
| `/ns` | the terms of the ontology |
| `/artifact/owner/name`, `/artifact/datasets/owner/name` | an artifact by its address |
| `/resource?iri=…` | anything in the graph |

An address that ends with `.ttl`, `.nt`, `.jsonld`, `.rdf` or `.html` names its format. A clause is a fragment of its
license, so that its address is answered by the license.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import iri_of
from clausegraph.ground.files import folder
from clausegraph.server.descriptions import written
from clausegraph.server.negotiation import SHORT, choose
from clausegraph.server.refusal import Refused
from clausegraph.server.state import State, client
from clausegraph.server.worker import GRAPHS

OFFERED = ("text/html", *GRAPHS)
#: Triples of one thing that are shown.
MAX = 20_000


@cache
def _file(name: str) -> tuple[ox.Triple, ...]:
    """Return the triples of one file of the ontology, as it is written."""
    return tuple(ox.parse(path=str(folder("ontology") / name), format=ox.RdfFormat.TURTLE))


def without_format(path: str) -> tuple[str, str | None]:
    """Return an address without the format at its end, and the media type of that format."""
    name, dot, end = path.rpartition(".")
    media = SHORT.get(end) if dot and "/" not in end else None
    return (name, media) if media in OFFERED else (path, None)


def _media(request: Request, stated: str | None) -> str:
    asked = SHORT.get(request.query_params.get("format", ""))
    found = stated or (asked if asked in OFFERED else None) or choose(request.headers.get("accept"), OFFERED)
    if found is None:
        raise Refused(406, "no-such-format", "there is no such format of this", f"Ask for {', '.join(OFFERED)}.")
    return found


async def _described(state: State, iri: str, client: str) -> list[ox.Triple]:
    """Return what the graph says of a thing: its triples, those of its blank nodes, and some that point to it."""
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise Refused(
            400, "malformed-request", f"{iri[:200]!r} is no IRI", "Encode what an IRI cannot hold."
        ) from error
    query = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
      {{ BIND({node} AS ?s) ?s ?p ?o }}
      UNION {{ SELECT ?s ?p ({node} AS ?o) WHERE {{ ?s ?p {node} . FILTER(!ISBLANK(?s)) }} LIMIT 100 }}
    }} LIMIT {MAX}"""
    answer = await state.pages.run({"query": query, "media": "application/n-triples"}, client)
    return await run_in_threadpool(lambda: list(ox.parse(answer.data, format=ox.RdfFormat.N_TRIPLES)))


def _judged(described: Sequence[ox.Triple], iri: str, judged: str) -> list[ox.Triple]:
    """Put a situation in the place of the one that the graph has."""
    if not judged:
        return list(described)
    situation = list(ox.parse(judged, format=ox.RdfFormat.N_TRIPLES))
    artifact, has = ox.NamedNode(iri), ox.NamedNode(ns.CG + "situation")
    kept = [t for t in described if (t.subject, t.predicate) != (artifact, has)]
    return [*kept, ox.Triple(artifact, has, situation[0].subject), *situation]


#: Makes a page of what is said of a thing.
Shown = Callable[[Request, Sequence[ox.Triple], str], Response]


class Linked:
    """The handlers of linked data."""

    def __init__(self, state: State, shown: Shown) -> None:
        self._state = state
        self._shown = shown
        self._files = {found.iri for found in state.library.licenses.values()}

    async def license(self, request: Request) -> Response:
        """Answer with the file of a license, as it is written in the ontology; another spelling leads to it."""
        name, stated = without_format(request.path_params["name"])
        media = _media(request, stated)
        if ns.LICENSE + name in self._files:
            return self._answer(request, _file(f"licenses/{name}.ttl"), ns.LICENSE + name, media)
        found = self._state.library.license(name).iri.removeprefix(ns.LICENSE)
        return Response(status_code=303, headers={"Location": f"/license/{found}", "Vary": "Accept"})

    def files(self, ids: Iterable[str]) -> bytes:
        """Return the files of licenses as one Turtle document."""
        paths = [self._state.library.licenses[id_].iri.removeprefix(ns.LICENSE) for id_ in ids]
        return written([t for path in paths for t in _file(f"licenses/{path}.ttl")], "text/turtle")

    async def things(self, request: Request, iris: Iterable[str]) -> bytes:
        """Return what the graph says of some things as one Turtle document."""
        nodes = " ".join(str(ox.NamedNode(iri)) for iri in iris)
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {nodes} }} ?s ?p ?o }}"
        return (await self._state.pages.run({"query": query, "media": "text/turtle"}, client(request))).data

    async def terms(self, request: Request) -> Response:
        """Answer with the terms of the ontology."""
        _, stated = without_format(request.url.path)
        return self._answer(
            request,
            [t for name in ("clausegraph", "kinds", "kind-terms", "relation-terms") for t in _file(f"{name}.ttl")],
            ns.CG,
            _media(request, stated),
        )

    async def thing(self, request: Request) -> Response:
        """Answer with what the graph says of a thing below our base."""
        path, stated = without_format(request.path_params["path"])
        if path.startswith("api/"):
            raise HTTPException(404)
        return await self._describe(request, ns.BASE + path, stated)

    async def artifact(self, request: Request, judged: str = "") -> Response:
        """Answer with what the graph says of an artifact, by its address.

        `judged` is its situation as it was judged for this request, as N-Triples; it takes the place of the one that
        the last audit wrote.
        """
        path = request.path_params["address"]
        if SHORT.get(path.rpartition(".")[2]) in OFFERED:
            known = await _described(self._state, iri_of(path), client(request))
            if known:
                return self._answer(request, _judged(known, iri_of(path), judged), iri_of(path), _media(request, None))
        address, stated = without_format(path)
        media, iri = _media(request, stated), iri_of(address)
        described = await _described(self._state, iri, client(request))
        return self._answer(request, _judged(described, iri, judged), iri, media)

    async def resource(self, request: Request) -> Response:
        """Answer with what the graph says of any IRI."""
        iri = request.query_params.get("iri")
        if not iri:
            raise Refused(400, "malformed-request", "there is no IRI", "Ask for /resource?iri=IRI.")
        return await self._describe(request, iri, None)

    async def _describe(self, request: Request, iri: str, stated: str | None) -> Response:
        media = _media(request, stated)
        return self._answer(request, await _described(self._state, iri, client(request)), iri, media)

    def _answer(self, request: Request, triples: Sequence[ox.Triple], iri: str, media: str) -> Response:
        if not triples:
            raise Refused(404, "unknown", f"nothing is said of {iri[:500]} here", "Load what you look for.")
        if media == "text/html":
            return self._shown(request, triples, iri)
        return Response(written(triples, media), media_type=media, headers={"Vary": "Accept"})
