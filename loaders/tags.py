"""What the tags and the card front matter of the Hub say about license and lineage.

Only prefixes that the Hub itself writes count, since free tags may hold a colon too. Where a card
names a base model without a relation, the relation is inferred from the tags, as the Hub does, and
the reference says so.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from clausegraph.loaders.forms import relation_in
from clausegraph.loaders.records import CARD, DATASET, HUB, INFERRED, MODEL, RESOLVED, SERVICE, TAG, Reference

#: The Hub's words for relations of base models, and ours.
HUB_RELATIONS = {"finetune": "finetune", "adapter": "adapter", "quantized": "quantize", "merge": "merge"}
#: The relation of an adapter to its base.
ADAPTER = "adapter"
#: Tags from which a relation is inferred, tried in this order.
MARKS = (
    (
        "quantize",
        ("gguf", "gptq", "awq", "exl2", "ggml", "onnx", "mlx", "bitsandbytes", "4-bit", "8-bit", "int4", "int8"),
    ),
    ("adapter", ("peft", "lora", "qlora", "adapter", "adapter-transformers")),
    ("merge", ("merge", "mergekit", "moe-merge", "lazymergekit")),
)
#: Tags and libraries of adapters.
ADAPTERS = dict(MARKS)[ADAPTER]
#: Values after `source_datasets:` that name no dataset.
_NO_DATASET = {"original", "extended", "other", "extended|other", "extended|original"}


def inferred_relation(tags: Iterable[str], parents: int) -> str:
    """Return the relation to base models that the tags suggest; several parents suggest a merge."""
    present = {t.casefold() for t in tags}
    for relation, marks in MARKS:
        if present.intersection(marks):
            return relation
    return "merge" if parents > 1 else "finetune"


def usual_relation(child: str, parent: str) -> str:
    """Return how a child of one kind mostly reuses a parent of another, where a source names no relation."""
    if child == MODEL:
        return {DATASET: "train", MODEL: "finetune"}.get(parent, "use")
    if child == DATASET:
        return {DATASET: "modify", MODEL: "generate"}.get(parent, "use")
    return "include"


def after(tags: Iterable[str], prefix: str) -> list[str]:
    """Return what stands behind a prefix in `tags`, in order, each once."""
    return list(dict.fromkeys(t[len(prefix) :] for t in tags if t.startswith(prefix) and len(t) > len(prefix)))


def from_tags(kind: str, tags: list[str], place: str = TAG) -> tuple[Reference, ...]:
    """Return the references that the tags of a model or dataset state."""
    found: list[Reference] = []
    if kind == DATASET:
        for value in after(tags, "source_datasets:"):
            if value not in _NO_DATASET:
                found.append(Reference(DATASET, value.removeprefix("extended|"), "modify", place=place))
        return tuple(found)
    qualified: dict[str, str] = {}
    plain: list[str] = []
    for value in after(tags, "base_model:"):
        head, _, rest = value.partition(":")
        if rest and head in HUB_RELATIONS:
            qualified[rest] = HUB_RELATIONS[head]
        elif not rest:
            plain.append(value)
    found += [Reference(MODEL, parent, relation, HUB, place) for parent, relation in qualified.items()]
    bare = [p for p in plain if p not in qualified]
    relation = inferred_relation(tags, len(bare))
    found += [Reference(MODEL, parent, relation, INFERRED, place) for parent in bare]
    found += [Reference(DATASET, value, "train", place=place) for value in after(tags, "dataset:")]
    return tuple(found)


def strings(value: Any) -> list[str]:
    """Return the strings in a front-matter value that may be one value, a list or nothing."""
    values = value if isinstance(value, list) else [value]
    return [str(v).strip() for v in values if isinstance(v, str | int | float) and str(v).strip()]


def texts(value: Any) -> list[str]:
    """Return every value in a front-matter value as a text; what is no text is written as JSON and is never lost.

    >>> texts(["mit", ["gpl-3.0"], {"name": "x"}, None])
    ['mit', 'gpl-3.0', '{"name": "x"}']
    """
    if value is None:
        return []
    if isinstance(value, list | tuple | set):
        return [text for one in value for text in texts(one)]
    if isinstance(value, str | int | float):
        return strings(value)
    return [_as_json(value)] if value else []


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:2000]


#: Keys of license and lineage, and how people write them; the Hub reads the first of each alone.
_SPELLINGS = {
    "license": ("license", "licence", "licenses", "licences"),
    "license_name": ("license_name", "licence_name"),
    "license_link": ("license_link", "licence_link"),
    "base_model": ("base_model", "base_models"),
    "base_model_relation": ("base_model_relation",),
    "datasets": ("datasets",),
    "source_datasets": ("source_datasets",),
}
_KEYS = {spelling: key for key, spellings in _SPELLINGS.items() for spelling in spellings}


def with_every_spelling(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card on which what stands under another spelling of a key stands under the key as well.

    A template that nobody filled in names the key itself (`licence: license`); beside a value that says nothing.

    >>> with_every_spelling({"license": "mit", "Base-Model": "a/b", "licence": ["gpl-3.0"]})
    {'license': ['mit', 'gpl-3.0'], 'base_model': 'a/b'}
    """
    found: dict[str, Any] = {}
    for written, value in card.items():
        key = _KEYS.get(str(written).casefold().replace("-", "_"), written)
        both = [one for one in (*_listed(found[key]), *_listed(value)) if not is_left_open(one)] if key in found else []
        found[key] = (both if len(both) > 1 else both[0]) if both else found.get(key) or value
    return found


def is_left_open(value: Any) -> bool:
    """Say whether a value is the name of a key, which a template that nobody filled in has in its place."""
    return isinstance(value, str) and value.strip().casefold() in _KEYS


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def from_card(kind: str, card: Mapping[str, Any], tags: Iterable[str] = ()) -> tuple[Reference, ...]:
    """Return the references that card front matter states; `tags` help to infer a relation that it does not say."""
    if kind == DATASET:
        return from_tags(DATASET, [f"source_datasets:{v}" for v, _ in named(card.get("source_datasets"))], CARD)
    if kind == SERVICE:
        models = [*named(card.get("models")), *named(card.get("base_model"))]
        used = [Reference(MODEL, m, "include") for m, _ in models]
        return (*used, *(Reference(DATASET, d, "include") for d, _ in named(card.get("datasets"))))
    parents = named(card.get("base_model"))
    stated = next(iter(strings(card.get("base_model_relation"))), "").casefold()
    relations = [HUB_RELATIONS.get((relation or stated).casefold()) for _, relation in parents]
    marks = [*strings(card.get("tags")), *strings(card.get("library_name")), *tags]
    guess = inferred_relation(marks, len(parents))
    found = [
        Reference(MODEL, parent, relation) if relation else Reference(MODEL, parent, guess, INFERRED)
        for (parent, _), relation in zip(parents, relations, strict=True)
    ]
    found += [Reference(DATASET, d, "train") for d, _ in named(card.get("datasets"))]
    return tuple(found)


def from_resolved(resolved: Any) -> tuple[Reference, ...]:
    """Return the parents that the Hub resolved: `{"relation": …, "models": [{"id": …}]}`."""
    if not isinstance(resolved, dict) or resolved.get("relation") not in HUB_RELATIONS:
        return ()
    relation = HUB_RELATIONS[resolved["relation"]]
    models = resolved.get("models")
    ids = [m["id"] for m in models if isinstance(m, dict) and isinstance(m.get("id"), str)] if models else []
    return tuple(Reference(MODEL, id_, relation, HUB, RESOLVED) for id_ in ids)


def named(value: Any) -> list[tuple[str, str | None]]:
    """Return what a front-matter value names, as it stands, with the relation that a mapping states beside it.

    What is no text is written as JSON, so that nothing is lost silently; `forms.meant` reads it.
    """
    plain: list[tuple[str, str | None]] = [(text, None) for text in strings(value)]
    others = [v for v in _listed(value) if v and not isinstance(v, str | int | float)]
    return plain + [(_as_json(v), relation_in(v)) for v in others]


def unnamed_base(kind: str, references: Iterable[Reference], marks: Iterable[str]) -> tuple[Reference, ...]:
    """Return the base of an adapter that names none: an adapter always has one. `marks` are tags and the library.

    A quantized adapter is an adapter all the same.
    """
    named = any(r.parent_kind == MODEL for r in references)
    if kind != MODEL or named or not {mark.casefold() for mark in marks}.intersection(ADAPTERS):
        return ()
    return (Reference(MODEL, "", ADAPTER),)


def licenses_of(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the license values of a card, each once.

    A `license_name` beside a license other than `other` is a second value: the Hub does not show it, but it is said.

    >>> licenses_of({"license": "mit", "license_name": "llama3"})
    ('mit', 'llama3')
    """
    stated = list(dict.fromkeys(texts(card.get("license"))))
    known = {one.casefold() for one in stated}
    if known and "other" not in known:
        names = texts(card.get("license_name"))
        stated += [name for name in names if name.casefold() not in known and not is_left_open(name)]
    return tuple(stated)
