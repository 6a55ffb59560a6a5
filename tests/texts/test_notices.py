"""Copyright notices, and their neighbours that say one word more."""

import pytest

from clausegraph.texts.notices import is_notice, weighty, without_notices


@pytest.mark.parametrize(
    ("notice", "neighbour"),
    [
        ("Copyright (c) 2023 Acme Inc.", "Copyright (c) 2023 Acme Inc. Pay"),
        ("Copyright 2023 Acme. All rights reserved.", "Copyright 2023 Acme. All rights reserved by Bob."),
        ("All rights reserved.", "All rights reserved. Ask."),
        ("(c) 2023 Acme", "(c) Acme"),
        ("\u00a9 Acme", "Acme"),
        ("Copyright 2023 karpathy", "Copyright 2023 karpathy andrej"),
        ("Copyright 2023 the widget authors", "Copyright 2023 widget authors"),
        ("Copyright 2023 Will Smith", "Copyright 2023 Bob Will"),
        ("Copyright 2023 Institute for Physics", "Copyright 2023 Acme for Physics"),
        ("Copyright 2023 Dr. Smith", "Copyright 2023 Smith. Bob"),
        ("Copyright 2023 Acme Inc. and Beta Ltd.", "Copyright 2023 Acme. And Beta"),
        ("Copyright 1998 Acme", "Copyright 1898 Acme"),
        ("Copyright 2018-present Acme", "Copyright 2018-tomorrow Acme"),
        ("Copyright 2020 to 2023 Acme", "Copyright 2020 to Acme"),
        ("Copyright 2023 A. Person <a@example.org>", "Copyright 2023 A. Person only"),
        ("Portions copyright 2023 Acme", "Some copyright 2023 Acme"),
        ("Copyright 2023 Acme (see AUTHORS)", "Copyright 2023 Acme (see TERMS)"),
        ("# Copyright 2023 Acme", "No copyright 2023 Acme"),
        ("Copyright 2023 ACME LABS OF NORTH WALES", "Copyright 2023 ACME LABS OF NORTH WALES KEEPERS"),
    ],
)
def test_names_and_years_are_a_notice_and_with_another_word_they_are_none(notice: str, neighbour: str) -> None:
    assert is_notice([notice])
    assert not is_notice([neighbour])


def test_a_notice_has_at_most_24_words_after_its_beginning() -> None:
    assert is_notice(["Copyright 2023 " + "Bob " * 23])
    assert not is_notice(["Copyright 2023 " + "Bob " * 24])


def test_a_notice_without_a_year_counts_only_at_the_beginning_of_a_paragraph() -> None:
    for line in ("Copyright Acme Inc.", "\u00a9 Acme"):
        assert is_notice([line], first=True)
        assert not is_notice([line], first=False)
    assert is_notice(["Copyright 2023 Acme Inc."], first=False)
    assert not is_notice(["Copyright holder"]), "there is no name"


def test_a_notice_goes_on_in_the_next_line_only_where_a_name_is_not_at_its_end() -> None:
    for lines in (
        ["Copyright 2023 The Regents of the", "University of California"],
        ["Copyright 2023 The University", "of California"],
        ["Copyright 2023 Bob Smith,", "Eve Jones"],
        ["Copyright 2023 Bob Smith", "and Eve Jones"],
        ["# Copyright 2023 Bob Smith", "# All rights reserved."],
    ):
        assert is_notice(lines)
    for lines in (["Copyright 2023 Bob Smith", "Eve Jones"], ["Copyright 2023 Bob Smith", ""]):
        assert not is_notice(lines)


def test_what_is_left_without_notices_keeps_its_place() -> None:
    lines = ["Title", "Copyright Acme", "", "Copyright Acme", "Copyright 2023 The University", "of Bonn", "Be kind."]
    assert list(without_notices(lines)) == [(0, "Title"), (1, "Copyright Acme"), (2, ""), (6, "Be kind.")]
    assert list(without_notices([])) == []
    assert list(without_notices(["Copyright 2023 Bob,", "Eve,", "Kim,", "Joe"])) == [(3, "Joe")], "three lines at most"


def test_words_that_permit_forbid_or_require_carry_weight_and_names_do_not() -> None:
    for word in ("not", "must", "prohibited", "noncommercial", "sublicensing", "students", "fee"):
        assert weighty([word]), word
    assert not weighty(["acme", "notary", "the", "mustard", "feel"])
    assert weighty(["acme", "only"])
    assert not weighty([])
