"""What the tags and the card front matter of the Hub say about license and lineage.

Only prefixes that the Hub itself writes count, since free tags may hold a colon too. Where a card
names a base model without a relation, the relation is inferred from the tags, as the Hub does, and
the reference says so.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from clausegraph.loaders.records import DATASET, MODEL, Reference

#: The Hub's words for relations of base models, and ours.
HUB_RELATIONS = {"finetune": "finetune", "adapter": "adapter", "quantized": "quantize", "merge": "merge"}
#: Tags from which a relation is inferred, tried in this order.
INFERRED = (
    (
        "quantize",
        ("gguf", "gptq", "awq", "exl2", "ggml", "onnx", "mlx", "bitsandbytes", "4-bit", "8-bit", "int4", "int8"),
    ),
    ("adapter", ("peft", "lora", "qlora", "adapter", "adapter-transformers")),
    ("merge", ("merge", "mergekit", "moe-merge", "lazymergekit")),
)
#: Values after `source_datasets:` that name no dataset.
_NO_DATASET = {"original", "extended", "other", "extended|other", "extended|original"}


def inferred_relation(tags: Iterable[str], parents: int) -> str:
    """Return the relation to base models that the tags suggest; several parents suggest a merge."""
    present = {t.casefold() for t in tags}
    for relation, marks in INFERRED:
        if present.intersection(marks):
            return relation
    return "merge" if parents > 1 else "finetune"


def after(tags: Iterable[str], prefix: str) -> list[str]:
    """Return what stands behind a prefix in `tags`, in order, each once."""
    return list(dict.fromkeys(t[len(prefix) :] for t in tags if t.startswith(prefix) and len(t) > len(prefix)))


def from_tags(kind: str, tags: list[str]) -> tuple[Reference, ...]:
    """Return the references that the tags of a model or dataset state."""
    found: list[Reference] = []
    if kind == DATASET:
        for value in after(tags, "source_datasets:"):
            if value not in _NO_DATASET:
                found.append(Reference(DATASET, value.removeprefix("extended|"), "modify"))
        return tuple(found)
    qualified: dict[str, str] = {}
    plain: list[str] = []
    for value in after(tags, "base_model:"):
        head, _, rest = value.partition(":")
        if rest and head in HUB_RELATIONS:
            qualified[rest] = HUB_RELATIONS[head]
        elif not rest:
            plain.append(value)
    found += [Reference(MODEL, parent, relation) for parent, relation in qualified.items()]
    bare = [p for p in plain if p not in qualified]
    relation = inferred_relation(tags, len(bare))
    found += [Reference(MODEL, parent, relation, "inferred") for parent in bare]
    found += [Reference(DATASET, value, "train") for value in after(tags, "dataset:")]
    return tuple(found)


def strings(value: Any) -> list[str]:
    """Return the strings in a front-matter value that may be one value, a list or nothing."""
    values = value if isinstance(value, list) else [value]
    return [str(v).strip() for v in values if isinstance(v, str | int | float) and str(v).strip()]


def from_card(kind: str, card: Mapping[str, Any]) -> tuple[Reference, ...]:
    """Return the references that card front matter states."""
    if kind == DATASET:
        return from_tags(DATASET, [f"source_datasets:{v}" for v in strings(card.get("source_datasets"))])
    parents = strings(card.get("base_model"))
    stated = strings(card.get("base_model_relation"))
    tags = [*strings(card.get("tags")), *strings(card.get("library_name"))]
    if stated and stated[0] in HUB_RELATIONS:
        found = [Reference(MODEL, p, HUB_RELATIONS[stated[0]]) for p in parents]
    else:
        relation = inferred_relation(tags, len(parents))
        found = [Reference(MODEL, p, relation, "inferred") for p in parents]
    found += [Reference(DATASET, d, "train") for d in strings(card.get("datasets"))]
    return tuple(found)


def licenses_of(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the license values of a card; the misspelt key `licence` counts where the right one is missing."""
    return tuple(strings(card.get("license")) or strings(card.get("licence")))
