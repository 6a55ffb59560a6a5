"""License elements of SPDX 3: each class of the licensing profiles, and where it goes."""

import json
from pathlib import Path
from typing import Any

import pytest
from clausegraph.loaders import spdx
from clausegraph.loaders.records import Artifact

from clausegraph.library import Library
from tests.loaders.test_neighbours import by_id, document, read

LISTED = "https://spdx.org/licenses/"
HERE = "https://example.org/"
SIMPLE, EXPANDED = "simplelicensing_", "expandedlicensing_"
MIT_TEXT = "My own words, which are the text of no license."


def listed(id_: str) -> dict[str, Any]:
    return {"type": EXPANDED + "ListedLicense", "spdxId": LISTED + id_, SIMPLE + "licenseText": "see the list"}


def many(kind: str, *members: str) -> dict[str, Any]:
    return {"type": EXPANDED + kind, "spdxId": f"{HERE}{kind}", EXPANDED + "member": list(members)}


def artifact(*elements: dict[str, Any], declared: Any = None, concluded: Any = None) -> Artifact:
    end = {"hasDeclaredLicense": declared, "hasConcludedLicense": concluded}
    graph = [{"type": "ai_AIPackage", "spdxId": HERE + "chat", "name": "chat"}, *elements]
    for kind, ends in end.items():
        if ends is not None:
            to = ends if isinstance(ends, list) else [ends]
            about = {"from": HERE + "chat", "relationshipType": kind, "to": to}
            graph.append({"type": "Relationship", "spdxId": HERE + kind, **about})
    value = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}
    return by_id(read(spdx, document(value)))[HERE + "chat"]


#: Elements beside the package, the element that it declares, and the license in our names.
FORMS: dict[str, tuple[list[dict[str, Any]], Any, str]] = {
    "a listed license by its address alone": ([], LISTED + "MIT", "mit"),
    "a listed license as an element": ([listed("MIT")], LISTED + "MIT", "mit"),
    "an expression": (
        [{"type": SIMPLE + "LicenseExpression", "spdxId": HERE + "l", SIMPLE + "licenseExpression": "MIT OR ODbL-1.0"}],
        HERE + "l",
        "mit OR odbl",
    ),
    "an expression without the prefix of its profile": (
        [{"type": "LicenseExpression", "spdxId": HERE + "l", "licenseExpression": "MIT"}],
        HERE + "l",
        "mit",
    ),
    "a choice": (
        [many("DisjunctiveLicenseSet", LISTED + "MIT", LISTED + "CC-BY-NC-4.0")],
        HERE + "DisjunctiveLicenseSet",
        "mit OR cc-by-nc-4.0",
    ),
    "several together": (
        [many("ConjunctiveLicenseSet", LISTED + "MIT", LISTED + "CC-BY-NC-4.0")],
        HERE + "ConjunctiveLicenseSet",
        "mit AND cc-by-nc-4.0",
    ),
    "a choice within several": (
        [
            many("ConjunctiveLicenseSet", LISTED + "CC-BY-4.0", HERE + "DisjunctiveLicenseSet"),
            many("DisjunctiveLicenseSet", LISTED + "MIT", LISTED + "Apache-2.0"),
        ],
        HERE + "ConjunctiveLicenseSet",
        "cc-by-4.0 AND (mit OR apache-2.0)",
    ),
    "a version or a later one": (
        [
            {
                "type": EXPANDED + "OrLaterOperator",
                "spdxId": HERE + "l",
                EXPANDED + "subjectLicense": LISTED + "GPL-2.0-only",
            }
        ],
        HERE + "l",
        "gpl-2.0 OR gpl-3.0",
    ),
    "an exception": (
        [
            {
                "type": EXPANDED + "WithAdditionOperator",
                "spdxId": HERE + "l",
                EXPANDED + "subjectExtendableLicense": LISTED + "GPL-2.0-only",
                EXPANDED + "subjectAddition": LISTED + "Classpath-exception-2.0",
            }
        ],
        HERE + "l",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    ),
    "a custom license with an address that is known": (
        [
            {
                "type": EXPANDED + "CustomLicense",
                "spdxId": HERE + "l",
                "name": "Our terms",
                EXPANDED + "seeAlso": ["https://creativecommons.org/licenses/by-nc/4.0/"],
            }
        ],
        HERE + "l",
        "cc-by-nc-4.0",
    ),
    "a custom license with the name of one that is known": (
        [{"type": EXPANDED + "CustomLicense", "spdxId": HERE + "l", "name": "Llama 2 Community License"}],
        HERE + "l",
        "llama2",
    ),
    "a custom license of which nothing is known": (
        [{"type": EXPANDED + "CustomLicense", "spdxId": HERE + "l", "name": "Ours", SIMPLE + "licenseText": MIT_TEXT}],
        HERE + "l",
        "other",
    ),
    "a text of which nothing is known": (
        [{"type": SIMPLE + "SimpleLicensingText", "spdxId": HERE + "l", SIMPLE + "licenseText": MIT_TEXT}],
        HERE + "l",
        "other",
    ),
    "a name in an expression that stands for a license of the document": (
        [
            {
                "type": SIMPLE + "LicenseExpression",
                "spdxId": HERE + "l",
                SIMPLE + "licenseExpression": "LicenseRef-ours OR MIT",
                SIMPLE + "customIdToUri": [{"type": "DictionaryEntry", "key": "LicenseRef-ours", "value": HERE + "o"}],
            },
            {"type": EXPANDED + "CustomLicense", "spdxId": HERE + "o", "name": "Apache License 2.0"},
        ],
        HERE + "l",
        "apache-2.0 OR mit",
    ),
    "no assertion": ([], "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense", "none"),
    "none": ([], "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense", "none"),
    "no assertion by its short name": ([], "expandedlicensing_NoAssertionLicense", "none"),
    "no assertion among several": (
        [many("ConjunctiveLicenseSet", LISTED + "MIT", "expandedlicensing_NoAssertionLicense")],
        HERE + "ConjunctiveLicenseSet",
        "mit AND other",
    ),
    "an element that the document does not hold": ([], HERE + "elsewhere", "other"),
    "an element in place": ([], {"type": SIMPLE + "LicenseExpression", SIMPLE + "licenseExpression": "MIT"}, "mit"),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_class_of_the_licensing_profiles_is_read(form: str, library: Library) -> None:
    elements, end, expected = FORMS[form]
    declared = library.names.declared(list(artifact(*elements, declared=end).licenses))
    assert declared == library.names.declared([expected] if expected != "none" else []), str(declared)


def test_a_custom_license_is_known_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from clausegraph.loaders.records import Identified

    monkeypatch.setattr("clausegraph.workspace.context.identify", lambda text: Identified("cc-by-nc-4.0", sure=100.0))
    own = {"type": EXPANDED + "CustomLicense", "spdxId": HERE + "l", "name": "Ours", SIMPLE + "licenseText": "long"}
    found = artifact(own, declared=HERE + "l")
    assert found.licenses == ("cc-by-nc-4.0",)
    assert ("catalogue", "Ours") in {(s.place, s.value) for s in found.statements}
    both = artifact(
        own, many("ConjunctiveLicenseSet", LISTED + "MIT", HERE + "l"), declared=HERE + "ConjunctiveLicenseSet"
    )
    assert both.licenses == ("MIT AND cc-by-nc-4.0",)


def test_the_text_of_a_listed_license_is_that_of_the_list_and_is_not_compared() -> None:
    assert artifact(listed("MIT"), declared=LISTED + "MIT").statements == ()


def test_a_text_that_nobody_knows_is_quoted() -> None:
    own = {"type": EXPANDED + "CustomLicense", "spdxId": HERE + "l", "name": "Ours", SIMPLE + "licenseText": MIT_TEXT}
    assert any("My own words" in (s.name or "") for s in artifact(own, declared=HERE + "l").statements)


def test_what_was_concluded_stands_beside_what_is_declared() -> None:
    found = artifact(declared=LISTED + "MIT", concluded=LISTED + "CC-BY-4.0")
    assert found.licenses == ("MIT",)
    assert {(s.place, s.value) for s in found.statements} == {("checked", "CC-BY-4.0")}
    assert artifact(concluded=LISTED + "CC-BY-4.0").licenses == ("CC-BY-4.0",)
    nothing = "expandedlicensing_NoAssertionLicense"
    assert artifact(declared=nothing, concluded=LISTED + "CC-BY-4.0").licenses == ("CC-BY-4.0",)


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ([many("ConjunctiveLicenseSet", HERE + "ConjunctiveLicenseSet")], "nested in a circle"),
        ([many("ConjunctiveLicenseSet")], "has no members"),
    ],
)
def test_a_set_that_cannot_be_read_is_put_aside_with_its_reason(
    elements: list[dict[str, Any]], reason: str, tmp_path: Path
) -> None:
    from clausegraph.workspace.load import context

    about = {"from": HERE + "chat", "relationshipType": "hasDeclaredLicense", "to": [HERE + "ConjunctiveLicenseSet"]}
    graph = [
        {"type": "ai_AIPackage", "spdxId": HERE + "chat", "name": "chat"},
        {"type": "Relationship", "spdxId": HERE + "r", **about},
        *elements,
    ]
    rejected: list[Any] = []
    value = document({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph})
    assert list(spdx.read(value, context(rejected.append))) == []
    assert reason in rejected[0].reason
    assert json.dumps(rejected[0].text)
