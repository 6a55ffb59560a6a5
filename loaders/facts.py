"""Lists of facts: one artifact per line, written by hand or by another tool.

```json
{"kind": "model", "id": "acme/chat", "license": ["mit"], "created": "2024-01-31",
 "parents": [{"id": "acme/base", "kind": "model", "via": "finetune"}]}
```

`license_name`, `license_link`, `created`, `downloads` and `parents` may be missing; `kind` of a parent
is `model` if it is not given. The embedded sample is such a list.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clausegraph.loaders.document import Context, first_records, numbered_lines, parse_json, read_each
from clausegraph.loaders.hub_record import count, text
from clausegraph.loaders.identifiers import is_iri, is_repo_id
from clausegraph.loaders.records import CARD, DECLARED, MODEL, Artifact, Record, Reference
from clausegraph.loaders.tags import strings


def accepts(path: Path) -> bool:
    """Say whether the file is a list of facts, by its first record."""
    found = first_records(path, 1)
    return bool(found) and is_facts(found[0])


def read(path: Path, context: Context) -> Iterator[Record]:
    """Yield the artifacts of a list line by line."""
    words = context.vocabulary()
    lines = numbered_lines(path, context.reject)
    return read_each(
        str(path), lines, lambda line: [read_record(parse_json(line), words.kinds, words.relations)], context
    )


def is_facts(record: Any) -> bool:
    """Say whether a record is one of this form."""
    return isinstance(record, dict) and {"kind", "id"} <= record.keys() and "tags" not in record


def read_record(record: Any, kinds: dict[str, str], relations: dict[str, str]) -> Artifact:
    """Return the artifact of a record; raises `ValueError` with the reason."""
    if not is_facts(record):
        raise ValueError("a record needs `kind` and `id`")
    if record["kind"] not in kinds:
        raise ValueError(f"the kind {record['kind']!r} is not known; use one of {', '.join(sorted(kinds))}")
    if not isinstance(record["id"], str) or not (is_repo_id(record["id"]) or is_iri(record["id"])):
        raise ValueError(f"{record['id']!r} is neither an identifier of the form owner/name nor an IRI")
    return Artifact(
        kind=kinds[record["kind"]],
        id=record["id"],
        licenses=tuple(strings(record.get("license") or [])),
        license_name=text(record.get("license_name")),
        license_link=text(record.get("license_link")),
        created_at=text(record.get("created")),
        place=text(record.get("place")) or CARD,
        downloads=count(record.get("downloads")),
        references=tuple(_reference(p, kinds, relations) for p in record.get("parents") or []),
    )


def _reference(parent: Any, kinds: dict[str, str], relations: dict[str, str]) -> Reference:
    if not isinstance(parent, dict) or not isinstance(parent.get("id"), str):
        raise ValueError("a parent needs an `id`")
    kind, via = parent.get("kind", MODEL), str(parent.get("via"))
    if via not in relations:
        raise ValueError(f"the relation {via!r} is not known; use one of {', '.join(sorted(set(relations.values())))}")
    if kind not in kinds:
        raise ValueError(f"the kind {kind!r} of a parent is not known; use one of {', '.join(sorted(kinds))}")
    return Reference(
        kinds[kind], parent["id"], relations[via], parent.get("basis", DECLARED), parent.get("place", CARD)
    )
