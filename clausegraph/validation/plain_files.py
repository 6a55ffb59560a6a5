"""Validates files of others: artifacts as RDF, with the plain shapes, the rules and the library."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from pyshacl import validate as pyshacl_validate
from rdflib import RDF, Graph, URIRef

from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.files import generated, turtle_files
from clausegraph.ground.namespaces import CG
from clausegraph.ground.verdict_types import ValidateAnswer
from clausegraph.library import Library
from clausegraph.validation.library_graph import add_library
from clausegraph.validation.shacl import Result, results, uncollected

#: Formats by suffix; JSON-LD is left out, since a context may point anywhere.
FORMATS = {".ttl": "turtle", ".nt": "nt", ".n3": "turtle"}
#: The largest file that is read, in bytes.
MAX = 50_000_000


@dataclass(frozen=True)
class Report:
    """The results of validating a file, and the report as Turtle.

    `judged` is how many artifacts the file says something of; `strange` are terms of our namespace that there are not.
    """

    file: str
    results: list[Result]
    turtle: str
    judged: int
    strange: tuple[str, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether something was judged, every term is known, and nothing was found."""
        return bool(self.judged) and not self.results and not self.strange

    @property
    def passes(self) -> bool:
        """Whether something was judged and nothing worse than an open condition was found."""
        return bool(self.judged) and not self.strange and all(r.severity == "Info" for r in self.results)

    def to_dict(self) -> ValidateAnswer:
        """Return the report as JSON values."""
        rows = [asdict(r) for r in self.results]
        head = {"schema_version": 2, "file": self.file, "judged": self.judged, "conforms": self.conforms}
        return cast(ValidateAnswer, head | {"strange_terms": list(self.strange), "results": rows})


def read_graph(path: Path) -> Graph:
    """Read an RDF file; raises `UnreadableInput` that names the file, the place and the fix."""
    if path.suffix.casefold() not in FORMATS:
        raise UnreadableInput(f"{path}: files of this kind are not read. Use one of {', '.join(FORMATS)}.")
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file. Check the path.")
    if path.stat().st_size > MAX:
        raise UnreadableInput(
            f"{path}: the file is larger than {MAX:,} bytes. Load large data with `clausegraph load`."
        )
    try:
        return Graph().parse(path, format=FORMATS[path.suffix.casefold()])
    except Exception as error:  # rdflib's parsers raise errors of many unrelated classes
        raise UnreadableInput(f"{path}: no readable RDF ({error}). Fix the file.") from error


def validate_file(path: Path) -> Report:
    """Derive and validate what a file says, with `all-shapes.ttl` and `library.nt` and nothing else of ours."""
    data = read_graph(path)
    judged, strange = _judged(data), _strange(data)
    with uncollected():
        add_library(data)
        shapes = Graph().parse(generated("all-shapes.ttl"), format="turtle")
        _, report, _ = pyshacl_validate(
            data, shacl_graph=shapes, advanced=True, iterate_rules=True, inference="none", inplace=True
        )
    assert isinstance(report, Graph)
    return Report(str(path), results(report), report.serialize(format="turtle"), judged, strange)


def _judged(data: Graph) -> int:
    """Count the works of which a file says a license or a reuse relation."""
    library = Library.load()
    ways = {URIRef(iri) for r in library.relations.values() for iri in (r.property, r.within)}
    ways |= {URIRef(CG + "declaredLicense"), URIRef(CG + "derivesFrom")}
    return len({s for s, p in data.subject_predicates() if p in ways})


def _strange(data: Graph) -> tuple[str, ...]:
    """Return the terms of our namespace in a file that the ontology does not have, such as a misspelled relation."""
    used = {*data.predicates(), *data.objects(None, RDF.type)}
    ours = {str(term) for term in used if str(term).startswith(CG)}
    known = {iri for path in turtle_files("ontology") for iri in _described(path)} if ours else set()
    return tuple(sorted(ours - known))


def _described(path: Path) -> set[str]:
    return {t.subject.value for t in ox.parse(path=str(path)) if getattr(t.subject, "value", "").startswith(CG)}
