"""Lists of facts: one artifact per line, written by hand or by another tool.

```json
{"kind": "model", "id": "acme/chat", "license": ["mit"], "created": "2024-01-31",
 "parents": [{"id": "acme/base", "kind": "model", "via": "finetune"}]}
```

`license_name`, `license_link`, `created`, `downloads` and `parents` may be missing; `kind` of a parent
is `model` if it is not given. The embedded sample is such a list.
"""

import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from clausegraph.loaders.hub_dump import numbered_lines
from clausegraph.loaders.identifiers import is_repo_id
from clausegraph.loaders.records import MODEL, Artifact, Reference, Rejected
from clausegraph.loaders.tags import strings


def is_facts(record: Any) -> bool:
    """Say whether a record is one of this form."""
    return isinstance(record, dict) and {"kind", "id"} <= record.keys() and "tags" not in record


def read_record(record: Any, kinds: Collection[str], relations: Collection[str]) -> Artifact:
    """Return the artifact of a record; raises `ValueError` with the reason."""
    if not is_facts(record):
        raise ValueError("a record needs `kind` and `id`")
    if record["kind"] not in kinds:
        raise ValueError(f"the kind {record['kind']!r} is not known; use one of {', '.join(sorted(kinds))}")
    if not isinstance(record["id"], str) or not is_repo_id(record["id"]):
        raise ValueError(f"{record['id']!r} is no identifier of the form owner/name")
    downloads = record.get("downloads")
    return Artifact(
        kind=record["kind"],
        id=record["id"],
        licenses=tuple(strings(record.get("license") or [])),
        license_name=next(iter(strings(record.get("license_name"))), None),
        license_link=next(iter(strings(record.get("license_link"))), None),
        created_at=next(iter(strings(record.get("created"))), None),
        downloads=downloads if isinstance(downloads, int) else None,
        references=tuple(_reference(p, kinds, relations) for p in record.get("parents") or []),
    )


def _reference(parent: Any, kinds: Collection[str], relations: Collection[str]) -> Reference:
    if not isinstance(parent, dict) or not isinstance(parent.get("id"), str):
        raise ValueError("a parent needs an `id`")
    kind, via = parent.get("kind", MODEL), str(parent.get("via"))
    if via not in relations:
        raise ValueError(f"the relation {via!r} is not known; use one of {', '.join(sorted(relations))}")
    if kind not in kinds:
        raise ValueError(f"the kind {kind!r} of a parent is not known; use one of {', '.join(sorted(kinds))}")
    return Reference(kind, parent["id"], via, parent.get("basis", "declared"))


def read_lines(
    path: Path, kinds: Collection[str], relations: Collection[str], reject: Callable[[Rejected], None]
) -> Iterator[Artifact]:
    """Yield the artifacts of a list line by line; what cannot be read goes to `reject`."""
    for number, line in numbered_lines(path, reject):
        try:
            yield read_record(json.loads(line), kinds, relations)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            reject(Rejected(str(path), number, str(error), line.rstrip("\n")[:2000]))
