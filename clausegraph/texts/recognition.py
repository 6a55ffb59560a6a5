"""Tells which license a text is: known texts first, in milliseconds, then ScanCode, then nothing.

The digests of the license texts that are known are in `ontology/generated/texts.json`; no text is kept. A text is known
word by word (`clausegraph.texts.folding`), with or without a title, so that one that holds more is never taken for it.
ScanCode comes with the extra `clausegraph[texts]`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec

from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.files import generated
from clausegraph.loaders.records import Identified
from clausegraph.texts.folding import digest, fold, plain_lines
from clausegraph.texts.notices import without_notices

#: The generated file, and how many hexadecimal digits of a digest stand in it.
FILE, DIGITS = "texts.json", 32
#: Titles that name no license.
_ANY_TITLE = ("license ", "licence ", "license agreement ", "license text ", "copying ")
#: The most titles above a text, and the most words of a file that only names a license.
_MAX_TITLES, _MAX_NAME = 3, 12


@dataclass(frozen=True)
class KnownTexts:
    """License ids by the digests of their texts, and the titles that may stand above the texts of each license."""

    by_digest: dict[str, str]
    titles: dict[str, tuple[str, ...]]

    def find(self, folded: str) -> str | None:
        """Return the id of the license whose text this is, word by word, below titles of that license."""
        found = self.by_digest.get(mark(folded))
        if found:
            return found
        for id_, titles in self.titles.items():
            if folded.startswith(titles) and any(
                self.by_digest.get(mark(text)) == id_ for text in without_titles(folded, titles)
            ):
                return id_
        return None


def mark(folded: str) -> str:
    """Return the digest of a folded text as it stands in the file."""
    return digest(folded)[:DIGITS]


def without_titles(folded: str, titles: Sequence[str], most: int = _MAX_TITLES) -> Iterator[str]:
    """Yield a folded text, and what is left of it below one title or more; a title ends with a space."""
    yield folded
    for title in titles if most else ():
        if folded.startswith(title):
            yield from without_titles(folded[len(title) :], titles, most - 1)


@cache
def known_texts() -> KnownTexts:
    """Read the known texts; raises `UnreadableInput` where the file is missing or damaged."""
    path = generated(FILE)
    try:
        data = json.loads(path.read_bytes())
        by_digest = {one: id_ for id_, digests in data["texts"].items() for one in digests}
        return KnownTexts(by_digest, {id_: (*titles, *_ANY_TITLE) for id_, titles in data["titles"].items()})
    except OSError as error:
        raise UnreadableInput(f"{path} is missing. Run `make library` in the checkout, or reinstall.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableInput(f"{path} is damaged ({error!r}). Run `make library`, or reinstall.") from error


@lru_cache(maxsize=64)
def identify(text: str) -> Identified:
    """Return which license a text is, and whether it holds more than that.

    Only a text that is not known needs ScanCode, whose first call takes many seconds.
    """
    folded = fold(text)
    if not folded:
        return Identified()
    if found := known_texts().find(folded) or _named(text, folded):
        return Identified(found, sure=100.0)
    if find_spec("licensedcode") is None:
        return Identified()
    from clausegraph.library import Library
    from clausegraph.texts import scancode

    return scancode.identify(text, Library.load())


def _named(text: str, folded: str) -> str | None:
    """Return the license expression that a short text is, notices apart, or `None`."""
    if folded.count(" ") >= _MAX_NAME:
        return None
    from clausegraph.library import Library

    library = Library.load()
    said = " ".join(word for _, line in without_notices(plain_lines(text)) for word in line.split())
    found = library.names.expression(said.strip(" #*_=-.:"))
    known = found is not None and all(library.licenses[i].is_text for i in found.ids)
    return str(found) if known else None
