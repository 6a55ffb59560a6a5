"""SPDX 2.2 and 2.3: the fields that speak of identity, license and lineage, and where each goes."""

from typing import Any

import pytest
from clausegraph.loaders import spdx
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.library import Library
from clausegraph.workspace.context import context
from tests.loaders.test_neighbours import document

SPACE = "https://example.org/doc"
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"


def read(version: str = "SPDX-2.3", **more: Any) -> tuple[dict[str, Artifact], list[Rejected]]:
    rejected: list[Rejected] = []
    value = {"spdxVersion": version, "SPDXID": "SPDXRef-DOCUMENT", "dataLicense": "CC0-1.0", "documentNamespace": SPACE}
    found = list(spdx.read(document(value | more), context(rejected.append)))
    return {one.id.removeprefix(SPACE + "#SPDXRef-"): one for one in found if isinstance(one, Artifact)}, rejected


def package(name: str, **more: Any) -> dict[str, Any]:
    return {"SPDXID": f"SPDXRef-{name}", "name": name, "downloadLocation": "NOASSERTION", **more}


@pytest.mark.parametrize("version", ["SPDX-2.2", "SPDX-2.3"])
def test_the_license_that_is_declared_counts_and_the_others_stay_beside_it(version: str) -> None:
    fields = {"licenseConcluded": "Apache-2.0", "licenseInfoFromFiles": ["GPL-3.0-only", "NONE"]}
    found, rejected = read(version, packages=[package("a", licenseDeclared="MIT", **fields)])
    assert rejected == []
    assert found["a"].licenses == ("MIT",)
    assert {(s.place, s.value) for s in found["a"].statements} == {
        ("checked", "Apache-2.0"),
        ("catalogue", "GPL-3.0-only"),
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"licenseDeclared": "NOASSERTION", "licenseConcluded": "MIT"}, "mit"),
        ({"licenseDeclared": "NONE", "licenseConcluded": "NOASSERTION"}, "none"),
        ({"licenseConcluded": "NOASSERTION", "licenseInfoFromFiles": ["MIT"]}, "mit"),
        ({"licenseDeclared": "MIT OR CC-BY-NC-4.0"}, "cc-by-nc-4.0 OR mit"),
        ({"licenseDeclared": "LicenseRef-1 AND MIT"}, "cc-by-nc-4.0 AND mit"),
        ({"licenseDeclared": "LicenseRef-2"}, "apache-2.0"),
        ({"licenseDeclared": "LicenseRef-3"}, "other"),
        ({"licenseDeclared": "LicenseRef-4"}, "other"),
        ({}, "none"),
    ],
)
def test_a_license_is_read_with_what_its_names_stand_for(
    fields: dict[str, Any], expected: str, library: Library
) -> None:
    own = [
        {"licenseId": "LicenseRef-1", "name": "Ours", "extractedText": "Ask me.", "seeAlsos": [BY_NC]},
        {"licenseId": "LicenseRef-2", "name": "NOASSERTION", "extractedText": "Apache License, Version 2.0"},
        {"licenseId": "LicenseRef-3", "name": "Ours", "extractedText": "Ask me."},
    ]
    found, _ = read(packages=[package("a", **fields)], hasExtractedLicensingInfos=own)
    assert str(library.names.declared(list(found["a"].licenses))) == expected


@pytest.mark.parametrize(
    ("kind", "child"),
    [
        ("DEPENDS_ON", "a"),
        ("DESCENDANT_OF", "a"),
        ("CONTAINS", "a"),
        ("STATIC_LINK", "a"),
        ("DEPENDENCY_OF", "b"),
        ("ANCESTOR_OF", "b"),
        ("CONTAINED_BY", "b"),
        ("GENERATED_FROM", "a"),
        ("GENERATES", "b"),
        ("COPY_OF", "a"),
        ("VARIANT_OF", "a"),
        ("BUILD_TOOL_OF", "b"),
        ("DATA_FILE_OF", "b"),
    ],
)
def test_a_relationship_says_which_was_made_from_which(kind: str, child: str) -> None:
    said = {"spdxElementId": "SPDXRef-a", "relationshipType": kind, "relatedSpdxElement": "SPDXRef-b"}
    found, rejected = read(packages=[package("a"), package("b")], relationships=[said])
    assert rejected == []
    other = "b" if child == "a" else "a"
    assert [r.parent for r in found[child].references] == [f"{SPACE}#SPDXRef-{other}"]
    assert found[other].references == ()


@pytest.mark.parametrize("kind", ["OTHER", "MADE_UP"])
def test_a_relationship_that_says_nothing_clear_is_put_aside(kind: str) -> None:
    said = {"spdxElementId": "SPDXRef-a", "relationshipType": kind, "relatedSpdxElement": "SPDXRef-b"}
    _, rejected = read(packages=[package("a"), package("b")], relationships=[said])
    assert ["does not say how" in one.reason for one in rejected] == [True]


def test_files_of_a_package_are_included_with_their_own_licenses() -> None:
    file = {"SPDXID": "SPDXRef-f", "fileName": "./x.bin", "licenseConcluded": "CC-BY-NC-4.0"}
    found, _ = read(packages=[package("a", hasFiles=["SPDXRef-f"])], files=[file])
    assert [(r.parent, r.relation) for r in found["a"].references] == [(f"{SPACE}#SPDXRef-f", "include")]
    assert (found["f"].kind, found["f"].licenses) == ("source", ("CC-BY-NC-4.0",))


def test_a_package_url_names_a_model_of_the_hub() -> None:
    purl = {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": "pkg:huggingface/a/b@1",
    }
    found, _ = read(packages=[package("b", externalRefs=[purl]), package("c", downloadLocation="NONE")])
    assert {(one.kind, one.id) for one in found.values()} == {("model", "a/b"), ("application", f"{SPACE}#SPDXRef-c")}


def test_an_older_version_is_refused_with_the_fix() -> None:
    with pytest.raises(ValueError, match=r"SPDX-2\.1 is not read; convert"):
        read("SPDX-2.1", packages=[package("a")])
