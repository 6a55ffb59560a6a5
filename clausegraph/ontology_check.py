"""Checks the ontology: style and license shapes, and consistency and families by HermiT.

HermiT comes with owlready2 and needs Java; without Java that part is skipped, and it says so.
owlready2 reads N-Triples, so sources and tables are written to one file for it.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, Graph, URIRef

from clausegraph import namespaces as ns
from clausegraph import shape_linter
from clausegraph.files import generated, turtle_files
from clausegraph.library.generate import generate, inferred_types
from clausegraph.rdf import shapes_graph
from clausegraph.validate import results
from clausegraph.validate import run as run_shacl

#: Tables that a reasoner does not need: they are facts about modes and no part of any definition.
_FOR_REASONING = (ns.CG + "lacksKind",)


def ontology_graph() -> Graph:
    """Return the source files of the ontology as one graph."""
    graph = Graph()
    for path in turtle_files("ontology"):
        graph.parse(path, format="turtle")
    return graph


def own_terms(graph: Graph) -> Graph:
    """Return a graph without the declarations of other vocabularies' terms, which are not ours to describe."""
    ours = Graph()
    for triple in graph:
        foreign = isinstance(triple[0], URIRef) and not str(triple[0]).startswith(ns.BASE)
        if not (foreign and triple[1] == RDF.type and str(triple[2]).startswith(str(OWL))):
            ours.add(triple)
    for node in list(ours.subjects(RDF.type, OWL.Class)):
        if not isinstance(node, URIRef):
            ours.remove((node, RDF.type, OWL.Class))
    return ours


def shape_problems(graph: Graph, part: str) -> list[str]:
    """Return what the shapes of a folder report about a graph, one sentence each."""
    report = run_shacl(graph, shapes_graph(part))
    found = results(report)
    return [f"{r.focus}: {r.code} ({r.path}), value {r.value}" for r in found]


def reasoner_types(progress: Callable[[str], None]) -> set[tuple[str, str]] | None:
    """Return (license, family) as HermiT infers them, or `None` without Java.

    Raises `ValueError` naming the classes if the ontology is inconsistent or a class cannot be met.
    """
    if shutil.which("java") is None:
        progress("no Java found: consistency and families by a reasoner are not checked")
        return None
    import owlready2

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.nt"
        graph = ontology_graph()
        for triple in Graph().parse(generated("library.nt"), format="nt"):
            if str(triple[1]) in _FOR_REASONING:
                graph.add(triple)
        for subject, value in list(graph.subject_objects(OWL.imports)):
            graph.remove((subject, OWL.imports, value))
        graph.serialize(path, format="nt", encoding="utf-8")
        world: Any = owlready2.World()
        ontology = world.get_ontology(path.as_uri()).load()
        try:
            with ontology:
                owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError as error:
            raise ValueError(f"the ontology is inconsistent: {error}") from error
        unsatisfiable = [c.iri for c in world.inconsistent_classes()]
        if unsatisfiable:
            raise ValueError(f"classes that nothing can belong to: {', '.join(sorted(unsatisfiable))}")
        return _families(world)


def _families(world: Any) -> set[tuple[str, str]]:
    families = {family for _, family in inferred_types()}
    families |= {str(s) for s in _family_classes()}
    found = set()
    for family in families:
        cls = world[family]
        if cls is not None:
            for individual in cls.instances(world=world):
                found.add((individual.iri, family))
    return found


def _family_classes() -> list[URIRef]:
    graph = Graph().parse(next(p for p in turtle_files("ontology") if p.name == "clausegraph.ttl"))
    query = """SELECT ?c WHERE { ?c <http://www.w3.org/2000/01/rdf-schema#subClassOf> <%s> ;
      <http://www.w3.org/2002/07/owl#equivalentClass> ?d }"""
    return [row[0] for row in graph.query(query % (ns.CG + "License"))]  # type: ignore[index, misc]


def run(progress: Callable[[str], None]) -> list[str]:
    """Return all problems of the ontology; an empty list means that it is in order."""
    graph = ontology_graph()
    problems = [f"not current: ontology/generated/{name}; run `make library`" for name in generate(check=True)]
    progress("style of terms")
    problems += shape_problems(own_terms(graph), "style")
    problems += shape_linter.problems(shapes_graph("artifact"), shape_linter.situation_properties(graph))
    progress("license files")
    problems += shape_problems(graph, "library")
    progress("consistency and families")
    try:
        by_reasoner = reasoner_types(progress)
    except ValueError as error:
        return [*problems, str(error)]
    if by_reasoner is not None:
        by_query = inferred_types()
        problems += [f"only HermiT finds {license_}: {family}" for license_, family in sorted(by_reasoner - by_query)]
        problems += [
            f"HermiT does not find {license_}: {family}" for license_, family in sorted(by_query - by_reasoner)
        ]
    return problems
