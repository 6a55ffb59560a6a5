"""Configuration files and heads of weights that name what a model was made from or under which terms it stands.

`config.json` and `model_index.json` say from what a model was loaded, a recipe of mergekit what was merged, and
the head of a safetensors file what its trainer wrote there.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import parse_json
from clausegraph.loaders.records import FILE, INFERRED, MODEL, Reference

#: Configurations that say from what a model was loaded.
LOADED = ("config.json", "model_index.json")
#: Names of recipes of mergekit.
MERGES = ("mergekit_config.yml", "mergekit_config.yaml", "mergekit_moe_config.yml", "mergekit_moe_config.yaml")
_MODELS_OF_A_RECIPE = ("model", "base_model", "source_model", "lora", "positive_prompts_model")
SAFETENSORS = ".safetensors"
#: The largest head of a safetensors file that is read, in bytes.
MAX_HEAD = 4_000_000
#: Where nothing but a configuration names the base, the relation is not stated.
_UNSTATED = "base-model"


def loaded_from(data: bytes) -> Iterator[Reference]:
    """Yield what a configuration says that a model was loaded from; raises `ValueError` where it is no JSON object."""
    config = parse_json(data)
    if not isinstance(config, dict):
        raise ValueError("the configuration is no JSON object")
    stated = config.get("_name_or_path")
    if isinstance(stated, str) and stated.strip() not in ("", "."):
        yield Reference(MODEL, whole(stated).strip(), _UNSTATED, INFERRED, FILE)


def whole(text: str) -> str:
    """Return a text without halves of characters, which JSON can state and no file can hold."""
    return text.encode("utf-8", errors="replace").decode()


def merged_from(recipe: Any) -> Iterator[Reference]:
    """Yield the models that a recipe of mergekit names; `base+adapter` names both."""
    for stated in dict.fromkeys(_models(recipe)):
        for part in stated.split("+"):
            if part.strip():
                yield Reference(MODEL, part.strip(), "merge", INFERRED, FILE)


def _models(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _models(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "models" and isinstance(one, list):
                yield from (text.strip() for text in one if isinstance(text, str) and text.strip())
            if key in _MODELS_OF_A_RECIPE:
                path = one.get("path") if isinstance(one, dict) else one
                path = path.get("path") if isinstance(path, dict) else path
                if isinstance(path, str) and path.strip():
                    yield path.strip()
            yield from _models(one) if isinstance(one, list | dict) else ()


def safetensors_facts(data: bytes) -> dict[str, str]:
    """Return the texts that the head of a safetensors file holds beside its tensors; raises `ValueError`.

    Layout: the length of the head (u64, little end first), then JSON, whose `__metadata__` maps text to text.
    """
    if len(data) < 8:
        raise ValueError("the file is cut off in its head")
    size = struct.unpack_from("<Q", data)[0]
    if size > MAX_HEAD - 8:
        raise ValueError(f"its head has {size:,} bytes, more than {MAX_HEAD:,}; it was not read")
    if size > len(data) - 8:
        raise ValueError("the file is cut off in its head")
    head = parse_json(data[8 : 8 + size])
    facts = head.get("__metadata__") if isinstance(head, dict) else None
    return {str(k): whole(v) for k, v in facts.items() if isinstance(v, str)} if isinstance(facts, dict) else {}


def trained_from(facts: dict[str, str]) -> Iterator[Reference]:
    """Yield the models that the head of a safetensors file names as its base or as merged into it."""
    relation = "adapter" if "ss_network_module" in facts else _UNSTATED
    if base := facts.get("ss_sd_model_name", "").strip():
        yield Reference(MODEL, base, relation, INFERRED, FILE)
    for part in re.split(r"[,;]", facts.get("modelspec.merged_from", "")):
        if part.strip():
            yield Reference(MODEL, part.strip(), "merge", INFERRED, FILE)
