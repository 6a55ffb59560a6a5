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

from collections.abc import Iterable
from functools import cache
from html import escape

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from clausegraph import namespaces as ns
from clausegraph.addresses import iri_of
from clausegraph.files import folder
from clausegraph.server.descriptions import written
from clausegraph.server.guard import Refused
from clausegraph.server.negotiation import SHORT, choose
from clausegraph.server.state import State, client
from clausegraph.server.worker import GRAPHS, PREFIXES

OFFERED = ("text/html", *GRAPHS)
#: Triples of one thing that are shown.
MOST = 20_000


@cache
def _file(name: str) -> tuple[ox.Triple, ...]:
    """Return the triples of one file of the ontology, as it is written."""
    return tuple(ox.parse(path=str(folder("ontology") / name), format=ox.RdfFormat.TURTLE))


def _named(path: str) -> tuple[str, str | None]:
    """Return an address without the format at its end, and the media type of that format."""
    name, dot, end = path.rpartition(".")
    media = SHORT.get(end) if dot and "/" not in end else None
    return (name, media) if media in OFFERED else (path, None)


def _media(request: Request, stated: str | None) -> str:
    found = stated or choose(request.headers.get("accept"), OFFERED)
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
    }} LIMIT {MOST}"""
    data = await state.pool.run({"query": query, "media": "application/n-triples"}, client)
    return list(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))


def _answer(triples: Iterable[ox.Triple], iri: str, media: str) -> Response:
    found = list(triples)
    if not found:
        raise Refused(404, "unknown", f"nothing is said of {iri[:500]} here", "Load what you look for.")
    headers = {"Vary": "Accept"}
    if media == "text/html":
        return Response(page(found, iri), media_type="text/html; charset=utf-8", headers=headers | _STRICT)
    data = written(found, media)
    return Response(data, media_type=media, headers=headers)


_STRICT = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def page(triples: Iterable[ox.Triple], iri: str) -> str:
    """Return a plain page: what is said of a thing, and what points to it."""
    rows = []
    for triple in sorted(triples, key=lambda t: (getattr(t.subject, "value", "") != iri, str(t))):
        outgoing = getattr(triple.subject, "value", "") == iri
        other = triple.object if outgoing else triple.subject
        name = escape("a" if triple.predicate.value == ns.RDF_TYPE else _short(triple.predicate.value))
        rows.append(f"<tr><th>{name if outgoing else f'is {name} of'}</th><td>{_cell(other)}</td></tr>")
    style = (
        "body{font:16px system-ui;margin:2rem;max-width:70rem}th{text-align:left;vertical-align:top;padding-right:2rem}"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(_short(iri))}</title>'
        f"<style>{style}</style></head><body><h1>{escape(_short(iri))}</h1><p>{escape(iri)}</p>"
        f"<table>{''.join(rows)}</table><p>Not legal advice.</p></body></html>"
    )


def _short(iri: str) -> str:
    for name, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{name}:{iri.removeprefix(space)}"
    return iri.removeprefix(ns.BASE).removeprefix(ns.HUB)


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode) and term.value.startswith(ns.BASE):
        return f'<a href="/{escape(term.value.removeprefix(ns.BASE))}">{escape(_short(term.value))}</a>'
    if isinstance(term, ox.NamedNode) and term.value.startswith(("https://", "http://")):
        return f'<a href="{escape(term.value)}" rel="noreferrer">{escape(_short(term.value))}</a>'
    return escape(str(getattr(term, "value", term)))


class Linked:
    """The handlers of linked data."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._files = {found.iri for found in state.library.licenses.values()}

    async def license(self, request: Request) -> Response:
        """Answer with the file of a license, as it is written in the ontology; another spelling leads to it."""
        name, stated = _named(request.path_params["name"])
        media = _media(request, stated)
        if ns.LICENSE + name in self._files:
            return _answer(_file(f"licenses/{name}.ttl"), ns.LICENSE + name, media)
        found = self._state.library.license(name).iri.removeprefix(ns.LICENSE)
        return Response(status_code=303, headers={"Location": f"/license/{found}", "Vary": "Accept"})

    async def terms(self, request: Request) -> Response:
        """Answer with the terms of the ontology."""
        _, stated = _named(request.url.path)
        return _answer((*_file("clausegraph.ttl"), *_file("kinds.ttl")), ns.CG, _media(request, stated))

    async def thing(self, request: Request) -> Response:
        """Answer with what the graph says of a thing below our base."""
        path, stated = _named(request.path_params["path"])
        if path.startswith("api/"):
            raise HTTPException(404)
        return await self._describe(request, ns.BASE + path, stated)

    async def artifact(self, request: Request) -> Response:
        """Answer with what the graph says of an artifact, by its address."""
        path = request.path_params["address"]
        if SHORT.get(path.rpartition(".")[2]) in OFFERED:
            known = await _described(self._state, iri_of(path), client(request))
            if known:
                return _answer(known, iri_of(path), _media(request, None))
        address, stated = _named(path)
        return await self._describe(request, iri_of(address), stated)

    async def resource(self, request: Request) -> Response:
        """Answer with what the graph says of any IRI."""
        iri = request.query_params.get("iri")
        if not iri:
            raise Refused(400, "malformed-request", "there is no IRI", "Ask for /resource?iri=IRI.")
        return await self._describe(request, iri, SHORT.get(request.query_params.get("format", "")))

    async def _describe(self, request: Request, iri: str, stated: str | None) -> Response:
        media = _media(request, stated)
        return _answer(await _described(self._state, iri, client(request)), iri, media)
