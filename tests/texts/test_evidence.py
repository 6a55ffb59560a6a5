"""Every clause stands in its text where the library says, and the record of that is current."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clausegraph.cli import whole_app
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.ground.files import folder, generated
from clausegraph.library import Library
from clausegraph.library.index import index_files
from clausegraph.library.read import Reader
from clausegraph.texts.evidence import RECORD, Check, check_clause, clause_of, record_text, table_text, verify
from clausegraph.texts.passages import license_text, locate, passage, printed, text_of
from tests.support.paths import ROOT

LIBRARY = Library.load()


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return verify(LIBRARY)


def test_no_section_is_missing_and_almost_every_clause_with_a_text_is_found(checks: list[Check]) -> None:
    assert [c.clause.iri for c in checks if c.wrong] == []
    with_text = [c for c in checks if LIBRARY.licenses[c.clause.license].scancode_key]
    assert len(with_text) >= 1400
    assert sum(c.found for c in with_text) >= 0.95 * len(with_text)


REACHES = Reader(index_files(sorted((folder("ontology") / "licenses").glob("*.ttl"))))


@pytest.mark.parametrize("license_id", [id_ for id_, found in LIBRARY.licenses.items() if found.scancode_key])
def test_a_reach_stands_in_a_section_that_the_text_prints(license_id: str, checks: list[Check]) -> None:
    """Or in one whose number the text leaves out, and in which a clause was found by counting."""
    found = LIBRARY.licenses[license_id]
    if not any(check.outcome == "numbered" for check in checks if check.clause.license == license_id):
        return  # a text without numbers: its paragraphs are counted, and nobody can check the count
    text, counted = license_text(found.scancode_key or ""), {clause.section for clause in found.clauses}
    for reach in REACHES.all(found.iri, "definesReach"):
        section = REACHES.one(reach, "section")
        assert section is None or printed(text, section) or section in counted, reach


def test_the_record_and_its_table_are_current(checks: list[Check]) -> None:
    assert generated(RECORD).read_text(encoding="utf-8") == record_text(checks)
    assert (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8") == table_text(LIBRARY, checks)


def test_the_record_holds_places_and_no_words_of_a_license(checks: list[Check]) -> None:
    text = generated(RECORD).read_text(encoding="utf-8")
    for check in checks:
        if check.clause.anchor and len(check.clause.anchor) > 20:
            assert check.clause.anchor not in text


def test_a_wrong_section_and_wrong_words_are_missing() -> None:
    found = LIBRARY.license("apache-2.0")
    clause = next(c for c in found.clauses if c.section == "4.a")
    assert check_clause(found, clause).outcome == "numbered"
    for change in ({"section": "4.c"}, {"section": "8"}, {"section": "4.q"}, {"anchor": "You must dance"}):
        assert check_clause(found, dataclasses.replace(clause, **change)).outcome == "missing", change


def test_a_clause_that_was_found_and_never_recorded_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausegraph.texts.evidence.recorded", dict)
    checks = verify(LIBRARY, ["mit"])
    assert {c.outcome for c in checks} == {"unrecorded"}
    assert all(c.wrong for c in checks)


def test_another_text_than_recorded_has_drifted(monkeypatch: pytest.MonkeyPatch) -> None:
    iri = LIBRARY.license("mit").clauses[0].iri
    monkeypatch.setattr("clausegraph.texts.evidence.recorded", lambda: {iri: ("0" * 64, "1-1")})
    assert [c.outcome for c in verify(LIBRARY, ["mit"])][:1] == ["drifted"]


TEXT = text_of(
    "made-up",
    """A License

1. Grant. Everyone may use it.
2. Duties
 (a) keep the notice;
 (b) say what you changed.
   1. in a file
   2. in a list
3. End
Who breaks the license loses it.
Nobody answers for damage.

Miscellany
The court decides.
""",
)


@pytest.mark.parametrize(
    ("anchor", "section", "how"),
    [
        ("Everyone may use it", "1", "numbered"),
        ("keep the notice", "2.a", "numbered"),
        ("say what you changed", "2.b", "numbered"),
        ("say what you changed", "2.a", None),
        ("in a list", "2.b.2", "numbered"),
        ("in a list", "2.b.1", None),
        ("Who breaks the license loses it", "3", "numbered"),
        ("Who breaks the license loses it", "2", None),
        ("A License", "0", "counted"),
        ("The court decides", "miscellany", "numbered"),
        ("The court decides", "4", "counted"),
        ("The court decides", "5", None),
        ("The court decides", "warranty", None),
        ("the court decides otherwise", "miscellany", None),
    ],
)
def test_words_are_found_under_their_section_only(anchor: str, section: str, how: str | None) -> None:
    place = locate(TEXT, anchor, section)
    assert (place.how if place else None) == how


def test_a_passage_is_the_paragraph_of_the_place() -> None:
    place = locate(TEXT, "keep the notice", "2.a")
    assert place is not None
    assert passage(TEXT, place)[0] == " (a) keep the notice;"
    heading = locate(TEXT, "Miscellany", "miscellany")
    assert heading is not None
    assert passage(TEXT, heading) == ["Miscellany", "The court decides."]


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(whole_app(), list(arguments))
    return done.exit_code, done.stdout


def test_the_command_prints_the_passage_from_the_installed_package() -> None:
    code, out = _run("license", "show", "--text", "Apache 2.0#4.a-license-copy")
    assert code == 0
    assert "§4.a" in out
    assert "a copy of this License" in out
    code, out = _run("license", "show", "--text", "apache-2.0#4.a-license-copy", "-f", "json")
    found = json.loads(out)
    assert code == 0
    assert found["outcome"] == "numbered"
    assert len(found["digest"]) == 64
    assert found["passage"]


def test_a_clause_without_a_text_at_hand_says_so() -> None:
    clause = LIBRARY.license("opt-175b").clauses[0].iri.rpartition("/")[2]
    code, out = _run("license", "show", "--text", clause)
    assert code == 0
    assert "no text is at hand" in out


def test_a_license_that_was_read_in_a_text_outside_the_package_names_that_text(checks: list[Check]) -> None:
    elsewhere = {c.clause.license for c in checks if c.outcome == "elsewhere"}
    assert "aipubs-open-rail-m-1.0" in elsewhere
    for id_ in elsewhere:
        found = LIBRARY.license(id_)
        assert found.verified
        assert found.reviewer
        assert re.search(r"SHA-256 [0-9a-f]{64}$", found.source or "")
        assert not any(c.found or c.wrong for c in checks if c.clause.license == id_)
    (row,) = (line for line in table_text(LIBRARY, checks).splitlines() if line.startswith("| aipubs-open-rail-m-1.0 "))
    assert row == "| aipubs-open-rail-m-1.0 | 13 | 13 | 0 | 0 | 0 | 13 | 0 | maintainers, first reading | 2026-11-26 |"
    code, out = _run("license", "show", "--text", "aipubs-open-rail-m-1.0#4.b-license-copy")
    assert (code, "no text is at hand" in out) == (0, False)
    assert "it was read in a text that the package does not hold" in out
    unread = dataclasses.replace(LIBRARY.license("aipubs-open-rail-m-1.0"), verified=False)
    assert check_clause(unread, unread.clauses[0]).outcome == "no text"


def test_verify_says_what_was_found_and_fails_on_what_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = _run("license", "verify", "MIT License", "-f", "json")
    assert code == 0
    assert {row["outcome"] for row in json.loads(out)} <= {"numbered", "counted"}
    iri = LIBRARY.license("mit").clauses[0].iri
    monkeypatch.setattr("clausegraph.texts.evidence.recorded", lambda: {iri: ("0" * 64, "1-1")})
    code, out = _run("license", "verify", "mit")
    assert code == 1
    assert "drifted" in out


def test_verify_without_the_texts_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausegraph.texts.passages.PACKAGE", "a-package-that-is-not-installed")
    with pytest.raises(UsageError, match=r"clausegraph\[texts\]"):
        verify(LIBRARY, ["mit"])


def test_an_unknown_clause_suggests_the_nearest() -> None:
    with pytest.raises(UnknownIdentifier, match=r"4\.a-license-copy"):
        clause_of(LIBRARY, "apache-2.0#4.a-licence-copy")
    with pytest.raises(UsageError, match="names no clause"):
        clause_of(LIBRARY, "apache-2.0")


def test_no_license_text_lies_in_the_repository() -> None:
    assert not list(Path(ROOT / "ontology").rglob("*.LICENSE"))
