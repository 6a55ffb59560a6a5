"""A license text folded to its words: what makes no difference between copies, and what does."""

import pytest

from clausegraph.texts.folding import digest, fold, plain_lines, words

TERMS = "Permission is hereby granted, free of charge; see http://example.org"


@pytest.mark.parametrize(
    "other",
    [
        TERMS.upper(),
        f"> *{TERMS}*",
        TERMS.replace(" ", "\n  "),
        TERMS.replace("http:", "https:"),
        TERMS.replace("free", "\u201cfree\u201d").replace("; ", "\u2014 "),
        TERMS.replace("Permission", "Per\u00admis\u200bsion"),
        "\ufeff" + TERMS.replace(" ", "\u00a0"),
        TERMS.replace("Permission", "_Permission_"),
        f"Copyright (c) 2023 A. Person\n\n{TERMS}\n\nAll rights reserved.",
    ],
)
def test_case_width_marks_unseen_letters_and_notices_make_no_difference(other: str) -> None:
    assert fold(other) == "permission is hereby granted free of charge see http example org"


@pytest.mark.parametrize(
    "other",
    [
        f"{TERMS} Not for sale.",
        TERMS.replace("hereby ", ""),
        TERMS.replace("Permission is", "Is permission"),
        TERMS.replace("free of charge", "free ofcharge"),
        f"Copyright (c) 2023 A. Person, not for sale\n{TERMS}",
        f"1. {TERMS}",
        TERMS.replace("http:", "httpsx:"),
    ],
)
def test_a_word_more_or_less_or_at_another_place_makes_another_text(other: str) -> None:
    assert fold(other) != fold(TERMS)


def test_a_text_of_marks_or_of_nothing_has_no_words() -> None:
    assert [fold(text) for text in ("", " \n\t", "--- *** ___", "\ufeff\u200b", "Copyright (c) 2023 Acme")] == [""] * 5


def test_letters_of_a_script_without_spaces_are_words_each_wherever_a_line_breaks() -> None:
    assert words("禁止商业使用") == list("禁止商业使用")
    assert fold("禁止\n商业 使用") == fold("禁止商业使用") == "禁 止 商 业 使 用"
    assert words("GPL第3版") == ["gpl", "第", "3", "版"]
    assert words("あア") == ["あ", "ア"]
    assert words("Ünïcode straße") == ["ünïcode", "strasse"], "letters of words stay together"


def test_lines_keep_their_places_and_their_letters_have_one_form() -> None:
    assert plain_lines("o\ufb03ce\r\n\r\nＡ\u00b2") == ["office", "", "A2"]
    assert plain_lines("") == []


def test_a_digest_is_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
