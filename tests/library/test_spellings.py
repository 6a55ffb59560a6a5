"""Names of reuse relations as people write them."""

import pytest

from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.spellings import spelled


@pytest.mark.parametrize(
    ("written", "relation"),
    [
        ("lora", "adapter"),
        ("LoRA", "adapter"),
        ("peft", "adapter"),
        ("GGUF", "quantize"),
        ("awq", "quantize"),
        ("gptq", "quantize"),
        ("sft", "finetune"),
        ("DPO", "finetune"),
        ("fine_tune", "finetune"),
        ("Fine-Tuning", "finetune"),
        ("host", "serve"),
        ("api", "serve"),
        ("mergekit", "merge"),
        ("distillation", "distill"),
        ("pretrain", "train"),
        ("train on output", "train-on-output"),
        ("evaluate", "use"),
    ],
)
def test_a_relation_has_the_names_that_people_use(library: Library, written: str, relation: str) -> None:
    assert library.relation(written).name == relation


def test_no_name_means_two_relations(library: Library) -> None:
    names = [spelled(name) for relation in library.relations.values() for name in relation.spellings]
    assert len(names) == len(set(names))


def test_a_name_that_means_no_relation_is_asked_back(library: Library) -> None:
    with pytest.raises(UnknownIdentifier, match=r"no reuse relation is called 'loras'. Did you mean lora") as refused:
        library.relation("loras")
    assert "Relations are adapter, base-model, copy" in str(refused.value)
    assert "loras" not in library.relations_by_spelling
