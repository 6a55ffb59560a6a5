"""Where a section stands in a text: its words, its lines, and the number above them."""

import pytest

from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.texts.passages import MAX_LINES, Place, _next, license_text, locate, passage, printed, text_of

TEXT = text_of(
    "made-up",
    """Preamble

4. Terms
4.1 Keep the “notice”
and the name.
4.2 Keep the "notice" too.
4.10 Stop.

5. Harm
a) Nobody pays.
b) Nobody pays.
""",
)


def test_every_letter_of_a_text_knows_its_line() -> None:
    text = text_of("k", "One  two\n\n three\\. “x”")
    assert text.lines == ("One  two", "", ' three. "x"')
    assert text.flat == 'One two three. "x" '
    assert [text.line_of[text.flat.index(word)] for word in ("One", "two", "three", '"x"')] == [1, 1, 3, 3]
    assert text.offsets == (0, 8, 8)
    assert len(text.line_of) == len(text.flat)
    assert text.digest != text_of("k", 'One  two\n\n three. "x"').digest, "the digest is that of the text as it is"
    assert text_of("k", "").flat == ""


@pytest.mark.parametrize(
    ("anchor", "section", "expected"),
    [
        ('Keep the "notice" and', "4.1", Place(4, 5, "numbered")),
        ("Keep  the ’notice’", "4.1", None),
        ("Keep the “notice”", "4.2", Place(6, 6, "numbered")),
        ("Keep the “notice”", "4.1", Place(4, 4, "numbered")),
        ("Stop", "4.10", Place(7, 7, "numbered")),
        ("Nobody pays", "5.b", Place(11, 11, "numbered")),
        ("Nobody pays", "5.a", Place(10, 10, "numbered")),
        ("Nobody pays", "5.c", None),
        ("Nobody pays", "4.a", None),
        ("Preamble", "0", Place(1, 1, "counted")),
        ("Everybody pays", "5.a", None),
    ],
)
def test_words_that_stand_twice_are_found_under_the_number_that_is_asked_for(
    anchor: str, section: str, expected: Place | None
) -> None:
    assert locate(TEXT, anchor, section) == expected


def test_a_number_is_printed_where_each_of_its_levels_is() -> None:
    shown = {"4": True, "4.1": True, "4.10": True, "5.b": True, "harm": True, "6": False, "5.c": False, "4.3": False}
    assert {section: printed(TEXT, section) for section in shown} == shown


@pytest.mark.parametrize(
    ("label", "following"),
    [("1", "2"), ("9", "10"), ("4.9", "4.10"), ("a", "b"), ("B", "C"), ("i", None), ("z", None), ("harm", None)],
)
def test_after_a_number_or_a_letter_comes_the_next_and_after_what_may_be_roman_nothing_is_sure(
    label: str, following: str | None
) -> None:
    assert _next(label) == following


def test_a_passage_is_a_paragraph_and_after_a_heading_or_a_colon_what_is_below_and_no_more_than_fits() -> None:
    long_line = "words " * 20
    text = text_of("k", f"Head\n\n{long_line}\ngoes on\n\nYou may:\n\nrun it\n\n{long_line}:\n\nsell it\n\nEnd")
    assert passage(text, Place(3, 3, "numbered")) == [long_line, "goes on"]
    assert passage(text, Place(4, 4, "numbered")) == [long_line, "goes on"]
    assert passage(text, Place(10, 10, "numbered"))[:3] == [long_line + ":", "", "sell it"]
    assert passage(text, Place(1, 1, "numbered"))[0] == "Head"
    endless = text_of("k", "\n".join(["word"] * 500))
    assert len(passage(endless, Place(1, 1, "counted"))) <= MAX_LINES + 1
    numbered = text_of("k", f"1. {long_line}\n2. {long_line}\n3. {long_line}")
    assert passage(numbered, Place(2, 2, "numbered")) == [f"2. {long_line}".rstrip()]


def test_a_stored_text_comes_without_the_facts_above_it_and_one_that_there_is_not_is_refused() -> None:
    text = license_text("mit")
    assert text.key == "mit"
    assert "Permission is hereby granted, free of charge" in text.flat
    assert "spdx_license_key" not in text.flat
    for wrong in ("no-such-key", "../licenses/mit/x"):
        with pytest.raises(UnknownIdentifier):
            license_text(wrong)


@pytest.mark.parametrize(("section", "found"), [("4.2", True), ("4.1", False), ("4.3", False)])
def test_a_decimal_section_that_the_text_prints_is_not_counted(section: str, found: bool) -> None:
    text = text_of("k", "4. Duties\n4.1 Keep it.\n4.2 Say so.\n5. End")
    assert (locate(text, "Say so", section) is not None) == found
