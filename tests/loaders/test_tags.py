"""What front matter and tags say: every value of a key counts, however the key is written."""

from typing import Any

import pytest
from clausegraph.loaders.records import Reference
from clausegraph.loaders.tags import from_card, licenses_of, named, with_every_spelling


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mit", ("mit",)),
        (["mit", "gpl-3.0", "mit"], ("mit", "gpl-3.0")),
        ([["mit"], ["gpl-3.0"]], ("mit", "gpl-3.0")),
        (["mit", {"name": "mine"}], ("mit", '{"name": "mine"}')),
        ({"code": "mit"}, ('{"code": "mit"}',)),
        (3, ("3",)),
        *((empty, ()) for empty in (None, "", " ", [], {}, [None])),
    ],
)
def test_every_value_of_a_license_counts_and_what_is_no_text_is_a_value_nobody_knows(
    value: Any, expected: tuple[str, ...]
) -> None:
    assert licenses_of({"license": value}) == expected


@pytest.mark.parametrize("key", ["license", "License", "LICENSE", "licence", "licenses", "Licences"])
def test_a_license_counts_under_every_spelling_of_its_key(key: str) -> None:
    assert licenses_of(with_every_spelling({key: "mit"})) == ("mit",)
    assert licenses_of(with_every_spelling({"license": "mit", key: "gpl-3.0"})) == (
        ("gpl-3.0",) if key == "license" else ("mit", "gpl-3.0")
    )


def test_a_template_that_nobody_filled_in_says_nothing_beside_a_value_and_stays_where_it_is_all_there_is() -> None:
    assert licenses_of(with_every_spelling({"licence": "license", "license": "mit"})) == ("mit",)
    assert licenses_of(with_every_spelling({"license": "mit", "licence": "license"})) == ("mit",)
    assert licenses_of(with_every_spelling({"licence": "license"})) == ("license",)


def test_a_license_name_beside_a_license_is_a_second_one_and_beside_other_it_is_the_license() -> None:
    assert licenses_of({"license_name": "llama3", "license": "mit"}) == ("mit", "llama3")
    assert licenses_of({"license_name": "LLAMA3", "license": "llama3"}) == ("llama3",)
    assert licenses_of({"license_name": "license", "license": "gemma"}) == ("gemma",)
    assert licenses_of({"license_name": "llama3", "license": "other"}) == ("other",)
    assert licenses_of({"license_name": "llama3"}) == ()


def test_another_key_that_holds_the_word_is_no_license() -> None:
    assert licenses_of(with_every_spelling({"license_details": "mit", "data_license": "mit"})) == ()


@pytest.mark.parametrize("key", ["base_model", "Base_Model", "base-model", "base_models", "Base-Models"])
def test_a_base_counts_under_every_spelling_of_its_key(key: str) -> None:
    assert [r.parent for r in from_card("model", with_every_spelling({key: "a/b"}))] == ["a/b"]


def test_a_space_includes_the_base_that_its_card_names() -> None:
    assert from_card("service", {"base_model": "a/b", "models": ["c/d"]}) == (
        Reference("model", "c/d", "include"),
        Reference("model", "a/b", "include"),
    )


def test_a_parent_that_is_no_text_is_kept_as_it_stands() -> None:
    assert named(["a/b", {"name": "c/d", "relation": "merge"}, None, b"x"]) == [
        *(("a/b", None), ('{"name": "c/d", "relation": "merge"}', "merge"), ("\"b'x'\"", None)),
    ]
