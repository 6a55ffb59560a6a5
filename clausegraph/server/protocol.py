"""The SPARQL 1.1 Protocol: queries by GET, by form and by direct POST. https://www.w3.org/TR/sparql11-protocol/

| parameter | means |
|---|---|
| `query` | the query |
| `default-graph-uri`, `named-graph-uri` | the dataset, instead of the one in the query; repeatable |
| `format` | `json`, `xml`, `csv`, `tsv`, `ttl`, `nt`, `jsonld` or `rdf`, instead of an `Accept` header |

Without a dataset, in the query or beside it, the default graph is the union of all graphs. Without a query the answer
is the service description. A SELECT without a limit is given one, and the header `Clausegraph-Limit` tells which.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from clausegraph.server.descriptions import service_description
from clausegraph.server.negotiation import SHORT, choose
from clausegraph.server.refusal import Refused
from clausegraph.server.state import State, client
from clausegraph.server.worker import FORMATS, GRAPHS
from clausegraph.store.parsing import Form

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
#: The header that tells of the limit which was put on the rows of a query that had none.
LIMIT = "Clausegraph-Limit"


@dataclass(frozen=True)
class Asked:
    """A request of the protocol."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


async def read(request: Request) -> Asked:
    """Return what a request asks; raises `Refused`."""
    pairs = _pairs(request.url.query)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST":
        body = await request.body()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused(400, "malformed-query", f"the body is not UTF-8 ({error.reason})", "Send UTF-8.") from error
        if media == _UPDATE:
            raise Refused(403, "update-refused", "updates are refused: this endpoint is read-only", "Send a query.")
        if media == _DIRECT:
            pairs = [*(p for p in pairs if p[0] != "query"), ("query", text)]
        elif media in (_FORM, ""):
            pairs += _pairs(text)
        else:
            raise Refused(415, "media-type", f"a query is not sent as {media[:80]!r}", f"Use {_FORM} or {_DIRECT}.")
    if any(name == "update" for name, _ in pairs):
        raise Refused(403, "update-refused", "updates are refused: this endpoint is read-only", "Send a query.")
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refused(400, "malformed-query", "there is more than one query", "Send one.")
    if request.method == "POST" and not queries:
        raise Refused(400, "malformed-query", "there is no query", "Send it as the parameter `query`.")
    return Asked(
        queries[0] if queries else None,
        tuple(_iri(value) for name, value in pairs if name == "default-graph-uri"),
        tuple(_iri(value) for name, value in pairs if name == "named-graph-uri"),
        next((value for name, value in pairs if name == "format"), None),
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError as error:
        raise Refused(400, "malformed-request", f"the parameters cannot be read ({error})", "Encode them.") from error


def _iri(text: str) -> str:
    import pyoxigraph as ox

    try:
        return str(ox.NamedNode(text).value)
    except ValueError as error:
        raise Refused(400, "malformed-request", f"{text[:200]!r} is no IRI", "Name a graph by its IRI.") from error


def media_types(asked: Asked, accept: str | None) -> dict[Form, str | None]:
    """Return the media type in which a client wants an answer of each form, `None` where there is none."""
    return {form: _media_type(offered, asked.format, accept) for form, offered in FORMATS.items()}


def _media_type(offered: Sequence[str], stated: str | None, accept: str | None) -> str | None:
    if stated is None:
        return choose(accept, offered)
    json = next(media for media in offered if media.endswith("json"))
    wanted = {**SHORT, "json": json}.get(stated, stated)
    return wanted if wanted in offered else None


def endpoint(state: State) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler of `/sparql`."""

    async def sparql(request: Request) -> Response:
        asked = await read(request)
        accept = request.headers.get("accept")
        if asked.query is None:
            media = choose(accept, tuple(GRAPHS)) or "text/turtle"
            described = service_description(state.address(request) + "sparql", state.graphs, media)
            return Response(described, media_type=media)
        job = {
            "query": asked.query,
            "media": media_types(asked, accept),
            "default_graphs": asked.default_graphs,
            "named_graphs": asked.named_graphs,
            "limit": state.limits.rows,
        }
        answer = await state.questions.run(job, client(request))
        headers = {"Vary": "Accept"}
        if answer.limit:
            headers[LIMIT] = str(answer.limit)
        return Response(answer.data, media_type=answer.media, headers=headers)

    return sparql
