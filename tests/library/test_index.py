"""Triples by subject: the files of the ontology as values of Python."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.namespaces import CG, RDF_TYPE
from clausegraph.library.index import Descriptions, index_files, plain

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("true", "boolean", True),
        ("1", "boolean", True),
        ("false", "boolean", False),
        ("0", "boolean", False),
        ("007", "integer", 7),
        ("1.50", "decimal", 1.5),
        ("1e3", "double", 1000.0),
        ("7", "string", "7"),
        ("2024-01-01", "date", "2024-01-01"),
    ],
)
def test_a_number_is_a_number_and_a_word_that_looks_like_one_stays_a_word(
    text: str, datatype: str, expected: object
) -> None:
    found = plain(ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))
    assert (found, type(found)) == (expected, type(expected))


def test_an_address_stays_as_it_is_written() -> None:
    assert plain(ox.NamedNode("urn:true")) == "urn:true"


LINES = """# a comment
<urn:a> <urn:p> <urn:b> .
<urn:a> <urn:p> <urn:b> .

<urn:a> <urn:p> "a \\"quoted\\" word > here"@en .
<urn:a> <urn:q> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .
"""


@pytest.mark.parametrize("name", ["table.nt", "file.ttl"])
def test_a_table_and_a_turtle_file_with_the_same_statements_say_the_same_and_each_once(
    name: str, tmp_path: Path
) -> None:
    short = "@prefix u: <urn:> .\n" + LINES.replace("<urn:a>", "u:a")
    (tmp_path / name).write_text(short if name.endswith("ttl") else LINES)
    (tmp_path / "again.nt").write_text(LINES)
    found = index_files([tmp_path / name, tmp_path / "again.nt"])
    assert found["urn:a"] == {"urn:p": ["urn:b", 'a "quoted" word > here'], "urn:q": [5]}


def test_a_damaged_or_missing_file_is_named_and_an_empty_one_says_nothing(tmp_path: Path) -> None:
    for name in ("broken.ttl", "broken.nt"):
        (tmp_path / name).write_text("<urn:a> <urn:p>\n")
        with pytest.raises(UnreadableInput, match=name):
            index_files([tmp_path / name])
    with pytest.raises(UnreadableInput, match=r"gone\.ttl"):
        index_files([tmp_path / "gone.ttl"])
    (tmp_path / "empty.ttl").write_text("")
    assert index_files([tmp_path / "empty.ttl"]) == {}


def test_things_are_found_by_their_class_and_their_values_by_short_or_whole_names() -> None:
    index = {
        "urn:b": {RDF_TYPE: [CG + "License"], CG + "grants": ["urn:x/use", "urn:x#copy"]},
        "urn:a": {RDF_TYPE: [CG + "License", CG + "Clause"], "http://e.org/p": [1, 2]},
        "urn:c": {RDF_TYPE: ["http://e.org/License"]},
    }
    found = Descriptions(index)  # type: ignore[arg-type]  # a plain mapping serves as well
    assert found.typed("License") == ["urn:a", "urn:b"], "in order, and none of another namespace"
    assert found.typed("Nothing") == []
    assert found.locals("urn:b", "grants") == ("copy", "use")
    assert (found.one("urn:a", "http://e.org/p"), found.all("urn:a", "http://e.org/p")) == (1, [1, 2])
    assert found.one("urn:a", "grants") is None
