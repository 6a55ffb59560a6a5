"""List dumps of the Hub: JSONL, plain or gzip, of models, datasets or Spaces.

A dump without cards is read by DuckDB in one pass. If that fails on any line, or where records carry
cards, every line is read on its own: a bad one goes to quarantine with its reason, and the rest is
loaded. A gzip file that ends too early gives what could be read of it.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import duckdb
from clausegraph.loaders.identifiers import is_repo_id
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Artifact, Reference, Rejected
from clausegraph.loaders.tags import HUB_RELATIONS, INFERRED, after, from_card, from_tags, licenses_of

from clausegraph.errors import UnreadableInput

_SNIFF = 50
_CARD_KEYS = ("cardData", "card_data", "infos", "baseModels", "spaces", "models")


def open_text(path: Path) -> IO[str]:
    """Open a plain or gzip file as text; bytes that are no UTF-8 are kept as escapes."""
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(path, "rt", encoding="utf-8", errors="backslashreplace")
    return path.open(encoding="utf-8", errors="backslashreplace")


def numbered_lines(path: Path, reject: Callable[[Rejected], None]) -> Iterator[tuple[int, str]]:
    """Yield (number, line) for each line that holds something; a broken end is rejected, not raised."""
    number = 0
    try:
        with open_text(path) as handle:
            for number, line in enumerate(handle, 1):
                if line.strip():
                    yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reject(Rejected(str(path), number + 1, f"the gzip file is damaged or cut off after line {number}: {error}", ""))


def sniff(path: Path) -> tuple[str | None, bool]:
    """Return (kind or `None`, whether records carry cards) from the first records of a dump."""
    records = []
    for _, line in numbered_lines(path, lambda _: None):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            records.append(record)
        if len(records) >= _SNIFF:
            break
    kinds = {kind for r in records if (kind := kind_of(r))}
    name = path.name.casefold()
    fallback = DATASET if "dataset" in name else SERVICE if "space" in name else MODEL if "model" in name else None
    kind = next(iter(kinds)) if len(kinds) == 1 else fallback
    if not kind and any("id" in r and "tags" in r for r in records):
        kind = MODEL
    return kind, any(key in r for r in records for key in _CARD_KEYS)


def kind_of(record: dict[str, Any]) -> str | None:
    """Return the kind that a record of the Hub's API shows, or `None` where it shows none."""
    inner = record.get("infos")
    info: dict[str, Any] = inner if isinstance(inner, dict) else record
    if "sdk" in info:
        return SERVICE
    if "modelId" in info or "pipeline_tag" in info or "library_name" in info:
        return MODEL
    tags = info.get("tags")
    if isinstance(tags, list) and any(str(t).startswith(("task_categories:", "size_categories:")) for t in tags):
        return DATASET
    return None


def read_record(record: dict[str, Any], kind: str) -> Artifact:
    """Return the artifact that a record describes; raises `ValueError` with the reason."""
    info = record["infos"] if isinstance(record.get("infos"), dict) else record
    id_ = info.get("id") or info.get("modelId") or record.get("path_id")
    if not isinstance(id_, str) or not is_repo_id(id_):
        raise ValueError(f"the record has no repository id that the Hub could have given: {id_!r}")
    tags = info.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(t, str) for t in tags):
        raise ValueError("`tags` is not a list of strings")
    card = info.get("cardData") or record.get("front_matter") or {}
    if isinstance(card, str):
        from clausegraph.loaders.card import parse_front_matter

        card = parse_front_matter(card)
    if not isinstance(card, dict):
        raise ValueError("the card is not a mapping")
    downloads = info.get("downloads")
    return Artifact(
        kind=kind,
        id=id_,
        licenses=licenses_of(card) or tuple(sorted(after(tags, "license:"))),
        license_name=_text(card.get("license_name")),
        license_link=_text(card.get("license_link")),
        created_at=_text(info.get("createdAt")),
        downloads=downloads if isinstance(downloads, int) else None,
        references=_references(kind, info, card, tags),
    )


def _references(kind: str, info: dict[str, Any], card: dict[str, Any], tags: list[str]) -> tuple[Reference, ...]:
    if kind == SERVICE:
        models = [*(info.get("models") or []), *(card.get("models") or [])]
        datasets = [*(info.get("datasets") or []), *(card.get("datasets") or [])]
        uses = [Reference(MODEL, m, "include") for m in models if isinstance(m, str)]
        return tuple(
            dict.fromkeys([*uses, *(Reference(DATASET, d, "include") for d in datasets if isinstance(d, str))])
        )
    found = {(r.parent_kind, r.parent): r for r in (*from_card(kind, card), *from_tags(kind, tags))}
    resolved = info.get("baseModels")
    if isinstance(resolved, dict) and resolved.get("relation") in HUB_RELATIONS:
        for model in resolved.get("models") or []:
            if isinstance(model, dict) and isinstance(model.get("id"), str):
                relation = HUB_RELATIONS[resolved["relation"]]
                found[(MODEL, model["id"])] = Reference(MODEL, model["id"], relation)
    return tuple(found.values())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def read_lines(path: Path, kind: str, reject: Callable[[Rejected], None]) -> Iterator[Artifact]:
    """Yield the artifacts of a dump line by line; what cannot be read goes to `reject`."""
    for number, line in numbered_lines(path, reject):
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("the line is JSON, but no object")
            yield read_record(record, kind)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            reject(Rejected(str(path), number, f"not a record of the Hub: {error}", line.rstrip("\n")[:2000]))


def _literal(path: Path) -> str:
    """Return a path as a SQL string; a quote in it stays text."""
    return "'" + str(path).replace("'", "''") + "'"


def _inferred_sql() -> str:
    branches = "".join(
        f" WHEN list_has_any(lower_tags, {list(marks)!r}) THEN '{relation}'" for relation, marks in INFERRED
    )
    return f"CASE{branches} WHEN bare > 1 THEN 'merge' ELSE 'finetune' END"


def read_bulk(connection: duckdb.DuckDBPyConnection, path: Path, kind: str, folder: Path) -> tuple[int, int]:
    """Read a dump without cards in one pass; write both tables into `folder` and return their row counts.

    Raises `duckdb.Error` where a line is not as it should be; the caller then reads line by line.
    """
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE raw AS
        SELECT id, coalesce(tags, []) AS tags, createdAt, downloads
        FROM read_json(?, format='newline_delimited', maximum_object_size=67108864,
          columns={id: 'VARCHAR', tags: 'VARCHAR[]', createdAt: 'VARCHAR', downloads: 'BIGINT'})""",
        [str(path)],
    )
    bad = connection.execute(
        "SELECT count(*) FROM raw WHERE id IS NULL OR NOT regexp_full_match(id, ?) OR contains(id, '..')",
        [r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9_][\w.-]*)?"],
    ).fetchone()
    if bad is None or bad[0]:
        raise duckdb.InvalidInputException("some records have no usable id")
    connection.execute(
        """COPY (SELECT ? AS kind, id,
          list_sort(list_distinct(list_transform(list_filter(tags, lambda t: starts_with(t, 'license:') AND len(t) > 8),
            lambda t: t[9:]))) AS licenses,
          NULL::VARCHAR AS license_name, NULL::VARCHAR AS license_link, createdAt AS created_at, downloads
          FROM raw) TO $target (FORMAT parquet)""".replace("$target", _literal(folder / "artifacts.parquet")),
        [kind],
    )
    target = _literal(folder / "references.parquet")
    if kind == DATASET:
        connection.execute(
            f"""COPY (SELECT DISTINCT 'dataset' AS child_kind, id AS child, 'dataset' AS parent_kind,
              regexp_replace(tag[17:], '^extended[|]', '') AS parent, 'modify' AS relation, 'declared' AS basis
              FROM (SELECT id, unnest(tags) AS tag FROM raw)
              WHERE starts_with(tag, 'source_datasets:')
                AND tag[17:] NOT IN ('original', 'extended', 'other', 'extended|other', 'extended|original', ''))
              TO {target} (FORMAT parquet)"""
        )
    else:
        connection.execute(
            f"""COPY (
              WITH based AS (
                SELECT id, list_transform(tags, lambda t: lower(t)) AS lower_tags,
                  list_distinct(list_filter(list_transform(list_filter(tags, lambda t: starts_with(t, 'base_model:')),
                    lambda t: t[12:]), lambda v: v != '')) AS stated
                FROM raw WHERE list_has_any(list_transform(tags, lambda t: t[:11]), ['base_model:'])),
              split AS (
                SELECT id, lower_tags, stated, len(list_filter(stated, lambda v: NOT contains(v, ':'))) AS bare,
                  unnest(stated) AS value FROM based),
              read AS (
                SELECT id, stated, regexp_extract(value, '^(finetune|adapter|quantized|merge):(.+)$', 1) AS word,
                  value, {_inferred_sql()} AS guess FROM split)
              SELECT DISTINCT 'model' AS child_kind, id AS child, 'model' AS parent_kind,
                CASE WHEN word = '' THEN value ELSE value[len(word) + 2:] END AS parent,
                CASE word WHEN '' THEN guess WHEN 'quantized' THEN 'quantize' ELSE word END AS relation,
                CASE word WHEN '' THEN 'inferred' ELSE 'declared' END AS basis
              FROM read
              WHERE word != '' OR (NOT contains(value, ':') AND NOT list_has_any(stated,
                [w || ':' || value FOR w IN ['finetune', 'adapter', 'quantized', 'merge']]))
              UNION ALL
              SELECT DISTINCT 'model', id, 'dataset', tag[9:], 'train', 'declared'
              FROM (SELECT id, unnest(tags) AS tag FROM raw) WHERE starts_with(tag, 'dataset:') AND len(tag) > 8
            ) TO {target} (FORMAT parquet)"""
        )
    counts = connection.execute(
        f"SELECT (SELECT count(*) FROM raw), (SELECT count(*) FROM read_parquet({target}))"
    ).fetchone()
    if counts is None:
        raise UnreadableInput(f"{path}: nothing could be counted")
    return int(counts[0]), int(counts[1])
