"""Content negotiation by `Accept` headers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

#: Short names of media types, for `?format=` and the ends of addresses.
SHORT = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "html": "text/html",
}
#: Media types that mean another one of ours.
ALSO = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/plain": ("application/n-triples",),
    "application/x-turtle": ("text/turtle",),
}


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return which of the offered media types the client likes best, or `None` if it likes none of them.

    >>> choose("text/csv;q=0.5, application/json", ["application/sparql-results+json", "text/csv"])
    'application/sparql-results+json'
    """
    if not accept or not accept.strip():
        return offered[0]
    best: tuple[float, int, int] | None = None
    found = None
    for place, part in enumerate(accept[:4000].split(",")):
        media, _, parameters = part.strip().partition(";")
        media = media.strip().lower()
        quality = _quality(parameters)
        for rank, candidate in enumerate(offered):
            exact = _matches(media, candidate)
            if exact and quality > 0:
                score = (quality, exact, -place * 100 - rank)
                if best is None or score > best:
                    best, found = score, candidate
    return found


def _matches(media: str, candidate: str) -> int:
    """Return how exactly a range matches: 4 by name, 3 by a name that means the same, 2 and 1 by wildcards, 0 not."""
    if media == candidate:
        return 4
    if candidate in ALSO.get(media, ()):
        return 3
    if media == f"{candidate.split('/')[0]}/*":
        return 2
    return 1 if media == "*/*" else 0


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
