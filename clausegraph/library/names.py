"""How people spell licenses, and what a spelling means.

A spelling is an id of ours, of SPDX, of the Hub or of ScanCode, an IRI, a name or an alias; case,
spaces and underscores do not matter. An expression combines spellings with AND, OR and `-or-later`,
parsed by `license-expression`. What is not known stays unknown: nothing is guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from license_expression import Licensing

from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library.model import License
from clausegraph.library.nearest import Nearest

#: Words and marks that make no difference between two spellings of a name.
MARKS = re.compile(r"[\s_\-.,/:()\[\]*]+")
FILLERS = re.compile(r"(?<![a-z0-9])(?:version-|v(?=\d))|^the-|(?:-license(?:-agreement)?)+$")
LATER = re.compile(r"(-or-(?:later|newer)(?:-versions?)?|-?\+)$")
ONLY = re.compile(r"-only$")
#: An address, of which the scheme, which may be missing, www and a slash at the end make no difference.
ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,}(?:/[^?#\s]+?)?)/?(?:[?#].*)?", re.IGNORECASE)
#: What the tags of the Hub and lists of families put before a name.
PREFIX = re.compile(r"^\s*(license|family):", re.IGNORECASE)
#: How the Hub names a repository, and its address, perhaps of a file in it.
REPOSITORY = re.compile(r"(?:(?:datasets|spaces|models)/)?[\w.-]+/[\w.-]+")
AT_HUB = re.compile(rf"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/({REPOSITORY.pattern})(?:/.*)?/?", re.IGNORECASE)
#: What stands between a license and an exception to it.
WITH = re.compile(r" with ", re.IGNORECASE)
#: The longest text that can be one name, and the longest that is read as an expression, in characters.
LONGEST_NAME, LONGEST = 1_000, 20_000
#: More options than anybody declares: each AND of two choices multiplies them.
MAX_OPTIONS = 256
#: Ids of the nodes that stand for a value that names no text; both are in the ontology.
UNDETERMINED, UNDECLARED = "other", "none"


@dataclass(frozen=True, slots=True)
class Expression:
    """A license expression as a set of options, each of which is a set of license ids that hold together.

    `listed` says that a card lists the options, and not whether all of them hold or one of them may be chosen.
    """

    options: frozenset[frozenset[str]]
    listed: bool = False

    @classmethod
    def of(cls, *ids: str) -> "Expression":
        """Return the expression in which all of `ids` hold together."""
        return cls(frozenset({frozenset(ids)}))

    def __str__(self) -> str:
        parts = sorted(" AND ".join(sorted(option)) for option in self.options)
        joined = " AND/OR " if self.listed else " OR "
        return joined.join(f"({p})" if len(parts) > 1 and " AND " in p else p for p in parts)

    @property
    def readings(self) -> frozenset[frozenset[str]]:
        """The sets of licenses of which one is declared: the options, and of a list also all of them together."""
        return self.options | {self.ids} if self.listed else self.options

    @property
    def ids(self) -> frozenset[str]:
        """All license ids in the expression."""
        return frozenset().union(*self.options)

    def together(self, other: "Expression") -> "Expression":
        """Return the expression in which both hold."""
        return Expression(frozenset(a | b for a in self.options for b in other.options))


def normalize(spelling: str) -> str:
    """Return a spelling without what makes no difference: case, separators, marks, `v`, `version`, `license`.

    >>> normalize(" Apache_License,  Version 2.0 ")
    'apache-license-2-0'
    >>> normalize("The MIT License") == normalize("mit")
    True
    """
    text = spelling.strip().strip("\"'`").casefold().replace("licence", "license")
    if "://" in text:
        return text
    text = MARKS.sub("-", text).strip("-")
    return FILLERS.sub("", text) or text


class Names:
    """Resolves spellings and expressions against a set of licenses."""

    def __init__(
        self,
        licenses: dict[str, License],
        known_unknowns: Mapping[str, str] | None = None,
        registries: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._licenses = licenses
        self._unknown = {normalize(name): reason for name, reason in (known_unknowns or {}).items()}
        self.spellings: dict[str, None] = {}
        self.by_spelling: dict[str, str] = {}
        for id_, found in licenses.items():
            for spelling in (
                id_,
                found.iri,
                found.spdx_id,
                found.hf_id,
                found.scancode_key,
                found.name,
                *found.aliases,
            ):
                if spelling:
                    self.by_spelling.setdefault(normalize(spelling), id_)
                    self.spellings.setdefault(spelling.casefold())
        self._registries = [(re.compile(pattern, re.IGNORECASE), spelled) for pattern, spelled in registries]
        self._parse = Licensing()
        self._cached = lru_cache(maxsize=65536)(self._expression)

    def expression(self, text: str) -> Expression | None:
        """Return the expression that `text` means, or `None` where a part of it is not known.

        A text that is longer than any expression, or that has more options than anybody declares, means nothing.
        """
        return self._cached(text) if len(text) <= LONGEST_NAME else self._expression(text)

    def find(self, spelling: str) -> str | None:
        """Return the id for a spelling of one license, or `None`."""
        if len(spelling) > LONGEST_NAME:
            return None
        key = normalize(self._plain(PREFIX.sub("", spelling).strip()))
        for candidate in (key, ONLY.sub("", key)):
            if candidate in self.by_spelling:
                return self.by_spelling[candidate]
        return None

    def _plain(self, spelling: str) -> str:
        """Return what a registry calls the license at an address; what is no such address stays as it is."""
        address = ADDRESS.fullmatch(spelling)
        for pattern, spelled in self._registries if address else ():
            if found := pattern.fullmatch(address[1]) if address else None:
                return found.expand(spelled)
        return spelling

    def resolve(self, spelling: str) -> str:
        """Return the id for a spelling; raise `UnknownIdentifier` with the nearest spellings."""
        found = self.find(spelling)
        if found is None:
            raise self.unknown(spelling)
        return found

    def unknown_reason(self, spelling: str) -> str | None:
        """Return why the text of a license is not known, for a name that is known to be unknown."""
        return self._unknown.get(normalize(spelling)) if len(spelling) <= LONGEST_NAME else None

    def unknown(self, spelling: str) -> UnknownIdentifier:
        """Return the error for a spelling that means no license, with the reason or the nearest spellings."""
        reason = self.unknown_reason(spelling)
        if reason:
            return UnknownIdentifier("license", spelling, hint=f"The name is known, and its text is not. {reason}")
        if hint := self._other_thing(spelling):
            return UnknownIdentifier("license", spelling, hint=hint, nearest=())
        near = self._nearest.among(spelling, 8) if len(spelling) <= LONGEST_NAME else []
        ids = dict.fromkeys(id_ for one in near if (id_ := self.find(one)))
        return UnknownIdentifier("license", spelling, hint="`clausegraph license list` shows all.", nearest=[*ids][:3])

    def _other_thing(self, spelling: str) -> str | None:
        """Return what a text is that is not the name of one license, if that can be told."""
        if len(spelling) > LONGEST_NAME:
            return None
        at_hub = AT_HUB.fullmatch(spelling)
        id_ = at_hub[1] if at_hub else spelling
        if at_hub or (REPOSITORY.fullmatch(id_) and not any(map(self.find, id_.split("/")))):
            return f"It is written like a repository of the Hub: `clausegraph check {id_}` tells its license."
        if (found := self.expression(spelling)) and len(found.ids) > 1:
            return f"It is an expression of several licenses: {', '.join(sorted(found.ids))}. Name one of them."
        base, *exception = WITH.split(" ".join(spelling.split()), maxsplit=1)
        if exception and self.expression(base):
            changed = f"{exception[0]!r} changes the terms of {base!r}"
            return f"{changed}, and the text of this exception is not known, so that nobody knows what holds."
        return None

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self.spellings)

    def or_later(self, spelling: str) -> tuple[str, ...]:
        """Return a license and its later versions, the oldest first, for a spelling such as `gpl-2.0-or-later`.

        Nothing where the spelling is no such form, or where it is the name of a license.
        """
        if len(spelling) > LONGEST_NAME or self.find(spelling) is not None:
            return ()
        stated = normalize(self._plain(PREFIX.sub("", spelling).strip()))
        found = self.find(LATER.sub("", stated)) if LATER.search(stated) else None
        return tuple(self._later(found)) if found else ()

    def _later(self, id_: str) -> Iterable[str]:
        """Yield a license and its later versions."""
        current: str | None = id_
        while current:
            yield current
            current = self._licenses[current].later

    def _symbol(self, spelling: str) -> Expression | None:
        found = self.find(spelling)
        if found is not None:
            return Expression.of(found)
        later = self.or_later(spelling)
        return Expression(frozenset(frozenset({i}) for i in later)) if later else None

    def _expression(self, text: str) -> Expression | None:
        single = self._symbol(text)
        if single is not None or not re.search(r"\b(and|or)\b", text, re.IGNORECASE):
            return single
        tree = self._tree(text)
        return self._walk(tree) if tree is not None else None

    def _tree(self, text: str) -> Any:
        """Return the syntax tree of an expression, or `None` where it cannot be read."""
        if len(text) > LONGEST:
            return None
        try:
            return self._parse.parse(text)
        except Exception:  # whatever the parser trips over, such as an assertion of its own
            return None

    def _partly(self, text: str) -> Expression | None:
        """Return the expression that a text means whose unknown parts are undetermined, if any part is known."""
        tree = self._tree(text)
        if tree is None or not any(self._symbol(str(symbol)) for symbol in tree.symbols):
            return None
        return self._walk(tree, unknown=Expression.of(UNDETERMINED))

    def _walk(self, node: Any, unknown: Expression | None = None) -> Expression | None:
        operator = getattr(node, "operator", "").strip().upper()
        if not operator:
            return self._symbol(str(node)) or unknown
        parts = [self._walk(child, unknown) for child in node.args]
        if any(part is None for part in parts):
            return None
        known = [part for part in parts if part is not None]
        if operator == "OR":
            return Expression(frozenset().union(*(part.options for part in known)))
        together = known[0]
        for part in known[1:]:
            if len(together.options) * len(part.options) > MAX_OPTIONS:
                return None
            together = together.together(part)
        return together

    def declared(self, values: Sequence[str]) -> Expression:
        """Return what a card declares: nothing, one value, or a list that does not say how its members hold.

        A value that is not known becomes the node of undetermined licenses, never a guess, and so does an unknown part
        of an expression: an unknown option of a choice spoils nothing for those who take another one. So does the word
        for terms of one's own, which names no text to anybody else.
        """
        stated = [v for v in values if v and v.strip()]
        found = [self._named(self.expression(v) or self._partly(v) or Expression.of(UNDETERMINED)) for v in stated]
        distinct = list(dict.fromkeys(found))
        if len(distinct) > 1:
            return Expression(frozenset().union(*(part.options for part in distinct)), listed=True)
        return distinct[0] if distinct else Expression.of(UNDECLARED)

    def stated(self, values: Iterable[str], name: str | None) -> Expression:
        """Return what a card declares; an `other` with a name that is known counts as that license."""
        given = list(values)
        if name and self.expression(name):
            given = [name if self.find(v) == UNDETERMINED else v for v in given] or [name]
        return self.declared(given)

    def _named(self, found: Expression) -> Expression:
        """Return an expression in which what names no text to others is undetermined."""
        own = {id_ for id_ in found.ids if self._licenses[id_].is_own_terms}
        if not own:
            return found
        return Expression(frozenset(frozenset(UNDETERMINED if i in own else i for i in o) for o in found.options))
