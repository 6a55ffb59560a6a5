"""Keeps artifact shapes inside the situation.

A report over situations stands for all artifacts only while shapes look at nothing else. So shapes in
`shapes/artifact/` may use forward, non-recursive paths that start with a property marked
`cg:situationProperty true`, targets by such properties, and named nodes; no inverse or repeated
paths, no `sh:closed`, no single target nodes, no SPARQL, no blank nodes beside lists.
"""

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from clausegraph.validation.shapes import CG, SH

FORBIDDEN = {
    SH.inversePath: "an inverse path looks at other nodes",
    SH.zeroOrMorePath: "a repeated path is recursive",
    SH.oneOrMorePath: "a repeated path is recursive",
    SH.zeroOrOnePath: "an optional path is not allowed",
    SH.closed: "a closed shape looks at every property",
    SH.targetNode: "a single target node is no situation in general",
    SH.targetObjectsOf: "objects of a property are no situations",
    SH.targetClass: "situations are found by their properties",
    SH.target: "a SPARQL target looks at the whole graph",
    SH.sparql: "a SPARQL constraint looks at the whole graph",
    SH.rule: "rules are generated, shapes state what must hold",
    SH.hasValue: "a required value fails on situations without the property",
}


def situation_properties(ontology: Graph) -> set[Node]:
    """Return the properties that artifact shapes may start with."""
    return {s for s, value in ontology.subject_objects(CG.situationProperty) if value == Literal(True)}


def first_step(shapes: Graph, path: Node) -> Node:
    """Return the first property of a path."""
    first = shapes.value(path, RDF.first)
    return path if first is None else first


def problems(shapes: Graph, allowed: set[Node]) -> list[str]:
    """Return what is wrong with artifact shapes, a sentence each; none means that they are sound."""
    found = []
    for subject, predicate, value in shapes:
        if predicate in FORBIDDEN:
            found.append(f"{subject}: {FORBIDDEN[URIRef(str(predicate))]}")
        if isinstance(value, BNode) and predicate not in (RDF.rest, SH["in"], SH["or"], SH["and"], SH.xone, SH.path):
            found.append(f"{subject}: the value of {predicate} is a blank node; give it a name")
        if predicate == SH.path and first_step(shapes, value) not in allowed:
            found.append(f"{subject}: the path does not start with a property of situations")
        if predicate == SH.targetSubjectsOf and value not in allowed:
            found.append(f"{subject}: the target is no property of situations")
    for shape in set(shapes.subjects(SH.path, None)):
        if isinstance(shape, BNode):
            found.append("a property shape has no name")
        for needed in (SH.message, SH.name, SH.severity):
            if shapes.value(shape, needed) is None:
                found.append(f"{shape}: {needed} is missing")
    return sorted(found)
