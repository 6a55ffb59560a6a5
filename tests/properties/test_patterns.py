"""No regular expression over texts from outside takes more than a moment, whatever the text."""

import importlib
import pkgutil
import re
import subprocess
import sys

import clausegraph.loaders as loaders
import pytest

#: What repeated often made a search slow somewhere, or could.
PIECES = (
    *("a", "a/", " ", "[", "[a](", "![", "<a ", "<a href=", "-", "---\n", "\n", "a-", "1.1.", "models--a--", "a ", "@"),
    *(
        "<!--",
        "<!-- -->",
        "or-later-",
        " a with ",
        "http://",
        "a.",
        "(",
        "{",
        '"',
        "license:",
        "SPDX-License-Identifier: ",
    ),
)
#: Characters of each text, and how long all patterns of a module may take over all of them, in seconds.
LENGTH, MOST = 3_000, 60
MODULES = sorted(f"{loaders.__name__}.{one.name}" for one in pkgutil.iter_modules(loaders.__path__))


def search(module: str) -> int:
    """Search with every pattern of a module in every text, and return how many patterns it has."""
    found = [one for one in vars(importlib.import_module(module)).values() if isinstance(one, re.Pattern)]
    for pattern in found:
        for piece in PIECES:
            text = piece * (LENGTH // len(piece))
            text = text if isinstance(pattern.pattern, str) else text.encode()
            pattern.search(text)
            pattern.fullmatch(text)
    return len(found)


@pytest.mark.parametrize("module", [*MODULES, "clausegraph.library.names", "clausegraph.library.nearest"])
def test_every_pattern_ends_soon_on_every_text(module: str) -> None:
    code = f"from tests.properties.test_patterns import search; search({module!r})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=MOST)


def test_there_are_patterns_to_look_at() -> None:
    assert sum(map(search, MODULES)) > 20
