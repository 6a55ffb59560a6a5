"""One item of the Hub's API, as lists, dumps, cards and the live Hub give it, read into a record.

What the card says, what the tags say and what the Hub resolved are kept as statements of their own.
"""

from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.identifiers import is_repo_id, split_reference
from clausegraph.loaders.records import (
    CARD,
    CATALOGUE,
    DATASET,
    HUB,
    MODEL,
    SERVICE,
    TAG,
    Artifact,
    Link,
    Record,
    Reference,
    Statement,
)
from clausegraph.loaders.tags import (
    after,
    from_card,
    from_resolved,
    from_tags,
    licenses_of,
    strings,
    unnamed_base,
    with_every_spelling,
)

#: The largest number of downloads that a count can hold.
_MAX = 2**63 - 1


def kind_of(record: dict[str, Any]) -> str | None:
    """Return the kind that a record of the Hub's API shows, or `None` where it shows none."""
    info = _info(record)
    if "sdk" in info:
        return SERVICE
    if "modelId" in info or "pipeline_tag" in info or "library_name" in info or "model_id" in record:
        return MODEL
    tags = info.get("tags")
    if isinstance(tags, list) and any(str(t).startswith(("task_categories:", "size_categories:")) for t in tags):
        return DATASET
    return None


def read_item(record: dict[str, Any], kind: str) -> list[Record]:
    """Return the artifact of a record, and what the record says of others: who uses it, and its children."""
    artifact = read_record(record, kind)
    return [artifact, *_links(record, artifact)] if kind == MODEL else [artifact]


#: Keys of a record that list what was made of a model, with the kind and the relation.
_USES = {
    "spaces": (SERVICE, "include"),
    "children": (MODEL, "finetune"),
    "adapters": (MODEL, "adapter"),
    "quantized": (MODEL, "quantize"),
    "merges": (MODEL, "merge"),
}


def _links(record: dict[str, Any], artifact: Artifact) -> Iterator[Link]:
    for key, (kind, relation) in _USES.items():
        for value in {one: None for place in (record, _info(record)) for one in strings(place.get(key) or [])}:
            id_ = split_reference(value)[1]
            if is_repo_id(id_) and "/" in id_:
                yield Link(kind, id_, Reference(MODEL, artifact.id, relation, HUB, CATALOGUE))


def _info(record: dict[str, Any]) -> dict[str, Any]:
    """Return the API's item; some collections wrap it."""
    for key in ("infos", "metadata"):
        if isinstance(record.get(key), dict):
            inner: dict[str, Any] = record[key]
            return inner
    return record


def _first(record: dict[str, Any], *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)


def read_record(record: dict[str, Any], kind: str) -> Artifact:
    """Return the artifact that a record describes; raises `ValueError` with the reason."""
    info = _info(record)
    id_ = _first(info, "id", "modelId") or _first(record, "path_id", "model_id")
    if isinstance(id_, str) and id_.startswith("https://"):
        id_ = split_reference(id_)[1]
    if not isinstance(id_, str) or not is_repo_id(id_):
        raise ValueError(f"the record has no repository id that the Hub could have given: {id_!r}")
    tags = info.get("tags") or []
    if not isinstance(tags, list):
        raise ValueError("`tags` is not a list of strings")
    tags = [tag for tag in tags if isinstance(tag, str)]
    card = _card(record, info)
    on_card, in_tags = licenses_of(card), tuple(sorted(after(tags, "license:")))
    beside = [Statement(TAG, value) for value in in_tags] if on_card else []
    resolved = "baseModels" in info
    references = [*from_card(kind, card, tags), *from_tags(kind, tags), *from_resolved(info.get("baseModels"))]
    if kind == SERVICE:
        used = [*strings(info.get("models") or []), *strings(info.get("datasets") or [])]
        models = set(strings(info.get("models") or []))
        references += [Reference(MODEL if u in models else DATASET, u, "include", place=TAG) for u in used]
    marks = [*tags, *strings(card.get("tags")), *strings(info.get("library_name") or card.get("library_name"))]
    references += unnamed_base(kind, references, marks)
    return Artifact(
        kind=kind,
        id=id_,
        licenses=on_card or in_tags,
        license_name=text(card.get("license_name")),
        license_link=text(card.get("license_link")),
        created_at=text(_first(info, "createdAt", "created_at")),
        downloads=count(info.get("downloads")),
        access=access_of(info),
        place=CARD if on_card else TAG,
        resolved=resolved,
        references=tuple(dict.fromkeys(references)),
        statements=tuple(beside),
    )


def _card(record: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    """Return the front matter in a record, which may be a mapping or YAML; raises `ValueError`."""
    from clausegraph.loaders.front_matter import front_matter, parse_front_matter

    card = _first(info, "cardData", "card_data") or record.get("front_matter") or {}
    if isinstance(card, str):
        card = parse_front_matter(card)
    if not card and isinstance(record.get("card"), str):
        card = front_matter(record["card"])
    if not isinstance(card, dict):
        raise ValueError("the card is not a mapping")
    return with_every_spelling(card)


def access_of(info: dict[str, Any]) -> str | None:
    """Return whether a repository is disabled, private, gated or public, or `None` if the record does not say."""
    if info.get("disabled") is True:
        return "disabled"
    if info.get("private") is True:
        return "private"
    if info.get("gated") in ("auto", "manual", True):
        return "gated"
    return "public" if "private" in info or "gated" in info else None


def count(value: Any) -> int | None:
    """Return a count; raises `ValueError` where it is negative or beyond what a count can hold."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if not 0 <= value <= _MAX:
        raise ValueError(f"`downloads` is {value}, which no count can be")
    return value


def text(value: Any) -> str | None:
    """Return a text that says something, or `None`."""
    return value if isinstance(value, str) and value.strip() else None
