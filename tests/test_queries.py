"""Every shipped query has a header, and gives the expected rows over the embedded sample."""

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.asking import bind, find, queries, run
from clausegraph.errors import UnknownIdentifier, UsageError
from clausegraph.files import folder
from clausegraph.library import Library
from clausegraph.quads import GRAPHS, graph_iri, write_quads
from clausegraph.store import open_store
from clausegraph.workspace import Workspace

EXPECTED = Path(__file__).parent / "expected" / "queries"
#: The parameters with which a query is tried; those without are tried as they are.
PARAMS = {
    "license-facts": {"license": "Apache License 2.0"},
    "restrictions": {"license": "creativeml-openrail-m"},
    "carriers": {"license": "mpl-2.0"},
    "descendants": {"work": "meta-llama/Meta-Llama-3-8B"},
    "clauses-of-work": {"work": "mlabonne/NeuralBeagle14-7B"},
}


@pytest.fixture(scope="module")
def store(sample: Workspace, library: Library) -> ox.Store:
    return open_store(sample, library)


@pytest.mark.parametrize("name", queries())
def test_a_query_gives_the_expected_rows(name: str, store: ox.Store, library: Library) -> None:
    query = find(name)
    columns, rows = run(store, query, PARAMS.get(name, {}), library)
    assert columns == query.returns
    with (EXPECTED / f"{name}.csv").open(newline="") as handle:
        expected = list(csv.reader(handle))
    assert [list(columns), *([("" if v is None else str(v)) for v in row] for row in rows)] == expected
    assert rows


def test_every_query_has_expected_rows_and_no_expectation_is_left_over() -> None:
    assert {p.stem for p in EXPECTED.glob("*.csv")} == set(queries())
    assert len(queries()) >= 10


@pytest.mark.parametrize("name", queries())
def test_a_header_says_what_is_asked_and_how_to_read_it(name: str) -> None:
    query = find(name)
    assert query.summary
    for part in ("Problem.", "Reading.", "Solution."):
        assert part in query.description
    assert query.tags
    for facts in query.params.values():
        assert {"type", "required", "example"} <= set(facts)


def test_competency_questions_are_numbered_once() -> None:
    from clausegraph.asking import read_header

    numbers = [read_header(p)["competency"] for p in folder("queries").glob("*.rq")]
    assert len(set(numbers)) == len(numbers)


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


def test_the_graph_lies_in_its_named_graphs(store: ox.Store) -> None:
    found = {g.value for g in store.named_graphs()}
    assert found == {graph_iri(name) for name in GRAPHS}


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
    import json

    from clausegraph.load import load

    nasty = 'mit" . <x> <y> <z> . #\n\\ \t end'
    record = {"kind": "model", "id": "a/b", "license": [nasty]}
    (tmp_path / "facts.jsonl").write_text(json.dumps(record))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "facts.jsonl"))
    path = write_quads(workspace, library, tmp_path / "graph.nq")
    values = [q.object.value for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)]
    assert nasty.strip() in values
    assert not any(q.subject.value == "x" for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))
