"""Small lineages, judged in bulk, one by one, by CONSTRUCT rules, and by the rules for plain files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
from pyshacl import validate as pyshacl_validate
from rdflib import Graph, URIRef

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address, iri_of
from clausegraph.ground.files import generated, turtle_files
from clausegraph.ground.namespaces import CG, LICENSE, local
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.library.rules import rule_files
from clausegraph.reasoning.features import features_of
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.validation.audit import audit
from clausegraph.validation.library_graph import add_library
from clausegraph.validation.situation_graph import binding_triples, encumbrance_iris, judgment_triples
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.plain import asserted_graph

PROPERTIES = ("boundBy", "mayBeBoundBy", "owes", "breaches", "mayBreach", "wouldBreach")
Pairs = set[tuple[str, str]]


def stated(text: str) -> Expression:
    """Return what a card declares with a text; a misspelled license is no declaration."""
    found = Library.load().names.expression(text)
    assert found is not None, text
    return found


def work(owner: str, name: str, kind: str, declared: Expression, edges: Sequence[Edge] = ()) -> Node:
    """Return a work of an owner under its address; what the owner made of its own works is known as such."""
    id_ = address(kind, f"{owner}/{name}")
    own = tuple(replace(e, same_party=_bare(e.parent).startswith(f"{owner}/")) for e in edges)
    return Node(id_, kind, declared, own, owner=owner)


def _bare(id_: str) -> str:
    return "/".join(id_.split("/")[-2:])


def audited(library: Library, nodes: Sequence[Node], folder: Path) -> Catalogue:
    """Return works as a workspace that was audited."""
    kinds = {node.id: node.kind for node in nodes}
    lines = []
    for node in nodes:
        parents = [{"id": _bare(e.parent), "kind": kinds[e.parent], "via": e.relation} for e in node.edges]
        licenses = [] if node.undeclared else [str(node.declared)]
        lines.append({"kind": node.kind, "id": _bare(node.id), "license": licenses, "parents": parents})
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "works.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    workspace = Workspace(folder / "ws")
    load(workspace, str(source))
    audit(workspace, library)
    return Catalogue(workspace, library)


def bulk_verdicts(catalogue: Catalogue) -> dict[str, str]:
    """Return the verdict of each work as the audit wrote it."""
    folder = catalogue.workspace.derived / "audit"
    rows = catalogue.ask(
        f"""SELECT a.kind, a.id, s.verdict FROM read_parquet('{folder / "in_situation.parquet"}') i
        JOIN read_parquet('{folder / "situations.parquet"}') s USING (situation) JOIN artifacts a USING (n)"""
    )
    return {address(kind, id_): verdict for kind, id_, verdict in rows}


def traced_verdicts(library: Library, nodes: Sequence[Node]) -> dict[str, str]:
    """Return the verdict of each work as it is judged by itself."""
    trace, judges = Trace(library, nodes), SituationJudge(library, Assumptions(library))
    found = {}
    for node in trace.nodes.values():
        parts = [trace.states.parts[s] for s in trace.states_of(node.id)]
        features = features_of(library, trace, node, named=True) if parts else ()
        assert node.declared is not None
        found[node.id] = judges.judgment(features, parts, node.declared, node.left_open).verdict.name
    return found


def engine_pairs(library: Library, trace: Trace) -> dict[str, Pairs]:
    """Return what the engine says, without the feature of merges that a plain graph does not state."""
    judge = SituationJudge(library, Assumptions(library))
    found: dict[str, Pairs] = {name: set() for name in (*PROPERTIES, "encumbrance")}
    for node in trace.nodes.values():
        parts = [trace.states.parts[s] for s in trace.states_of(node.id)]
        if node.declared is None or not node.known:
            continue
        names = {c.iri for c in library.artifact_conditions if c.operator == "startsWith"}
        features = tuple(f for f in features_of(library, trace, node, named=True) if f[0] in names)
        triples = list(judgment_triples(judge.judge_with(features).judge(parts, node.declared)))
        triples += [t for part in parts for t in binding_triples(part)]
        for prop, clause in triples:
            name = local(prop)
            general = next((p for p in PROPERTIES[3:] if name.startswith(p)), name)
            found[general].add((iri_of(node.id), clause))
        found["encumbrance"] |= {(iri_of(node.id), iri) for part in parts for iri in encumbrance_iris(part)}
    return found


def construct_all(library: Library, nodes: Mapping[str, Node]) -> ox.Store:
    """Return what the CONSTRUCT rules derive from works that a plain graph states."""
    store = ox.Store()
    for path in turtle_files("ontology"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES)
    store.load(asserted_graph(library, dict(nodes)).serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    rules = [path.read_text(encoding="utf-8") for path in rule_files("artifact")]
    size = -1
    while size != len(store):
        size = len(store)
        for rule in rules:
            store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in store.query(rule)])
    return store


def alike_in_plain_files(library: Library, nodes: Mapping[str, Node]) -> dict[str, Pairs]:
    """Assert that CONSTRUCT rules and rules for plain files say what the engine says, and return that."""
    engine = engine_pairs(library, Trace(library, nodes.values()))
    store, (plain, _) = construct_all(library, nodes), plain_report(library, nodes)
    for name in ("encumbrance", *PROPERTIES):
        quads = store.quads_for_pattern(None, ox.NamedNode(CG + name), None)
        by_construct = {(q.subject.value, q.object.value) for q in quads if LICENSE not in q.subject.value}
        by_shapes = {(str(s), str(o)) for s, o in plain.subject_objects(URIRef(CG + name)) if LICENSE not in str(s)}
        assert by_construct == engine[name], name
        assert by_shapes == engine[name], name
    return engine


def plain_report(library: Library, nodes: Mapping[str, Node]) -> tuple[Graph, Graph]:
    """Return the graph and the report that `pyshacl -a -it -s all-shapes.ttl theirs.ttl library.nt` gives."""
    data = asserted_graph(library, dict(nodes))
    add_library(data)
    shapes = Graph().parse(generated("all-shapes.ttl"))
    _, report, _ = pyshacl_validate(
        data, shacl_graph=shapes, advanced=True, iterate_rules=True, inference="none", inplace=True
    )
    return data, report
