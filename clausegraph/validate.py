"""Validates situations with pySHACL and reads the report back.

The report is a real SHACL report over situations; each stands for all artifacts in it. For many
situations the work is shared among processes, since a situation never needs another one.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from clausegraph.namespaces import local
from clausegraph.rdf import CG, SH

#: Situations from which a second process pays.
SHARE_FROM = 1500


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a report: `code` is the local name of the shape."""

    focus: str
    code: str
    path: str
    value: str
    severity: str


def run(data: Graph, shapes: Graph) -> Graph:
    """Validate `data` against `shapes` and return the report graph."""
    _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report!r}")
    return report


def _main(arguments: Sequence[str]) -> None:
    """Validate the N-Triples file of the first argument against the second, and write the report to the third."""
    data, shapes, target = arguments
    report = run(Graph().parse(data, format="nt"), Graph().parse(shapes, format="nt"))
    report.serialize(target, format="nt", encoding="utf-8")


def run_situations(data: Graph, shapes: Graph, common: Graph, processes: int = 2) -> Graph:
    """Validate a graph of situations; `common` holds library facts that every part needs."""
    nodes: list[Node] = sorted(set(data.subjects(RDF.type, CG.Situation)), key=str)
    paths = set(shapes.objects(None, SH.path))
    if len(nodes) < SHARE_FROM or processes < 2:
        return run(_part(data, nodes, common, paths), shapes)
    shares = [nodes[i::processes] for i in range(processes)]
    with tempfile.TemporaryDirectory(prefix="clausegraph-") as name:
        folder = Path(name)
        shapes.serialize(folder / "shapes.nt", format="nt", encoding="utf-8")
        running = []
        for number, share in enumerate(shares):
            files = [str(folder / f"{word}{number}.nt") for word in ("data", "report")]
            _part(data, share, common, paths).serialize(files[0], format="nt", encoding="utf-8")
            command = [sys.executable, "-m", "clausegraph.validate", files[0], str(folder / "shapes.nt"), files[1]]
            running.append(subprocess.Popen(command))
        codes = [process.wait() for process in running]
        if any(codes):
            raise RuntimeError(f"a validation process ended with {codes}")
        reports = [(folder / f"report{n}.nt").read_text(encoding="utf-8") for n in range(processes)]
    return merge(reports)


def _part(data: Graph, nodes: Sequence[Node], common: Graph, paths: set[Node]) -> Graph:
    """Return what shapes with these paths look at in `nodes`, with the common facts."""
    part = Graph()
    for triple in common:
        part.add(triple)
    for node in nodes:
        for subject, predicate, value in data.triples((node, None, None)):
            if predicate in paths:
                part.add((subject, predicate, value))
    return part


def merge(reports: Sequence[str]) -> Graph:
    """Merge reports into one with a single `sh:ValidationReport`."""
    merged = Graph()
    root = URIRef("https://w3id.org/clausegraph/report")
    conforms = True
    for number, text in enumerate(reports):
        part = Graph().parse(data=_apart(text, number), format="nt")
        report = part.value(predicate=RDF.type, object=SH.ValidationReport)
        conforms = conforms and str(part.value(report, SH.conforms)) == "true"
        for s, p, o in part:
            if p != SH.conforms:
                merged.add((root if s == report else s, p, o))
    merged.add((root, SH.conforms, Literal(conforms)))
    return merged


def _apart(text: str, number: int) -> str:
    """Keep blank nodes of several reports apart."""
    return text.replace("_:", f"_:r{number}")


def results(report: Graph) -> list[Result]:
    """Return the results of a report, sorted."""
    found = []
    for node in report.subjects(RDF.type, SH.ValidationResult):
        found.append(
            Result(
                str(report.value(node, SH.focusNode)),
                local(str(report.value(node, SH.sourceShape))),
                str(report.value(node, SH.resultPath)),
                str(report.value(node, SH.value)),
                local(str(report.value(node, SH.resultSeverity))),
            )
        )
    return sorted(found, key=lambda r: (r.focus, r.code, r.value))


if __name__ == "__main__":
    _main(sys.argv[1:])
