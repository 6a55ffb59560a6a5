"""Bills of materials, RDF and catalogues: the artifacts, licenses and lineage that they state."""

import json
from pathlib import Path
from typing import Any

import pytest
from clausegraph.loaders import catalogues, cyclonedx, planned, rdf, spdx
from clausegraph.loaders.document import Document
from clausegraph.loaders.records import Artifact, Record, Rename, Statement
from clausegraph.loaders.registry import DOCUMENTS, STREAMS

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.store.nquads import write_quads
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.paths import ROOT


def document(value: Any, name: str = "it.json") -> Document:
    text = value if isinstance(value, str) else json.dumps(value)
    return Document(name, name, text.encode())


def read(loader: Any, found: Document) -> list[Record]:
    assert loader.accepts(found)
    rejected: list[Any] = []
    records = list(loader.read(found, context(rejected.append)))
    assert rejected == []
    return records


def by_id(records: list[Record]) -> dict[str, Artifact]:
    return {r.id: r for r in records if isinstance(r, Artifact)}


def lineage_of(artifact: Artifact) -> set[tuple[str, str, str, str]]:
    return {(r.parent_kind, r.parent, r.relation, r.basis) for r in artifact.references}


def test_every_loader_has_the_same_interface_and_is_listed() -> None:
    text = (ROOT / "loaders" / "__init__.py").read_text()
    for loader in (*STREAMS, *DOCUMENTS):
        assert callable(loader.accepts)
        assert callable(loader.read)
        assert f"`{loader.__name__.rpartition('.')[2]}`" in text


# ---- SPDX ------------------------------------------------------------------

SPDX = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "CreationInfo", "@id": "_:creation", "specVersion": "3.0.1"},
        {"type": "SpdxDocument", "spdxId": "https://example.org/doc", "rootElement": ["https://example.org/chat"]},
        {
            "type": "ai_AIPackage",
            "spdxId": "https://example.org/chat",
            "name": "chat",
            "software_packageUrl": "pkg:huggingface/acme/chat@abc123",
        },
        {
            "type": "ai_AIPackage",
            "spdxId": "https://example.org/base",
            "name": "base",
            "software_downloadLocation": "https://huggingface.co/acme/base",
        },
        {"type": "dataset_DatasetPackage", "spdxId": "https://example.org/talk", "name": "talk"},
        {"type": "software_Package", "spdxId": "https://example.org/app", "name": "app"},
        {"type": "software_File", "spdxId": "https://example.org/unrelated", "name": "x"},
        {
            "type": "simplelicensing_LicenseExpression",
            "spdxId": "https://example.org/license/1",
            "simplelicensing_licenseExpression": "Apache-2.0",
        },
        *[
            {"type": kind, "spdxId": f"https://example.org/r{n}", "from": start, "relationshipType": what, "to": to}
            for n, (kind, start, what, to) in enumerate(
                [
                    ("Relationship", "https://example.org/chat", "trainedOn", ["https://example.org/talk"]),
                    ("Relationship", "https://example.org/base", "ancestorOf", ["https://example.org/chat"]),
                    ("Relationship", "https://example.org/app", "dependsOn", ["https://example.org/chat"]),
                    (
                        "Relationship",
                        "https://example.org/chat",
                        "hasDeclaredLicense",
                        ["https://example.org/license/1"],
                    ),
                    (
                        "Relationship",
                        "https://example.org/chat",
                        "hasConcludedLicense",
                        ["https://spdx.org/licenses/MIT"],
                    ),
                    (
                        "Relationship",
                        "https://example.org/talk",
                        "hasConcludedLicense",
                        ["https://spdx.org/licenses/CC-BY-4.0"],
                    ),
                    (
                        "LifecycleScopedRelationship",
                        "https://example.org/chat",
                        "testedOn",
                        ["https://example.org/talk"],
                    ),
                ]
            )
        ],
    ],
}


def test_spdx_packages_give_lineage_and_licenses() -> None:
    found = by_id(read(spdx, document(SPDX)))
    assert set(found) == {"acme/chat", "acme/base", "https://example.org/talk", "https://example.org/app"}
    assert lineage_of(found["acme/chat"]) == {
        ("dataset", "https://example.org/talk", "train", "declared"),
        ("dataset", "https://example.org/talk", "use", "declared"),
        ("model", "acme/base", "finetune", "inferred"),
    }
    assert lineage_of(found["https://example.org/app"]) == {("model", "acme/chat", "include", "inferred")}
    assert found["acme/chat"].licenses == ("Apache-2.0",)
    assert found["acme/chat"].statements == (Statement("checked", "MIT"),)
    assert found["https://example.org/talk"].licenses == ("CC-BY-4.0",)
    assert {a.kind for a in found.values()} == {"model", "dataset", "application"}


# ---- CycloneDX ---------------------------------------------------------------


def bom(version: str = "1.6", **more: Any) -> dict[str, Any]:
    return {"bomFormat": "CycloneDX", "specVersion": version, "serialNumber": "urn:uuid:1"} | more


@pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
def test_a_bom_gives_models_their_data_and_their_ancestors(version: str) -> None:
    value = bom(
        version,
        metadata={
            "component": {"type": "application", "bom-ref": "app", "name": "app", "licenses": [{"expression": "MIT"}]}
        },
        components=[
            {
                "type": "machine-learning-model",
                "bom-ref": "chat",
                "name": "chat",
                "purl": "pkg:huggingface/acme/chat@1",
                "licenses": [
                    {"license": {"id": "Apache-2.0", "acknowledgement": "declared"}},
                    {"license": {"name": "Llama 2", "acknowledgement": "concluded"}},
                ],
                "pedigree": {"ancestors": [{"type": "machine-learning-model", "group": "acme", "name": "base"}]},
                "modelCard": {
                    "modelParameters": {
                        "datasets": [
                            {"ref": "talk"},
                            {"type": "dataset", "name": "own words", "contents": {"url": "https://example.org/words"}},
                        ]
                    }
                },
            },
            {"type": "data", "bom-ref": "talk", "name": "talk", "licenses": [{"license": {"id": "CC-BY-SA-4.0"}}]},
        ],
        dependencies=[{"ref": "app", "dependsOn": ["chat"]}],
    )
    found = by_id(read(cyclonedx, document(value)))
    assert lineage_of(found["acme/chat"]) == {
        ("model", "acme/base", "finetune", "inferred"),
        ("dataset", "urn:uuid:1#talk", "train", "declared"),
        ("dataset", "urn:uuid:1#own%20words", "train", "declared"),
    }
    assert lineage_of(found["urn:uuid:1#app"]) == {("model", "acme/chat", "include", "inferred")}
    assert found["acme/chat"].licenses == ("Apache-2.0",)
    assert found["acme/chat"].statements == (Statement("checked", "Llama 2"),)
    assert found["urn:uuid:1#talk"].licenses == ("CC-BY-SA-4.0",)
    assert set(found) >= {"acme/base", "urn:uuid:1#own%20words"}


def test_parts_of_a_component_are_included_in_it() -> None:
    inner = {"type": "machine-learning-model", "purl": "pkg:huggingface/a/b"}
    value = bom(components=[{"type": "application", "bom-ref": "urn:x:app", "name": "app", "components": [inner]}])
    found = by_id(read(cyclonedx, document(value)))
    assert lineage_of(found["urn:x:app"]) == {("model", "a/b", "include", "declared")}


# ---- RDF ---------------------------------------------------------------------

CROISSANT = {
    "@context": {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "dct": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "recordSet": "cr:recordSet",
    },
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "talk",
    "url": "https://huggingface.co/datasets/acme/talk",
    "license": "https://creativecommons.org/licenses/by-sa/4.0/",
    "prov:wasDerivedFrom": {"@id": "https://huggingface.co/datasets/acme/words"},
    "distribution": [{"@type": "cr:FileObject", "@id": "data.csv", "name": "data.csv"}],
}


def test_croissant_gives_a_dataset_with_its_license_and_source(library: Library) -> None:
    found = by_id(read(rdf, document(CROISSANT, "croissant.json")))
    assert set(found) == {"acme/talk"}
    talk = found["acme/talk"]
    assert (talk.kind, talk.licenses) == ("dataset", ("https://creativecommons.org/licenses/by-sa/4.0/",))
    assert lineage_of(talk) == {("dataset", "acme/words", "modify", "inferred")}
    assert str(library.names.declared(list(talk.licenses))) == "cc-by-sa-4.0"


def test_fair4ml_and_schema_org_are_read_through_the_alignments() -> None:
    turtle = """
    @prefix fair4ml: <https://w3id.org/fair4ml#> . @prefix schema: <http://schema.org/> .
    <https://huggingface.co/acme/chat> a fair4ml:MLModel ; schema:license "apache-2.0" ;
      fair4ml:fineTunedFrom <https://huggingface.co/acme/base> ;
      fair4ml:trainedOn [ a schema:Dataset ; schema:url "https://huggingface.co/datasets/acme/talk" ] .
    <https://example.org/tool> a schema:SoftwareSourceCode ; schema:license <https://spdx.org/licenses/MIT> ;
      schema:isBasedOn <https://huggingface.co/acme/chat> ."""
    found = by_id(read(rdf, document(turtle, "models.ttl")))
    assert lineage_of(found["acme/chat"]) == {
        ("model", "acme/base", "finetune", "declared"),
        ("dataset", "acme/talk", "train", "declared"),
    }
    assert lineage_of(found["https://example.org/tool"]) == {("model", "acme/chat", "include", "inferred")}
    assert found["acme/talk"].kind == "dataset"


def test_mldcat_ap_is_read_through_its_alignment() -> None:
    turtle = """@prefix m: <http://data.europa.eu/it6/> . @prefix dct: <http://purl.org/dc/terms/> .
    <https://huggingface.co/acme/chat> a m:MachineLearningModel ; dct:license <https://spdx.org/licenses/Apache-2.0> ;
      m:trainedOn <https://huggingface.co/datasets/acme/talk> ."""
    found = by_id(read(rdf, document(turtle, "m.ttl")))["acme/chat"]
    assert lineage_of(found) == {("dataset", "acme/talk", "train", "declared")}


def test_schema_org_needs_no_fetching() -> None:
    value = {"@context": "https://schema.org/", "@type": "Dataset", "@id": "https://example.org/d", "license": "MIT"}
    assert by_id(read(rdf, document(value, "d.jsonld")))["https://example.org/d"].licenses == ("MIT",)


def test_what_is_exported_can_be_loaded_again(sample: Workspace, library: Library, tmp_path: Path) -> None:
    path = write_quads(sample, library, tmp_path / "graph.nq")
    again = Workspace(tmp_path / "again")
    done = load(again, str(path))
    assert done.source.rejected == 0
    catalogue, before = Catalogue(again, library), Catalogue(sample, library)
    for kept in (catalogue, before):
        kept.connection.execute(
            "CREATE TEMP TABLE edge_names AS SELECT DISTINCT c.id AS child, p.id AS parent, e.relation "
            "FROM edges e JOIN artifacts c ON c.n = e.child JOIN artifacts p ON p.n = e.parent"
        )
    rows = [k.connection.execute("SELECT * FROM edge_names ORDER BY ALL").fetchall() for k in (before, catalogue)]
    assert rows[0] == rows[1]
    licenses = [
        k.connection.execute("SELECT kind, id, list_sort(licenses) FROM artifacts ORDER BY ALL").fetchall()
        for k in (before, catalogue)
    ]
    assert licenses[0] == licenses[1]
    assert not catalogue.ask("SELECT stated FROM lost WHERE stated LIKE '%/source/%'"), "a source is no ancestor"
    everything = [address(kind, id_) for kind, id_, _ in licenses[0]]
    for work in everything:
        first, second = (kept.check(work, Assumptions(library)) for kept in (before, catalogue))
        assert first.declared == second.declared
        assert (first.verdict, set(first.judgment.reasons)) == (second.verdict, set(second.judgment.reasons)), work


UNCERTAIN = {
    "a license file of unknown text": {"license": "mit", "files": {"LICENSE": "Ask me first."}},
    "a license file of another license": {"license": "apache-2.0", "files": {"LICENSE": "MIT License"}},
    "an adapter without a base": {"license": "mit", "library_name": "peft", "tags": ["peft"]},
    "an adapter whose base is a path": {"license": "mit", "library_name": "peft", "base_model": "./here"},
    "a parent that nothing loaded holds": {"license": "mit", "base_model": "gone/base"},
    "a name beside other": {"license": "other", "license_name": "opt-175b"},
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_what_is_unknown_stays_so_when_it_is_exported_and_loaded_again(
    case: str, library: Library, tmp_path: Path
) -> None:
    card = dict(UNCERTAIN[case])
    home = tmp_path / "cards" / "acme" / "work"
    home.mkdir(parents=True)
    for name, text in card.pop("files", {}).items():
        (home / name).write_text(text)
    (home / "README.md").write_text(f"---\n{json.dumps(card)}\n---\n")
    first, again = Workspace(tmp_path / "first"), Workspace(tmp_path / "again")
    load(first, str(tmp_path / "cards"))
    load(again, str(write_quads(first, library, tmp_path / "graph.nq")))
    before, after = (Catalogue(kept, library).check("acme/work", Assumptions(library)) for kept in (first, again))
    assert (before.verdict, before.judgment.reasons) == (after.verdict, after.judgment.reasons)
    assert (before.verdict == "conditional") == (case == "a name beside other") or before.verdict == "unknown"


def test_a_relation_that_does_not_fit_stays_so_when_it_is_exported_and_loaded_again(
    library: Library, tmp_path: Path
) -> None:
    facts = [
        {"kind": "model", "id": "acme/base", "license": "apache-2.0"},
        {"kind": "model", "id": "other/student", "license": "mit", "parents": [{"id": "acme/base", "via": "train"}]},
    ]
    (tmp_path / "facts.jsonl").write_text("\n".join(map(json.dumps, facts)))
    first, again = Workspace(tmp_path / "first"), Workspace(tmp_path / "again")
    load(first, str(tmp_path / "facts.jsonl"))
    load(again, str(write_quads(first, library, tmp_path / "graph.nq")))
    for kept in (first, again):
        found = Catalogue(kept, library).check("other/student", Assumptions(library))
        assert (found.verdict, found.judgment.reasons) == ("unknown", ("relation-does-not-fit",))


def test_an_exported_guess_is_loaded_as_a_guess(library: Library, tmp_path: Path) -> None:
    fact = {"kind": "model", "id": "other/tuned", "license": "mit"}
    fact["parents"] = [{"id": "acme/base", "kind": "model", "via": "finetune", "basis": "inferred"}]
    (tmp_path / "works.jsonl").write_text(json.dumps(fact) + "\n")
    place = Workspace(tmp_path / "first")
    load(place, str(tmp_path / "works.jsonl"))
    found = by_id(read(rdf, document(write_quads(place, library, tmp_path / "graph.nq").read_text(), "graph.nq")))
    assert lineage_of(found["other/tuned"]) == {("model", "acme/base", "finetune", "inferred")}


# ---- catalogues ---------------------------------------------------------------


def test_ecosystem_graphs_gives_assets_by_name_or_hub_address() -> None:
    rows = "access,dependencies,license,name,type,url,model_card\n"
    rows += "open,[],MIT,Talk,dataset,https://example.org,\n"
    rows += "open,\"['Talk', 'Llama 2']\",unknown,Chat,model,https://example.org,https://huggingface.co/acme/chat\n"
    rows += "limited,\"['Chat']\",,App,application,,\n"
    found = by_id(read(catalogues, document(rows, "all_assets.csv")))
    assert found["acme/chat"].licenses == ()
    assert lineage_of(found["acme/chat"]) == {
        ("dataset", "urn:ecosystem-graphs:Talk", "train", "inferred"),
        ("model", "urn:ecosystem-graphs:Llama-2", "finetune", "inferred"),
    }
    assert lineage_of(found["urn:ecosystem-graphs:App"]) == {("model", "acme/chat", "include", "inferred")}
    yaml = "- access: open\n  name: Talk\n  type: dataset\n  dependencies: []\n"
    yaml += "  license:\n    value: MIT\n    explanation: said so\n"
    assert by_id(read(catalogues, document(yaml, "a.yaml")))["urn:ecosystem-graphs:Talk"].licenses == ("MIT",)


def test_licenses_that_people_checked_stand_beside_the_hubs(tmp_path: Path, library: Library) -> None:
    entry = {
        "Unique Dataset Identifier": "talk",
        "Hugging Face URL": "https://huggingface.co/datasets/acme/talk",
        "Licenses": [{"License": "CC BY-NC 4.0", "License URL": "https://example.org"}],
        "Derived from Datasets": ["acme/words"],
    }
    (tmp_path / "checked.json").write_text(json.dumps({"talk": entry}))
    card = {"id": "acme/talk", "tags": ["task_categories:x", "license:mit"], "cardData": {"license": "mit"}}
    (tmp_path / "datasets.jsonl").write_text(json.dumps(card))
    for order in (("checked.json", "datasets.jsonl"), ("datasets.jsonl", "checked.json")):
        workspace = Workspace(tmp_path / order[0].split(".")[0])
        for name in order:
            load(workspace, str(tmp_path / name))
        catalogue = Catalogue(workspace, library)
        assert catalogue.entry("acme/talk").licenses == ("mit",), "what is checked never overwrites"
        notes = {(n.code, n.subject) for n in catalogue.notes(catalogue.entry("acme/talk"))}
        assert ("CG108", "CC BY-NC 4.0 (checked)") in notes
        found = catalogue.check("datasets/acme/talk", Assumptions(library))
        assert found.missing == {"datasets/acme/words": "ancestor-not-loaded"}
        assert (found.verdict, found.judgment.reasons) == ("unknown", ("ancestor-not-loaded",))
        assert "CG124" in {finding["code"] for finding in found.findings()}


def test_curated_parents_and_resolutions_are_catalogues() -> None:
    yaml = "- id: a/chat\n  parents:\n  - id: a/base\n    relationship: variant\n"
    yaml += "  - id: a/other\n    relationship: merge\n"
    found = by_id(read(catalogues, document(yaml, "parents.yaml")))["a/chat"]
    assert lineage_of(found) == {("model", "a/base", "finetune", "inferred"), ("model", "a/other", "merge", "declared")}
    value = {"resolutions": {"a/old": {"fixed_hf_model_id": "b/new"}, "a/same": {"fixed_hf_model_id": "a/same"}}}
    assert read(catalogues, document(value)) == [Rename("model", "a/old", "b/new", "the Hub answered with another id")]


def test_repositories_use_models() -> None:
    rows = "github.com/acme/tool,a/b,https://huggingface.co/a/b,mit\ngithub.com/acme/tool,c/d,https://huggingface.co/c/d,\n"
    found = by_id(read(catalogues, document(rows, "mapping.csv")))
    assert lineage_of(found["acme/tool"]) == {
        ("model", "a/b", "include", "declared"),
        ("model", "c/d", "include", "declared"),
    }
    assert (found["acme/tool"].kind, found["a/b"].licenses) == ("source", ("mit",))
    assert by_id(read(catalogues, document({"acme/tool": ["mit"], "acme/x": None})))["acme/tool"].licenses == ("mit",)


def test_a_recipe_can_be_loaded_as_planned_works() -> None:
    yaml = "works:\n  corpus: {kind: dataset, license: cc-by-sa-4.0}\nsteps:\n  - make: chat\n    kind: model\n"
    yaml += "    from: [{work: corpus, via: train}, {work: openai-community/gpt2, via: finetune}]\n"
    found = by_id(read(planned, document(yaml, "recipe.yaml")))
    assert lineage_of(found["local/chat"]) == {
        ("dataset", "local/corpus", "train", "declared"),
        ("model", "openai-community/gpt2", "finetune", "declared"),
    }
