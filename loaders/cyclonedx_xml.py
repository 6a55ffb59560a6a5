"""CycloneDX in XML, brought into the form of the JSON: only what speaks of identity, kind, license or lineage.

The XML is hostile: a document type, and so every entity of its own, is refused.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

_NAMESPACE = re.compile(r"http://cyclonedx\.org/schema/bom/(\d+\.\d+)")
#: How deep elements may be nested.
_DEEPEST = 400
#: Attributes that have the same name in JSON.
_ATTRIBUTES = ("type", "bom-ref", "ref", "acknowledgement", "expression")
#: Elements that hold a list: the name of what is listed.
_LISTS = {
    "components": "component",
    "services": "service",
    "ancestors": "component",
    "descendants": "component",
    "variants": "component",
    "externalReferences": "reference",
    "dependencies": "dependency",
    "altIds": "altId",
    "formulation": "formula",
    "patentAssertions": "patentAssertion",
}
#: Elements that hold others, of which only those are read that are named here.
_HOLDERS = ("metadata", "component", "pedigree", "modelCard", "modelParameters", "contents", "licensing", "evidence")
_WORDS = ("name", "group", "version", "purl", "url", "id", "altId", "type", "ref")


def is_bom(data: bytes) -> bool:
    """Say whether XML is a CycloneDX BOM, by the namespace in its first bytes."""
    return bool(_NAMESPACE.search(data[:4000].replace(b"\0", b"").decode("utf-8", errors="replace")))


class _Builder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise ValueError("the XML declares a document type or entities, which are not expanded; remove the declaration")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"the XML is nested more than {_DEEPEST} deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def bom_of(data: bytes) -> dict[str, Any]:
    """Return a BOM in the form of its JSON; raises `ValueError` with place and fix where it cannot be parsed."""
    parser = XMLParser(target=_Builder())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        raise ValueError(f"line {line}, column {column + 1}: the XML cannot be parsed ({error.msg})") from error
    found = _NAMESPACE.search(root.tag)
    return {**_object(root), "serialNumber": root.get("serialNumber"), "specVersion": found[1] if found else None}


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element) -> Iterator[tuple[str, Element]]:
    """Yield the children with their names; comments and instructions are none."""
    return ((_tag(child), child) for child in element if isinstance(child.tag, str))


def _object(element: Element) -> dict[str, Any]:
    """Return an element as an object of the JSON."""
    found: dict[str, Any] = {key: element.attrib[key] for key in _ATTRIBUTES if key in element.attrib}
    for tag, child in _children(element):
        if tag in _READERS:
            found[tag] = _READERS[tag](child)
        elif tag in _LISTS:
            found[tag] = [_item(one) for name, one in _children(child) if name == _LISTS[tag]]
        elif tag in _HOLDERS:
            found[tag] = _object(child)
        elif tag in _WORDS:
            found.setdefault(tag, _words(child))
    return found


def _item(element: Element) -> Any:
    return _words(element) if _tag(element) in _WORDS else _object(element)


def _words(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _licenses(element: Element) -> list[dict[str, Any]]:
    """Return `licenses`: in XML an expression with details is an element of its own."""
    found: list[dict[str, Any]] = []
    for tag, child in _children(element):
        if tag == "license":
            found.append({"license": _object(child)})
        elif tag == "expression":
            found.append({**_object(child), "expression": _words(child)})
        elif tag == "expression-detailed":
            details = [
                {**_object(one), "licenseIdentifier": one.get("license-identifier")}
                for name, one in _children(child)
                if name == "details"
            ]
            found.append({**_object(child), "expressionDetails": details})
    return found


def _text(element: Element) -> dict[str, Any]:
    return {"content": "".join(element.itertext()), "encoding": element.get("encoding")}


def _datasets(element: Element) -> list[dict[str, Any]]:
    return [_object(one) if tag == "dataset" else {"ref": _words(one)} for tag, one in _children(element)]


def _dependencies(element: Element) -> list[dict[str, Any]]:
    """Return `dependencies`: in XML what is needed is nested."""
    return [
        {"ref": one.get("ref"), "dependsOn": [o.get("ref") for name, o in _children(one) if name == "dependency"]}
        for _, one in _children(element)
    ]


_READERS: dict[str, Callable[[Element], Any]] = {
    "licenses": _licenses,
    "text": _text,
    "datasets": _datasets,
    "dependencies": _dependencies,
}
