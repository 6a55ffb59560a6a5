"""Validates situations with pySHACL and reads the report back.

The report is a real SHACL report over situations; each stands for all artifacts in it.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pyshacl import validate
from rdflib import RDF, Graph, URIRef

from clausegraph.ground.namespaces import local
from clausegraph.validation.shapes import SH
from clausegraph.validation.situation_graph import Triple


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a report: `code` is the local name of the shape."""

    focus: str
    code: str
    path: str
    value: str
    severity: str


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the garbage collector out, which finds nothing in a growing report and takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def run(data: Graph, shapes: Graph) -> Graph:
    """Validate `data` against `shapes` and return the report graph."""
    with uncollected():
        _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report!r}")
    return report


def run_situations(described: Iterable[Triple], shapes: Graph, common: Graph) -> Graph:
    """Validate descriptions of situations; `common` holds library facts that the shapes ask for.

    Only what the shapes look at is handed over. Sharing the work among processes was measured and
    costs more than it saves, since data and reports must then be written and read again.
    """
    part = Graph()
    part += common
    paths = {str(path) for path in shapes.objects(None, SH.path)}
    for subject, predicate, value in described:
        if predicate in paths:
            part.add((URIRef(subject), URIRef(predicate), URIRef(value)))
    return run(part, shapes)


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
