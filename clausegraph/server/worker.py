"""A process that answers queries, one at a time, and can be killed at any moment.

It takes the network away from itself, says in one line of JSON whether it could, and then reads one JSON object per
line from standard input; it writes one per line to standard output, followed by as many bytes as `size` says. Run as
`python -m clausegraph.server.worker MEMORY RESULT`, with both limits in bytes.

A job has `store`, `query`, and `media`: a media type by form (`rows`, `boolean`, `triples`), or none where the asker
takes none. `default_graphs` and `named_graphs` take the place of the dataset that the query names. `limit` is for the
rows of a query that has no limit itself. What a query is and uses, the parser says that runs it.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyoxigraph as ox

from clausegraph.server.sealing import can_seal, seal
from clausegraph.store.parsing import Form, form, is_update, limited, names_dataset, uses

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
PREFIXES = {
    "cg": "https://w3id.org/clausegraph/ns#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


#: Media types of each form. CSV and TSV have no boolean results.
FORMATS = {
    Form.rows: tuple(RESULTS),
    Form.boolean: ("application/sparql-results+json", "application/sparql-results+xml"),
    Form.triples: tuple(GRAPHS),
}


class TooMuch(Exception):
    """A result is larger than it may be."""


class NotAnswered(Exception):
    """A query that is not run: a code, and why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message)
        self.code = code


class Limited(io.BytesIO):
    """A buffer that takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any) -> int:
        """Write, or raise `TooMuch`."""
        if self.tell() + len(data) > self.most:
            raise TooMuch
        return super().write(data)


def run(store: ox.Store, job: dict[str, Any], most: int) -> tuple[dict[str, Any], bytes]:
    """Return what is to be known of the answer to a query, and the answer, serialized."""
    query = job["query"]
    found_form = _permitted(query)
    media = job["media"].get(found_form)
    if media is None:
        raise NotAnswered("no-such-format", f"Ask for {', '.join(FORMATS[found_form])}.")
    limit = job.get("limit") if found_form is Form.rows else None
    shorter = limited(query, limit) if limit else None
    found: Any = store.query(shorter or query, **_dataset(query, job))
    output = Limited(most)
    if isinstance(found, ox.QueryTriples):
        if media == "application/ld+json":
            # JSON-LD of thousands of triples: expanded, one object per triple run, as Oxigraph streams it
            ox.serialize(found, output=output, format=GRAPHS[media])
        else:
            ox.serialize(_plain(found), output=output, format=GRAPHS[media], prefixes=PREFIXES)
    else:
        found.serialize(output=output, format=RESULTS[media])
    return {"media": media, "limit": limit if shorter else None}, output.getvalue()


def _permitted(query: str) -> Form:
    """Return the form of a query that may be run; raises `NotAnswered`."""
    try:
        federated = uses(query, "service")
        found = form(query)
    except SyntaxError as error:
        code = "update-refused" if is_update(query) else "malformed-query"
        raise NotAnswered(code, str(error)) from error
    if federated:
        raise NotAnswered("service-refused")
    return found


def _dataset(query: str, job: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset that a query is asked of: of the protocol, else of the query, else all graphs together."""
    default, named = job.get("default_graphs"), job.get("named_graphs")
    if default or named:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in default or ()],
            "named_graphs": [ox.NamedNode(iri) for iri in named or ()],
        }
    return {"use_default_graph_as_union": not names_dataset(query)}


def _plain(found: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield each triple once; a CONSTRUCT may give one many times."""
    seen = set()
    for triple in found:
        if triple not in seen:
            seen.add(triple)
            yield triple


def limit_memory(most: int) -> None:
    """Let this process have so much memory and no more, where the system can do that."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(stores: dict[str, ox.Store], job: dict[str, Any], most: int) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of the answer to a job."""
    try:
        if job["store"] not in stores:
            stores.clear()
            stores[job["store"]] = ox.Store.read_only(job["store"])
        head, data = run(stores[job["store"]], job, min(most, job.get("most", most)))
    except NotAnswered as error:
        return {"error": error.code, "message": str(error)}, b""
    except TooMuch:
        return {"error": "result-too-large"}, b""
    except MemoryError:
        return {"error": "memory-limit"}, b""
    except (OSError, ValueError, RuntimeError) as error:
        stores.clear()
        return {"error": "failed", "message": str(error)}, b""
    return head | {"size": len(data)}, data


def serve(lines: BinaryIO, output: BinaryIO, most: int) -> None:
    """Answer jobs until the other side closes."""
    stores: dict[str, ox.Store] = {}
    for line in lines:
        head, data = answer(stores, json.loads(line), most)
        output.write(json.dumps({"size": 0} | head).encode() + b"\n" + data)
        output.flush()


def _close_off() -> dict[str, Any]:
    """Take the network away from this process, and return what came of it."""
    if not can_seal():
        return {"sealed": False, "why": "this system has no seccomp that is known here"}
    try:
        seal()
    except OSError as error:
        return {"sealed": False, "why": error.strerror}
    return {"sealed": True}


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(_close_off()).encode() + b"\n")
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
