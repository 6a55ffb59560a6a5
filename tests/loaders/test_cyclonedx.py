"""CycloneDX: identity, kind and lineage of components, and data inside a model card."""

import json
from pathlib import Path
from typing import Any

import pytest
from clausegraph.loaders import cyclonedx
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.loaders.test_neighbours import bom, by_id, document

DECLARED = {"license": {"id": "CC-BY-4.0"}}
CONCLUDED = {"license": {"id": "CC-BY-NC-4.0", "acknowledgement": "concluded"}}


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([DECLARED], ["CC-BY-4.0"]),
        ([DECLARED, CONCLUDED], ["CC-BY-4.0"]),
        ([CONCLUDED], ["CC-BY-NC-4.0"]),
        ([], []),
    ],
)
def test_data_inside_a_card_have_the_license_that_is_declared_or_else_concluded(
    licenses: list[dict[str, Any]], expected: list[str], library: Library, tmp_path: Path
) -> None:
    data = {"type": "dataset", "name": "acme/talk", "licenses": licenses}
    model = {"type": "machine-learning-model", "name": "chat", "modelCard": {"modelParameters": {"datasets": [data]}}}
    (tmp_path / "bom.json").write_text(json.dumps(bom(components=[model])))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "bom.json"))
    rows = Catalogue(workspace, library).ask("SELECT licenses FROM artifacts WHERE kind = 'dataset'")
    assert [list(found or ()) for (found,) in rows] == [expected]


def read_bom(*components: dict[str, Any], **more: Any) -> tuple[dict[str, Artifact], list[Rejected]]:
    rejected: list[Rejected] = []
    found = cyclonedx.read(document(bom(components=list(components), **more)), context(rejected.append))
    return by_id(list(found)), rejected


HUB = "https://huggingface.co/acme/chat"


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ({"type": "data", "purl": "pkg:huggingface/acme/talk@1", "name": "talk"}, ("dataset", "acme/talk")),
        ({"type": "data", "purl": "pkg:huggingface/datasets/acme/talk", "name": "talk"}, ("dataset", "acme/talk")),
        (
            {
                "type": "data",
                "name": "talk",
                "externalReferences": [{"type": "vcs", "url": "https://github.com/a/talk"}],
            },
            ("dataset", "https://github.com/a/talk"),
        ),
        (
            {"type": "machine-learning-model", "name": "x", "externalReferences": [{"type": "website", "url": HUB}]},
            ("model", "acme/chat"),
        ),
        (
            {
                "type": "machine-learning-model",
                "name": "x",
                "externalReferences": [{"type": "documentation", "url": HUB}],
            },
            ("model", "urn:uuid:1#x"),
        ),
        (
            {"type": "application", "name": "x", "externalReferences": [{"type": "website", "url": HUB}]},
            ("application", "urn:uuid:1#x"),
        ),
        ({"type": "library", "purl": "pkg:huggingface/acme/chat", "name": "x"}, ("model", "acme/chat")),
        ({"type": "library", "purl": "pkg:github/acme/tool@1", "name": "tool"}, ("source", "acme/tool")),
        (
            {
                "type": "library",
                "purl": "pkg:npm/tool@1",
                "name": "tool",
                "externalReferences": [{"type": "vcs", "url": "https://github.com/acme/all"}],
            },
            ("application", "pkg:npm/tool@1"),
        ),
        ({"type": "file", "name": "model.bin"}, ("source", "urn:uuid:1#model.bin")),
        ({"type": "data", "purl": "n/a", "name": "talk"}, ("dataset", "urn:uuid:1#talk")),
    ],
)
def test_the_type_that_a_bom_states_counts_before_what_an_address_suggests(
    component: dict[str, Any], expected: tuple[str, str]
) -> None:
    found, rejected = read_bom(component)
    assert rejected == []
    assert [(one.kind, one.id) for one in found.values()] == [expected]


def test_two_components_of_one_repository_stay_two() -> None:
    parts = [
        {"type": "machine-learning-model", "bom-ref": name, "name": name, "purl": "pkg:huggingface/acme/chat"}
        | {"licenses": [{"license": {"id": id_}}]}
        for name, id_ in (("small", "MIT"), ("large", "CC-BY-NC-4.0"))
    ]
    found, _ = read_bom(*parts)
    assert {one.id: one.licenses for one in found.values()} == {
        HUB + "#small": ("MIT",),
        HUB + "#large": ("CC-BY-NC-4.0",),
    }


def test_boms_without_a_serial_number_do_not_share_their_components() -> None:
    names = set()
    for license_ in ("MIT", "CC-BY-NC-4.0"):
        value = bom(components=[{"type": "library", "name": "base", "licenses": [{"license": {"id": license_}}]}])
        del value["serialNumber"]
        names |= by_id(list(cyclonedx.read(document(value), context(lambda _: None)))).keys()
    assert len(names) == 2


def test_the_whole_pedigree_is_read() -> None:
    def model(name: str, **more: Any) -> dict[str, Any]:
        return {"type": "machine-learning-model", "bom-ref": f"urn:x:{name}", "name": name, **more}

    root = model("root", licenses=[{"license": {"id": "CC-BY-NC-4.0"}}])
    base = model("base", pedigree={"ancestors": [root]})
    child = model("child", pedigree={"ancestors": [base], "descendants": [model("tuned")], "variants": [model("twin")]})
    found, rejected = read_bom(child)
    assert found["urn:x:root"].licenses == ("CC-BY-NC-4.0",)
    assert [r.parent for r in found["urn:x:base"].references] == ["urn:x:root"]
    assert [r.parent for r in found["urn:x:child"].references] == ["urn:x:base"]
    assert [r.parent for r in found["urn:x:tuned"].references] == ["urn:x:child"]
    assert ["variants" in one.reason and "twin" in one.text for one in rejected] == [True]


def test_services_and_what_a_bom_only_refers_to_are_lineage() -> None:
    service = {"bom-ref": "api", "name": "api", "licenses": [{"license": {"id": "MIT"}}]}
    app = {"type": "application", "bom-ref": "app", "name": "app"}
    needs = [{"ref": "app", "dependsOn": ["api", "gone"]}]
    found, _ = read_bom(app, services=[service], dependencies=needs)
    assert (found["urn:uuid:1#api"].kind, found["urn:uuid:1#api"].licenses) == ("service", ("MIT",))
    assert {r.parent for r in found["urn:uuid:1#app"].references} == {"urn:uuid:1#api", "urn:uuid:1#gone"}


@pytest.mark.parametrize(
    ("component", "more"),
    [
        ({}, {"formulation": [{"components": [{"type": "data", "name": "talk"}]}]}),
        ({"patentAssertions": [{"assertionType": "license"}]}, {}),
    ],
)
def test_what_is_not_followed_is_put_aside_with_its_reason(component: dict[str, Any], more: dict[str, Any]) -> None:
    found, rejected = read_bom({"type": "library", "name": "x", **component}, **more)
    assert len(found) == 1
    assert ["was not read" in one.reason for one in rejected] == [True]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"name": "acme/talk"}, "acme/talk"),
        ({"name": "talk", "contents": {"url": "https://huggingface.co/datasets/acme/talk"}}, "acme/talk"),
        ({"contents": {"url": "https://example.org/talk.csv"}}, "https://example.org/talk.csv"),
        ({"ref": "urn:x:elsewhere"}, "urn:x:elsewhere"),
        ({"ref": "gone"}, "urn:uuid:1#gone"),
    ],
)
def test_data_of_a_model_card_are_never_dropped(data: dict[str, Any], expected: str) -> None:
    card = {"modelParameters": {"datasets": [data]}}
    found, rejected = read_bom({"type": "machine-learning-model", "bom-ref": "chat", "name": "chat", "modelCard": card})
    assert rejected == []
    assert [(r.parent, r.relation) for r in found["urn:uuid:1#chat"].references] == [(expected, "train")]


def test_data_of_a_model_card_that_nothing_names_are_put_aside() -> None:
    card = {"modelParameters": {"datasets": [{"type": "dataset"}]}}
    _, rejected = read_bom({"type": "machine-learning-model", "name": "chat", "modelCard": card})
    assert "neither `ref` nor `name`" in rejected[0].reason


def test_a_name_that_is_too_long_for_an_identifier_is_put_aside() -> None:
    found, rejected = read_bom({"type": "library", "name": "x" * 3000}, {"type": "library", "name": "y"})
    assert list(found) == ["urn:uuid:1#y"]
    assert "cannot be an identifier" in rejected[0].reason


@pytest.mark.parametrize(("generations", "are_read"), [(cyclonedx._DEEPEST, True), (cyclonedx._DEEPEST + 1, False)])
def test_ancestors_of_ancestors_are_read_down_to_a_depth_and_no_deeper(generations: int, are_read: bool) -> None:
    def component(number: int) -> dict[str, Any]:
        found = {"type": "machine-learning-model", "name": f"m{number}", "bom-ref": f"m{number}"}
        return found | ({"pedigree": {"ancestors": [component(number + 1)]}} if number < generations else {})

    found = document(bom(components=[component(0)]))
    if are_read:
        assert len(list(cyclonedx.read(found, context(lambda _: None)))) == generations + 1
    else:
        rejected: list[Rejected] = []
        assert list(cyclonedx.read(found, context(rejected.append))) == []
        assert "nested" in rejected[0].reason
