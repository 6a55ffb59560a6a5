"""The shipped queries: one `.rq` file per question, with a header that says what it asks and returns.

A query runs as it stands. Its parameters are lines of their own that give a variable one value; the line of a
parameter that need not be given is a comment, and is taken in when it is:

    VALUES ?license { license:gemma }
    # ?group cg:day ?day . FILTER(STR(?day) < "2024-01-01") # before
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import iri_of
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.loaders.records import REPAIRS


@dataclass(frozen=True)
class Query:
    """A question: `params` maps a name to its type, whether it is required, an example, and perhaps a default."""

    name: str
    summary: str
    description: str
    competency: str
    params: Mapping[str, Mapping[str, Any]]
    returns: tuple[str, ...]
    tags: tuple[str, ...]
    text: str

    @property
    def iri(self) -> str:
        """The address of the query in the graph."""
        return ns.QUERY + self.name

    def to_dict(self) -> dict[str, Any]:
        """Return what somebody needs to know to ask it, as JSON values."""
        return {name: getattr(self, name) for name in ("name", "summary", "params", "returns", "tags")}


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
            name=path.stem,
            summary=header["summary"],
            description=header["description"],
            competency=header["competency"],
            params={n: _plain(facts) for n, facts in (header.get("params") or {}).items()},
            returns=tuple(header["returns"]),
            tags=tuple(header.get("tags") or ()),
            text=path.read_text(encoding="utf-8"),
        )
    return found


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a header says of a parameter, with values as text: YAML reads some as numbers and dates."""
    return {key: value if key == "required" else str(value) for key, value in facts.items()}


def find(name: str) -> Query:
    """Return a query by name; raises `UnknownIdentifier` with the nearest ones."""
    found = queries().get(name)
    if found is None:
        raise UnknownIdentifier("query", name, queries(), "`clausegraph query` lists all.")
    return found


def bind(query: Query, given: Mapping[str, str], library: Library, limit: int | None = None) -> str:
    """Return the text of a query with its parameters; `limit` takes the place of its own, 0 means no limit.

    Raises `UsageError` for a parameter that it has not, that is missing, or whose value is none of its type, and
    `UnknownIdentifier` for a license, clause kind or the like that is not known.
    """
    text = query.text
    for name in given:
        if name not in query.params:
            known = ", ".join(query.params) or "none"
            raise UsageError(f"the query {query.name!r} has no parameter {name!r}; it has {known}")
    for name, facts in query.params.items():
        if name in given:
            term = str(_term(name, given[name], facts["type"], library))
            text = _put(text, name, term)
        elif facts["required"]:
            raise UsageError(
                f"the query {query.name!r} needs the parameter {name!r}. Add --param {name}={facts['example']}"
            )
    if limit is not None:
        text = re.sub(r"\nLIMIT \d+\n$", "\n", text) + (f"LIMIT {limit}\n" if limit else "")
    return text


def _line(name: str) -> re.Pattern[str]:
    """Return the pattern of a parameter's line: indentation, what stands before its value, and what after.

    A value is given by VALUES, or is the text on a line that ends with the name as a comment.
    """
    return re.compile(
        rf'^( *)(?:# )?(?:(VALUES \?{name} {{ )[^\n]*?( }})|([^\n#]*)"[^"\n]*"([^\n"]* # {name})$)', re.MULTILINE
    )


def _put(text: str, name: str, term: str) -> str:
    """Return a query with the value of a parameter in each of its lines."""

    def line(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2] or found[4]}{term}{found[3] or found[5]}"

    return _line(name).sub(line, text)


def own_limit(query: Query) -> int | None:
    """Return after how many rows a query stops by itself, or `None`."""
    found = re.search(r"\nLIMIT (\d+)\n$", query.text)
    return int(found[1]) if found else None


def _term(name: str, text: str, type_: str, library: Library) -> ox.NamedNode | ox.Literal:
    if type_ == "artifact":
        return _iri(text if text.startswith("https://") else iri_of(text))
    if type_ == "integer":
        if not re.fullmatch(r"[0-9]{1,15}", text):
            raise UsageError(f"the parameter {name!r} takes a whole number, not {text!r}")
        return ox.Literal(int(text))
    if type_ == "date":
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
            raise UsageError(f"the parameter {name!r} takes a date like 2024-05-31, not {text!r}")
        return ox.Literal(text)
    if type_ == "repair":
        if text not in REPAIRS:
            raise UnknownIdentifier("repair", text, REPAIRS, f"There are {', '.join(REPAIRS)}.")
        return ox.Literal(text)
    if type_ in INDIVIDUALS:
        return ox.NamedNode(_individual(text, type_, library))
    return ox.Literal(text)


#: Types of parameters that are things of the library: the namespace, and the names that there are.
INDIVIDUALS: dict[str, tuple[str, Callable[[Library], set[str]]]] = {
    "license": (ns.LICENSE, lambda lib: set(lib.licenses)),
    "clause": (ns.LICENSE, lambda lib: {iri.removeprefix(ns.LICENSE) for iri in lib.clauses}),
    "kind": (ns.KIND, lambda lib: set(lib.kinds)),
    "relation": (ns.RELATION, lambda lib: set(lib.relations)),
    "artifact-kind": (ns.ARTIFACT_KIND, lambda lib: set(lib.artifact_kinds)),
    "assumption": (ns.ASSUMPTION, lambda lib: set(lib.keys)),
    "restriction": (ns.RESTRICTION, lambda lib: {ns.local(i) for c in lib.clauses.values() for i in c.imposes}),
    "family": (ns.CG, lambda lib: {name for found in lib.licenses.values() for name in found.families}),
    "class": (ns.CG, lambda lib: {ns.local(kind.cls) for kind in lib.artifact_kinds.values()}),
}


def _individual(text: str, type_: str, library: Library) -> str:
    """Return the IRI of a thing of the library by its name or IRI."""
    if type_ == "license":
        return library.license(text).iri
    space, names_of = INDIVIDUALS[type_]
    names = names_of(library)
    name = text.removeprefix(space)
    if name not in names:
        raise UnknownIdentifier(type_, text, names, "`clausegraph query` names the types of parameters.")
    return space + name


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no IRI ({error})") from error
