"""Turtle that is the same for the same triples, and that people can read."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from clausegraph.ground.errors import UnreadableInput

#: A triple; the stubs of pyoxigraph let its terms be triples themselves, which they never are in our files.
Statement = Any


def read_turtle(text: str, place: str) -> list[Statement]:
    """Return the triples of a text; raises `UnreadableInput` naming the place and the line."""
    try:
        return [ox.Triple(t.subject, t.predicate, t.object) for t in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        raise UnreadableInput(f"{place}: {error}. Fix the Turtle.") from error


def read_text(path: Path) -> str:
    """Return the text of a file; raises `UnreadableInput` naming the file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableInput(f"{path}: {reason}. Check the path.") from error


def turtle(triples: Iterable[Statement], prefixes: Mapping[str, str]) -> str:
    """Return triples in order, one block for each subject."""
    data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""
    lines = data.decode().replace("\t", "    ").splitlines()
    head = sorted(line for line in lines if line.startswith("@prefix"))
    body = [line if line.startswith(" ") else f"\n{line}" for line in lines[len(head) :]]
    return "\n".join([*head, *body]) + "\n"
