"""The names of licenses that somebody may have meant who wrote one that is not known.

A suggestion has every word and every number that was written, and at most one slip in each word that is no word of any
name. A word that names of licenses have (`nc`, `sa`) is no slip: it says what the terms are, so that a license without
it is another one. So is one with another number (`bsl-1.0` is Boost, `bsl-1.1` the Business Source License).
"""

import re
from collections import defaultdict
from collections.abc import Iterable

#: The shortest word in which one letter may stand for another, and the longest in which slips are looked for.
REPLACED, LONGEST = 5, 40
_NUMBERS = re.compile(r"[0-9]+")
_WORDS = re.compile(r"[^\W\d_]+")
#: A letter that is read as the digit to which it is like.
_ZERO = re.compile(r"(?<=[0-9][.\-])o\b")
#: Words that make no difference between two names.
_FILLERS = frozenset(["the", "license", "licence", "licenses", "version", "v", "agreement"])


class Nearest:
    """Finds, among known names, those that are alike."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = [(name, _words(name), _numbers(name)) for name in names if "://" not in name]
        self._with: dict[str, set[int]] = defaultdict(set)
        self._slips: dict[str, set[str]] = defaultdict(set)
        for place, (_, words, _) in enumerate(self._names):
            for word in words:
                self._with[word].add(place)
        for word in self._with:
            for shorter in (word, *_shorter(word)):
                self._slips[shorter].add(word)

    def among(self, name: str, most: int = 3) -> list[str]:
        """Return up to `most` names, the most alike first; none where nothing is."""
        low = _ZERO.sub("0", name.casefold())
        words, numbers = _words(low), _numbers(low)
        found: set[int] | None = None
        for word in words:
            meant = [word] if word in self._with else self._alike(word)
            having = set().union(*(self._with[one] for one in meant))
            found = having if found is None else found & having
            if not found:
                return []
        best = [
            (len(known) - len(words), abs(len(theirs) - len(numbers)), len(one), one)
            for one, known, theirs in (self._names[place] for place in found or ())
            if len(known) >= len(words) and all(a == b for a, b in zip(numbers, theirs, strict=False))
        ]
        least = min((extra for extra, *_ in best), default=0)
        return [one for extra, _, _, one in sorted(best) if extra == least][:most]

    def _alike(self, word: str) -> list[str]:
        """Return the known words that differ from one by one slip: a letter too few, too many, moved, or replaced."""
        if not 2 < len(word) <= LONGEST:
            return []
        near = set(self._slips.get(word, ())).union(*(self._slips.get(one, ()) for one in _shorter(word)))
        return [one for one in near if len(one) != len(word) or _moved(one, word) or _replaced(one, word)]


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(name)) - _FILLERS


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.findall(name))


def _shorter(word: str) -> set[str]:
    """Return a word without each of its letters; none of a word that is too short or too long for slips."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))} if 2 < len(word) <= LONGEST else set()


def _moved(one: str, other: str) -> bool:
    return sorted(one) == sorted(other)


def _replaced(one: str, other: str) -> bool:
    return len(one) >= REPLACED and sum(a != b for a, b in zip(one, other, strict=True)) == 1
