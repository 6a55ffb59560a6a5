"""A process that answers queries, one at a time, and can be killed at any moment.

It reads one JSON object per line from standard input, and writes one per line to standard output, followed by as many
bytes as `size` says. Run as `python -m clausegraph.server.worker MEMORY RESULT`, with both limits in bytes.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyoxigraph as ox

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


class TooMuch(Exception):
    """A result is larger than it may be."""


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


def run(store: ox.Store, job: dict[str, Any], most: int) -> bytes:
    """Return the answer of a query, serialized."""
    named = job.get("named_graphs")
    default = job.get("default_graphs")
    options: dict[str, Any] = {"use_default_graph_as_union": not default and not named}
    if default or named:
        options["default_graph"] = [ox.NamedNode(iri) for iri in default or ()]
        options["named_graphs"] = [ox.NamedNode(iri) for iri in named or ()]
    found: Any = store.query(job["query"], **options)
    output = Limited(most)
    media = job["media"]
    if isinstance(found, ox.QueryTriples):
        if media == "application/ld+json":
            # JSON-LD of thousands of triples: expanded, one object per triple run, as Oxigraph streams it
            ox.serialize(found, output=output, format=GRAPHS[media])
        else:
            ox.serialize(_plain(found), output=output, format=GRAPHS[media], prefixes=PREFIXES)
    else:
        found.serialize(output=output, format=RESULTS[media])
    return output.getvalue()


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
        data = run(stores[job["store"]], job, most)
    except TooMuch:
        return {"error": "result-too-large"}, b""
    except MemoryError:
        return {"error": "memory-limit"}, b""
    except SyntaxError as error:
        return {"error": "malformed-query", "message": str(error)}, b""
    except (OSError, ValueError, RuntimeError) as error:
        stores.clear()
        return {"error": "failed", "message": str(error)}, b""
    return {"size": len(data)}, data


def serve(lines: BinaryIO, output: BinaryIO, most: int) -> None:
    """Answer jobs until the other side closes."""
    stores: dict[str, ox.Store] = {}
    for line in lines:
        head, data = answer(stores, json.loads(line), most)
        output.write(json.dumps({"size": 0} | head).encode() + b"\n" + data)
        output.flush()


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
