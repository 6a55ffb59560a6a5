"""RDF: identity and lineage of Croissant, FAIR4ML, MLDCAT-AP and DCAT."""

import json
from typing import Any

import pytest
from clausegraph.loaders import rdf
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.workspace.context import context
from tests.loaders.test_neighbours import CROISSANT, document, lineage_of

CONTEXT = CROISSANT["@context"]
FULL = "https://huggingface.co/datasets/acme/full"


def records(value: Any, name: str) -> tuple[list[Artifact], list[Rejected]]:
    rejected: list[Rejected] = []
    found = rdf.read(document(value, name), context(rejected.append))
    return [one for one in found if isinstance(one, Artifact)], rejected


def croissant(**more: Any) -> Artifact:
    """Return the dataset of a Croissant file of which `more` says what is particular."""
    value = {"@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.1", **more}
    found, rejected = records(value, "croissant.json")
    assert rejected == []
    return found[0]


#: The forms in which a file says what a data set was derived from, all of which mean acme/full.
FORMS: dict[str, Any] = {
    "an address as a text": FULL,
    "an address in pointed brackets": {"@id": FULL},
    "an entity at a place": {"@type": "prov:Entity", "@id": "full-set", "prov:atLocation": FULL},
    "an entity at a place that is a node": {
        "@type": "prov:Entity",
        "@id": "full-set",
        "prov:atLocation": {"@id": FULL},
    },
    "an entity that is located": {"@type": "prov:Entity", "@id": "full-set", "prov:locatedAt": FULL},
    "an entity with a url": {"@type": "prov:Entity", "url": FULL, "prov:label": "The full set"},
    "a data set described in place": {"@type": "sc:Dataset", "name": "full", "url": FULL},
    "a data set with the address as its identifier": {"@type": "sc:Dataset", "name": "full", "identifier": FULL},
    "several, of which one is named twice": [FULL, {"@id": FULL}],
    "the id of the Hub": "acme/full",
    "a page of the repository": FULL + "/tree/main/data",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["prov:wasDerivedFrom", "isBasedOn", "prov:hadPrimarySource", "dct:source"])
def test_what_a_data_set_was_derived_from_is_known_by_its_place(form: str, key: str) -> None:
    found = croissant(name="derived", url="https://huggingface.co/datasets/acme/derived", **{key: FORMS[form]})
    assert lineage_of(found) == {("dataset", "acme/full", "modify", "inferred")}


@pytest.mark.parametrize(
    "more",
    [
        {"prov:wasGeneratedBy": {"@type": "prov:Activity", "prov:used": {"@id": FULL}}},
        {"prov:qualifiedDerivation": {"@type": "prov:Derivation", "prov:entity": {"@id": FULL}}},
        {"distribution": [{"@type": "cr:FileObject", "@id": "a.csv", "prov:wasDerivedFrom": FULL}]},
        {
            "recordSet": [
                {
                    "@type": "cr:RecordSet",
                    "@id": "r",
                    "cr:field": [{"@type": "cr:Field", "@id": "r/f", "prov:wasDerivedFrom": {"@id": FULL}}],
                }
            ]
        },
    ],
)
def test_lineage_is_read_from_activities_and_from_parts(more: dict[str, Any]) -> None:
    found = croissant(name="derived", url="https://example.org/derived", **more)
    assert lineage_of(found) == {("dataset", "acme/full", "modify", "inferred")}


def test_what_one_part_was_made_of_another_part_is_no_lineage() -> None:
    files = [
        {"@type": "cr:FileObject", "@id": "a.csv", "contentUrl": "a.csv"},
        {"@type": "cr:FileObject", "@id": "b.csv", "prov:wasDerivedFrom": {"@id": "a.csv"}},
    ]
    assert croissant(name="x", url="https://example.org/x", distribution=files).references == ()


def test_the_id_of_an_entity_identifies_nothing_outside_of_its_file() -> None:
    entity = {"@type": "prov:Entity", "@id": "full-set"}
    parents = set()
    for name in ("a", "b"):
        found = croissant(name=name, url=f"https://example.org/{name}", **{"prov:wasDerivedFrom": entity})
        parents |= {r.parent for r in found.references}
    assert len(parents) == 2
    assert all(parent.startswith("urn:clausegraph:document:") for parent in parents)


def test_prov_needs_no_declared_prefix() -> None:
    bare = {key: value for key, value in CONTEXT.items() if key != "prov"}
    value = {"@context": bare, "@type": "sc:Dataset", "name": "x", "url": "https://example.org/x"}
    (found,), _ = records({**value, "prov:wasDerivedFrom": FULL}, "croissant.json")
    assert [r.parent for r in found.references] == ["acme/full"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"name": "talk", "url": "https://huggingface.co/datasets/acme/talk"}, "acme/talk"),
        ({"name": "talk", "url": "None"}, "urn:clausegraph:dataset:talk"),
        ({"name": "talk", "url": "n/a"}, "urn:clausegraph:dataset:talk"),
        ({"name": "talk"}, "urn:clausegraph:dataset:talk"),
        ({"name": "talk", "@id": "talk"}, "urn:clausegraph:dataset:talk"),
        ({"name": "talk", "@id": "https://example.org/id"}, "https://example.org/id"),
        ({"name": "talk", "identifier": "10.5281/zenodo.1"}, "https://doi.org/10.5281/zenodo.1"),
        ({"name": "talk", "identifier": "doi:10.5281/Zenodo.1"}, "https://doi.org/10.5281/zenodo.1"),
        ({"name": "talk", "identifier": "31", "url": "https://example.org/talk"}, "https://example.org/talk"),
        ({"name": "talk", "url": "https://mlcommons.org"}, "https://mlcommons.org#talk"),
        ({"name": "talk", "url": "https://example.org/project"}, "https://example.org/project#talk"),
        ({"name": "Talk", "url": "https://github.com/acme/talk"}, "https://github.com/acme/talk"),
        ({"name": "talk", "url": "https://github.com/acme/all"}, "https://github.com/acme/all#talk"),
        ({"name": "talk", "url": "https://example.org/a b/talk"}, "https://example.org/a%20b/talk"),
        (
            {"name": "x", "url": "https://example.org/x", "sameAs": "https://huggingface.co/datasets/acme/talk"},
            "acme/talk",
        ),
    ],
)
def test_a_data_set_is_named_by_what_identifies_it(more: dict[str, Any], expected: str) -> None:
    found = croissant(**more)
    assert (found.kind, found.id) == ("dataset", expected)


@pytest.mark.parametrize("more", [{}, {"url": "https://mlcommons.org"}, {"url": "None"}, {"name": "n/a", "url": "-"}])
def test_what_nothing_identifies_is_put_aside_with_its_reason(more: dict[str, Any]) -> None:
    found, rejected = records({"@context": CONTEXT, "@type": "sc:Dataset", **more}, "croissant.json")
    assert found == []
    assert "names none" in rejected[0].reason


def test_the_class_counts_before_the_address() -> None:
    turtle = """@prefix s: <https://schema.org/> . @prefix f: <https://w3id.org/fair4ml#> .
    [] a f:MLModel ; s:name "chat" ; s:url "https://github.com/acme/chat" ; s:license "mit" .
    [] a s:SoftwareSourceCode ; s:name "tool" ; s:url "https://github.com/acme/tool" .
    [] a s:SoftwareApplication ; s:name "demo" ; s:url "https://huggingface.co/spaces/acme/demo" ."""
    found, _ = records(turtle, "x.ttl")
    assert {(one.kind, one.id) for one in found} == {
        ("model", "https://github.com/acme/chat"),
        ("source", "acme/tool"),
        ("service", "acme/demo"),
    }


def test_fair4ml_as_extractors_write_it() -> None:
    value = {
        "@context": {"@vocab": "https://schema.org/", "fair4ml": "https://w3id.org/fair4ml/"},
        "@type": "fair4ml:MLModel",
        "identifier": "acme/chat",
        "name": "chat",
        "license": "apache-2.0",
        "fair4ml:fineTunedFrom": "acme/base",
        "fair4ml:trainedOn": [{"@type": "Dataset", "name": "talk"}, "acme/words", "Some Words"],
        "fair4ml:evaluatedOn": "acme/test",
        "fair4ml:testedOn": "acme/test",
        "fair4ml:validatedOn": "acme/test",
    }
    found, _ = records(value, "model.jsonld")
    chat = next(one for one in found if one.kind == "model")
    assert (chat.id, chat.licenses) == ("acme/chat", ("apache-2.0",))
    assert lineage_of(chat) == {
        ("model", "acme/base", "finetune", "declared"),
        ("dataset", "urn:clausegraph:dataset:talk", "train", "declared"),
        ("dataset", "acme/words", "train", "declared"),
        ("dataset", "urn:clausegraph:dataset:Some%20Words", "train", "declared"),
    }


def test_mldcat_ap_with_what_it_was_tuned_from_and_trained_on() -> None:
    turtle = """@prefix m: <http://data.europa.eu/it6/> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <https://example.org/chat> a m:MachineLearningModel ; m:fineTunedFrom <https://huggingface.co/acme/base> ;
      m:trainedOn <https://example.org/talk> ; m:testedOn <https://example.org/test> .
    <https://example.org/talk> a dcat:Dataset ; dct:isVersionOf <https://example.org/all> ; dct:source "acme/words" ."""
    found = {one.id: one for one in records(turtle, "m.ttl")[0]}
    assert lineage_of(found["https://example.org/chat"]) == {
        ("model", "acme/base", "finetune", "declared"),
        ("dataset", "https://example.org/talk", "train", "declared"),
    }
    assert {r.parent for r in found["https://example.org/talk"].references} == {"https://example.org/all", "acme/words"}


def test_a_part_that_is_a_data_set_is_included() -> None:
    part = {"@type": "sc:Dataset", "name": "part", "url": "https://example.org/part", "license": "CC-BY-NC-4.0"}
    value = {"@context": CONTEXT, "@type": "sc:Dataset", "name": "all", "url": "https://example.org/all"}
    found = {one.id: one for one in records({**value, "hasPart": [part]}, "c.json")[0]}
    assert lineage_of(found["https://example.org/all"]) == {
        ("dataset", "https://example.org/part", "include", "declared")
    }
    assert found["https://example.org/part"].licenses == ("CC-BY-NC-4.0",)


def test_what_is_kept_of_an_identifier_is_json() -> None:
    assert json.dumps(croissant(name="模型", url="https://example.org/集").id)


def test_an_id_that_is_no_iri_is_escaped_and_not_dropped() -> None:
    assert croissant(name="x", **{"@id": "https://example.org/a b"}).id == "https://example.org/a%20b"
    assert croissant(**{"@id": "a b", "name": "x"}).id == "urn:clausegraph:dataset:x"
    license_ = {"@id": "https://example.org/our license"}
    assert croissant(name="x", license=license_).licenses == ("https://example.org/our%20license",)


@pytest.mark.parametrize("entity", [{"@type": "prov:Entity", "url": "https://mlcommons.org"}, {"@type": "prov:Entity"}])
def test_a_parent_that_nothing_identifies_is_a_parent_that_is_not_known(entity: dict[str, Any]) -> None:
    found = croissant(name="x", license="MIT", **{"prov:wasDerivedFrom": entity})
    assert found.licenses == ("MIT",)
    assert [r.parent.endswith("#unnamed") for r in found.references] == [True]
