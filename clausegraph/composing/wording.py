"""Puts what was chosen into the sentences of the kit."""

import re
from collections.abc import Sequence

import pyoxigraph as ox

from clausegraph.composing.choices import Choices
from clausegraph.composing.kit import Kit
from clausegraph.composing.naming import Names
from clausegraph.ground import namespaces as ns

_PLACE = re.compile(r"\{([a-z_]+)\}")
LICENSOR = "the licensor"


def listed(words: Sequence[str]) -> str:
    """Return words as English lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


class Words:
    """The sentences of one license."""

    def __init__(self, kit: Kit, choices: Choices, names: Names) -> None:
        self._reader = kit.reader
        self._types = {key: parameter.type for key, parameter in kit.parameters.items()}
        self._values = dict(choices.values)
        options = [kit.options[key] for key in choices.options]
        parts = [iri for option in options for iri in option.adds]
        #: The rights that the chosen parts grant, before options take some out.
        self.rights = {right for part in parts for right in self._reader.locals(part, "grants")}
        kept = self.rights - {right for option in options for right in option.takes_out}
        made = [o.noun_of_made for o in options if o.noun_of_made] if any(o.reaches_made for o in options) else []
        self._texts = {
            "name": names.title,
            "licensor": choices.licensor or LICENSOR,
            "works": listed([option.noun for option in options if option.noun]),
            "everything": listed(["the Work", "its Derivatives", *made]),
            "derived": listed(["Derivatives", *made]),
            "rights": self._rights(kept),
        } | {key: self._shown(key, value) for key, value in self._values.items()}

    def _rights(self, rights: set[str]) -> str:
        """Return rights as the things that one may do, in their order."""
        iris = [f"{ns.BASE}right/{right}" for right in rights]
        told = [iri for iri in iris if self._reader.one(iri, "noun")]
        return listed([self._reader.one(i, "noun") for i in sorted(told, key=lambda i: self._reader.one(i, "order"))])

    def _shown(self, key: str, value: str) -> str:
        return f"{int(value):,}" if self._types[key] == "integer" else value

    def value(self, key: str) -> ox.Literal:
        """Return a value as the condition that tests it wants it."""
        text = self._values[key]
        return ox.Literal(int(text)) if self._types[key] == "integer" else ox.Literal(text)

    def fill(self, text: str) -> str:
        """Return a sentence with what is put in for the names in braces, beginning with a capital."""
        filled = _PLACE.sub(lambda m: self._texts[m[1]], text)
        return filled[:1].upper() + filled[1:] if text.startswith("{") else filled

    def put(self, part: str) -> str:
        """Return the text of a part or passage."""
        return self.fill(str(self._reader.one(part, "wording")))
