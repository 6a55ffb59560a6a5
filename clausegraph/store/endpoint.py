"""The graph that questions are put to: the embedded store of a workspace, or a SPARQL 1.1 endpoint elsewhere.

Both answer a SELECT query with the same columns and Python values, over the union of their graphs where it names none.

| RDF term | Python value |
|---|---|
| IRI, string, date | `str` |
| `xsd:integer`, `xsd:boolean` | `int`, `bool` |
| `xsd:decimal`, `xsd:double` | `float` |
| unbound | `None` |

An endpoint takes credentials from the environment: `CLAUSEGRAPH_ENDPOINT_USER` and `CLAUSEGRAPH_ENDPOINT_PASSWORD`
(with `CLAUSEGRAPH_ENDPOINT_AUTH=digest` where it wants that), or `CLAUSEGRAPH_ENDPOINT_TOKEN` for a bearer token.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import HTTPError, URLError

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import NetworkError, UnknownIdentifier, UsageError
from clausegraph.store.parsing import names_dataset

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]
_XSD = "http://www.w3.org/2001/XMLSchema#"
#: Seconds that an endpoint may take for one query.
TIMEOUT_S = 120
#: What to do where a store asks for credentials.
CREDENTIALS_HINT = (
    "Set CLAUSEGRAPH_ENDPOINT_USER and CLAUSEGRAPH_ENDPOINT_PASSWORD, and CLAUSEGRAPH_ENDPOINT_AUTH=digest if needed."
)


class Graph(Protocol):
    """Something that answers a SELECT query."""

    def select(self, query: str) -> Rows:
        """Return the columns and rows of a SELECT query."""
        ...


@dataclass(frozen=True)
class Embedded:
    """The store of a workspace."""

    store: ox.Store

    def select(self, query: str) -> Rows:
        """Return the columns and rows of a SELECT query, over the union of all graphs where it names none."""
        found: Any = self.store.query(query, use_default_graph_as_union=not names_dataset(query))
        columns = tuple(v.value for v in found.variables)
        return columns, [tuple(_of_term(row[c]) for c in columns) for row in found]


def _of_term(term: Any) -> Any:
    if isinstance(term, ox.Literal):
        return value(term.value, term.datatype.value)
    return None if term is None else term.value


def value(text: str, datatype: str | None) -> Any:
    """Return the Python value of a literal.

    >>> value("3", "http://www.w3.org/2001/XMLSchema#integer"), value("3", None)
    (3, '3')
    """
    name = (datatype or "").removeprefix(_XSD)
    if name in ("integer", "int", "long", "nonNegativeInteger"):
        return int(text)
    if name in ("decimal", "double", "float"):
        return float(text)
    if name == "boolean":
        return text in ("true", "1")
    return text


def rows_of(answer: Mapping[str, Any]) -> Rows:
    """Return the columns and rows of SPARQL results in JSON."""
    columns = tuple(answer["head"]["vars"])
    return columns, [
        tuple(value(x["value"], x.get("datatype")) if (x := row.get(c)) else None for c in columns)
        for row in answer["results"]["bindings"]
    ]


@dataclass(frozen=True)
class Credentials:
    """Credentials, as the environment gives them."""

    user: str | None
    password: str = field(repr=False, default="")
    digest: bool = False
    token: str | None = field(repr=False, default=None)

    @staticmethod
    def read() -> "Credentials":
        """Return what the environment says."""
        scheme = os.environ.get("CLAUSEGRAPH_ENDPOINT_AUTH", "basic").lower()
        if scheme not in ("basic", "digest"):
            raise UsageError(f"CLAUSEGRAPH_ENDPOINT_AUTH is basic or digest, not {scheme!r}")
        return Credentials(
            os.environ.get("CLAUSEGRAPH_ENDPOINT_USER"),
            os.environ.get("CLAUSEGRAPH_ENDPOINT_PASSWORD", ""),
            scheme == "digest",
            os.environ.get("CLAUSEGRAPH_ENDPOINT_TOKEN"),
        )


class Endpoint:
    """A SPARQL 1.1 endpoint.

    If `clausegraph push` wrote there, only the graphs of one snapshot are asked, as the index says; the snapshot pushed
    last if none is named. Otherwise the default graph of the endpoint is asked, which must be the union of its graphs.
    """

    def __init__(self, url: str, snapshot: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"--endpoint takes the http or https address of a SPARQL endpoint, not {url!r}")
        self.url = url
        self.graphs: tuple[str, ...] = ()
        found = self.snapshots()
        if snapshot is not None and snapshot not in found:
            raise UnknownIdentifier("snapshot", snapshot, found, f"{url} has {', '.join(found) or 'none'}.")
        if found:
            self.graphs = found[snapshot or next(iter(found))]

    def snapshots(self) -> dict[str, tuple[str, ...]]:
        """Return the snapshots that were pushed and their graphs, the last first."""
        _, rows = self._ask(
            f"""SELECT ?name ?graph WHERE {{ GRAPH ?index {{
            ?snapshot a <{ns.CG}Snapshot> ; <{ns.CG}snapshot> ?name ; <{ns.CG}inGraph> ?graph ;
              <http://www.w3.org/ns/prov#generatedAtTime> ?time }} }} ORDER BY DESC(?time) ?name ?graph"""
        )
        found: dict[str, tuple[str, ...]] = {}
        for name, graph in rows:
            found[name] = (*found.get(name, ()), graph)
        return found

    def select(self, query: str) -> Rows:
        """Return the columns and rows of a SELECT query."""
        return self._ask(query, self.graphs)

    def _ask(self, query: str, graphs: Sequence[str] = ()) -> Rows:
        from SPARQLWrapper import JSON, POST, SELECT, SPARQLExceptions

        client = self._client()
        client.setReturnFormat(JSON)
        client.setMethod(POST)
        client.setTimeout(TIMEOUT_S)
        for graph in graphs:
            client.addParameter("default-graph-uri", graph)
        client.setQuery(query)
        client.queryType = SELECT  # it guesses from words, also from those in comments
        try:
            answer: Any = json.loads(client.query().response.read().decode("utf-8"))
        except SPARQLExceptions.Unauthorized as error:
            raise NetworkError(f"{self.url} asks who you are. {CREDENTIALS_HINT}") from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise NetworkError(f"{self.url} did not take the query: {_first_lines(error)}") from error
        except HTTPError as error:
            raise NetworkError(f"{self.url} answered {error.code} {error.reason}") from error
        except (URLError, TimeoutError, ConnectionError) as error:
            raise NetworkError(f"{self.url} does not answer: {getattr(error, 'reason', error)}") from error
        except ValueError as error:
            raise NetworkError(f"{self.url} answered with something other than SPARQL results in JSON") from error
        return rows_of(answer)

    def _client(self) -> "SPARQLWrapper":
        from SPARQLWrapper import BASIC, DIGEST, SPARQLWrapper

        client = SPARQLWrapper(self.url, agent="clausegraph")
        who = Credentials.read()
        if who.token:
            client.addCustomHttpHeader("Authorization", f"Bearer {who.token}")
        elif who.user:
            client.setHTTPAuth(DIGEST if who.digest else BASIC)
            client.setCredentials(who.user, who.password)
        return client


def _first_lines(error: Exception) -> str:
    """Return what a store said, without the query that some stores repeat."""
    lines = [line.strip() for line in str(error).replace("\\n", "\n").splitlines() if line.strip()]
    return " ".join(lines[:4])[:500]
