"""License elements of SPDX 3: expressions, sets, operators, listed and custom licenses, simple and expanded.

An element becomes an expression. What the list of SPDX does not have gets a name `LicenseRef-…` in it, with the name,
the addresses and the text that the element holds, by which it may be known.
"""

import re
from typing import Any

from clausegraph.loaders.document import mapping, mappings
from clausegraph.loaders.tags import strings
from clausegraph.loaders.terms import UNASSERTED, Stated

_LISTED = re.compile(
    r"https?://(?:www\.)?spdx\.org/(?:rdf/[\w./-]*/)?(?:licenses|exceptions)/([\w.+-]+?)(?:\.html|\.json)?/?"
)
#: The individuals by which nothing is asserted, and by which there is no license; by the last part of their names.
_NOTHING = re.compile(r"(?:^|[/#:_])(?:NoAssertion|None|NOASSERTION|NONE)(?:License|Element)?$")
_SETS = {"ConjunctiveLicenseSet": " AND ", "DisjunctiveLicenseSet": " OR "}
#: The deepest nesting of sets.
_DEEPEST = 50


def plain(key: str) -> str:
    """Return the name of a class or property without the profile before it."""
    return key.rpartition("_")[2].rpartition("/")[2]


def value_of(element: dict[str, Any], name: str) -> Any:
    """Return the value of a property with or without its profile before it."""
    return next((v for k, v in element.items() if plain(k) == name), None)


class Licenses:
    """The license elements of a document."""

    def __init__(self, elements: dict[str, dict[str, Any]]) -> None:
        self.elements = elements

    def stated(self, end: Any) -> Stated:
        """Return what a license element states; one of which nothing is asserted states nothing.

        Raises `ValueError` where elements are nested in a circle or too deeply.
        """
        parts: dict[str, Stated] = {}
        value = self._value(end, parts, 0)
        if value == UNASSERTED:
            return Stated()
        if value in parts:
            return parts[value]
        return Stated(value, parts=tuple(parts.items()))

    def _value(self, end: Any, parts: dict[str, Stated], depth: int) -> str:
        if depth > _DEEPEST:
            raise ValueError(f"license elements are nested in a circle, or more than {_DEEPEST} deep")
        iri, element = self._element(end)
        kind = plain(str(element.get("type") or element.get("@type") or ""))
        if _NOTHING.search(iri) or kind in ("NoneLicense", "NoAssertionLicense"):
            return UNASSERTED
        if kind in _SETS:
            return self._set(kind, element, parts, depth)
        if kind == "OrLaterOperator":
            return self._later(self._value(value_of(element, "subjectLicense"), parts, depth + 1))
        if kind == "WithAdditionOperator":
            subject = self._value(value_of(element, "subjectExtendableLicense"), parts, depth + 1)
            return f"{subject} WITH {self._addition(value_of(element, 'subjectAddition'))}"
        expression = value_of(element, "licenseExpression")
        if isinstance(expression, str):
            return self._written(element, expression, parts)
        listed = _LISTED.fullmatch(iri)
        if listed:
            return listed[1]
        return self._own(iri, element, parts)

    def _element(self, end: Any) -> tuple[str, dict[str, Any]]:
        """Return the IRI and the properties of an element that is referred to, or stands in place."""
        if isinstance(end, dict):
            iri = end.get("spdxId") or end.get("@id") or end.get("id")
            iri = iri if isinstance(iri, str) else ""
            return iri, end if len(end) > 1 else self.elements.get(iri, end)
        return (end, self.elements.get(end, {})) if isinstance(end, str) else ("", {})

    def _set(self, kind: str, element: dict[str, Any], parts: dict[str, Stated], depth: int) -> str:
        members = value_of(element, "member") or []
        members = members if isinstance(members, list) else [members]
        if not members:
            raise ValueError(f"a {kind} has no members")
        values = [self._value(member, parts, depth + 1) for member in members]
        return _SETS[kind].join(f"({v})" if " AND " in v or " OR " in v else v for v in values)

    @staticmethod
    def _later(value: str) -> str:
        return value if value.endswith(("+", "-or-later")) else value.removesuffix("-only") + "+"

    def _addition(self, end: Any) -> str:
        iri, element = self._element(end)
        listed = _LISTED.fullmatch(iri)
        if listed:
            return listed[1]
        name = value_of(element, "name")
        return "AdditionRef-" + _word(name if isinstance(name, str) and name else iri)

    def _written(self, element: dict[str, Any], expression: str, parts: dict[str, Stated]) -> str:
        """Return an expression as it is written, with what its own names stand for."""
        for entry in mappings(value_of(element, "customIdToUri")):
            key, uri = value_of(entry, "key"), value_of(entry, "value")
            if isinstance(key, str) and isinstance(uri, str):
                iri, known = self._element(uri)
                parts[key] = self._described(iri, known)
        return expression.strip() or UNASSERTED

    def _own(self, iri: str, element: dict[str, Any], parts: dict[str, Stated]) -> str:
        """Return the name within the expression of a license that the list of SPDX does not have."""
        described = self._described(iri, element)
        word = "LicenseRef-" + _word(described.value or iri)
        while word in parts and parts[word] != described:
            word += "-2"
        parts[word] = described
        return word

    @staticmethod
    def _described(iri: str, element: dict[str, Any]) -> Stated:
        name, text = value_of(element, "name"), value_of(element, "licenseText")
        also = [*strings(value_of(element, "seeAlso") or []), *([iri] if iri else [])]
        value = name if isinstance(name, str) and name.strip() else iri
        return Stated(value, tuple(one for one in also if one != value), text if isinstance(text, str) else None)


def _word(text: str) -> str:
    """Return a text as a word of an expression."""
    return re.sub(r"[^\w.-]+", "-", text, flags=re.ASCII).strip("-.")[-80:] or "license"


def elements_by_id(elements: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return elements by their ids."""
    found = {}
    for element in elements:
        id_ = mapping(element).get("spdxId") or element.get("@id")
        if isinstance(id_, str):
            found[id_] = element
    return found
