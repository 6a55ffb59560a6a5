"""SPDX 2.2 and 2.3 in JSON, brought into the form of SPDX 3: packages, files and snippets, and what relates them.

Names within a document (`SPDXRef-…`) stand behind its namespace. Licenses that a scanner found in files are observed.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import Document, mappings
from clausegraph.loaders.identifiers import is_iri
from clausegraph.loaders.identity import escaped
from clausegraph.loaders.tags import strings

#: Relationships of SPDX 2 in the words of SPDX 3; those in the second table are said from the other end.
_FORWARD = {
    "ANCESTOR_OF": "ancestorOf",
    "CONTAINS": "contains",
    "DEPENDS_ON": "dependsOn",
    "DESCENDANT_OF": "descendantOf",
    "DISTRIBUTION_ARTIFACT": "hasDistributionArtifact",
    "DYNAMIC_LINK": "hasDynamicLink",
    "GENERATES": "generates",
    "HAS_PREREQUISITE": "hasPrerequisite",
    "OTHER": "other",
    "STATIC_LINK": "hasStaticLink",
}
_BACKWARD = {
    "BUILD_DEPENDENCY_OF": "usesTool",
    "BUILD_TOOL_OF": "usesTool",
    "CONTAINED_BY": "contains",
    "COPY_OF": "copiedTo",
    "DATA_FILE_OF": "hasDataFile",
    "DEPENDENCY_OF": "dependsOn",
    "DEV_DEPENDENCY_OF": "usesTool",
    "DEV_TOOL_OF": "usesTool",
    "EXPANDED_FROM_ARCHIVE": "expandsTo",
    "GENERATED_FROM": "generates",
    "OPTIONAL_COMPONENT_OF": "hasOptionalComponent",
    "OPTIONAL_DEPENDENCY_OF": "hasOptionalDependency",
    "PACKAGE_OF": "contains",
    "PREREQUISITE_FOR": "hasPrerequisite",
    "PROVIDED_DEPENDENCY_OF": "hasProvidedDependency",
    "RUNTIME_DEPENDENCY_OF": "dependsOn",
    "TEST_DEPENDENCY_OF": "usesTool",
    "TEST_TOOL_OF": "usesTool",
    "VARIANT_OF": "hasVariant",
}
#: Relationships that say nothing of license or lineage.
_APART = frozenset(
    {
        *("AMENDS", "DESCRIBED_BY", "DESCRIBES", "DEPENDENCY_MANIFEST_OF", "DOCUMENTATION_OF", "EXAMPLE_OF"),
        *("FILE_ADDED", "FILE_DELETED", "FILE_MODIFIED", "METAFILE_OF", "PATCH_APPLIED", "PATCH_FOR"),
        *("REQUIREMENT_DESCRIPTION_FOR", "SPECIFICATION_FOR", "TEST_CASE_OF", "TEST_OF"),
    }
)
#: Fields that state a license, with the relationship of SPDX 3; the last is ours.
_LICENSES = {
    "licenseDeclared": "hasDeclaredLicense",
    "licenseConcluded": "hasConcludedLicense",
    "licenseInfoFromFiles": "hasObservedLicense",
    "licenseInfoInFiles": "hasObservedLicense",
    "licenseInfoInSnippets": "hasObservedLicense",
}
_THINGS = {"packages": "software_Package", "files": "software_File", "snippets": "software_Snippet"}


def is_spdx2(data: Any) -> bool:
    """Say whether JSON is an SPDX 2 document."""
    return isinstance(data, dict) and str(data.get("spdxVersion", "")).startswith("SPDX-2")


def elements_of(document: Document) -> list[dict[str, Any]]:
    """Return the elements of an SPDX 2 document in the form of SPDX 3; raises `ValueError` for an older version."""
    data = document.json
    version = str(data["spdxVersion"])
    if version not in ("SPDX-2.2", "SPDX-2.3"):
        raise ValueError(f"{version} is not read; convert the document to SPDX 2.3 or 3.0")
    space = data.get("documentNamespace")
    if not isinstance(space, str) or not is_iri(escaped(space)):
        space = f"urn:clausegraph:document:{hashlib.sha256(document.data).hexdigest()[:16]}"
    return list(_elements(data, escaped(space).rstrip("#") + "#"))


def _elements(data: dict[str, Any], space: str) -> Iterator[dict[str, Any]]:
    own = []
    for one in mappings(data.get("hasExtractedLicensingInfos")):
        id_ = space + str(one.get("licenseId"))
        own.append({"key": str(one.get("licenseId")), "value": id_})
        also = strings(one.get("seeAlsos") or [])
        text, name = one.get("extractedText"), one.get("name")
        name = None if str(name).upper() == "NOASSERTION" else name
        yield {"type": "CustomLicense", "spdxId": id_, "name": name, "licenseText": text, "seeAlso": also}
    for key, type_ in _THINGS.items():
        for one in mappings(data.get(key)):
            id_ = _iri(space, one.get("SPDXID"))
            yield _thing(one, type_, id_)
            for field, relation in _LICENSES.items():
                for value in strings(one.get(field) or []):
                    license_ = {"type": "LicenseExpression", "licenseExpression": value, "customIdToUri": own}
                    yield _relation(id_, relation, license_)
            for inner in strings(one.get("hasFiles") or []):
                yield _relation(id_, "contains", _iri(space, inner))
    for one in mappings(data.get("relationships")):
        start, end = _iri(space, one.get("spdxElementId")), _iri(space, one.get("relatedSpdxElement"))
        kind = str(one.get("relationshipType")).upper()
        if kind in _BACKWARD:
            yield _relation(end, _BACKWARD[kind], start)
        elif kind not in _APART and not end.endswith(("#NONE", "#NOASSERTION")):
            yield _relation(start, _FORWARD.get(kind, kind), end)


def _iri(space: str, id_: Any) -> str:
    """Return the IRI of a name within a document."""
    return space + escaped(str(id_))


def _relation(start: str, kind: str, end: Any) -> dict[str, Any]:
    return {"type": "Relationship", "from": start, "relationshipType": kind, "to": [end]}


def _thing(one: dict[str, Any], type_: str, id_: str) -> dict[str, Any]:
    """Return a package, file or snippet."""
    references = [str(r.get("referenceLocator")) for r in mappings(one.get("externalRefs")) if _is_address(r)]
    return {
        "type": type_,
        "spdxId": id_,
        "name": one.get("name") or one.get("fileName"),
        "primaryPurpose": str(one.get("primaryPackagePurpose") or "").casefold(),
        "downloadLocation": one.get("downloadLocation"),
        "homePage": one.get("homepage"),
        "releaseTime": one.get("releaseDate"),
        "externalRef": [{"locator": references}],
    }


def _is_address(reference: dict[str, Any]) -> bool:
    return str(reference.get("referenceType")) == "purl"
