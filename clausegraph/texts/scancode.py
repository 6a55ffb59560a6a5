"""Which licenses ScanCode finds in a text, and whether the text holds more than they do.

A text holds more than its licenses where a license in it is not known to the library, where more than a few words are
left over, or where one word that is left over, or that is missing, permits, forbids, requires or sets a condition.
Copyright notices, the names in them, and what merely leads in are not counted. A text of which only a small part is
a license, such as a mention, is not taken for that license.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from license_expression import Licensing

from clausegraph.library import Library
from clausegraph.library.model import License
from clausegraph.library.names import Names
from clausegraph.loaders.records import Identified
from clausegraph.texts.folding import plain_lines, words
from clausegraph.texts.notices import weighty, without_notices

#: The share of a license's words that must be there, in percent, to take a text for it.
ENOUGH = 80.0
#: The longest text that is looked into, in characters: ScanCode takes minutes for a million.
MAX_TEXT = 100_000
#: How many words may be left over that carry no weight.
MAX_LEFT = 8
#: The share of a text that must be licenses where none of them is there as a whole text.
_SHARE = 0.5
#: The longest lead-in, in words, and the words that one may hold although they carry weight.
_MAX_LEAD = 30
_LEADING = frozenset(["license", "licensed", "licence", "licenced", "licenses", "terms", "copyright", "distributed"])
#: Beginnings of words that carry weight here, although names hold them.
_FIELDS = ("research", "scien", "employ", "compan", "enterprise", "govern", "public", "revenue", "law", "ethic", "harm")
_REFERENCE = "LicenseRef-"


def license_of(licenses: Mapping[str, License], names: Names, key: str, spdx: str) -> str | None:
    """Return our license for a key and SPDX id of ScanCode, or `None`.

    The same letters may name another license here and there, so that a key counts only where the library states it,
    or where it is a port (`KEY-COUNTRY`) of one that it states.
    """
    found = next((id_ for id_, one in licenses.items() if one.scancode_key == key), None)
    if found is None and spdx and not spdx.startswith(_REFERENCE):
        found = names.find(spdx)
    if found is None and (port := names.find(key)) and key.startswith(f"{licenses[port].scancode_key}-"):
        found = port
    return found if found and licenses[found].is_text else None


def identify(text: str, library: Library) -> Identified:
    """Return what ScanCode finds in a text; the first call loads its index, which takes many seconds."""
    if len(text) > MAX_TEXT:
        return Identified()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from licensedcode.cache import get_index, get_licenses_db
        from licensedcode.detection import detect_licenses

        index = get_index()
        lines = plain_lines(text)
        found = [d for d in detect_licenses(query_string="\n".join(lines), index=index) if d.license_expression]
    reading = _Reading(library, get_licenses_db())
    covered: set[int] = set()
    for detection in found:
        matches = [m for m in detection.matches if m.score() >= ENOUGH]
        whole = len(matches) == len(detection.matches)
        for expression in [detection.license_expression] if whole else [m.rule.license_expression for m in matches]:
            reading.add(str(expression))
        for match in matches:
            covered.update(match.qspan)
            reading.cover(match, _missing(match, index))
    tokens = [list(_tokens(line, index)) for line in lines]
    left = left_over(lines, tokens, covered)
    more = len(left) > MAX_LEFT or _tells(left) or reading.altered
    return reading.result(more=more, size=sum(map(len, tokens)))


def _tells(words_: Iterable[str]) -> bool:
    return any(weighty([word]) or word.startswith(_FIELDS) for word in words_)


def _tokens(line: str, index: Any) -> Iterator[tuple[str, bool]]:
    """Yield the words of a line as ScanCode sees them, each with whether it gets a number."""
    from licensedcode.stopwords import STOPWORDS
    from licensedcode.tokenize import query_tokenizer

    for word in query_tokenizer(line):
        if word not in STOPWORDS:
            yield word, word in index.dictionary


def _missing(match: Any, index: Any) -> list[str]:
    """Return the words of a license text that a match lacks."""
    if match.rule.rid is None or not match.rule.is_license_text:
        return []
    tokens = index.tids_by_rid[match.rule.rid]
    return [index.tokens_by_tid[token] for place, token in enumerate(tokens) if place not in match.ispan]


@dataclass
class _Reading:
    """The licenses that were found: `parts` in our words, and `rest` that the library does not know."""

    library: Library
    theirs: Mapping[str, Any]
    parts: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    sure: float = 100.0
    altered: bool = False
    texts: int = 0
    words: int = 0

    def add(self, expression: str) -> None:
        """Take one license expression in ScanCode's keys."""
        tree = Licensing().parse(expression)
        together = getattr(tree, "operator", "").strip() == "AND"
        for part in filter(None, map(self._read, tree.args if together else [tree])):
            if part not in self.parts:
                self.parts.append(part)

    def cover(self, match: Any, missing: Sequence[str]) -> None:
        """Take what a match covers, and the words that it lacks."""
        self.sure = min(self.sure, float(match.score()))
        self.altered |= _tells(missing)
        if any(self._ours(str(key)) for key in Licensing().license_keys(match.rule.license_expression)):
            self.texts += bool(match.rule.is_license_text)
            self.words += len(match.qspan)

    def _read(self, node: Any) -> str | None:
        operator = getattr(node, "operator", "").strip()
        if operator:
            parts = list(dict.fromkeys(part for child in node.args if (part := self._read(child))))
            return f"({f' {operator} '.join(parts)})" if len(parts) > 1 else next(iter(parts), None)
        if hasattr(node, "exception_symbol"):
            self._key(str(node.exception_symbol.key))
            return self._key(str(node.license_symbol.key))
        return self._key(str(node.key))

    def _key(self, key: str) -> str | None:
        """Return our expression for a key; one that the library does not know goes to the rest."""
        found = self._ours(key)
        if found is None:
            self.rest.append(self._spdx(key))
            one = self.theirs.get(key)
            if one and not (one.is_generic or one.is_unknown):
                self.named.add(self._spdx(key))
        return found

    def _spdx(self, key: str) -> str:
        one = self.theirs.get(key)
        return str(one.spdx_license_key or key) if one else key

    def _ours(self, key: str) -> str | None:
        spdx, licenses = self._spdx(key), self.library.licenses
        found = license_of(licenses, self.library.names, key, spdx)
        later = None if found or spdx.startswith(_REFERENCE) else self.library.names.expression(spdx)
        return spdx if later and all(licenses[i].is_text for i in later.ids) else found

    def result(self, *, more: bool, size: int) -> Identified:
        """Return what was found in a text of so many words.

        A text that is one license which the library does not know is called by its name.
        """
        rest = tuple(dict.fromkeys(self.rest))
        held = self.texts or self.words >= _SHARE * size or not (more or rest)
        if self.parts and held:
            one = self.parts[0].removeprefix("(").removesuffix(")") if len(self.parts) == 1 else None
            named = tuple(name for name in rest if name in self.named)
            return Identified(one or " AND ".join(self.parts), more or bool(rest), self.sure, named)
        if len(rest) == 1 and not self.parts and not more and rest[0] in self.named:
            return Identified(rest[0], sure=self.sure)
        return Identified(rest=rest)


def left_over(lines: Sequence[str], tokens: Sequence[Sequence[tuple[str, bool]]], covered: set[int]) -> list[str]:
    """Return the words of a text that no license covers, without notices, the names in them, and a lead-in.

    `tokens` has the words of each line, each with whether it has a number; `covered` has the numbers of words that a
    license covers.
    """
    said = dict(without_notices(lines))
    held = {word for place, line in enumerate(lines) if place not in said for word in words(line)}
    left: list[list[str]] = []
    number, first = 0, None
    for place, line in enumerate(tokens):
        own = []
        for word, numbered in line:
            if not (numbered and number in covered):
                own.append(word)
            elif first is None:
                first = place
            number += numbered
        left.append([w for w in own if w not in held and _counts(w)] if place in said else [])
    lead = [w for line in left[: first or 0] for w in line]
    leads = len(lead) <= _MAX_LEAD and not _tells(w for w in lead if w not in _LEADING)
    return [w for line in left[first or 0 if leads else 0 :] for word in line for w in words(word)]


def _counts(word: str) -> bool:
    """Say whether a word counts: the number of an item and a single letter do not."""
    return (len(word) > 1 and not word.isdigit()) or not word.isascii()
