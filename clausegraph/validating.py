"""Validates files of others: artifacts as RDF, with the plain shapes, the rules and the library."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyshacl import validate as pyshacl_validate
from rdflib import Graph

from clausegraph.errors import UnreadableInput
from clausegraph.files import generated
from clausegraph.validate import Result, results, uncollected

#: Formats by suffix; JSON-LD is left out, since a context may point anywhere.
FORMATS = {".ttl": "turtle", ".nt": "nt", ".n3": "turtle"}
#: The largest file that is read, in bytes.
MOST = 50_000_000


@dataclass(frozen=True)
class Report:
    """The results of validating a file, and the report as Turtle."""

    file: str
    results: list[Result]
    turtle: str

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        rows = [asdict(r) for r in self.results]
        return {"schema_version": 1, "file": self.file, "conforms": not rows, "results": rows}


def read_graph(path: Path) -> Graph:
    """Read an RDF file; raises `UnreadableInput` that names the file, the place and the fix."""
    if path.suffix.casefold() not in FORMATS:
        raise UnreadableInput(f"{path}: files of this kind are not read. Use one of {', '.join(FORMATS)}.")
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file. Check the path.")
    if path.stat().st_size > MOST:
        raise UnreadableInput(
            f"{path}: the file is larger than {MOST:,} bytes. Load large data with `clausegraph load`."
        )
    try:
        return Graph().parse(path, format=FORMATS[path.suffix.casefold()])
    except Exception as error:  # rdflib's parsers raise errors of many unrelated classes
        raise UnreadableInput(f"{path}: no readable RDF ({error}). Mend the file.") from error


def validate_file(path: Path) -> Report:
    """Derive and validate what a file says, with `all-shapes.ttl` and `library.nt` and nothing else of ours."""
    data = read_graph(path)
    with uncollected():
        data.parse(generated("library.nt"), format="nt")
        shapes = Graph().parse(generated("all-shapes.ttl"), format="turtle")
        _, report, _ = pyshacl_validate(
            data, shacl_graph=shapes, advanced=True, iterate_rules=True, inference="none", inplace=True
        )
    assert isinstance(report, Graph)
    return Report(str(path), results(report), report.serialize(format="turtle"))
