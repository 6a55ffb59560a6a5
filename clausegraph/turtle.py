"""Turtle that is the same for the same triples, and that people can read."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from clausegraph.errors import UnreadableInput


def read_turtle(path: Path) -> list[ox.Triple]:
    """Return the triples of a file; raises `UnreadableInput` naming the file and the place."""
    try:
        found = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        return [ox.Triple(t.subject, t.predicate, t.object) for t in found]
    except (SyntaxError, ValueError) as error:
        raise UnreadableInput(f"{path}: {error}. Mend the Turtle.") from error
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}. Check the path.") from error


def turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples in order, one block for each subject."""
    data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""
    lines = data.decode().replace("\t", "    ").splitlines()
    head = sorted(line for line in lines if line.startswith("@prefix"))
    body = [line if line.startswith(" ") else f"\n{line}" for line in lines[len(head) :]]
    return "\n".join([*head, *body]) + "\n"
