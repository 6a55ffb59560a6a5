"""Checks the ontology: style and license shapes, and consistency and families by HermiT.

HermiT comes with owlready2 and needs Java; without Java that part is skipped, and it says so.
It is told the sources and the tables that a definition mentions: consistency is asked of all of it,
classes and families of what the definitions mention. The other tables are facts about modes.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef

from clausegraph.compile import linter
from clausegraph.compile.generate import generate, inferred_types
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import generated, turtle_files
from clausegraph.validation.shacl import results
from clausegraph.validation.shacl import run as run_shacl
from clausegraph.validation.shapes import CG, shapes_graph


def ontology_graph() -> Graph:
    """Return the source files of the ontology as one graph."""
    graph = Graph()
    for path in turtle_files("ontology"):
        graph.parse(path, format="turtle")
    return graph


def kit_graph() -> Graph:
    """Return the kit from which licenses are composed, which stands outside the root's import closure."""
    graph = Graph()
    for path in turtle_files("ontology", "composing"):
        graph.parse(path, format="turtle")
    for subject, value in list(graph.subject_objects(OWL.imports)):
        graph.remove((subject, OWL.imports, value))
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
        everything, definitions = Path(folder) / "ontology.nt", Path(folder) / "definitions.nt"
        graph = reasoning_graph()
        kit = kit_graph()
        (graph + kit).serialize(everything, format="nt", encoding="utf-8")
        _consistent(everything, Path(owlready2.__file__).parent / "hermit")
        _for_classes(graph).serialize(definitions, format="nt", encoding="utf-8")
        world: Any = owlready2.World()
        ontology = world.get_ontology(definitions.as_uri()).load()
        with ontology:
            owlready2.sync_reasoner_hermit(world, debug=0)
        unsatisfiable = [c.iri for c in world.inconsistent_classes()]
        if unsatisfiable:
            raise ValueError(f"classes that nothing can belong to: {', '.join(sorted(unsatisfiable))}")
        return _families(world)


def reasoning_graph() -> Graph:
    """Return the ontology with the missing kinds that its definitions mention, and without imports."""
    graph = ontology_graph()
    mentioned = set(graph.objects(None, OWL.hasValue))
    for triple in ox.parse(path=str(generated("library.nt"))):
        if triple.predicate.value == ns.CG + "lacksKind" and URIRef(triple.object.value) in mentioned:
            graph.add((URIRef(triple.subject.value), URIRef(ns.CG + "lacksKind"), URIRef(triple.object.value)))
    for subject, value in list(graph.subject_objects(OWL.imports)):
        graph.remove((subject, OWL.imports, value))
    return graph


def _for_classes(graph: Graph) -> Graph:
    """Return the axioms, and of licenses and clauses the types and what the definitions mention.

    Clauses that are described alike are one here. Nothing else decides a family, and HermiT takes several times as
    long with all of it.
    """
    mentioned = set(graph.objects(None, OWL.onProperty)) | {RDF.type}
    terms = {
        s for sort in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty) for s in graph.subjects(RDF.type, sort)
    }
    licenses, clauses = graph.subjects(CG.hasClause), graph.objects(None, CG.hasClause)
    individuals = {*licenses, *clauses, *graph.objects(None, OWL.hasValue)}
    kept = Graph()
    for triple in graph:
        axiom = isinstance(triple[0], BNode) or triple[0] in terms
        if triple[1] in mentioned:
            wanted = triple[1] != RDF.type or axiom or triple[0] in individuals
        else:
            wanted = axiom and (not isinstance(triple[2], Literal) or triple[1] == OWL.hasValue)
        if wanted:
            kept.add(triple)
    return _alike_as_one(kept)


def _alike_as_one(graph: Graph) -> Graph:
    """Return a graph with one clause for all that are described alike."""
    first: dict[frozenset[Any], Any] = {}
    clauses = sorted(set(graph.objects(None, CG.hasClause)), key=str)
    one = {clause: first.setdefault(frozenset(graph.predicate_objects(clause)), clause) for clause in clauses}
    found = Graph()
    for subject, prop, value in graph:
        if one.get(subject, subject) == subject:
            found.add((subject, prop, one.get(value, value)))
    return found


def _consistent(path: Path, hermit: Path) -> None:
    """Raise `ValueError` if HermiT finds the ontology in a file inconsistent; nothing is classified."""
    classpath = f"{hermit}{os.pathsep}{hermit / 'HermiT.jar'}"
    command = ["java", "-Xmx2000M", "-cp", classpath, "org.semanticweb.HermiT.cli.CommandLine", "-k", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or "is satisfiable" not in done.stdout:
        raise ValueError(f"the ontology is inconsistent: {(done.stderr or done.stdout).strip()[-2000:]}")


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
    below = graph.subjects(RDFS.subClassOf, URIRef(ns.CG + "License"))
    return [c for c in below if isinstance(c, URIRef) and (c, OWL.equivalentClass, None) in graph]


def run(progress: Callable[[str], None]) -> list[str]:
    """Return all problems of the ontology; an empty list means that it is in order."""
    graph = ontology_graph()
    problems = [f"not current: ontology/generated/{name}; run `make library`" for name in generate(check=True)]
    progress("style of terms")
    problems += shape_problems(own_terms(graph), "style")
    problems += linter.problems(shapes_graph("artifact"), linter.situation_properties(graph))
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
