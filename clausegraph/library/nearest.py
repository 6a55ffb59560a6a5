"""The names of licenses that somebody may have meant who wrote one that is not known.

Numbers tell licenses apart (`bsl-1.0` is Boost, `bsl-1.1` the Business Source License), and so do words: a name whose
numbers differ, or whose letters are alike only by their numbers, is none that was meant.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

#: How much of the letters of two names has to be alike, between 0 and 1, and how many names are looked at closely.
ALIKE, CLOSELY = 0.65, 24
_NUMBERS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]+")


class Nearest:
    """Finds, among known names, those that are alike."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known = [(name, _numbers(name), _letters(name)) for name in names if "://" not in name]
        self._marks = [_mark(letters) for _, _, letters in self._known]

    def among(self, name: str, most: int = 3) -> list[str]:
        """Return up to `most` names, the most alike first; none where nothing is."""
        low = name.casefold()
        letters, numbers, mark = _letters(low), _numbers(low), _mark(low)
        if not mark:
            return []
        least = ALIKE * mark.bit_count()
        close = (
            (2 * shared / (mark.bit_count() + other.bit_count()) - abs(len(known[2]) - len(letters)) / 100, known)
            for known, other in zip(self._known, self._marks, strict=True)
            if (shared := (mark & other).bit_count()) >= least and not _differ(numbers, known[1])
        )
        found = ((SequenceMatcher(None, letters, k[2]).ratio(), k[0]) for _, k in nlargest(CLOSELY, close))
        best = nlargest(most, ((ratio, _ends(low, one), one) for ratio, one in found if ratio >= ALIKE))
        return [one for _, _, one in best]


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.findall(name))


def _letters(name: str) -> str:
    return "".join(_LETTERS.findall(name))


def _mark(text: str) -> int:
    """Return the set of letters of a name as the bits of a number."""
    found = 0
    for letter in text:
        if letter.isalpha():
            found |= 1 << (ord(letter) % 61)
    return found


def _differ(stated: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Return whether the numbers of two names differ where both have one."""
    return any(a != b for a, b in zip(stated, known, strict=False))


def _ends(stated: str, known: str) -> float:
    """Return how alike their numbers and marks are too, of two names with like letters."""
    return SequenceMatcher(None, stated, known).ratio()
