"""Which artifact a document means, and which two it keeps apart."""

import pytest
from clausegraph.loaders.identity import apart, escaped, located, named, repository, says_nothing
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("word", ["None", "n/a", " N/A ", "", "-", "null", "TBD", "<unknown>", "[None]", "NOASSERTION"])
def test_a_placeholder_names_nothing(word: str) -> None:
    assert says_nothing(word)
    assert located(word, "Birds") is None


@pytest.mark.parametrize("word", ["Nonesuch", "birds", "unknown-pleasures", "none-of-us/data"])
def test_a_name_that_begins_like_a_placeholder_is_a_name(word: str) -> None:
    assert not says_nothing(word)


@pytest.mark.parametrize(
    ("kind", "address", "stated", "expected"),
    [
        ("model", "https://huggingface.co/acme/chat", True, ("model", "acme/chat")),
        ("model", "pkg:huggingface/acme/chat@1", True, ("model", "acme/chat")),
        ("dataset", "pkg:huggingface/acme/talk@1", True, ("dataset", "acme/talk")),
        ("dataset", "pkg:huggingface/datasets/acme/talk", True, ("dataset", "acme/talk")),
        ("dataset", "https://huggingface.co/acme/talk", True, ("dataset", "acme/talk")),
        ("dataset", "https://huggingface.co/api/datasets/acme/talk/croissant", True, ("dataset", "acme/talk")),
        ("dataset", "https://huggingface.co/datasets/mnist", True, ("dataset", "mnist")),
        ("model", "https://huggingface.co/datasets/acme/talk", True, None),
        ("dataset", "https://huggingface.co/spaces/acme/demo", True, None),
        ("application", "https://huggingface.co/spaces/acme/demo", True, ("service", "acme/demo")),
        ("application", "https://huggingface.co/acme/chat", True, None),
        ("application", "pkg:huggingface/acme/chat", False, ("model", "acme/chat")),
        ("application", "https://huggingface.co/acme/chat", False, None),
        ("dataset", "https://github.com/acme/talk", True, None),
        ("model", "https://github.com/acme/chat", True, None),
        ("source", "https://github.com/acme/chat.git", True, ("source", "acme/chat")),
        ("model", "https://huggingface.co/acme/chat#Q4", True, None),
        ("model", "https://huggingface.co/docs/transformers", True, None),
        ("model", "https://huggingface.co/acme", True, None),
        ("model", "acme/chat", True, None),
    ],
)
def test_an_address_names_a_repository_only_of_the_kind_that_is_stated(
    kind: str, address: str, stated: bool, expected: tuple[str, str] | None
) -> None:
    assert repository(kind, address, stated) == expected


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("https://example.org/data/birds", "Birds", "https://example.org/data/birds"),
        ("https://example.org/data", "Birds", "https://example.org/data#Birds"),
        ("https://example.org/data", "Fish", "https://example.org/data#Fish"),
        ("https://example.org/", "Birds", "https://example.org#Birds"),
        ("https://example.org", "", None),
        ("https://example.org", "n/a", None),
        ("https://example.org/data", "", "https://example.org/data"),
        ("https://example.org/a b", "", "https://example.org/a%20b"),
        ("https://example.org/data#part", "Birds", "https://example.org/data#part/Birds"),
        ("some words", "Birds", None),
    ],
)
def test_two_names_at_one_address_are_two_artifacts(address: str, name: str, expected: str | None) -> None:
    assert located(address, name) == expected


@given(st.text(max_size=40))
def test_whatever_a_document_holds_becomes_an_iri_or_nothing(text: str) -> None:
    from clausegraph.loaders.identifiers import is_iri

    found = located("https://example.org/" + text, text)
    assert found is None or is_iri(found)
    assert is_iri(named("dataset", text or "x"))
    assert escaped(escaped(text)) == escaped(text)


def test_components_of_one_repository_stay_as_many_as_they_are() -> None:
    shared = ("model", "acme/chat")
    found = apart([("a", shared, "Q4"), ("b", shared, "Q8"), ("c", ("model", "acme/other"), "other")])
    assert found == {
        "a": ("model", "https://huggingface.co/acme/chat#Q4"),
        "b": ("model", "https://huggingface.co/acme/chat#Q8"),
        "c": ("model", "acme/other"),
    }


def test_a_model_and_data_at_one_address_are_two_even_with_one_name() -> None:
    place = "https://github.com/acme/all"
    found = apart([("urn:a", ("model", place), "all"), ("urn:b", ("dataset", place), "all")])
    assert len({id_ for _, id_ in found.values()}) == 2
    assert {kind for kind, _ in found.values()} == {"model", "dataset"}


def test_one_that_is_alone_at_its_address_keeps_it() -> None:
    assert apart([("a", ("model", "acme/chat"), "Q4")]) == {"a": ("model", "acme/chat")}
