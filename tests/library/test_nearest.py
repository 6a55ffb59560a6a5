"""A name that is not known is answered with names that were meant, and never with another license of like letters."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausegraph.library.nearest import Nearest

KNOWN = Nearest(["mit", "bsl-1.0", "eupl-1.1", "apache-2.0", "apache-1.1", "gpl-3.0", "agpl-3.0", "llama3", "llama3.1"])


@pytest.mark.parametrize(
    ("stated", "first"),
    [
        ("mti", "mit"),
        ("apahce-2.0", "apache-2.0"),
        ("apache-2.O", "apache-2.0"),
        ("lama3", "llama3"),
        ("GPLL", "gpl-3.0"),
    ],
)
def test_the_most_alike_name_comes_first(stated: str, first: str) -> None:
    assert KNOWN.among(stated)[0] == first


@pytest.mark.parametrize("stated", ["bsl-1.1", "BUSL-1.1", "1.0", "", "??", "½", "Ⅷ", "x" * 900])
def test_another_license_of_like_letters_or_numbers_is_not_meant(stated: str) -> None:
    assert KNOWN.among(stated) == []


def test_a_number_that_is_not_stated_rules_out_no_version_and_another_number_does() -> None:
    assert {"apache-2.0", "apache-1.1"} <= set(KNOWN.among("apache"))
    assert KNOWN.among("apache-1") == ["apache-1.1"]


def test_addresses_are_not_suggested() -> None:
    assert Nearest(["https://example.org/mit", "mit"]).among("mitt") == ["mit"]


@given(st.text(string.printable, max_size=40) | st.text(max_size=20))
def test_whatever_is_written_gets_at_most_three_names_that_are_known(stated: str) -> None:
    found = KNOWN.among(stated)
    assert len(found) == len(set(found)) <= 3
