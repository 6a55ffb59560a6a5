"""What is made of ScanCode's findings: whose license a key is, what is left over, and what a text is then."""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from clausegraph.loaders.records import Identified

from clausegraph.library import Library
from clausegraph.library.names import Names
from clausegraph.texts.scancode import MAX_TEXT, _Reading, identify, left_over, license_of


def test_a_key_counts_where_the_library_states_it_or_a_port_of_it_and_else_the_name_of_spdx(library: Library) -> None:
    mit, apache = library.license("mit"), library.license("apache-2.0")
    licenses = {"mit": replace(mit, scancode_key="expat", aliases=("expat-de", "mit-de"))}
    licenses["apache-2.0"] = replace(apache, status="UnspecifiedLicense")
    names = Names(licenses)

    def of(key: str, spdx: str) -> str | None:
        return license_of(licenses, names, key, spdx)

    assert of("expat", "LicenseRef-scancode-expat") == "mit"
    assert of("mit", "LicenseRef-MIT") is None, "the same letters may name another license"
    assert of("another", "MIT") == "mit"
    assert of("another", "") is None
    assert of("expat-de", "LicenseRef-scancode-expat-de") == "mit"
    assert of("mit-de", "LicenseRef-scancode-mit-de") is None
    assert of("apache-2.0", "Apache-2.0") is None, "what names no text is no license"


def left(lines: list[str], covered: Iterable[int]) -> list[str]:
    return left_over(lines, [[(word, True) for word in line.lower().split()] for line in lines], set(covered))


def test_what_no_license_covers_is_left_over_but_for_notices_single_letters_and_numbers() -> None:
    lines = ["terms apply here", "Copyright 2023 Zoe", "b 22 more words by Zoe 商"]
    assert left(lines, range(3)) == ["more", "words", "by", "商"]
    assert left(lines, range(13)) == []
    assert left([], []) == []


def test_a_short_lead_in_without_weight_is_not_counted_and_what_follows_is() -> None:
    assert left(["a widget in Python", "granted words"], [4, 5]) == []
    assert left(["licensed under terms", "granted words"], [3, 4]) == []
    assert left(["for students", "granted words"], [2, 3]) == ["for", "students"]
    assert left(["granted words", "a widget in Python"], [0, 1]) == ["widget", "in", "python"]
    assert left(["xx " * 30, "granted"], [30]) == []
    assert left(["xx " * 31, "granted"], [31]) == ["xx"] * 31
    assert left(["a widget in Python"], []) == ["widget", "in", "python"], "where nothing is covered nothing leads in"


KEYS = {"mit": "MIT", "apache-2.0": "Apache-2.0", "gpl-3.0-plus": "GPL-3.0-or-later", "artistic-1.0": "Artistic-1.0"}


@pytest.fixture
def reading(library: Library) -> _Reading:
    theirs = {k: SimpleNamespace(spdx_license_key=v, is_generic=False, is_unknown=False) for k, v in KEYS.items()}
    theirs["generic"] = SimpleNamespace(spdx_license_key="LicenseRef-generic", is_generic=True, is_unknown=False)
    return _Reading(library, theirs)


@pytest.mark.parametrize(
    ("expression", "more", "expected"),
    [
        ("mit", False, Identified("mit", False, 100.0)),
        ("mit", True, Identified("mit", True, 100.0)),
        ("mit AND apache-2.0", False, Identified("mit AND apache-2.0", False, 100.0)),
        ("mit OR apache-2.0", False, Identified("mit OR apache-2.0", False, 100.0)),
        ("mit AND artistic-1.0", False, Identified("mit", True, 100.0, ("Artistic-1.0",))),
        ("gpl-3.0-plus", False, Identified("GPL-3.0-or-later", False, 100.0)),
        ("artistic-1.0", False, Identified("Artistic-1.0", False, 100.0)),
        ("artistic-1.0", True, Identified(rest=("Artistic-1.0",))),
        ("generic", False, Identified(rest=("LicenseRef-generic",))),
        ("artistic-1.0 AND generic", False, Identified(rest=("Artistic-1.0", "LicenseRef-generic"))),
    ],
)
def test_a_text_is_the_licenses_in_it_and_holds_more_with_one_that_nobody_here_knows(
    expression: str, more: bool, expected: Identified, reading: _Reading
) -> None:
    reading.add(expression)
    reading.texts = 1
    assert reading.result(more=more, size=100) == expected


def test_a_mention_is_no_license_unless_half_of_the_words_are_and_what_is_too_long_is_not_looked_into(
    reading: _Reading,
) -> None:
    reading.add("mit")
    reading.words = 49
    assert reading.result(more=True, size=100).license is None
    assert reading.result(more=False, size=100).license == "mit", "a text that says nothing else is what it names"
    reading.words = 50
    assert reading.result(more=True, size=100).license == "mit"
    assert identify("x" * (MAX_TEXT + 1), reading.library) == Identified()


def test_a_match_that_lacks_a_word_of_weight_is_altered_and_the_least_sure_one_counts(reading: _Reading) -> None:
    def match(score: float, *, text: bool) -> SimpleNamespace:
        rule = SimpleNamespace(license_expression="mit", is_license_text=text)
        return SimpleNamespace(score=lambda: score, rule=rule, qspan=range(5))

    reading.cover(match(99.0, text=True), ["the"])
    reading.cover(match(85.0, text=False), [])
    assert (reading.sure, reading.texts, reading.words, reading.altered) == (85.0, 1, 10, False)
    reading.cover(match(95.0, text=False), ["not"])
    reading.cover(match(95.0, text=False), [])
    assert (reading.sure, reading.altered) == (85.0, True)
