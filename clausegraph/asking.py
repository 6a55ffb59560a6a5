"""The shipped queries: one `.rq` file per question, with a header that says what it asks and returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from clausegraph.addresses import iri_of
from clausegraph.errors import UnknownIdentifier, UsageError
from clausegraph.files import folder
from clausegraph.library import Library
from clausegraph.sparql import select


@dataclass(frozen=True)
class Query:
    """A question: `params` maps a name to its type, whether it is required, and an example."""

    name: str
    summary: str
    description: str
    params: Mapping[str, Mapping[str, Any]]
    returns: tuple[str, ...]
    tags: tuple[str, ...]
    text: str


def read_header(path: Path) -> dict[str, Any]:
    """Return the YAML of a query's `#+` header."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = yaml.safe_load("\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+")))
    return found if isinstance(found, dict) else {}


@cache
def queries() -> dict[str, Query]:
    """Return the shipped queries by name."""
    found = {}
    for path in sorted(folder("queries").glob("*.rq")):
        header = read_header(path)
        found[path.stem] = Query(
            path.stem,
            header["summary"],
            header["description"],
            header.get("params") or {},
            tuple(header["returns"]),
            tuple(header.get("tags") or ()),
            path.read_text(encoding="utf-8"),
        )
    return found


def find(name: str) -> Query:
    """Return a query by name; raises `UnknownIdentifier` with the nearest ones."""
    found = queries().get(name)
    if found is None:
        raise UnknownIdentifier("query", name, queries(), "`clausegraph query` lists all.")
    return found


def bind(query: Query, given: Mapping[str, str], library: Library) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    """Return the substitutions for a query's parameters; a license or an artifact may be given by its id."""
    values: dict[ox.Variable, ox.NamedNode | ox.Literal] = {}
    for name in given:
        if name not in query.params:
            known = ", ".join(query.params) or "none"
            raise UsageError(f"the query {query.name!r} has no parameter {name!r}; it has {known}")
    for name, facts in query.params.items():
        text = given.get(name)
        if text is None:
            if facts.get("required"):
                example = facts.get("example", "VALUE")
                raise UsageError(f"the query {query.name!r} needs the parameter {name!r}. Add --param {name}={example}")
            continue
        values[ox.Variable(name)] = _term(text, facts.get("type", "string"), library)
    return values


def _term(text: str, type_: str, library: Library) -> ox.NamedNode | ox.Literal:
    if type_ == "license":
        return ox.NamedNode(library.license(text).iri)
    if type_ == "artifact":
        return _iri(text if text.startswith("https://") else iri_of(text))
    if type_ == "iri":
        return _iri(text)
    return ox.Literal(text)


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no IRI ({error})") from error


def run(
    store: ox.Store, query: Query, given: Mapping[str, str], library: Library
) -> tuple[tuple[str, ...], Sequence[tuple[Any, ...]]]:
    """Run a query over the union of all graphs and return its columns and rows as Python values."""
    columns, rows = select(store, query.text, bind(query, given, library), union=True)
    return columns, [tuple(_value(term) for term in row) for row in rows]


def _value(term: Any) -> Any:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        local = term.datatype.value.rsplit("#", 1)[-1]
        if local == "integer":
            return int(term.value)
        if local == "boolean":
            return term.value == "true"
    return term.value
