"""The packed library: what commands read instead of RDF."""

import dataclasses
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.files import generated
from clausegraph.library import Library, from_reader
from clausegraph.library.pack import unpack
from clausegraph.library.read import read_all

HEAVY = ("ibis", "pyshacl", "rdflib", "pyarrow")


def test_the_packed_library_says_what_the_ontology_says(library: Library) -> None:
    """The file that commands read, against the records that are read from the RDF."""
    read = from_reader(read_all())
    for field in dataclasses.fields(Library):
        one, other = getattr(library, field.name), getattr(read, field.name)
        if isinstance(one, Mapping):
            assert list(map(repr, sorted(one))) == list(map(repr, sorted(other))), field.name
            assert all(plain(one[key]) == plain(other[key]) for key in one), field.name
        else:
            assert one == other, field.name


def plain(value: object) -> object:
    """Return records as nested values, so that those without equality of their own can be compared."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return tuple(plain(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)
    return value


def test_clauses_are_the_same_objects_wherever_they_are_referred_to(library: Library) -> None:
    for encumbrance in list(library.encumbrances.values())[::50]:
        assert all(clause is library.clauses[clause.iri] for clause in (*encumbrance.binds, *encumbrance.may_bind))


def test_the_packed_moves_are_a_mapping_like_any_other(library: Library) -> None:
    assert len(library.moves) == sum(1 for _ in library.moves)
    assert ("https://w3id.org/clausegraph/encumbrance/none-such", "finetune") not in library.moves
    assert len(library.encumbrances) == sum(1 for _ in library.encumbrances)


def test_a_check_needs_no_machinery_of_tables_or_shapes() -> None:
    code = f"import sys, clausegraph.cli.check; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_status_and_a_certainty_that_there_are_not_are_damage(tmp_path: Path) -> None:
    text = generated("library.json").read_text(encoding="utf-8")
    for word in ("UnspecifiedLicense", "contested"):
        path = tmp_path / "library.json"
        path.write_text(text.replace(f'"{word}"', f'"{word}ly"'), encoding="utf-8")
        with pytest.raises(UnreadableInput, match=rf"is damaged \(KeyError\('{word}ly'\)\)"):
            unpack(path)
