"""Configurations, recipes of merges and heads of weights: the models that they name."""

import json
import struct
from typing import Any

import pytest
from clausegraph.loaders.configs import loaded_from, merged_from, safetensors_facts, trained_from


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"_name_or_path": "a/b"}, ["a/b"]),
        ({"_name_or_path": " ./out "}, ["./out"]),
        *(({"_name_or_path": value}, []) for value in ("", ".", None, 3)),
        ({"architectures": ["LlamaForCausalLM"]}, []),
    ],
)
def test_a_configuration_names_what_a_model_was_loaded_from(config: Any, expected: list[str]) -> None:
    found = list(loaded_from(json.dumps(config).encode()))
    assert [(one.parent, one.relation, one.place) for one in found] == [(e, "base-model", "file") for e in expected]


def test_a_configuration_that_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        list(loaded_from(b"[1]"))


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({"models": [{"model": "a/b"}, {"model": "c/d+e/f"}], "base_model": "a/b"}, ["a/b", "c/d", "e/f"]),
        ({"slices": [{"sources": [{"model": "a/b", "layer_range": [0, 8]}]}]}, ["a/b"]),
        ({"base_model": {"model": {"path": "a/b"}}}, ["a/b"]),
        ({"base_model": "a/b", "experts": [{"source_model": "c/d", "positive_prompts": ["e/f"]}]}, ["a/b", "c/d"]),
        ({"models": ["a/b", "c/d"]}, ["a/b", "c/d"]),
        ({"merge_method": "slerp", "dtype": "a/b"}, []),
        (None, []),
    ],
)
def test_a_recipe_of_a_merge_names_every_model(recipe: Any, expected: list[str]) -> None:
    found = list(merged_from(recipe))
    assert list(dict.fromkeys(one.parent for one in found)) == expected
    assert {one.relation for one in found} <= {"merge"}


def head(metadata: dict[str, str]) -> bytes:
    text = json.dumps({"__metadata__": metadata}).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * 8


def test_the_head_of_weights_names_its_base_as_an_adapter_or_without_relation() -> None:
    base = {"ss_sd_model_name": "a/b"}
    for facts, relation in ((base, "base-model"), (base | {"ss_network_module": "networks.lora"}, "adapter")):
        assert [(r.parent, r.relation) for r in trained_from(safetensors_facts(head(facts)))] == [("a/b", relation)]
    merged = {"modelspec.merged_from": "a/b, c/d"}
    assert [(r.parent, r.relation) for r in trained_from(merged)] == [("a/b", "merge"), ("c/d", "merge")]
    assert list(trained_from({"format": "pt"})) == []


@pytest.mark.parametrize(
    "data", [b"", b"1234567", struct.pack("<Q", 99) + b"{}", struct.pack("<Q", 2**60), head({})[:12]]
)
def test_a_head_that_is_cut_off_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="head"):
        safetensors_facts(data)
