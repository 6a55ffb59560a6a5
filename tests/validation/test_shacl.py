"""SHACL over situations: what is handed over, and how a report is read back."""

import gc

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef

from clausegraph.ground.namespaces import CG as CG_IRI
from clausegraph.validation.shacl import Result, results, run, run_situations, uncollected
from clausegraph.validation.shapes import CG, SH

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix cg: <https://w3id.org/clausegraph/ns#> .
@prefix : <https://w3id.org/clausegraph/shapes#> .
:CG204 a sh:PropertyShape ; sh:targetSubjectsOf cg:breachesShareAlike ; sh:path cg:breachesShareAlike ; sh:in ( ) ;
  sh:severity sh:Violation .
:CG102 a sh:PropertyShape ; sh:targetSubjectsOf cg:declaredLicense ; sh:path cg:declaredLicense ;
  sh:not [ sh:class cg:Undetermined ] ; sh:severity sh:Warning ."""
BREACH = ("urn:s2", CG_IRI + "breachesShareAlike", "urn:clause")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=SHAPES, format="turtle")


def test_a_breach_is_found_with_its_code_its_clause_and_its_severity_and_a_duty_is_none(shapes: Graph) -> None:
    described = [BREACH, ("urn:s1", CG_IRI + "owes", "urn:clause"), ("urn:s1", CG_IRI + "declaredLicense", "urn:mit")]
    assert results(run_situations(described, shapes, Graph())) == [
        Result("urn:s2", "CG204", CG_IRI + "breachesShareAlike", "urn:clause", "Violation")
    ]
    assert results(run_situations([], shapes, Graph())) == []


def test_a_declared_license_is_judged_by_what_is_known_of_it(shapes: Graph) -> None:
    common = Graph().add((URIRef("urn:other"), RDF.type, CG.Undetermined))
    described = [(f"urn:{name}", CG_IRI + "declaredLicense", f"urn:{name}") for name in ("other", "mit")]
    found = results(run_situations(described, shapes, common))
    assert [(r.focus, r.code, r.value, r.severity) for r in found] == [("urn:other", "CG102", "urn:other", "Warning")]
    assert results(run_situations(described, shapes, Graph())) == []
    assert len(common) == 1, "what is common to all stays as it is"


def test_results_are_in_order_of_work_code_and_value_whatever_the_order_of_the_report() -> None:
    report = Graph()
    wanted = [("urn:a", "CG1", "v1"), ("urn:a", "CG1", "v2"), ("urn:a", "CG2", "v0"), ("urn:b", "CG1", "v0")]
    for focus, code, value in reversed(wanted):
        node = BNode()
        report.add((node, RDF.type, SH.ValidationResult))
        for name, term in (("focusNode", URIRef(focus)), ("sourceShape", CG[code]), ("value", Literal(value))):
            report.add((node, SH[name], term))
        report.add((node, SH.resultSeverity, SH.Info))
    report.add((BNode(), RDF.type, SH.ValidationReport))
    assert [(r.focus, r.code, r.value) for r in results(report)] == wanted
    assert {r.severity for r in results(report)} == {"Info"}
    assert results(Graph()) == []


def test_two_breaches_of_one_work_are_two_results(shapes: Graph) -> None:
    data = Graph()
    for clause in ("urn:one", "urn:two"):
        data.add((URIRef("urn:s"), CG.breachesShareAlike, URIRef(clause)))
    assert [r.value for r in results(run(data, shapes))] == ["urn:one", "urn:two"]


def test_the_garbage_collector_is_afterwards_as_it_was_even_where_something_goes_wrong() -> None:
    was = gc.isenabled()
    try:
        for before in (True, False):
            (gc.enable if before else gc.disable)()
            with pytest.raises(ZeroDivisionError), uncollected():
                1 / (0 if not gc.isenabled() else 1)
            assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()
