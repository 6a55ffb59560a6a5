"""The tables of the library for pySHACL: the same graph as rdflib's own reader gives."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from clausegraph.ground.files import generated
from clausegraph.validation import library_graph
from clausegraph.validation.library_graph import add_library, to_rdflib

#: Terms of every sort. A text is written without its datatype, as our files do; rdflib tells the two apart.
EVERY = r"""<urn:a> <urn:b> <urn:c> .
<urn:a> <urn:b> "plain" .
<urn:a> <urn:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .
<urn:a> <urn:b> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<urn:a> <urn:b> "chat"@fr .
<urn:a> <urn:b> "line\nand \"quote\" \u00e9" .
<urn:a> <urn:b> _:one .
_:one <urn:b> _:two .
"""


def read(path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setattr(library_graph, "generated", lambda _: path)
    graph = Graph()
    add_library(graph)
    return graph


def test_terms_of_every_sort_are_read_as_rdflib_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.nt"
    path.write_text(EVERY, encoding="utf-8")
    assert isomorphic(read(path, monkeypatch), Graph().parse(path, format="nt"))


def test_every_two_hundredth_line_of_the_library_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.nt"
    with generated("library.nt").open(encoding="utf-8") as lines:
        path.write_text("".join(line for n, line in enumerate(lines) if n % 200 == 1), encoding="utf-8")
    ours = read(path, monkeypatch)
    assert set(ours) == set(Graph().parse(path, format="nt"))
    assert len(ours) > 2_000


def test_what_was_in_the_graph_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    monkeypatch.setattr(library_graph, "generated", lambda _: path)
    graph = Graph().add((URIRef("urn:x"), URIRef("urn:y"), Literal("z")))
    add_library(graph)
    assert len(graph) == 2


def test_a_triple_is_no_term() -> None:
    with pytest.raises(TypeError, match="is no term"):
        to_rdflib(ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c")))
