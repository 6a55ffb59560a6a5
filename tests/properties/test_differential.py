"""Second implementations: the bulk loop, the trace, CONSTRUCT rules, triple rules, and two SHACL engines agree."""

from typing import Any

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import shifty
import yaml
from rdflib import RDF, Graph, URIRef

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address, iri_of
from clausegraph.ground.namespaces import CG, LICENSE
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.validation.shacl import results, run
from clausegraph.validation.shapes import SH, license_types, shapes_graph
from clausegraph.validation.situation_graph import encumbrance_iris
from clausegraph.workspace.folder import Workspace
from tests.support.lineages import (
    PROPERTIES,
    Pairs,
    alike_in_plain_files,
    audited,
    bulk_verdicts,
    construct_all,
    engine_pairs,
    plain_report,
    stated,
    traced_verdicts,
    work,
)
from tests.support.paths import ROOT
from tests.support.plain import all_addresses, nodes_of, singles


@pytest.fixture(scope="module")
def catalogue(sample: Workspace, library: Library) -> Catalogue:
    return Catalogue(sample, library)


@pytest.fixture(scope="module")
def nodes(catalogue: Catalogue, library: Library) -> dict[str, Node]:
    roots = [a for a in all_addresses(catalogue) if len(catalogue.nodes(a)) > 1]
    found = singles(library, nodes_of(catalogue, roots))
    assert len(found) > 150
    return found


@pytest.fixture(scope="module")
def trace(library: Library, nodes: dict[str, Node]) -> Trace:
    return Trace(library, nodes.values())


@pytest.fixture(scope="module")
def engine(library: Library, trace: Trace) -> dict[str, Pairs]:
    return engine_pairs(library, trace)


@pytest.fixture(scope="module")
def constructed(library: Library, nodes: dict[str, Node]) -> ox.Store:
    return construct_all(library, nodes)


@pytest.fixture(scope="module")
def plain(library: Library, nodes: dict[str, Node]) -> tuple[Graph, Graph]:
    return plain_report(library, nodes)


def test_the_bulk_loop_and_the_trace_find_the_same_encumbrances(
    sample: Workspace, library: Library, catalogue: Catalogue
) -> None:
    rows = catalogue.connection.execute(
        f"""SELECT a.kind, a.id, e.state FROM read_parquet('{sample.derived / "audit" / "encumbered.parquet"}') e
        JOIN artifacts a ON a.n = e.artifact"""
    ).fetchall()
    labels = pq.read_table(sample.derived / "audit" / "states.parquet")["encumbrances"].to_pylist()
    bulk = {(address(kind, id_), iri) for kind, id_, state in rows for iri in labels[state]}
    full = Trace(library, nodes_of(catalogue, all_addresses(catalogue)).values())
    traced = {
        (node, iri)
        for node in full.nodes
        for state in full.states_of(node)
        for iri in encumbrance_iris(full.states.parts[state])
    }
    assert len(bulk) > 150
    assert bulk == traced


@pytest.mark.parametrize("name", ["encumbrance", *PROPERTIES])
def test_the_construct_rules_say_what_the_engine_says(
    name: str, engine: dict[str, Pairs], constructed: ox.Store
) -> None:
    quads = constructed.quads_for_pattern(None, ox.NamedNode(CG + name), None)
    found = {(q.subject.value, q.object.value) for q in quads if not q.subject.value.startswith(LICENSE)}
    assert found == engine[name]
    assert found


@pytest.mark.parametrize("name", ["encumbrance", *PROPERTIES])
def test_the_triple_rules_say_what_the_engine_says(
    name: str, engine: dict[str, Pairs], plain: tuple[Graph, Graph]
) -> None:
    found = {(str(s), str(o)) for s, o in plain[0].subject_objects(URIRef(CG + name)) if not str(s).startswith(LICENSE)}
    assert found == engine[name]


def test_a_report_over_every_artifact_says_what_the_report_over_situations_says(
    sample: Workspace, library: Library, catalogue: Catalogue, nodes: dict[str, Node], plain: tuple[Graph, Graph]
) -> None:
    """A situation stands for all artifacts in it: same shape, path, value and severity for each of them."""
    audit = sample.derived / "audit"
    rows = catalogue.connection.execute(
        f"""SELECT a.kind, a.id, f.code, f.value, f.severity
        FROM read_parquet('{audit / "findings.parquet"}') f
        JOIN read_parquet('{audit / "in_situation.parquet"}') i USING (situation) JOIN artifacts a USING (n)"""
    ).fetchall()
    by_situation = {(iri_of(address(k, i)), code, value, severity) for k, i, code, value, severity in rows}
    wanted = {iri_of(n) for n, node in nodes.items() if node.known and _whole(nodes, catalogue.nodes(n))}
    by_situation = {r for r in by_situation if r[0] in wanted and r[1] != "CG104"}
    singly = {(r.focus, r.code, r.value, r.severity.lower()) for r in results(plain[1]) if r.focus in wanted}
    merged = {r for r in singly ^ by_situation if "output-restriction" not in r[2]}
    assert merged == set()
    assert len(by_situation) > 100


def _whole(kept: dict[str, Node], lineage: list[Node]) -> bool:
    """Say whether the plain graph has a whole lineage."""
    return all(node.id in kept for node in lineage)


def test_two_shacl_engines_give_the_same_report_over_situations(sample: Workspace, library: Library) -> None:
    data = Graph().parse(sample.derived / "audit" / "situations.nt", format="nt") + license_types(library)
    shapes = shapes_graph("artifact")
    ours = {(r.focus, r.code, r.path, r.value, r.severity) for r in results(run(data, shapes))}
    _, report, _ = shifty.validate(data, shapes, infer=False)
    theirs = {(r.focus, r.code, r.path, r.value, r.severity) for r in results(report)}
    assert ours == theirs
    assert len(ours) > 100


def test_every_focus_of_the_report_is_a_situation(sample: Workspace) -> None:
    report = Graph().parse(sample.derived / "audit" / "report.ttl")
    data = Graph().parse(sample.derived / "audit" / "situations.nt", format="nt")
    situations = set(data.subjects(RDF.type, URIRef(CG + "Situation")))
    assert set(report.objects(None, SH.focusNode)) <= situations


@pytest.mark.parametrize("same_party", [False, True])
def test_the_construct_rules_judge_nothing_along_a_relation_that_does_not_fit(
    library: Library, same_party: bool
) -> None:
    """A model that is said to be trained on a model, and what is finetuned from it."""
    given = [
        Node("a/base", "model", Expression.of("llama2")),
        Node("b/student", "model", Expression.of("mit"), (Edge("a/base", "train", same_party),)),
        Node("c/tuned", "model", Expression.of("mit"), (Edge("b/student", "finetune"),)),
    ]
    store = construct_all(library, {node.id: node for node in given})
    trace = Trace(library, given)
    for node in given:
        subject = ox.NamedNode(iri_of(node.id))
        found = {q.object.value for q in store.quads_for_pattern(subject, ox.NamedNode(CG + "encumbrance"), None)}
        parts = [trace.states.parts[s] for s in trace.states_of(node.id)]
        assert found == {iri for part in parts for iri in encumbrance_iris(part)}
        assert bool(found) is (node.id != "a/base")
        assert not any("llama2" in iri for iri in found)


# ---- the probes of reach, each as works in one workspace ---------------------


def _rows(*parts: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(ROOT.joinpath("tests", *parts).read_text(encoding="utf-8"))
    return rows


def _chain(row: dict[str, Any]) -> str:
    return str([row["start"], row["steps"], row.get("assume"), row.get("reading")])


#: The verdict of a row of the reviews that waits is not asked.
WAITING = (ROOT / "tests" / "reviews" / "waiting.txt").read_text(encoding="utf-8").splitlines()
PROBES = _rows("reach", "probes.yaml")
#: The review of the table names some of the same chains.
PROBES += [
    {key: value for key, value in row.items() if key != "verdict" or row["id"] not in WAITING}
    | {"id": f"review-{row['id']}"}
    for row in _rows("reviews", "e.yaml")
    if _chain(row) not in map(_chain, PROBES)
]


def _probe(row: dict[str, Any]) -> list[Node]:
    """Return the works of a probe; each step is by another owner, unless it is by that of the step before."""
    name = row["id"].lower()
    owner = f"{name}-0"
    made = [work(owner, "w0", row["start"]["kind"], stated(row["start"]["license"]))]
    nodes = list(made)
    for number, step in enumerate(row["steps"], 1):
        owner = owner if step.get("own") else f"{name}-{number}"
        edges = [Edge(made[-1].id, step["via"])]
        edges += [Edge(made[0].id, step["with_start"])] if "with_start" in step else []
        for place, other in enumerate(step.get("beside", ())):
            nodes.append(work(f"{name}-{number}-{place}", "b", other["kind"], stated(other["license"])))
            edges.append(Edge(nodes[-1].id, other["via"]))
        made.append(work(owner, f"w{number}", step["kind"], stated(step["license"]), edges))
        nodes.append(made[-1])
    return nodes


@pytest.fixture(scope="module")
def probes() -> list[Node]:
    return [node for row in PROBES for node in _probe(row)]


def test_the_probes_end_alike_in_bulk_and_one_by_one(
    library: Library, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """But for own terms, which nobody but their author has read where a card names them."""
    rows = [row for row in PROBES if "proprietary" not in str(row)]
    probes = [node for row in rows for node in _probe(row)]
    bulk = bulk_verdicts(audited(library, probes, tmp_path_factory.mktemp("probes")))
    traced = traced_verdicts(library, probes)
    assert {node.id: traced[node.id] for node in probes if bulk[node.id] != traced[node.id]} == {}
    plain = {row["id"]: row["verdict"] for row in rows if not {"assume", "reading"} & row.keys() and "verdict" in row}
    found = {row["id"]: bulk[_probe(row)[-1].id] for row in rows if row["id"] in plain}
    assert {id_: verdict for id_, verdict in found.items() if verdict not in plain[id_]} == {}
    assert len(plain) > 25


def test_the_probes_end_alike_by_the_construct_rules_and_by_those_for_plain_files(
    library: Library, probes: list[Node]
) -> None:
    fitting = _fitting(library, probes)
    engine = alike_in_plain_files(library, {n.id: n for n in probes if n.id in fitting})
    assert all(engine.values())


def _fitting(library: Library, nodes: list[Node]) -> set[str]:
    """Return the works in chains that plain files can state, and in which every relation fits its kinds."""
    kinds = {node.id: library.artifact_kinds[node.kind] for node in nodes}
    bad = kinds.keys() - singles(library, {node.id: node for node in nodes}).keys()
    bad |= {n.id for n in nodes if any(not library.relations[e.relation].fits(kinds[e.parent]) for e in n.edges)}
    while more := {n.id for n in nodes if n.id not in bad and any(e.parent in bad for e in n.edges)}:
        bad |= more
    return kinds.keys() - bad
