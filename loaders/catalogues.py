"""Collections that others made and checked by hand, and tables that join neighbours of the Hub to it.

| form | what it says |
|---|---|
| Ecosystem Graphs, CSV or YAML | assets with their dependencies and licenses |
| Data Provenance, JSON | datasets with licenses that people checked |
| parents, YAML | models with curated parents and how they relate |
| resolutions, JSON | identifiers and what became of them |
| repositories, CSV | GitHub repository → Hub model |
| repository licenses, JSON | GitHub repository → licenses |
"""

import ast
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.document import Context, Document, read_each
from clausegraph.loaders.front_matter import load_yaml
from clausegraph.loaders.hub_record import text
from clausegraph.loaders.identifiers import hub_reference, is_repo_id
from clausegraph.loaders.records import (
    APPLICATION,
    CATALOGUE,
    CHECKED,
    DATASET,
    MODEL,
    SOURCE,
    Artifact,
    Record,
    Reference,
    Rename,
)
from clausegraph.loaders.tags import HUB_RELATIONS, strings, usual_relation

_ASSETS = {"dataset": DATASET, "model": MODEL, "application": APPLICATION}
_NO_LICENSE = {"", "unknown", "none", "n/a", "unspecified", "tbd", "[]"}
_YAML = (".yaml", ".yml")


def accepts(document: Document) -> bool:
    """Say whether a document is one of these collections."""
    return _form(document) is not None


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield what a collection says."""
    form = _form(document)
    assert form is not None
    return _READERS[form](document, context)


def _form(document: Document) -> str | None:
    head = document.data[:4000].decode("utf-8", errors="replace")
    if document.suffix == ".csv":
        columns = next(csv.reader(head.splitlines()[:1]), [])
        if {"name", "type", "dependencies", "license"} <= set(columns):
            return "assets"
        return "repositories" if columns and columns[0].startswith("github.com/") else None
    if document.suffix in _YAML:
        if re.search(r"^- access:|^- *\w[\w ]*:.*\n(?:  .*\n)*  dependencies:", head, re.MULTILINE):
            return "assets"
        return "parents" if re.search(r"^- id: \S+\n  parents:", head, re.MULTILINE) else None
    if document.suffix == ".json" and isinstance(document.json, dict) and document.json:
        first = next(iter(document.json.values()))
        if isinstance(first, dict) and "Unique Dataset Identifier" in first:
            return "provenance"
        if isinstance(document.json.get("resolutions"), dict):
            return "resolutions"
        keys = list(document.json)[:50]
        values = [document.json[k] for k in keys]
        if all(re.fullmatch(r"[\w.-]+/[\w.-]+", k) for k in keys) and all(isinstance(v, list | None) for v in values):
            return "repository licenses"
    return None


# ---- Ecosystem Graphs --------------------------------------------------------


def asset_id(name: str) -> str:
    """Return the id of an asset that has no address on the Hub."""
    return "urn:ecosystem-graphs:" + (re.sub(r"[^A-Za-z0-9.+]+", "-", name).strip("-") or "unnamed")


def _assets(document: Document, context: Context) -> Iterator[Record]:
    if document.suffix == ".csv":
        csv.field_size_limit(1_000_000)
        rows: list[Any] = list(csv.DictReader(io.StringIO(document.text, newline="")))
    else:
        rows = load_yaml(document.text)
    if not isinstance(rows, list):
        raise ValueError("it is no list of assets")
    named = {str(r.get("name")): _asset_name(r) for r in rows if isinstance(r, dict) and r.get("type") in _ASSETS}
    first = 2 if document.suffix == ".csv" else 1  # the line of the first row, or the number of the entry
    return read_each(document.place, enumerate(rows, first), lambda row: [_asset(row, named)], context)


def _plain(value: Any) -> str:
    """Return the value of a field, which may be given with an explanation."""
    if isinstance(value, dict):
        value = value.get("value")
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _asset_name(row: dict[str, Any]) -> tuple[str, str]:
    kind = _ASSETS[str(row["type"])]
    for key in ("model_card", "datasheet", "url"):
        found = hub_reference(_plain(row.get(key)))
        if found and "/" in found[1] and found[0] in (None, kind) and "huggingface.co" in _plain(row.get(key)):
            return kind, found[1]
    return kind, asset_id(str(row.get("name")))


def _asset(row: Any, named: dict[str, tuple[str, str]]) -> Artifact:
    if not isinstance(row, dict) or not row.get("name") or row.get("type") not in _ASSETS:
        raise ValueError("an asset needs a `name` and a `type` of dataset, model or application")
    kind, id_ = _asset_name(row)
    needs = row.get("dependencies") or []
    if isinstance(needs, dict):
        needs = needs.get("value") or []
    if isinstance(needs, str):
        try:
            needs = ast.literal_eval(needs)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise ValueError(f"`dependencies` is no list: {needs[:80]!r}") from error
    references = []
    for need in strings(needs):
        parent_kind, parent = named.get(need, (MODEL, asset_id(need)))
        references.append(Reference(parent_kind, parent, usual_relation(kind, parent_kind), "inferred", CATALOGUE))
    license_value = _plain(row.get("license"))
    created = re.match(r"\d{4}-\d{2}-\d{2}", _plain(row.get("created_date")) or str(row.get("created_date")))
    return Artifact(
        kind,
        id_,
        () if license_value.casefold() in _NO_LICENSE else (license_value,),
        created_at=created[0] if created else None,
        place=CATALOGUE,
        references=tuple(dict.fromkeys(references)),
    )


# ---- Data Provenance ---------------------------------------------------------


def _provenance(document: Document, context: Context) -> Iterator[Record]:
    items = [(n, {"key": k, **(v if isinstance(v, dict) else {})}) for n, (k, v) in enumerate(document.json.items(), 1)]
    return read_each(document.place, items, lambda row: [_checked(row)], context)


def _checked(row: dict[str, Any]) -> Artifact:
    name = text(row.get("Unique Dataset Identifier"))
    if not name:
        raise ValueError(f"the entry {row['key']!r} has no `Unique Dataset Identifier`")
    id_ = "urn:data-provenance:" + (re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-") or "unnamed")
    for key in ("Dataset URL", "Hugging Face URL"):
        found = hub_reference(str(row.get(key) or ""))
        if found and found[0] == DATASET:
            id_ = found[1]
            break
    values = [str(one.get("License") or "") for one in row.get("Licenses") or [] if isinstance(one, dict)]
    known = tuple(dict.fromkeys(v for v in values if v.casefold() not in _NO_LICENSE))
    sources = [Reference(DATASET, d, "modify", place=CATALOGUE) for d in strings(row.get("Derived from Datasets"))]
    made = [m for m in strings(row.get("Model Generated")) if is_repo_id(m)]
    sources += [Reference(MODEL, m, "generate", place=CATALOGUE) for m in made]
    return Artifact(DATASET, id_, known, place=CHECKED, references=tuple(dict.fromkeys(sources)))


# ---- curated parents, resolutions --------------------------------------------


def _parents(document: Document, context: Context) -> Iterator[Record]:
    rows = load_yaml(document.text)
    if not isinstance(rows, list):
        raise ValueError("it is no list of models with their parents")
    return read_each(document.place, enumerate(rows, 1), lambda row: [_curated(row)], context)


def _curated(row: Any) -> Artifact:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not is_repo_id(row["id"]):
        raise ValueError("an entry needs an `id` of the form owner/name")
    references = []
    for parent in row.get("parents") or []:
        if not isinstance(parent, dict) or not isinstance(parent.get("id"), str):
            raise ValueError("a parent needs an `id`")
        relation = HUB_RELATIONS.get(str(parent.get("relationship")))
        basis = "declared" if relation else "inferred"
        references.append(Reference(MODEL, parent["id"], relation or "finetune", basis, CATALOGUE))
    return Artifact(MODEL, row["id"], place=CATALOGUE, references=tuple(dict.fromkeys(references)))


def _resolutions(document: Document, context: Context) -> Iterator[Record]:
    found = document.json["resolutions"]
    items = [(n, {"id": k, "row": v}) for n, (k, v) in enumerate(found.items(), 1)]
    return read_each(document.place, items, _resolution, context)


def _resolution(item: dict[str, Any]) -> Iterator[Record]:
    row, id_ = item["row"], item["id"]
    if not isinstance(row, dict):
        raise ValueError("a resolution is no mapping")
    now = row.get("fixed_hf_model_id") or row.get("resolved_hf_id")
    if isinstance(now, str) and is_repo_id(now) and is_repo_id(id_) and now != id_:
        yield Rename(MODEL, id_, now, "the Hub answered with another id")


# ---- repositories ------------------------------------------------------------


def _repositories(document: Document, context: Context) -> Iterator[Record]:
    models: dict[str, list[str]] = {}
    licenses: dict[str, str] = {}
    bad = []
    for number, row in enumerate(csv.reader(io.StringIO(document.text, newline="")), 1):
        source = hub_reference(row[0]) if row else None
        model = row[1].strip() if len(row) > 1 else ""
        if not source or source[0] != SOURCE or not is_repo_id(model):
            bad.append((number, ",".join(row)))
            continue
        models.setdefault(source[1], []).append(model)
        if len(row) > 3 and row[3].strip():
            licenses.setdefault(model, row[3].strip())

    def refuse(line: str) -> list[Record]:
        raise ValueError("a row needs `github.com/owner/name` and the id of a model")

    yield from read_each(document.place, bad, refuse, context)
    for name, used in models.items():
        references = tuple(Reference(MODEL, m, "include", place=CATALOGUE) for m in dict.fromkeys(used))
        yield Artifact(SOURCE, name, place=CATALOGUE, references=references)
    for name, value in licenses.items():
        yield Artifact(MODEL, name, (value,), place=CATALOGUE)


def _repository_licenses(document: Document, context: Context) -> Iterator[Record]:
    items = [(n, {"id": k, "licenses": v}) for n, (k, v) in enumerate(document.json.items(), 1)]

    def one(item: dict[str, Any]) -> list[Record]:
        if not is_repo_id(item["id"]):
            raise ValueError(f"{item['id']!r} is no repository of the form owner/name")
        return [Artifact(SOURCE, item["id"], tuple(strings(item["licenses"] or [])), place=CATALOGUE)]

    return read_each(document.place, items, one, context)


_READERS = {
    "assets": _assets,
    "provenance": _provenance,
    "parents": _parents,
    "resolutions": _resolutions,
    "repositories": _repositories,
    "repository licenses": _repository_licenses,
}
