"""Answers as RDF: the situation of one work, and findings of a case."""

from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import RDF, SKOS, BNode, Graph, Literal, URIRef

from clausegraph.answers.check import Subject
from clausegraph.ground import namespaces as ns
from clausegraph.reasoning.judge_situation import Judged, unsuitable
from clausegraph.reasoning.situations import Situation
from clausegraph.validation.shapes import CG
from clausegraph.validation.situation_graph import situation_statements


def subject_graph(subject: Subject) -> Graph:
    """Return the situation of one work as the shapes look at it, also of a work that does not exist yet."""
    node, checked = subject.node, subject.check()
    declared = checked.judgment.declared
    assert declared is not None
    states = tuple(moved for _, moved in subject.states)
    situation = Situation(
        number=0,
        key="",
        kind=node.kind,
        declared=declared,
        states=states,
        features=subject.features,
        artifacts=1,
        release=node.release,
        left_open=node.left_open,
    )
    found = Judged(situation, checked.judgment, unsuitable(subject.library, node.kind, declared.ids))
    graph, this = Graph(), BNode()
    graph.bind("cg", CG)
    for prop, value in situation_statements(subject.library, found, subject.trace.states.parts):
        if node.declared is not None or prop != ns.CG + "declaredLicense":
            graph.add((this, URIRef(prop), URIRef(value)))
    graph.add((this, CG.verdict, Literal(checked.verdict)))
    return graph


def findings_graph(findings: Iterable[Mapping[str, Any]]) -> Graph:
    """Return findings, as JSON answers show them, as a graph of `cg:Finding`s."""
    graph = Graph()
    graph.bind("cg", CG)
    for number, finding in enumerate(findings, 1):
        node = URIRef(f"{ns.BASE}finding/{number}")
        graph.add((node, RDF.type, CG.Finding))
        graph.add((node, CG.code, Literal(finding["code"])))
        graph.add((node, CG.reports, URIRef(finding["clause"])))
        graph.add((node, SKOS.definition, Literal(finding["message"], lang="en")))
    return graph
