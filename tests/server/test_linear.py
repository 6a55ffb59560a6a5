"""What the server itself reads of a stranger's text it reads in linear time, to a megabyte.

The times are those of the processor, and what takes less than five hundredths of a second is not compared.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from clausegraph.loaders.identifiers import split_reference

from clausegraph.ground.errors import ClausegraphError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.queries import bind, find
from clausegraph.server.connections import Proxies
from clausegraph.server.negotiation import choose
from clausegraph.server.pages.search import search_library
from clausegraph.store import parsing

LIBRARY = Library.load()
PROXIES = Proxies(["127.0.0.1"])
READERS: dict[str, Callable[[str], Any]] = {
    "a license": LIBRARY.license,
    "an expression": LIBRARY.names.expression,
    "a declaration": lambda text: LIBRARY.names.declared([text]),
    "Accept": lambda text: choose(text, ["text/html", "application/json"]),
    "who asks": lambda text: PROXIES.client("127.0.0.1", [(b"forwarded", text.encode())]),
    "an assumption": lambda text: Assumptions.of_pairs(LIBRARY, [f"commercial={text}", f"region={text}"]),
    "a search": lambda text: search_library(LIBRARY, text),
    "a reference": split_reference,
    "a parameter of a query": lambda text: bind(find("work"), {"work": text}, LIBRARY),
    "a license in a query": lambda text: bind(find("restrictions"), {"license": text}, LIBRARY),
    "a kind": LIBRARY.artifact_kind,
    "SERVICE": lambda text: parsing.uses(text, "service"),
    "an update": parsing.is_update,
}
PIECES = (
    "x",
    '"\\"',
    "license-",
    " ",
    "mit AND ",
    "(mit OR ",
    'for="',
    "<a",
    "a:",
    "service ",
    '{"a":',
    "İ",
    "v1.",
    "-",
)
#: Bytes of the smaller text, and seconds below which nothing is compared.
SMALL, FLOOR = 500_000, 0.05


def seconds(reader: Callable[[str], Any], text: str) -> float:
    """Return the least processor time of a few readings."""
    found = []
    for _ in range(3):
        start = time.process_time()
        with contextlib.suppress(ClausegraphError, SyntaxError):
            reader(text)
        found.append(time.process_time() - start)
    return min(found)


@pytest.mark.parametrize("name", READERS)
def test_a_text_that_is_twice_as_long_takes_at_most_two_and_a_half_times_as_long(name: str) -> None:
    for piece in PIECES:
        text = piece * (SMALL // len(piece))
        small, large = seconds(READERS[name], text), seconds(READERS[name], text + text)
        assert large <= 2.5 * max(small, FLOOR), (piece, small, large)


def test_a_product_of_choices_is_not_multiplied_out() -> None:
    """Sixty choices of two would be more options than there are atoms."""
    ids = sorted(LIBRARY.declarable)
    text = " AND ".join(f"({a} OR {b})" for a, b in zip(ids[:60:2], ids[1:60:2], strict=True))
    assert LIBRARY.names.expression(text) is None
    assert str(LIBRARY.names.declared([text])) == "other"
    assert LIBRARY.names.expression("(mit OR isc) AND (gpl-2.0 OR gpl-3.0)") is not None


def test_an_expression_that_trips_its_parser_means_nothing() -> None:
    """`license-expression` raises an assertion of its own here."""
    text = "MIT OR (AND GPL-3.0)"
    assert LIBRARY.names.expression(text) is None
    assert str(LIBRARY.names.declared([text])) == "other"
