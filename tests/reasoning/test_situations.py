"""A situation stands for all artifacts in it: each artifact by itself gives the same results."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rdflib import Graph
from rdflib.term import Node

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.compile import linter
from clausegraph.compile.check import ontology_graph
from clausegraph.compile.linter import FORBIDDEN
from clausegraph.ground.addresses import address, iri_of
from clausegraph.ground.namespaces import CG
from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.validation.audit import audit
from clausegraph.validation.shacl import results, run_situations
from clausegraph.validation.shapes import license_types, shapes_graph
from clausegraph.workspace.duck import parquet
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file
from tests.support.plain import all_addresses
from tests.support.singly import artifact_triples

Found = set[tuple[str, str, str, str, str]]


def singly(catalogue: Catalogue, addresses: list[str]) -> Found:
    """Return the results of pySHACL for artifacts, each judged by itself."""
    triples = artifact_triples(catalogue, addresses)
    report = run_situations(triples, shapes_graph(), license_types(catalogue.library))
    return {(r.focus, r.code, r.path, r.value, r.severity.lower()) for r in results(report)}


def by_situation(workspace: Workspace, catalogue: Catalogue, addresses: list[str]) -> Found:
    """Return the results of the report over situations, for these artifacts."""
    audit = workspace.derived / "audit"
    rows = catalogue.connection.execute(
        f"""SELECT a.kind, a.id, f.code, f.value, f.severity
        FROM {parquet(audit / "findings.parquet")} f JOIN {parquet(audit / "in_situation.parquet")} i USING (situation)
        JOIN artifacts a USING (n)"""
    ).fetchall()
    wanted = {iri_of(a) for a in addresses}
    found = ((iri_of(address(kind, id_)), code, value, severity) for kind, id_, code, value, severity in rows)
    return {(i, code, CG + codes()[code].path, value, severity) for i, code, value, severity in found if i in wanted}


def test_every_artifact_of_the_sample_gives_what_its_situation_gives(sample: Workspace, library: Library) -> None:
    catalogue = Catalogue(sample, library)
    addresses = all_addresses(catalogue)
    one, other = singly(catalogue, addresses), by_situation(sample, catalogue, addresses)
    assert one == other
    assert len(one) > 300


def test_a_situation_has_one_name_in_every_audit(sample: Workspace, library: Library, tmp_path: Path) -> None:
    """Half of the sample by itself has other numbers, and the same names."""
    lines = sample_file().read_text().splitlines(keepends=True)
    (tmp_path / "models_2024-07-11.jsonl").write_text("".join(lines[::2]))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "models_2024-07-11.jsonl"))
    audit(workspace, library)
    named = []
    for place in (sample, workspace):
        rows = pq.read_table(place.derived / "audit" / "situations.parquet").to_pylist()
        assert len({row["key"] for row in rows}) == len(rows)
        named.append({row["key"]: (row["kind"], row["declared"], row["encumbrances"], row["verdict"]) for row in rows})
    shared = named[0].keys() & named[1].keys()
    assert len(shared) > 10
    assert all(sorted(named[0][k][2]) == sorted(named[1][k][2]) and named[0][k][3] == named[1][k][3] for k in shared)


#: For each rule of the linter one deliberate violation, and what the linter says of it.
VIOLATIONS = {
    "inversePath": ("cg-sh:X sh:path [ sh:inversePath cg:encumbrance ]", "an inverse path looks at other nodes"),
    "zeroOrMorePath": ("cg-sh:X sh:path [ sh:zeroOrMorePath cg:encumbrance ]", "a repeated path is recursive"),
    "oneOrMorePath": ("cg-sh:X sh:path [ sh:oneOrMorePath cg:encumbrance ]", "a repeated path is recursive"),
    "zeroOrOnePath": ("cg-sh:X sh:path [ sh:zeroOrOnePath cg:encumbrance ]", "an optional path is not allowed"),
    "closed": ("cg-sh:X sh:closed true", "a closed shape looks at every property"),
    "targetNode": ("cg-sh:X sh:targetNode cg:y", "a single target node is no situation in general"),
    "targetObjectsOf": ("cg-sh:X sh:targetObjectsOf cg:encumbrance", "objects of a property are no situations"),
    "targetClass": ("cg-sh:X sh:targetClass cg:Situation", "situations are found by their properties"),
    "target": ("cg-sh:X sh:target cg:y", "a SPARQL target looks at the whole graph"),
    "sparql": ("cg-sh:X sh:sparql cg:y", "a SPARQL constraint looks at the whole graph"),
    "rule": ("cg-sh:X sh:rule cg:y", "rules are generated, shapes state what must hold"),
    "hasValue": ("cg-sh:X sh:hasValue cg:y", "a required value fails on situations without the property"),
    "blank value": ("cg-sh:X sh:node [ sh:class cg:License ]", "is a blank node; give it a name"),
    "first step": ("cg-sh:X sh:path ( cg:derivesFrom cg:encumbrance )", "the path does not start with a property"),
    "alternative": ("cg-sh:X sh:path [ sh:alternativePath ( cg:derivesFrom ) ]", "the path does not start with"),
    "target elsewhere": ("cg-sh:X sh:targetSubjectsOf cg:derivesFrom", "the target is no property of situations"),
    "no name": ("[] sh:path cg:encumbrance", "a property shape has no name"),
    "no message": ("cg-sh:X sh:path cg:encumbrance", "message is missing"),
}


@pytest.fixture(scope="module")
def allowed() -> set[Node]:
    return linter.situation_properties(ontology_graph())


@pytest.mark.parametrize("rule", VIOLATIONS)
def test_the_linter_catches_a_violation_of_each_of_its_rules(rule: str, allowed: set[Node]) -> None:
    shape, said = VIOLATIONS[rule]
    text = f"@prefix cg: <{CG}> . @prefix cg-sh: <https://w3id.org/clausegraph/shapes#> . "
    graph = Graph().parse(data=f"{text} @prefix sh: <http://www.w3.org/ns/shacl#> . {shape} .")
    found = linter.problems(graph, allowed)
    assert any(said in problem for problem in found), found


def test_no_rule_of_the_linter_is_without_its_violation() -> None:
    assert {str(name).rpartition("#")[2] for name in FORBIDDEN} <= set(VIOLATIONS)


def test_situations_are_typed_as_situations_and_as_nothing_else(sample: Workspace) -> None:
    lines = (sample.derived / "audit" / "situations.nt").read_text().splitlines()
    typed = {line.split(" ")[2] for line in lines if "#type>" in line}
    assert typed == {f"<{CG}Situation>"}
