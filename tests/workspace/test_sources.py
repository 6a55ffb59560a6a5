"""What is stated twice is kept twice and compared; repairs and renames are statements beside; snapshots differ."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from clausegraph.answers.artifact_findings import artifact_findings
from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import codes
from clausegraph.library.names import Expression
from clausegraph.store.embedded import open_store
from clausegraph.store.nquads import write_quads
from clausegraph.store.snapshot_diff import SORTS, Diff
from clausegraph.validation.audit import audit
from clausegraph.validation.shacl import results
from clausegraph.validation.shacl import run as validate
from clausegraph.validation.shapes import CG, shapes_graph
from clausegraph.workspace import data_findings, lineage
from clausegraph.workspace.comparisons import compare
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.paths import ROOT
from tests.support.running import ok

#: The text of Apache-2.0.
APACHE = ROOT / "LICENSE"


def put(tmp_path: Path, records: list[dict[str, Any]], name: str = "models.jsonl") -> str:
    path = tmp_path / name
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return str(path)


def hub(id_: str, card: dict[str, Any], tags: list[str], resolved: Any = None) -> dict[str, Any]:
    return {"id": id_, "tags": tags, "cardData": card, "baseModels": resolved}


def to(relation: str, *ids: str) -> dict[str, Any]:
    return {"relation": relation, "models": [{"_id": "0", "id": i} for i in ids]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


RECORDS = [
    hub("acme/base", {"license": "mit"}, ["license:mit"]),
    hub("zai-org/glm", {"license": "mit"}, ["license:mit"]),
    hub("new/name", {"license": "mit"}, ["license:mit"]),
    hub("me/declared", {"base_model": "acme/base", "base_model_relation": "adapter"}, [], to("finetune", "acme/base")),
    hub("me/open", {"base_model": "acme/base"}, ["base_model:acme/base"], to("quantized", "acme/base")),
    hub("me/dropped", {"base_model": ["acme/base", "acme/gone"]}, [], to("merge", "acme/base")),
    hub("me/renamed-owner", {"base_model": "THUDM/glm"}, []),
    hub("me/followed", {"base_model": "old/name"}, [], to("finetune", "new/name")),
    hub("me/loader", {"datasets": ["imagefolder"]}, []),
    hub("me/tag", {"license": "apache-2.0"}, ["license:gpl-3.0"]),
    hub("me/spelling", {"license": "Apache 2.0"}, ["license:apache-2.0"]),
]


@pytest.fixture
def catalogue(workspace: Workspace, library: Library, tmp_path: Path) -> Catalogue:
    load(workspace, put(tmp_path, RECORDS))
    return Catalogue(workspace, library)


def notes(catalogue: Catalogue, id_: str) -> set[tuple[str, str]]:
    return {(n.code, n.subject) for n in catalogue.notes(catalogue.entry(id_))}


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("me/declared", set()),
        ("me/open", {("CG119", "acme/base")}),
        ("me/dropped", {("CG118", "acme/gone"), ("CG119", "acme/base")}),
        ("me/renamed-owner", {("CG116", "THUDM/glm (THUDM is now zai-org)"), ("CG118", "THUDM/glm")}),
        ("me/followed", {("CG116", "old/name (the Hub resolves it to this artifact)"), ("CG119", "old/name")}),
        ("me/tag", {("CG107", "gpl-3.0 (tag)")}),
        ("me/spelling", set()),
    ],
)
def test_statements_that_differ_are_found(id_: str, expected: set[tuple[str, str]], catalogue: Catalogue) -> None:
    assert notes(catalogue, id_) == expected


def test_a_parent_that_the_hub_dropped_is_a_gap_of_the_artifact(catalogue: Catalogue, library: Library) -> None:
    found = catalogue.check("me/dropped", Assumptions(library))
    (gone,) = (finding for finding in found.findings() if finding["code"] == "CG111")
    assert (gone["kind"], gone["origin"], gone["license"]) == ("gone-terms", "acme/gone", "ancestor-gone")
    assert (found.verdict, "ancestor-gone" in found.judgment.reasons) == ("unknown", True)


def test_a_loader_name_is_no_dataset(catalogue: Catalogue, library: Library) -> None:
    (found,) = notes(catalogue, "me/loader")
    assert found[0] == "CG117"
    assert found[1].startswith("imagefolder (A loader of files")
    assert library.names_no_artifact("dataset", "ImageFolder")
    assert library.names_no_artifact("model", "imagefolder") is None


def test_the_relation_is_the_declared_one_else_the_hubs_else_unstated_beside_the_inferred(catalogue: Catalogue) -> None:
    rows = catalogue.connection.execute(
        "SELECT c.id, e.relation, e.inferred FROM edges e JOIN artifacts c ON c.n = e.child ORDER BY 1"
    ).fetchall()
    assert {id_: tuple(relations) for id_, *relations in rows} == {
        "me/declared": ("adapter", None),
        "me/open": ("quantize", None),
        "me/dropped": ("merge", None),
        "me/renamed-owner": ("base-model", "finetune"),
        "me/followed": ("finetune", None),
    }
    assert len(rows) == 5, "one edge for each parent, however often it is stated"


def test_each_statement_is_kept_with_its_place(catalogue: Catalogue) -> None:
    found = catalogue.connection.execute(
        """SELECT r.place, r.basis, r.relation FROM refs r JOIN artifacts c ON c.n = r.child
        WHERE c.id = 'me/open' ORDER BY 1"""
    ).fetchall()
    assert found == [
        ("card", "inferred", "finetune"),
        ("resolved", "hub", "quantize"),
        ("tag", "inferred", "finetune"),
    ]


def test_a_reference_counts_once_however_often_it_is_stated(catalogue: Catalogue) -> None:
    numbers = catalogue.statistics()
    assert numbers["references"] == 7
    assert {k: v for k, v in numbers["by_repair"].items() if v} == {"exact": 4, "renamed": 2, "gone": 1}
    assert sum(numbers["by_relation"].values()) == 7


def test_audit_and_findings_count_them_too(workspace: Workspace, library: Library, catalogue: Catalogue) -> None:
    found = audit(workspace, library).findings
    assert {c: found.get(c) for c in ("CG107", "CG111", "CG116", "CG117", "CG118", "CG119")} == {
        "CG107": 1,
        "CG111": 1,
        "CG116": 2,
        "CG117": 1,
        "CG118": 2,
        "CG119": 3,
    }
    listed = {(f.artifact, f.code) for f in artifact_findings(workspace, library)}
    assert {("me/tag", "CG107"), ("me/dropped", "CG118"), ("me/loader", "CG117")} <= listed


def test_the_graph_says_who_states_what_and_from_which_source(
    workspace: Workspace, library: Library, catalogue: Catalogue
) -> None:
    store = open_store(workspace, library)
    prefixes = "PREFIX cg: <https://w3id.org/clausegraph/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> "
    rows = store.query(
        prefixes
        + """SELECT ?place ?value ?comparison WHERE { GRAPH ?g { ?s cg:licenseStatementOf
        <https://huggingface.co/me/tag> ; cg:statedIn ?place ; cg:statedValue ?value }
        GRAPH ?h { ?s cg:comparison ?comparison } }"""
    )
    assert [tuple(v.value for v in row) for row in rows] == [("tag", "gpl-3.0", "tag_differs")]
    assert store.query(
        prefixes
        + """ASK { GRAPH ?g { <https://huggingface.co/me/tag> prov:wasDerivedFrom ?source .
        ?source a prov:Entity ; prov:generatedAtTime ?time ; cg:snapshot "current" } }"""
    )
    assert store.query(prefixes + 'ASK { GRAPH ?g { ?r cg:repairReason "THUDM is now zai-org" } }')


def _found_by_shapes(workspace: Workspace, library: Library, path: Path) -> dict[str, int]:
    """Return for each code how many works the data shapes find in the exported graph."""
    data = Graph()
    for quad in ox.parse(path=str(write_quads(workspace, library, path)), format=ox.RdfFormat.N_QUADS):
        if "/reference/" in quad.subject.value or "/statement/" in quad.subject.value:
            data.parse(data=f"{quad.subject} {quad.predicate} {quad.object} .", format="nt")
    works = set()
    for result in results(validate(data, shapes_graph("data"))):
        node = URIRef(result.focus)
        works.add((result.code, data.value(node, CG.referenceOf) or data.value(node, CG.licenseStatementOf)))
    return dict(Counter(code for code, _ in works))


def test_the_data_shapes_find_in_the_graph_what_the_audit_counts_in_its_tables(
    sample: Workspace, workspace: Workspace, library: Library, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Findings about sources come from tables; the shapes see the same in the graph."""
    for name, license_file in (("filed", APACHE.read_text(encoding="utf-8")), ("strange", "All rights reserved.\n")):
        (tmp_path / "cards" / "me" / name).mkdir(parents=True)
        (tmp_path / "cards" / "me" / name / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
        (tmp_path / "cards" / "me" / name / "LICENSE").write_text(license_file, encoding="utf-8")
    load(workspace, str(tmp_path / "cards"))
    made = audit(workspace, library).findings
    embedded = json.loads((sample.derived / "audit" / "audit.json").read_text())["findings"]
    for place, counted, codes_ in (
        (workspace, made, {"CG106", "CG107", "CG116", "CG117", "CG118", "CG119", "CG128"}),
        (sample, embedded, {"CG112", "CG113", "CG114", "CG115"}),
    ):
        expected = {code: count for code, count in counted.items() if code in data_findings.CODES}
        assert _found_by_shapes(place, library, tmp_path / "graph.nq") == expected
        assert set(expected) == codes_


def test_every_code_of_a_source_has_its_shape() -> None:
    assert {c for c in codes() if c in data_findings.CODES} == data_findings.CODES


@pytest.mark.parametrize(
    ("declared", "values", "place", "expected"),
    [
        ("mit", ["MIT License"], "file", "same"),
        ("mit", ["apache-2.0"], "file", "file_differs"),
        ("mit", ["apache-2.0"], "tag", "tag_differs"),
        ("mit", ["other"], "tag", "unknown"),
        ("mit", ["never heard of"], "checked", "unknown"),
        ("other", ["mit"], "file", "unknown"),
        ("gpl", ["gpl-3.0"], "file", "same"),
        ("gpl", ["mit"], "file", "file_differs"),
        ("openrail", ["mit"], "tag", "unknown"),
        ("gpl-3.0", ["gpl-3.0-or-later"], "file", "same"),
        ("mit", ["mit AND apache-2.0"], "file", "file_holds_more"),
        ("mit", ["mit", "apache-2.0"], "file", "file_holds_more"),
        ("mit", ["mit", "apache-2.0"], "tag", "tag_differs"),
        ("mit", ["apache-2.0 AND bsd-3-clause"], "file", "file_differs"),
    ],
)
def test_a_difference_is_found_only_between_known_licenses(
    declared: str, values: list[str], place: str, expected: str, library: Library
) -> None:
    assert compare(library, Expression.of(library.resolve(declared)), values, place) == expected


@pytest.mark.parametrize("value", ["other", "never heard of", ""])
def test_a_license_file_that_is_no_known_text_is_not_passed_over(value: str, library: Library) -> None:
    """It may say anything; what stands in the head of a file of weights says nothing where it is not known."""
    mit = Expression.of("mit")
    assert compare(library, mit, [value], "file") == "file_not_identified"
    assert compare(library, mit, [value], "file", text=False) == "unknown"
    assert compare(library, mit, ["mit"], "file", more=True) == "file_holds_more"


def test_what_others_say_never_overwrites_what_a_repository_says(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    rows = "access,dependencies,license,name,type,url,model_card\n"
    rows += "open,[],MIT,Base,model,,https://huggingface.co/acme/base\n"
    (tmp_path / "assets.csv").write_text(rows)
    load(workspace, put(tmp_path, [hub("acme/base", {"license": "gpl-3.0"}, [])]))
    load(workspace, str(tmp_path / "assets.csv"))
    catalogue = Catalogue(workspace, library)
    assert catalogue.entry("acme/base").licenses == ("gpl-3.0",)
    assert notes(catalogue, "acme/base") == {("CG109", "MIT (catalogue)")}


def test_a_newer_source_replaces_what_the_repository_said_before(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    load(workspace, put(tmp_path, [*RECORDS[:3], hub("me/x", {"base_model": "acme/base"}, [])], "models-1.jsonl"))
    load(workspace, put(tmp_path, [hub("me/x", {"base_model": "new/name"}, [])], "models-2.jsonl"))
    found = Catalogue(workspace, library).connection.execute("SELECT stated FROM refs").fetchall()
    assert found == [("new/name",)]


def test_what_a_model_says_of_others_counts_where_they_are_loaded(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    """A model's record lists the Spaces that use it; each Space is described elsewhere, or not at all."""
    load(workspace, put(tmp_path, [hub("acme/base", {"license": "mit"}, []) | {"spaces": ["me/demo", "me/unknown"]}]))
    load(workspace, put(tmp_path, [{"id": "me/demo", "sdk": "gradio", "tags": []}], "spaces.jsonl"))
    found = Catalogue(workspace, library)
    edges = found.connection.execute(
        "SELECT c.kind, c.id, e.relation FROM edges e JOIN artifacts c ON c.n = e.child"
    ).fetchall()
    assert edges == [("service", "me/demo", "include")]
    counted = found.connection.execute("SELECT count(*) FROM artifacts").fetchone()
    assert counted == (2,)


# ---- snapshots -----------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, library: Library) -> Workspace:
    workspace = Workspace(tmp_path / "ws")
    base = hub("acme/base", {"license": "apache-2.0"}, [])
    before = [base, hub("me/kept", {"license": "mit", "base_model": "acme/base"}, []), hub("me/went", {}, [])]
    after = [
        base | {"cardData": {"license": "llama2"}},
        hub("me/kept", {"license": "mit", "base_model": "acme/base"}, []),
        hub("me/came", {"license": "mit", "base_model": "acme/base", "base_model_relation": "adapter"}, []),
    ]
    load(Workspace(workspace.folder, "2022"), put(tmp_path, before, "models-2022-02-21.jsonl"))
    load(Workspace(workspace.folder, "2024"), put(tmp_path, after, "models-2024-07-11.jsonl"))
    return workspace


def test_a_workspace_holds_several_snapshots_and_opens_the_last(two: Workspace, library: Library) -> None:
    assert two.snapshots() == ["2022", "2024"]
    assert (two.opened, [s.date for s in two.sources()]) == ("2024", ["2024-07-11"])
    assert Catalogue(two, library).entry("me/came")
    earlier = Workspace(f"{two.folder}@2022")
    assert Catalogue(earlier, library).entry("me/went")
    with pytest.raises(UnknownIdentifier, match="Did you mean 2024, 2022"):
        two.at("2021")
    with pytest.raises(UnknownIdentifier, match="no snapshot is called '1999'"):
        Catalogue(Workspace(f"{two.folder}@1999"), library)


def test_a_diff_lists_licenses_verdicts_artifacts_and_edges(two: Workspace, library: Library) -> None:
    found = Diff(two, library, "2022", "2024")
    assert found.counts() == {
        "license": 1,
        "verdict": 2,
        "artifact-added": 1,
        "artifact-removed": 1,
        "edge-added": 1,
        "edge-removed": 0,
    }
    changes = {(c.sort, c.artifact, c.before, c.after, c.other) for sort in SORTS for c in found.changes(sort)}
    assert changes == {
        ("license", "acme/base", "apache-2.0", "llama2", None),
        ("verdict", "acme/base", "compatible", "conditional", None),
        ("verdict", "me/kept", "conditional", "conflict", None),
        ("artifact-added", "me/came", None, "mit", None),
        ("artifact-removed", "me/went", "none", None, None),
        ("edge-added", "me/came", None, "adapter", "acme/base"),
    }


def test_a_diff_with_itself_is_empty_and_the_other_way_round_is_the_reverse(two: Workspace, library: Library) -> None:
    assert set(Diff(two, library, "2024", "2024").counts().values()) == {0}
    ahead, back = (Diff(two, library, *names).counts() for names in (("2022", "2024"), ("2024", "2022")))
    assert ahead["artifact-added"] == back["artifact-removed"]
    assert ahead["edge-added"] == back["edge-removed"]
    assert ahead["license"] == back["license"]


def test_the_diff_command_and_its_formats(two: Workspace) -> None:
    where = ["--workspace", str(two.folder)]
    text = ok("diff", "2022", "2024", *where)
    assert "acme/base" in text
    assert "apache-2.0 → llama2" in text
    lines = [json.loads(line) for line in ok("diff", "2022", "2024", *where, "--format", "jsonl").splitlines()]
    assert len(lines) == 6
    assert ok("diff", "2022", "2024", *where, "--format", "csv").splitlines()[0] == "sort,artifact,before,after,other"
    assert json.loads(ok("diff", "2022", "2024", *where, "--format", "json"))["counts"]["license"] == 1


# ---- transactions ----------------------------------------------------------------


def test_two_loads_at_once_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, RECORDS)
    with workspace.transaction(), pytest.raises(UsageError, match="another load is running"):
        load(workspace, path)
    assert load(workspace, path).fresh


def test_tables_that_no_manifest_names_are_cleared_away(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, put(tmp_path, RECORDS))
    left = workspace.folder / "sources" / "orphan"
    left.mkdir()
    (left / "artifacts.parquet").write_text("half")
    load(workspace, put(tmp_path, RECORDS[:1], "models-2.jsonl"))
    assert not left.exists()
    assert len(pq.read_table(workspace.tables("artifacts")[0])) == len(RECORDS)


def test_resolved_tables_are_named() -> None:
    assert set(lineage.TABLES) == {"artifacts", "refs", "edges", "lost", "comparisons", "own_terms"}
