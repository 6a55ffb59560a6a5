"""The head of a GGUF file: license, source, base models and data, and what is told where it is damaged."""

import struct

import pytest
from clausegraph.loaders.configs import MAX_HEAD
from clausegraph.loaders.gguf import facts, license_of, parents


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def head(*pairs: tuple[str, str], more: bytes = b"", count: int | None = None) -> bytes:
    body = b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs) if count is None else count) + body + more


def test_a_head_that_is_whole_tells_nothing() -> None:
    assert facts(head(("a", "b"))) == ({"a": "b"}, "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GGML" + bytes(40), "does not begin"),
        (b"GGUF", "does not begin"),
        (head(("a", "b"), count=2), "after 1 of 2"),
        (head(("a", "b"), more=text("c") + struct.pack("<I", 99), count=2), "type has the number 99"),
    ],
)
def test_a_head_that_is_damaged_is_told(data: bytes, reason: str) -> None:
    assert reason in facts(data)[1]


def test_a_vocabulary_that_is_longer_than_what_is_read_is_no_damage_and_a_head_without_a_beginning_is() -> None:
    long = text("tokens") + struct.pack("<IIQ", 9, 8, 1) + struct.pack("<Q", 9 * MAX_HEAD) + bytes(MAX_HEAD)
    assert facts(head(("general.architecture", "llama"), more=long, count=2))[1] == ""
    assert "cut off" in facts(head(("x", "llama"), more=long, count=2))[1]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("general.source.huggingface.repository", "a/b", ("model", "a/b", "quantize")),
        ("general.source.repo_url", "https://huggingface.co/a/b", ("model", "a/b", "quantize")),
        ("general.base_model.0.repo_url", "https://huggingface.co/a/b", ("model", "a/b", "quantize")),
        ("general.base_model.0.repo_url", "https://example.org/b", ("model", "https://example.org/b", "quantize")),
        ("general.dataset.1.repo_url", "https://huggingface.co/datasets/a/b", ("dataset", "a/b", "train")),
    ],
)
def test_what_a_head_names_is_a_parent_and_what_is_no_id_stays_as_it_stands(
    key: str, value: str, expected: tuple[str, str, str]
) -> None:
    assert [(r.parent_kind, r.parent, r.relation) for r in parents({key: value})] == [expected]


def test_a_source_does_not_hide_the_base_models_and_a_name_names_no_repository() -> None:
    found = {
        "general.source.repo_url": "https://huggingface.co/a/b",
        "general.base_model.0.repo_url": "https://huggingface.co/c/d",
        "general.base_model.0.name": "D",
        "general.base_model.1.repo_url": " ",
    }
    assert [r.parent for r in parents(found)] == ["a/b", "c/d"]


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("mit", "", "mit"),
        ("mit", "Llama 3", "mit"),
        ("other", "llama3", "llama3"),
        ("other", "", "other"),
        ("", "", ""),
    ],
)
def test_the_name_of_a_license_counts_where_the_value_says_other(value: str, name: str, expected: str) -> None:
    assert license_of({"general.license": value, "general.license.name": name}) == expected
