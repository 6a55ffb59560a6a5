"""Every shipped query has a header, and gives the expected rows over the sample and the works of the questions."""

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.compile.query_index import SECTIONS, body, index_text, section
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.ground.files import folder, generated
from clausegraph.library import Library
from clausegraph.library.queries import INDIVIDUALS, bind, find, own_limit, queries, read_header
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.store.nquads import GRAPHS, graph_iri, write_quads
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support import asked
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def store(workspace: Workspace, library: Library) -> ox.Store:
    return open_store(workspace, library)


@pytest.mark.parametrize(("name", "whole"), asked.cases())
def test_a_query_gives_the_expected_rows(name: str, whole: bool, store: ox.Store, library: Library) -> None:
    query = find(name)
    columns, rows = asked.ask(Embedded(store), query, whole, library)
    assert columns == query.returns
    assert asked.text(columns, rows) == asked.expected(name, whole).read_text(encoding="utf-8")
    assert rows


@pytest.mark.parametrize("name", queries())
def test_a_query_runs_as_it_stands_in_the_graph(name: str, store: ox.Store) -> None:
    ask = f"SELECT ?text {{ <{find(name).iri}> <http://www.w3.org/ns/shacl#select> ?text }}"
    found = store.query(ask, use_default_graph_as_union=True)
    (text,) = (row["text"].value for row in found)
    assert text == body(find(name))
    answer = store.query(text, use_default_graph_as_union=True)
    assert tuple(v.value for v in answer.variables) == find(name).returns


def test_every_query_has_expected_rows_and_no_expectation_is_left_over() -> None:
    assert {p.name for p in asked.EXPECTED.glob("*.csv")} == {asked.expected(*case).name for case in asked.cases()}
    assert len(queries()) >= 40


@pytest.mark.parametrize("name", queries())
def test_a_header_says_what_is_asked_and_how_to_read_it(name: str) -> None:
    query = find(name)
    assert query.summary.endswith("?")
    for part in ("Problem. ", "Reading. ", "Solution. "):
        assert part in query.description
    assert section(query) in {tag for tag, _, _ in SECTIONS}
    for facts in query.params.values():
        assert set(facts) - {"default"} == {"type", "required", "example"}
        assert facts.get("default", facts["example"]) == facts["example"]
        assert facts["type"] in {*INDIVIDUALS, "artifact", "integer", "date", "repair"}


@pytest.mark.parametrize("name", queries())
def test_each_parameter_has_its_line_with_the_example_and_each_line_is_a_parameter(name: str, library: Library) -> None:
    query = find(name)
    examples = {key: str(facts["example"]) for key, facts in query.params.items()}
    assert bind(query, {k: v for k, v in examples.items() if query.params[k]["required"]}, library).count("VALUES") == (
        query.text.count("VALUES")
    )
    for key, facts in query.params.items():
        lines = [x.strip() for x in body(query).splitlines() if f"VALUES ?{key} {{" in x or x.endswith(f" # {key}")]
        assert lines
        assert all(line.startswith("# ") != (facts["required"] or "default" in facts) for line in lines), (
            "a commented line is optional"
        )
    assert not re.search(r"^ *# (VALUES|\?)", bind(query, examples, library), re.MULTILINE)


def test_competency_questions_are_numbered_once() -> None:
    numbers = [read_header(p)["competency"] for p in folder("queries").glob("*.rq")]
    assert len(set(numbers)) == len(numbers)


def test_the_index_names_every_query_once() -> None:
    page = index_text()
    assert all(page.count(f"\n### {name}\n") == 1 for name in queries())
    assert f"The {len(queries())} queries" in page
    assert (ROOT / "docs" / "queries.md").read_text(encoding="utf-8") == page


def test_the_questions_are_in_the_graph_as_executables(store: ox.Store) -> None:
    ask = "SELECT (COUNT(*) AS ?n) { ?q a <http://www.w3.org/ns/shacl#SPARQLSelectExecutable> }"
    (row,) = store.query(ask, use_default_graph_as_union=True)
    assert row["n"].value == str(len(queries()))
    assert generated("questions.ttl").read_text(encoding="utf-8").startswith("# GENERATED")


def test_a_query_that_does_not_exist_suggests_the_nearest() -> None:
    with pytest.raises(UnknownIdentifier, match="conflicts"):
        find("conflict")


def test_parameters_are_checked(library: Library) -> None:
    with pytest.raises(UsageError, match="needs the parameter 'license'"):
        bind(find("carriers"), {}, library)
    with pytest.raises(UsageError, match="has no parameter 'color'"):
        bind(find("carriers"), {"license": "mit", "color": "red"}, library)
    with pytest.raises(UsageError, match="is no IRI"):
        bind(find("descendants"), {"work": "a b> ; DROP"}, library)
    with pytest.raises(UsageError, match="whole number"):
        bind(find("thresholds"), {"count": "1e3"}, library)
    with pytest.raises(UsageError, match="a date"):
        bind(find("adoption"), {"before": 'yesterday" } #'}, library)
    with pytest.raises(UnknownIdentifier, match="finetune"):
        bind(find("clauses-by-relation"), {"license": "mit", "relation": "finetun"}, library)
    with pytest.raises(UnknownIdentifier, match="OpenRAILLicense"):
        bind(find("licenses-by-family"), {"family": "OpenRAIL"}, library)
    with pytest.raises(UnknownIdentifier, match="case"):
        bind(find("repaired-references"), {"repair": "cases"}, library)


@pytest.mark.parametrize("spelling", ["gemma", "Gemma Terms of Use", "https://w3id.org/clausegraph/license/gemma"])
def test_every_spelling_of_a_license_binds_the_same(spelling: str, library: Library) -> None:
    query = find("restrictions")
    assert bind(query, {"license": spelling}, library) == bind(query, {"license": "gemma"}, library)


def test_a_limit_takes_the_place_of_the_query_s_own(store: ox.Store, library: Library) -> None:
    query = find("conflicts")
    assert own_limit(query) == 1000
    graph = Embedded(store)
    everything = graph.select(bind(query, {"atLeast": "0"}, library, 0))[1]
    assert len(graph.select(bind(query, {"atLeast": "0"}, library, 2))[1]) == 2 < len(everything)
    assert "LIMIT" not in bind(query, {"atLeast": "0"}, library, 0)
    assert own_limit(find("contested")) is None
    assert len(graph.select(bind(find("contested"), {}, library, 3))[1]) == 3


def test_the_graph_lies_in_its_named_graphs(store: ox.Store) -> None:
    found = {g.value for g in store.named_graphs()}
    assert found == {graph_iri(name) for name in GRAPHS}


def test_groups_add_up_to_what_is_in_the_graph(store: ox.Store) -> None:
    """The counts that are kept are those that a query over every artifact and every edge would give."""

    def rows(query: str) -> set[tuple[str, ...]]:
        found = store.query("PREFIX cg: <https://w3id.org/clausegraph/ns#> " + query, use_default_graph_as_union=True)
        return {tuple(row[v].value for v in found.variables) for row in found}

    counted = rows(
        """SELECT ?license (COUNT(DISTINCT ?work) AS ?n) WHERE {
        ?work cg:declaredLicense ?license ; cg:name ?name } GROUP BY ?license"""
    )
    kept = rows(
        """SELECT ?license (SUM(?size) AS ?n) WHERE {
        ?group cg:artifacts ?size ; cg:groupedTerms ?terms . ?terms cg:includesLicense ?license } GROUP BY ?license"""
    )
    assert counted == kept
    assert len(counted) > 10
    edges = rows(
        """SELECT ?counted ?up ?down (COUNT(DISTINCT ?pair) AS ?n) WHERE {
        { ?relation cg:viaProperty ?via } UNION { ?relation cg:withinProperty ?via }
        ?child ?via ?parent . ?parent cg:declaredLicense ?up . ?child cg:declaredLicense ?down
        OPTIONAL { ?reference cg:referenceOf ?child ; cg:resolvesTo ?parent ; cg:relationInferred true ;
            cg:referenceRelation ?guess
            FILTER(?relation = <https://w3id.org/clausegraph/relation/base-model>) }
        BIND(COALESCE(?guess, ?relation) AS ?counted)
        BIND(CONCAT(STR(?child), " ", STR(?parent)) AS ?pair) } GROUP BY ?counted ?up ?down"""
    )
    grouped = rows(
        """SELECT ?relation ?up ?down (SUM(?size) AS ?n) WHERE {
        ?group cg:reuses ?size ; cg:reuseRelation ?relation ; cg:upstreamTerms ?above ; cg:groupedTerms ?below .
        ?above cg:includesLicense ?up . ?below cg:includesLicense ?down } GROUP BY ?relation ?up ?down"""
    )
    assert edges == grouped
    assert len(edges) > 10


def test_what_is_asserted_is_kept_beside_its_repair(store: ox.Store) -> None:
    ask = """PREFIX cg: <https://w3id.org/clausegraph/ns#>
    ASK { GRAPH <%s> { ?r cg:statedParent ?stated } GRAPH <%s> { ?r cg:repair "legacy_name" ; cg:resolvesTo ?p } }"""
    assert store.query(ask % (graph_iri("asserted"), graph_iri("derived")))


def test_the_exported_quads_are_read_strictly(sample: Workspace, library: Library, tmp_path: Path) -> None:
    path = write_quads(sample, library, tmp_path / "graph.nq")
    quads = list(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))
    assert len(quads) > 3000


def test_hostile_names_stay_text(library: Library, tmp_path: Path) -> None:
    """A license value with quotes and line ends is a literal, and nothing more."""
    nasty = 'mit" . <x> <y> <z> . #\n\\ \t end'
    record = {"kind": "model", "id": "a/b", "license": [nasty]}
    (tmp_path / "facts.jsonl").write_text(json.dumps(record))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "facts.jsonl"))
    path = write_quads(workspace, library, tmp_path / "graph.nq")
    values = [q.object.value for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)]
    assert nasty.strip() in values
    assert not any(q.subject.value == "x" for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))
