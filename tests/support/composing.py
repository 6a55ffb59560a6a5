"""Composed licenses for tests: the library, the kit, and a license by its choices."""

from functools import lru_cache

from clausegraph.composing.choices import choose
from clausegraph.composing.compose import Composition, compose
from clausegraph.composing.kit import load_kit
from clausegraph.library import Library

LIBRARY = Library.load()
KIT = load_kit()


@lru_cache(maxsize=2)  # each holds a library of its own
def composed(*chosen: str, like: str | None = None, without: tuple[str, ...] = (), **values: str) -> Composition:
    """Return the license that these choices make."""
    return compose(LIBRARY, choose(KIT, LIBRARY, chosen=chosen, like=like, without=without, values=values), KIT)


def works(letters: str) -> tuple[str, ...]:
    """Return the options for kinds of work by their letters, as RAIL writes them."""
    return tuple(f"artifact-{letter.lower()}" for letter in letters)
