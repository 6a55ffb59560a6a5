"""Second implementations: the bulk loop, the trace, CONSTRUCT rules, triple rules, and two SHACL engines agree."""

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import shifty
from pyshacl import validate as pyshacl_validate
from rdflib import RDF, Graph, URIRef

from clausegraph.addresses import address, iri_of
from clausegraph.catalogue import Catalogue
from clausegraph.check import _features
from clausegraph.conditions import Assumptions
from clausegraph.files import generated, turtle_files
from clausegraph.judging import SituationJudge
from clausegraph.library import Library
from clausegraph.library.build import rule_files
from clausegraph.names import Expression
from clausegraph.namespaces import CG, LICENSE, local
from clausegraph.rdf import SH, binding_triples, encumbrance_iris, judgment_triples, license_types, shapes_graph
from clausegraph.trace import Edge, Node, Trace
from clausegraph.validate import results, run
from clausegraph.workspace import Workspace

from .plain import all_addresses, asserted_graph, nodes_of, singles

PROPERTIES = ("boundBy", "mayBeBoundBy", "owes", "breaches", "mayBreach", "wouldBreach")
Pairs = set[tuple[str, str]]


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
    """What the engine says, without the feature of merges that a plain graph does not state."""
    judge = SituationJudge(library, Assumptions(library))
    found: dict[str, Pairs] = {name: set() for name in (*PROPERTIES, "encumbrance")}
    for node in trace.nodes.values():
        parts = [trace.states.parts[s] for s in trace.states_of(node.id)]
        if node.declared is None or not node.known:
            continue
        names = {c.iri for c in library.artifact_conditions if c.operator == "startsWith"}
        features = tuple(f for f in _features(library, trace, node, named=True) if f[0] in names)
        triples = list(judgment_triples(judge.judge_with(features).judge(parts, node.declared)))
        triples += [t for part in parts for t in binding_triples(part)]
        for prop, clause in triples:
            name = local(prop)
            general = next((p for p in PROPERTIES[3:] if name.startswith(p)), name)
            found[general].add((iri_of(node.id), clause))
        found["encumbrance"] |= {(iri_of(node.id), iri) for part in parts for iri in encumbrance_iris(part)}
    return found


@pytest.fixture(scope="module")
def constructed(library: Library, nodes: dict[str, Node]) -> ox.Store:
    return construct_all(library, nodes)


def construct_all(library: Library, nodes: dict[str, Node]) -> ox.Store:
    """Return what the CONSTRUCT rules derive from works that a plain graph states."""
    store = ox.Store()
    for path in turtle_files("ontology"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES)
    store.load(asserted_graph(library, nodes).serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    rules = [path.read_text(encoding="utf-8") for path in rule_files("artifact")]
    size = -1
    while size != len(store):
        size = len(store)
        for rule in rules:
            store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in store.query(rule)])
    return store


@pytest.fixture(scope="module")
def plain(library: Library, nodes: dict[str, Node]) -> tuple[Graph, Graph]:
    """The graph and the report that `pyshacl -a -it -s all-shapes.ttl theirs.ttl library.nt` gives."""
    data = asserted_graph(library, nodes)
    data.parse(generated("library.nt"), format="nt")
    shapes = Graph().parse(generated("all-shapes.ttl"))
    _, report, _ = pyshacl_validate(
        data, shacl_graph=shapes, advanced=True, iterate_rules=True, inference="none", inplace=True
    )
    return data, report


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
