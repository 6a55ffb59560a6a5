"""Which twin of a page an address or a client asks for."""

from starlette.requests import Request

from clausegraph.server.negotiation import choose
from clausegraph.server.pages.rendering import HTML, JSON, TURTLE

_ENDS = {"json": JSON, "html": HTML}
_FORMATS = {"json": JSON, "ttl": TURTLE}
_OFFERED = (HTML, JSON, TURTLE, "application/n-triples", "application/ld+json", "application/rdf+xml")


def split(path: str) -> tuple[str, str | None]:
    """Return an address without `.json` or `.html` at its end, and the media type that it names."""
    name, dot, end = path.rpartition(".")
    return (name, _ENDS[end]) if dot and end in _ENDS else (path, None)


def place(text: str | None) -> int:
    """Return the place from which rows are shown; what is no number of a usual size means the first."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def wanted(request: Request, stated: str | None) -> str:
    """Return the media type that an address or the client asks for; other than ours means linked data."""
    if stated:
        return stated
    if (asked := request.query_params.get("format")) in _FORMATS:
        return _FORMATS[asked]
    path = request.url.path
    if path.rpartition(".")[2] in ("ttl", "nt", "jsonld", "rdf"):
        return TURTLE
    return choose(request.headers.get("accept"), _OFFERED) or HTML
