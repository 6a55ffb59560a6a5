"""SPDX 3: identity, kind and lineage of packages, files and builds."""

from typing import Any

import pytest
from clausegraph.loaders import spdx
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.workspace.context import context
from tests.loaders.test_neighbours import document, lineage_of

HERE = "https://example.org/"


def read(*elements: dict[str, Any]) -> tuple[list[Artifact], list[Rejected]]:
    rejected: list[Rejected] = []
    value = document({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": list(elements)})
    found = list(spdx.read(value, context(rejected.append)))
    assert all(isinstance(one, Artifact) for one in found)
    return [one for one in found if isinstance(one, Artifact)], rejected


def thing(kind: str, name: str, place: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"type": kind, "spdxId": HERE + name, "name": name, **more}
    return found if place is None else {**found, "software_downloadLocation": place}


def relation(start: str, kind: str, *ends: str) -> dict[str, Any]:
    about = {"from": HERE + start, "relationshipType": kind, "to": [HERE + end for end in ends]}
    return {"type": "Relationship", "spdxId": f"{HERE}r-{start}-{kind}", **about}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (thing("dataset_DatasetPackage", "emissions", "https://github.com/acme/emissions"), "dataset"),
        (thing("ai_AIPackage", "emissions", "https://github.com/acme/emissions"), "model"),
        (thing("software_Package", "emissions", "https://github.com/acme/emissions"), "source"),
        (
            thing("software_Package", "emissions", "https://github.com/acme/emissions", software_primaryPurpose="data"),
            "dataset",
        ),
        (thing("software_Package", "emissions"), "application"),
        (thing("software_Package", "emissions", software_primaryPurpose="model"), "model"),
        (thing("dataset_DatasetPackage", "x", "https://huggingface.co/acme/emissions"), "dataset"),
    ],
)
def test_the_type_that_a_file_states_counts_before_what_its_address_suggests(
    element: dict[str, Any], expected: str
) -> None:
    assert [one.kind for one in read(element)[0]] == [expected]


def test_a_model_and_its_data_in_one_repository_are_two_with_their_own_licenses() -> None:
    place = "https://github.com/acme/all"
    for data in (place, place + "/tree/main/data"):
        found, rejected = read(
            thing("ai_AIPackage", "chat", place),
            thing("dataset_DatasetPackage", "talk", data),
            relation("chat", "trainedOn", "talk"),
            {
                **relation("chat", "hasDeclaredLicense"),
                "to": ["https://spdx.org/licenses/Apache-2.0"],
            },
            {**relation("talk", "hasDeclaredLicense"), "to": ["https://spdx.org/licenses/CC-BY-NC-SA-4.0"]},
        )
        kinds = {one.kind: one for one in found}
        assert rejected == []
        assert len({one.id for one in found}) == 2
        assert kinds["model"].licenses == ("Apache-2.0",)
        assert kinds["dataset"].licenses == ("CC-BY-NC-SA-4.0",)
        assert lineage_of(kinds["model"]) == {("dataset", kinds["dataset"].id, "train", "declared")}


def test_two_models_of_one_hub_repository_are_two() -> None:
    place = "https://huggingface.co/acme/chat"
    found, _ = read(thing("ai_AIPackage", "small", place), thing("ai_AIPackage", "large", place))
    assert {one.id for one in found} == {place + "#small", place + "#large"}
    alone, _ = read(thing("ai_AIPackage", "small", place))
    assert [one.id for one in alone] == ["acme/chat"]


@pytest.mark.parametrize("place", ["None", "n/a", "NOASSERTION", ""])
def test_a_placeholder_for_an_address_identifies_nothing(place: str) -> None:
    found, _ = read(thing("ai_AIPackage", "a", place), thing("ai_AIPackage", "b", place))
    assert {one.id for one in found} == {HERE + "a", HERE + "b"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("trainedOn", ("dataset", HERE + "talk", "train", "declared")),
        ("testedOn", ("dataset", HERE + "talk", "use", "declared")),
        ("dependsOn", ("dataset", HERE + "talk", "train", "inferred")),
        ("descendantOf", ("dataset", HERE + "talk", "train", "inferred")),
        ("contains", ("dataset", HERE + "talk", "include", "declared")),
        ("hasDataFile", ("dataset", HERE + "talk", "include", "declared")),
        ("hasOptionalDependency", ("dataset", HERE + "talk", "train", "inferred")),
        ("usesTool", ("dataset", HERE + "talk", "use", "declared")),
    ],
)
def test_a_relationship_says_how_one_was_made_from_the_other(kind: str, expected: tuple[str, ...]) -> None:
    elements = thing("ai_AIPackage", "chat"), thing("dataset_DatasetPackage", "talk")
    found, rejected = read(*elements, relation("chat", kind, "talk"))
    assert rejected == []
    assert lineage_of(next(one for one in found if one.kind == "model")) == {expected}


@pytest.mark.parametrize("kind", ["ancestorOf", "hasVariant", "generates", "copiedTo", "hasDistributionArtifact"])
def test_some_relationships_are_read_from_their_end(kind: str) -> None:
    found, _ = read(thing("ai_AIPackage", "base"), thing("ai_AIPackage", "chat"), relation("base", kind, "chat"))
    child = next(one for one in found if one.id == HERE + "chat")
    assert [r.parent for r in child.references] == [HERE + "base"]


def test_what_a_build_made_comes_from_what_went_into_it() -> None:
    found, _ = read(
        thing("ai_AIPackage", "chat"),
        thing("dataset_DatasetPackage", "talk"),
        thing("software_Package", "trainer"),
        {"type": "build_Build", "spdxId": HERE + "run"},
        relation("run", "hasInput", "talk"),
        relation("run", "usesTool", "trainer"),
        relation("run", "hasOutput", "chat"),
    )
    assert lineage_of(next(one for one in found if one.kind == "model")) == {
        ("dataset", HERE + "talk", "train", "inferred"),
        ("application", HERE + "trainer", "use", "declared"),
    }


def test_a_file_that_a_package_contains_is_there_to_be_judged() -> None:
    found, _ = read(
        thing("ai_AIPackage", "chat"),
        thing("software_File", "weights", software_primaryPurpose="model"),
        thing("software_File", "alone"),
        relation("chat", "contains", "weights"),
    )
    assert {(one.kind, one.id) for one in found} == {("model", HERE + "chat"), ("model", HERE + "weights")}


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (relation("chat", "other", "talk"), "'other' does not say how"),
        (relation("gone", "hasDeclaredLicense", "l"), "describes no package of that id"),
    ],
)
def test_what_is_stated_and_cannot_be_read_is_put_aside_with_its_reason(element: dict[str, Any], reason: str) -> None:
    _, rejected = read(thing("ai_AIPackage", "chat"), thing("dataset_DatasetPackage", "talk"), element)
    assert [one.line for one in rejected] == [3]
    assert reason in rejected[0].reason


def test_what_says_nothing_of_license_or_lineage_is_passed_over() -> None:
    elements = thing("ai_AIPackage", "chat"), thing("dataset_DatasetPackage", "talk")
    found, rejected = read(*elements, relation("chat", "hasDocumentation", "talk"))
    assert rejected == []
    assert all(one.references == () for one in found)


def test_an_id_of_a_package_that_is_no_iri_is_refused_and_never_taken_for_an_id_of_the_hub() -> None:
    found, rejected = read({"type": "ai_AIPackage", "spdxId": "gpt2", "name": "gpt2"}, thing("ai_AIPackage", "chat"))
    assert [one.id for one in found] == [HERE + "chat"]
    assert [(one.line, "is no IRI" in one.reason) for one in rejected] == [(1, True)]
