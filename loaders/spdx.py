"""SPDX 3.0 documents in their JSON-LD serialization: AI and dataset packages, and how they depend on each other.

The serialization has one fixed context, so it is read as JSON; a document with another context is
refused, and nothing is fetched. A package is named by its Hub package URL or download location where it
has one, else by its SPDX id.
"""

from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import Context, Document, mappings, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.records import (
    APPLICATION,
    CATALOGUE,
    CHECKED,
    DATASET,
    MODEL,
    SOURCE,
    Artifact,
    Record,
    Reference,
    Statement,
)
from clausegraph.loaders.tags import strings, usual_relation

_CONTEXT = "https://spdx.org/rdf/3.0"
_KINDS = {
    "ai_AIPackage": MODEL,
    "dataset_DatasetPackage": DATASET,
    "software_Package": APPLICATION,
    "software_File": SOURCE,
}
#: Relationship types by which `from` reuses `to`; an empty relation means the usual one of the two kinds.
_FORWARD = {
    "trainedOn": "train",
    "dependsOn": "",
    "hasPrerequisite": "",
    "contains": "include",
    "hasOptionalComponent": "include",
    "hasStaticLink": "link",
    "hasDynamicLink": "link",
    "hasInput": "",
    "descendantOf": "",
    "usesTool": "use",
    "testedOn": "use",
}
#: Relationship types by which `to` reuses `from`.
_BACKWARD = {"ancestorOf": "", "hasVariant": "", "generates": "", "copiedTo": "copy", "hasOutput": ""}


def accepts(document: Document) -> bool:
    """Say whether a document is an SPDX 3 document."""
    data = document.json
    return isinstance(data, dict) and (
        any(str(c).startswith(_CONTEXT) for c in _contexts(data))
        or str(data.get("spdxVersion", "")).startswith("SPDX-3")
    )


def _contexts(data: dict[str, Any]) -> list[Any]:
    found = data.get("@context")
    return found if isinstance(found, list) else [found]


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the packages of an SPDX document."""
    data = document.json
    for one in _contexts(data):
        if not isinstance(one, str) or not one.startswith(_CONTEXT):
            raise ValueError(f"the context {one!r} is not that of SPDX 3, and none is fetched. Use {_CONTEXT}.x")
    graph = data.get("@graph")
    elements = mappings(graph) if isinstance(graph, list) else [data]
    reader = _Reader(elements)
    packages = [(n, e) for n, e in enumerate(elements, 1) if _kind(e) and _id(e) in reader.used]
    if not packages:
        raise ValueError("it holds no AI, dataset or software package")
    return read_each(document.place, packages, lambda e: [reader.artifact(e)], context)


def _kind(element: dict[str, Any]) -> str | None:
    return _KINDS.get(str(element.get("type")))


def _id(element: dict[str, Any]) -> str:
    found = element.get("spdxId") or element.get("@id")
    return found if isinstance(found, str) else ""


class _Reader:
    """The elements of a document with what relates them."""

    def __init__(self, elements: list[dict[str, Any]]) -> None:
        self.names: dict[str, tuple[str, str]] = {}
        self.expressions: dict[str, str] = {}
        self.parents: dict[str, list[tuple[str, str]]] = {}
        self.licenses: dict[str, dict[str, list[str]]] = {}
        for element in elements:
            if _kind(element):
                self.names[_id(element)] = self._name(element)
            for key in ("simplelicensing_licenseExpression", "licenseExpression"):
                if isinstance(element.get(key), str):
                    self.expressions[_id(element)] = element[key]
        for element in elements:
            if str(element.get("type")).endswith("Relationship"):
                self._relate(element)
        self.used = {
            _id(e)
            for e in elements
            if _kind(e) not in (None, SOURCE) or _id(e) in self.parents or _id(e) in self.licenses
        }

    def _name(self, element: dict[str, Any]) -> tuple[str, str]:
        """Return (kind, id) of an element; a Hub address says the kind better than the type."""
        kind = _kind(element) or MODEL
        for value in _addresses(element):
            found = hub_reference(value)
            if found and "/" in found[1]:
                return found[0] or MODEL, found[1]
        return kind, _id(element)

    def _relate(self, element: dict[str, Any]) -> None:
        kind = str(element.get("relationshipType"))
        start = str(element.get("from"))
        ends = element.get("to") or []
        for end in map(str, ends if isinstance(ends, list) else [ends]):
            if kind in ("hasDeclaredLicense", "hasConcludedLicense"):
                value = self.expressions.get(end) or end.removeprefix("https://spdx.org/licenses/")
                self.licenses.setdefault(start, {}).setdefault(kind, []).append(value)
            elif kind in _FORWARD:
                self.parents.setdefault(start, []).append((end, _FORWARD[kind]))
            elif kind in _BACKWARD:
                self.parents.setdefault(end, []).append((start, _BACKWARD[kind]))

    def artifact(self, element: dict[str, Any]) -> Artifact:
        """Return the artifact of a package; raises `ValueError` where its id is no IRI."""
        kind, id_ = self.names[_id(element)]
        if not id_ or (":" in id_ and not is_iri(id_)):
            raise ValueError(f"the `spdxId` {id_!r} is no IRI")
        stated = self.licenses.get(_id(element), {})
        declared, concluded = stated.get("hasDeclaredLicense", []), stated.get("hasConcludedLicense", [])
        known = [v for v in declared if v not in ("NOASSERTION", "NONE")]
        references = []
        for parent, relation in self.parents.get(_id(element), ()):
            parent_kind, parent_id = self.names.get(parent, (MODEL, parent))
            basis = "declared" if relation else "inferred"
            relation = relation or usual_relation(kind, parent_kind)
            references.append(Reference(parent_kind, parent_id, relation, basis, CATALOGUE))
        return Artifact(
            kind=kind,
            id=id_,
            licenses=tuple(known or [v for v in concluded if v not in ("NOASSERTION", "NONE")]),
            created_at=_time(element.get("software_releaseTime") or element.get("releaseTime")),
            place=CATALOGUE,
            references=tuple(references),
            statements=tuple(Statement(CHECKED, v) for v in concluded if known),
        )


def _time(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _addresses(element: dict[str, Any]) -> Iterator[str]:
    """Yield what may be a package URL or an address of an element."""
    for key in ("software_packageUrl", "packageUrl", "software_downloadLocation", "software_homePage"):
        if isinstance(element.get(key), str):
            yield element[key]
    for one in mappings(element.get("externalIdentifier")):
        if isinstance(one.get("identifier"), str):
            yield one["identifier"]
    for one in mappings(element.get("externalRef")):
        yield from strings(one.get("locator") or [])
