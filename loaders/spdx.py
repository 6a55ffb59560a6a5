"""SPDX 3.0 in its JSON-LD serialization, SPDX 2.2 and 2.3 in JSON: packages, and how they depend on each other.

The serialization has one fixed context, so it is read as JSON; a document with another context is
refused, and nothing is fetched. A package is named by its Hub package URL or download location where it
has one, else by its SPDX id. Its type says its kind; of packages and files of software, the purpose says it.
"""

from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import KEPT, Context, Document, mappings, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.identity import apart, located, repository, says_nothing
from clausegraph.loaders.records import (
    APPLICATION,
    CATALOGUE,
    DATASET,
    MODEL,
    SOURCE,
    Artifact,
    Record,
    Reference,
    Rejected,
)
from clausegraph.loaders.spdx2 import elements_of, is_spdx2
from clausegraph.loaders.spdx_licenses import Licenses, elements_by_id, plain, value_of
from clausegraph.loaders.tags import strings, usual_relation
from clausegraph.loaders.terms import read_terms, together

_CONTEXT = "https://spdx.org/rdf/3.0"
_KINDS = {
    "AIPackage": MODEL,
    "DatasetPackage": DATASET,
    "Package": APPLICATION,
    "File": SOURCE,
    "Snippet": SOURCE,
}
#: Types that state a kind; of the others the purpose says it.
_STATED = ("AIPackage", "DatasetPackage")
_PURPOSES = {"model": MODEL, "data": DATASET, "source": SOURCE}
#: Relationship types by which `from` reuses `to`; an empty relation means the usual one of the two kinds.
_FORWARD = {
    "trainedOn": "train",
    "dependsOn": "",
    "hasPrerequisite": "",
    "hasOptionalDependency": "",
    "hasProvidedDependency": "use",
    "contains": "include",
    "expandsTo": "include",
    "hasDataFile": "include",
    "hasOptionalComponent": "include",
    "hasStaticLink": "link",
    "hasDynamicLink": "link",
    "hasInput": "",
    "descendantOf": "",
    "usesTool": "use",
    "testedOn": "use",
}
#: Relationship types by which `to` reuses `from`.
_BACKWARD = {
    "ancestorOf": "",
    "hasVariant": "",
    "generates": "",
    "copiedTo": "copy",
    "hasDistributionArtifact": "copy",
    "hasOutput": "",
}
_LICENSES = ("hasDeclaredLicense", "hasConcludedLicense", "hasObservedLicense")
#: Relationship types that say nothing of license or lineage: who did what, faults, tests, and papers about a thing.
_APART = frozenset(
    {
        *("affects", "amendedBy", "availableFrom", "configures", "coordinatedBy", "delegatedTo", "describes"),
        *("doesNotAffect", "exploitCreatedBy", "fixedBy", "fixedIn", "foundBy", "hasAddedFile", "hasAssessmentFor"),
        *("hasAssociatedVulnerability", "hasDeletedFile", "hasDependencyManifest", "hasDocumentation", "hasEvidence"),
        *("hasExample", "hasHost", "hasMetadata", "hasRequirement", "hasSpecification", "hasTest", "hasTestCase"),
        *("invokedBy", "modifiedBy", "packagedBy", "patchedBy", "publishedBy", "reportedBy", "republishedBy"),
        *("serializedInArtifact", "underInvestigationFor"),
    }
)


def accepts(document: Document) -> bool:
    """Say whether a document is an SPDX 3 document."""
    data = document.json
    return isinstance(data, dict) and (
        any(str(c).startswith(_CONTEXT) for c in _contexts(data))
        or str(data.get("spdxVersion", "")).startswith("SPDX-3")
        or is_spdx2(data)
    )


def _contexts(data: dict[str, Any]) -> list[Any]:
    found = data.get("@context")
    return found if isinstance(found, list) else [found]


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the packages of an SPDX document."""
    elements = elements_of(document) if is_spdx2(document.json) else _elements(document.json)
    reader = _Reader(elements, document.place, context)
    packages = [(n, e) for n, e in enumerate(elements, 1) if _kind(e) and _id(e) in reader.used]
    if not packages:
        raise ValueError("it holds no AI, dataset or software package")
    yield from together(read_each(document.place, packages, lambda e: [reader.artifact(e)], context))


def _elements(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the elements of an SPDX 3 document; raises `ValueError` for a context that would have to be fetched."""
    for one in _contexts(data):
        if not isinstance(one, str) or not one.startswith(_CONTEXT):
            raise ValueError(f"the context {one!r} is not that of SPDX 3, and none is fetched. Use {_CONTEXT}.x")
    graph = data.get("@graph")
    return mappings(graph) if isinstance(graph, list) else [data]


def _type(element: dict[str, Any]) -> str:
    return plain(str(element.get("type") or element.get("@type")))


def _kind(element: dict[str, Any]) -> str | None:
    type_ = _type(element)
    usual = _KINDS.get(type_)
    return usual if type_ in _STATED or not usual else _PURPOSES.get(_purpose(element), usual)


def _purpose(element: dict[str, Any]) -> str:
    return plain(str(value_of(element, "primaryPurpose") or ""))


def _states_kind(element: dict[str, Any]) -> bool:
    return _type(element) in _STATED or _purpose(element) in _PURPOSES


def _id(element: dict[str, Any]) -> str:
    found = element.get("spdxId") or element.get("@id")
    return found if isinstance(found, str) else ""


class _Reader:
    """The elements of a document with what relates them."""

    def __init__(self, elements: list[dict[str, Any]], place: str, context: Context) -> None:
        self.context = context
        self.elements = elements_by_id(elements)
        self.listed = Licenses(self.elements)
        self.parents: dict[str, list[tuple[str, str]]] = {}
        self.licenses: dict[str, dict[str, list[Any]]] = {}
        things = [e for e in elements if _kind(e)]
        self.names = apart((_id(e), self._name(e), str(e.get("name") or "")) for e in things)
        for number, element in enumerate(elements, 1):
            if _type(element).endswith("Relationship"):
                reason = self._relate(element)
                if reason:
                    context.reject(Rejected(place, number, reason, str(element)[:KEPT]))
        related = {end for parents in self.parents.values() for end, _ in parents} | self.parents.keys()
        self.used = {
            _id(e) for e in things if _type(e) not in ("File", "Snippet") or _id(e) in related | self.licenses.keys()
        }

    def _name(self, element: dict[str, Any]) -> tuple[str, str]:
        """Return (kind, id) of an element; an address tells a kind only where the element states none."""
        kind, name = _kind(element) or MODEL, str(element.get("name") or "")
        stated = _states_kind(element)
        addresses = [value for value in _addresses(element) if not says_nothing(value)]
        for value in addresses:
            if found := repository(kind, value, stated):
                return found
        for value in addresses if stated else ():
            github = hub_reference(value) if value.startswith(("http", "pkg:github/")) else None
            if github and github[0] == SOURCE and "/" in github[1]:
                place = value if value.startswith("http") else f"https://github.com/{github[1]}"
                return kind, located(place, name) or _id(element)
        return kind, _id(element)

    def _relate(self, element: dict[str, Any]) -> str | None:
        """Take a relationship; return the reason where it cannot be read."""
        kind = plain(str(element.get("relationshipType")))
        start = element.get("from")
        start = _id(start) if isinstance(start, dict) else str(start)
        ends = element.get("to") or []
        for end in ends if isinstance(ends, list) else [ends]:
            if kind in _LICENSES:
                if start not in self.names:
                    return f"the license of {start!r} was not read: the document describes no package of that id"
                self.licenses.setdefault(start, {}).setdefault(kind, []).append(end)
                continue
            other = _id(end) if isinstance(end, dict) else str(end)
            if kind in _FORWARD:
                self.parents.setdefault(start, []).append((other, _FORWARD[kind]))
            elif kind in _BACKWARD:
                self.parents.setdefault(other, []).append((start, _BACKWARD[kind]))
            elif kind not in _APART and start in self.names and other in self.names:
                return (
                    f"the relationship {kind!r} does not say how one was made from the other; its lineage was not read"
                )
        return None

    def _sources(self, id_: str, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """Yield the parents of an element; what a build made comes from what went into the build."""
        for parent, relation in self.parents.get(id_, ()):
            if _type(self.elements.get(parent, {})) == "Build" and parent not in seen:
                yield from self._sources(parent, seen | {parent})
            else:
                yield parent, relation

    def artifact(self, element: dict[str, Any]) -> Artifact:
        """Return the artifact of a package; raises `ValueError` where its id is no IRI."""
        kind, id_ = self.names[_id(element)]
        if not is_iri(id_) and (id_ == _id(element) or ":" in id_):
            raise ValueError(f"the `spdxId` {id_!r} is no IRI")
        stated = self.licenses.get(_id(element), {})
        terms = read_terms(
            self.context, *([self.listed.stated(one) for one in stated.get(key, ())] for key in _LICENSES)
        )
        references = []
        for parent, relation in self._sources(_id(element)):
            parent_kind, parent_id = self.names.get(parent, (MODEL, parent))
            basis = "declared" if relation else "inferred"
            relation = relation or usual_relation(kind, parent_kind)
            references.append(Reference(parent_kind, parent_id, relation, basis, CATALOGUE))
        return Artifact(
            kind=kind,
            id=id_,
            licenses=terms.licenses,
            license_link=terms.link,
            created_at=_time(value_of(element, "releaseTime")),
            place=CATALOGUE,
            references=tuple(dict.fromkeys(references)),
            statements=terms.statements,
        )


def _time(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _addresses(element: dict[str, Any]) -> Iterator[str]:
    """Yield what may be a package URL or an address of an element."""
    for key in ("packageUrl", "downloadLocation"):
        if isinstance(value := value_of(element, key), str):
            yield value
    for one in mappings(element.get("externalIdentifier")):
        if isinstance(one.get("identifier"), str):
            yield one["identifier"]
    for one in mappings(element.get("externalRef")):
        yield from strings(one.get("locator") or [])
    if isinstance(value := value_of(element, "homePage"), str):
        yield value
