"""Small files of standard formats from load to verdict."""

import json
from pathlib import Path
from typing import Any

import pytest

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.store.nquads import write_quads
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.loaders.test_neighbours import CROISSANT

HERE, HUB = "https://example.org/", "https://huggingface.co/datasets/"


def croissant(name: str, url: str, license_: str, **more: Any) -> dict[str, Any]:
    head = {"@context": CROISSANT["@context"], "@type": "sc:Dataset", "conformsTo": CROISSANT["conformsTo"]}
    return {**head, "name": name, "url": url, "license": license_, **more}


def spdx(
    *packages: tuple[str, str, str | None, str], relations: tuple[tuple[str, str, str], ...] = ()
) -> dict[str, Any]:
    graph: list[dict[str, Any]] = []
    for kind, name, place, license_ in packages:
        graph.append({"type": kind, "spdxId": HERE + name, "name": name})
        if place:
            graph[-1]["software_downloadLocation"] = place
        about = {"from": HERE + name, "relationshipType": "hasDeclaredLicense"}
        graph.append(
            {
                "type": "Relationship",
                "spdxId": f"{HERE}l-{name}",
                **about,
                "to": ["https://spdx.org/licenses/" + license_],
            }
        )
    for start, kind, end in relations:
        about = {"from": HERE + start, "relationshipType": kind, "to": [HERE + end]}
        graph.append({"type": "Relationship", "spdxId": f"{HERE}r-{start}-{end}", **about})
    return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}


def loaded(folder: Path, library: Library, *values: Any) -> Catalogue:
    for number, value in enumerate(values):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(value))
        load(Workspace(folder / "ws"), str(path))
    return Catalogue(Workspace(folder / "ws"), library)


def rows(catalogue: Catalogue) -> set[tuple[str, str, str]]:
    found = catalogue.ask("SELECT kind, id, licenses FROM artifacts")
    return {(kind, id_, str(catalogue.library.names.declared(licenses or []))) for kind, id_, licenses in found}


# ---- identity and kind -----------------------------------------------------------


def test_data_in_a_repository_of_code_are_data(library: Library, tmp_path: Path) -> None:
    place = "https://github.com/acme/"
    found = loaded(
        tmp_path,
        library,
        spdx(("dataset_DatasetPackage", "Emissions table", place + "emissions", "CC-BY-SA-4.0")),
        croissant("Dialogues", place + "dialogues", "https://creativecommons.org/licenses/by-sa/4.0/"),
    )
    for name in ("emissions", "dialogues"):
        assert found.entry(place + name).kind == "dataset"
        result = found.check(place + name, Assumptions(library))
        assert "CG104" not in {finding["code"] for finding in result.findings()}


def test_a_model_and_its_data_in_one_repository_conflict_where_their_licenses_do(
    library: Library, tmp_path: Path
) -> None:
    place = "https://github.com/acme/all"
    value = spdx(
        ("ai_AIPackage", "chat", place, "Apache-2.0"),
        ("dataset_DatasetPackage", "talk", place, "CC-BY-NC-SA-4.0"),
        relations=(("chat", "trainedOn", "talk"),),
    )
    found = loaded(tmp_path, library, value)
    assert rows(found) == {
        ("model", place + "#chat", "apache-2.0"),
        ("dataset", place + "#talk", "cc-by-nc-sa-4.0"),
    }
    assert found.check(place + "#chat", Assumptions(library)).verdict in ("conflict", "unknown")
    with pytest.raises(UnknownIdentifier, match="#chat") as error:
        found.entry(place)
    assert "#talk" in str(error.value)


def test_two_datasets_of_one_publisher_are_two(library: Library, tmp_path: Path) -> None:
    url = "https://data.example.org"
    by, by_nc = (f"https://creativecommons.org/licenses/{name}/4.0/" for name in ("by", "by-nc"))
    found = loaded(tmp_path, library, croissant("Birds", url, by), croissant("Fish", url, by_nc))
    assert rows(found) == {("dataset", url + "#Birds", "cc-by-4.0"), ("dataset", url + "#Fish", "cc-by-nc-4.0")}


@pytest.mark.parametrize(
    ("more", "together"),
    [
        ({}, False),
        ({"@id": "https://example.org/id"}, True),
        ({"identifier": "10.5281/zenodo.1"}, True),
        ({"sameAs": "https://huggingface.co/datasets/acme/talk"}, True),
    ],
)
def test_what_identifies_says_that_two_descriptions_are_of_one(
    more: dict[str, str], together: bool, library: Library, tmp_path: Path
) -> None:
    url = "https://data.example.org/all"
    values = [croissant(name, url, "MIT", **more) for name in ("Birds", "Birds of Europe")]
    assert len(rows(loaded(tmp_path, library, *values))) == (1 if together else 2)


def test_an_address_finds_what_is_alone_at_it_as_a_parent_too(library: Library, tmp_path: Path) -> None:
    place, by_nc_sa = "https://data.example.org/all", "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    child = croissant("Songs", "https://example.org/songs", "MIT", isBasedOn=place)
    folders = [tmp_path / name for name in ("alone", "several")]
    for folder in folders:
        folder.mkdir()
    alone = loaded(folders[0], library, croissant("Birds", place, by_nc_sa), child)
    assert alone.check("https://example.org/songs", Assumptions(library)).verdict == "conflict"
    several = loaded(folders[1], library, croissant("Birds", place, by_nc_sa), croissant("Fish", place, "MIT"), child)
    found = several.check("https://example.org/songs", Assumptions(library))
    assert (found.verdict, found.judgment.reasons) == ("unknown", ("ancestor-not-loaded",))


# ---- licenses and lineage ----------------------------------------------------------


def test_sets_of_licenses_reach_the_verdict(library: Library, tmp_path: Path) -> None:
    value = spdx()
    for name, kind in (("either", "Disjunctive"), ("both", "Conjunctive")):
        members = ["https://spdx.org/licenses/MIT", "https://spdx.org/licenses/CC-BY-NC-4.0"]
        value["@graph"] += [
            {"type": "ai_AIPackage", "spdxId": HERE + name, "name": name},
            {
                "type": f"expandedlicensing_{kind}LicenseSet",
                "spdxId": HERE + kind,
                "expandedlicensing_member": members,
            },
            {
                "type": "Relationship",
                "spdxId": f"{HERE}r-{name}",
                "relationshipType": "hasDeclaredLicense",
                "from": HERE + name,
                "to": [HERE + kind],
            },
        ]
    found = loaded(tmp_path, library, value)
    names = library.names
    for name, expression in (("either", "MIT OR CC-BY-NC-4.0"), ("both", "MIT AND CC-BY-NC-4.0")):
        assert found.check(HERE + name, Assumptions(library)).declared == names.declared([expression])


def test_a_url_that_says_all_reaches_the_verdict(library: Library, tmp_path: Path) -> None:
    def model(name: str, license_: dict[str, str], **more: Any) -> dict[str, Any]:
        return {
            "type": "machine-learning-model",
            "bom-ref": f"urn:x:{name}",
            "name": name,
            "licenses": [{"license": license_}],
            **more,
        }

    base = model("base", {"name": "custom", "url": "https://creativecommons.org/licenses/by-nc-sa/4.0/"})
    child = model("child", {"id": "Apache-2.0"}, pedigree={"ancestors": [base]})
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [child]}
    found = loaded(tmp_path, library, bom)
    assert str(found.check("urn:x:base", Assumptions(library)).declared) == "cc-by-nc-sa-4.0"
    assert found.check("urn:x:child", Assumptions(library)).verdict == "conflict"


def test_data_derived_from_data_at_a_place_conflict(library: Library, tmp_path: Path) -> None:
    entity = {"@type": "prov:Entity", "@id": "full-set", "prov:atLocation": HUB + "acme/full"}
    found = loaded(
        tmp_path,
        library,
        croissant("full", HUB + "acme/full", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        *(
            croissant(
                "derived", f"{HUB}{owner}/derived", "https://spdx.org/licenses/MIT", **{"prov:wasDerivedFrom": entity}
            )
            for owner in ("acme", "other")
        ),
    )
    assert found.check("datasets/other/derived", Assumptions(library)).verdict == "conflict"
    # what one publishes twice is bound by no terms of one's own
    assert found.check("datasets/acme/derived", Assumptions(library)).verdict == "compatible"
    assert [node.id for node in found.nodes("datasets/acme/derived")][1:] == ["datasets/acme/full"]


def test_a_text_that_is_not_the_license_named_beside_it_leaves_the_verdict_open(
    library: Library, tmp_path: Path
) -> None:
    def check(number: str, license_: dict[str, Any]) -> str:
        folder = tmp_path / number
        folder.mkdir()
        model = {
            "type": "machine-learning-model",
            "bom-ref": "urn:x:m",
            "name": "m",
            "licenses": [{"license": license_}],
        }
        found = loaded(folder, library, {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [model]})
        return found.check("urn:x:m", Assumptions(library)).verdict

    assert check("plain", {"id": "MIT"}) == "compatible"
    assert check("text", {"id": "MIT", "text": {"content": "Apache License, Version 2.0"}}) == "unknown"
    assert check("named", {"id": "MIT", "text": {"content": "MIT License"}}) == "compatible"


# ---- round trip ----------------------------------------------------------------------


def test_what_was_read_from_each_format_is_kept_when_it_is_exported_and_loaded_again(
    library: Library, tmp_path: Path
) -> None:
    place = "https://github.com/acme/all"
    model = {
        "type": "machine-learning-model",
        "bom-ref": "urn:x:m",
        "name": "m",
        "licenses": [{"license": {"name": "Ours", "url": "https://example.org/x", "text": {"content": "Ask me."}}}],
        "evidence": {"licenses": [{"license": {"id": "MIT"}}]},
        "pedigree": {"ancestors": [{"type": "machine-learning-model", "bom-ref": "urn:x:base", "name": "base"}]},
    }
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [model]}
    packages = ("ai_AIPackage", "chat", place, "Apache-2.0"), ("dataset_DatasetPackage", "talk", place, "CC-BY-4.0")
    both = spdx(*packages, relations=(("chat", "trainedOn", "talk"),))
    card = croissant(
        "Birds", "https://data.example.org", "MIT", sdLicense="CC0-1.0", isBasedOn="https://example.org/all"
    )
    before = loaded(tmp_path, library, bom, both, card)
    load(Workspace(tmp_path / "again"), str(write_quads(before.workspace, library, tmp_path / "graph.nq")))
    after = Catalogue(Workspace(tmp_path / "again"), library)
    assert rows(before) == rows(after)
    for sql in (
        "SELECT a.kind, a.id, c.place, c.name, c.value FROM comparisons c JOIN artifacts a USING (n)",
        "SELECT a.id, r.stated, r.repair FROM refs r JOIN artifacts a ON a.n = r.child",
        "SELECT id, license_name FROM artifacts",
    ):
        assert set(before.ask(sql)) == set(after.ask(sql)), sql
