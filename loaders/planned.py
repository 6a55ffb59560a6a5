"""Recipes: works that are planned, loaded as artifacts so that an audit and a query see them beside the rest.

`clausegraph check recipe.yaml` judges a recipe with its publish policy; loading one keeps its works and
steps under the owner `local`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clausegraph.loaders.document import Context, Document, read_each
from clausegraph.loaders.front_matter import load_yaml
from clausegraph.loaders.identifiers import hub_reference
from clausegraph.loaders.records import CATALOGUE, MODEL, Artifact, Record, Reference
from clausegraph.loaders.tags import strings


def accepts(document: Document) -> bool:
    """Say whether a document is a recipe: YAML with works or steps."""
    head = document.data[:100_000].decode("utf-8", errors="replace")
    return document.suffix in (".yaml", ".yml") and bool(re.search(r"^(works|steps):", head, re.MULTILINE))


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the works and steps of a recipe; raises `ValueError` where it is written wrongly."""
    recipe = load_yaml(document.text)
    if not isinstance(recipe, dict):
        raise ValueError("the recipe is no mapping")
    works, steps = recipe.get("works") or {}, recipe.get("steps") or []
    if not isinstance(works, dict) or not isinstance(steps, list):
        raise ValueError("`works` is a mapping and `steps` a list")
    words = context.vocabulary()
    kinds: dict[str, str] = {}
    made = [(str(s.get("make")), s) for s in steps if isinstance(s, dict)]
    if len(made) != len(steps):
        raise ValueError("each step needs `make` and `from`")
    for name, facts in [*works.items(), *made]:
        kind = str(facts.get("kind", MODEL)) if isinstance(facts, Mapping) else ""
        if kind.casefold() not in words.kinds:
            raise ValueError(f"{name!r} has the kind {kind!r}; use one of {', '.join(sorted(words.kinds))}")
        kinds[str(name)] = words.kinds[kind.casefold()]
    items = list(enumerate([*((str(n), f) for n, f in works.items()), *made], 1))
    return read_each(document.place, items, lambda item: [_work(item[0], item[1], kinds, words.relations)], context)


def _id(name: str) -> str:
    return "local/" + (re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-._") or "work")


def _work(name: str, facts: Mapping[str, Any], kinds: Mapping[str, str], relations: Mapping[str, str]) -> Artifact:
    references = []
    for entry in facts.get("from") or []:
        if not isinstance(entry, dict) or not entry.get("work"):
            raise ValueError(f"`from` of {name!r} needs entries with `work` and `via`")
        work, via = str(entry["work"]), str(entry.get("via"))
        if via not in relations:
            raise ValueError(
                f"{name!r} reuses {work!r} via {via!r}; use one of {', '.join(sorted(set(relations.values())))}"
            )
        via = relations[via]
        if work in kinds:
            references.append(Reference(kinds[work], _id(work), via))
        else:
            found = hub_reference(work)
            if not found:
                raise ValueError(f"{name!r} uses {work!r}, which is neither a work of the recipe nor a Hub id")
            references.append(Reference(found[0] or MODEL, found[1], via))
    return Artifact(
        kinds[name], _id(name), tuple(strings(facts.get("license"))), place=CATALOGUE, references=tuple(references)
    )
