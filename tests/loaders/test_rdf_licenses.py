"""Licenses, rights and policies that RDF states, and which of them is the license of the artifact."""

from typing import Any

import pytest
from clausegraph.loaders.records import Identified

from clausegraph.library import Library
from tests.loaders.test_rdf import croissant, records

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
WORK = {"@type": "sc:CreativeWork"}


def licenses(library: Library, **more: Any) -> str:
    found = croissant(name="talk", url="https://example.org/talk", **more)
    return str(library.names.declared(list(found.licenses)))


@pytest.mark.parametrize(
    ("license_", "expected"),
    [
        ("MIT", "mit"),
        (BY_NC, "cc-by-nc-4.0"),
        ({"@id": BY_NC}, "cc-by-nc-4.0"),
        ({**WORK, "name": "MIT"}, "mit"),
        ({**WORK, "url": BY_NC}, "cc-by-nc-4.0"),
        ({**WORK, "name": "Our license", "url": BY_NC}, "cc-by-nc-4.0"),
        ({**WORK, "@id": BY_NC, "name": "Our license"}, "cc-by-nc-4.0"),
        ({**WORK, "name": "Our license", "text": "the text of BY-NC"}, "cc-by-nc-4.0"),
        ({**WORK, "name": "Our license"}, "other"),
        ("None", "none"),
        ("LICENSE", "other"),
        ({"@id": "LICENSE"}, "other"),
    ],
)
def test_each_form_of_a_license_is_read(
    license_: Any, expected: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"the text of BY-NC": Identified("cc-by-nc-4.0", sure=100.0)}
    monkeypatch.setattr("clausegraph.workspace.context.identify", texts.__getitem__)
    assert licenses(library, license=license_) == expected


def test_several_licenses_are_all_read(library: Library) -> None:
    found = croissant(name="talk", url="https://example.org/talk", license=["MIT", {"@id": BY_NC}])
    assert set(found.licenses) == {"MIT", BY_NC}


def test_the_license_of_the_description_is_not_that_of_the_data(library: Library) -> None:
    assert licenses(library, sdLicense="MIT") == "none"
    found = croissant(name="talk", url="https://example.org/talk", license=BY_NC, sdLicense="MIT")
    assert found.licenses == (BY_NC,)
    assert ("attached", "MIT", "sdLicense") in {(s.place, s.value, s.name) for s in found.statements}


@pytest.mark.parametrize("key", ["usageInfo", "dct:rights", "conditionsOfAccess"])
def test_rights_are_the_license_where_no_other_is_stated_and_they_name_one(key: str, library: Library) -> None:
    assert licenses(library, **{key: BY_NC}) == "cc-by-nc-4.0"
    assert licenses(library, license="MIT", **{key: BY_NC}) == "mit"
    assert licenses(library, **{key: "Ask me first"}) == "none"
    found = croissant(name="talk", url="https://example.org/talk", license="MIT", **{key: "Ask me first"})
    assert {(s.place, s.value) for s in found.statements} == {("attached", "Ask me first")}


def test_conditions_of_use_in_other_words_are_kept() -> None:
    offer = {
        "@type": ["sc:CreativeWork", "http://www.w3.org/ns/odrl/2/Offer"],
        "name": "Usage",
        "http://www.w3.org/ns/odrl/2/permission": {"http://www.w3.org/ns/odrl/2/action": {"@id": "urn:duo:0000006"}},
    }
    found = croissant(name="talk", url="https://example.org/talk", license="MIT", usageInfo=offer)
    (kept,) = [s.value for s in found.statements if s.place == "attached"]
    assert "Usage" in kept
    assert "urn:duo:0000006" in kept


def test_in_dcat_the_license_stands_on_the_distribution() -> None:
    head = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix odrl: <http://www.w3.org/ns/odrl/2/> . <https://example.org/d> a dcat:Dataset ; dcat:distribution [
      a dcat:Distribution ; dct:license <https://creativecommons.org/licenses/by-nc/4.0/> ;
      odrl:hasPolicy <https://example.org/policy> ]"""
    (alone,), _ = records(head + " .", "d.ttl")
    assert alone.licenses == (BY_NC,)
    assert ("attached", "https://example.org/policy") in {(s.place, s.value) for s in alone.statements}
    (both,), _ = records(head + " ; dct:license <https://spdx.org/licenses/MIT> .", "d.ttl")
    assert both.licenses == ("https://spdx.org/licenses/MIT",)
    assert ("catalogue", BY_NC, "observed") in {(s.place, s.value, s.name) for s in both.statements}


def test_a_policy_beside_the_license_leaves_nothing_open(library: Library, tmp_path: Any) -> None:
    import json

    from clausegraph.answers.artifact_index import Catalogue
    from clausegraph.library.assumptions import Assumptions
    from clausegraph.workspace.folder import Workspace
    from clausegraph.workspace.load import load
    from tests.loaders.test_rdf import CONTEXT

    value = {"@context": CONTEXT, "@type": "sc:Dataset", "name": "d", "url": "https://example.org/d", "license": "MIT"}
    verdicts = []
    for more in ({}, {"sdLicense": BY_NC, "usageInfo": "Ask me first"}):
        folder = tmp_path / str(len(verdicts))
        folder.mkdir()
        (folder / "d.json").write_text(json.dumps({**value, **more}))
        load(Workspace(folder / "ws"), str(folder / "d.json"))
        found = Catalogue(Workspace(folder / "ws"), library).check("https://example.org/d", Assumptions(library))
        verdicts.append(found.verdict)
    assert len(set(verdicts)) == 1
