"""Dumps of the Hub: JSON lines, plain, gzip or zstd, of models, datasets or Spaces.

A list dump without cards is read by DuckDB in one pass. If that fails on any line, or where records
carry cards, every line is read on its own: a bad one goes to quarantine with its reason, and the rest
is loaded. A compressed file that ends too early gives what could be read of it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from clausegraph.loaders.document import Context, compression, first_records, numbered_lines, parse_json, read_each
from clausegraph.loaders.hub_record import kind_of, read_item
from clausegraph.loaders.identifiers import REPO
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Record
from clausegraph.loaders.tags import ADAPTERS, MARKS

from clausegraph.ground.errors import UnreadableInput

_SNIFF = 50
_CARD_KEYS = ("cardData", "card_data", "infos", "metadata", "baseModels", "spaces", "models", "card")


def sniff(path: Path) -> tuple[str | None, bool]:
    """Return (kind or `None`, whether records carry cards) from the first records of a dump."""
    records = [r for r in first_records(path, _SNIFF) if isinstance(r, dict)]
    kinds = {kind for r in records if (kind := kind_of(r))}
    name = path.name.casefold()
    fallback = DATASET if "dataset" in name else SERVICE if "space" in name else MODEL if "model" in name else None
    kind = next(iter(kinds)) if len(kinds) == 1 else fallback
    if not kind and any("id" in r and "tags" in r for r in records):
        kind = MODEL
    return kind, any(key in r for r in records for key in _CARD_KEYS)


def accepts(path: Path) -> bool:
    """Say whether the file is a dump of the Hub."""
    return sniff(path)[0] is not None


def read(path: Path, context: Context) -> Iterator[Record]:
    """Yield the artifacts of a dump line by line."""
    kind = sniff(path)[0]
    if kind is None:
        raise UnreadableInput(
            f"{path}: its records do not look like those of the Hub. A dump has one JSON object per line with "
            "`id` and `tags`; its name or its fields tell models from datasets."
        )
    lines = numbered_lines(path, context.reject)
    return read_each(str(path), lines, lambda line: _read_line(line, kind), context)


def _read_line(line: str, kind: str) -> list[Record]:
    record: Any = parse_json(line)
    if not isinstance(record, dict):
        raise ValueError("the line is JSON, but no object")
    return read_item(record, kind)


def _literal(path: Path) -> str:
    """Return a path as a SQL string; a quote in it stays text."""
    return "'" + str(path).replace("'", "''") + "'"


def _unnamed_sql() -> str:
    """Return the condition of an adapter that names no base, as `tags.unnamed_base` states it."""
    lower = "list_transform(tags, lambda t: lower(t))"
    bare = "NOT list_has_any(list_transform(tags, lambda t: t[:11]), ['base_model:'])"
    return f"list_has_any({lower}, {list(ADAPTERS)!r}) AND {bare}"


def _inferred_sql() -> str:
    branches = "".join(
        f" WHEN list_has_any(lower_tags, {list(marks)!r}) THEN '{relation}'" for relation, marks in MARKS
    )
    return f"CASE{branches} WHEN bare > 1 THEN 'merge' ELSE 'finetune' END"


#: What dataset tags say of the data that a dataset was made from.
_DATASET_REFERENCES = """SELECT DISTINCT 'dataset' AS child_kind, id AS child, 'dataset' AS parent_kind,
  regexp_replace(tag[17:], '^extended[|]', '') AS parent, 'modify' AS relation, 'declared' AS basis, 'tag' AS place
FROM (SELECT id, unnest(tags) AS tag FROM raw)
WHERE starts_with(tag, 'source_datasets:')
  AND tag[17:] NOT IN ('original', 'extended', 'other', 'extended|other', 'extended|original', '')"""


def _model_references() -> str:
    """Return what model tags say of the bases and the data that a model was made from."""
    return f"""WITH based AS (
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
    CASE word WHEN '' THEN 'inferred' ELSE 'hub' END AS basis, 'tag' AS place
  FROM read
  WHERE word != '' OR (NOT contains(value, ':') AND NOT list_has_any(stated,
    [w || ':' || value FOR w IN ['finetune', 'adapter', 'quantized', 'merge']]))
  UNION ALL
  SELECT 'model', id, 'model', '', 'adapter', 'declared', 'tag' FROM raw
  WHERE {_unnamed_sql()}
  UNION ALL
  SELECT DISTINCT 'model', id, 'dataset', tag[9:], 'train', 'declared', 'tag'
  FROM (SELECT id, unnest(tags) AS tag FROM raw) WHERE starts_with(tag, 'dataset:') AND len(tag) > 8"""


def read_tables(path: Path, folder: Path, date: str) -> tuple[int, int] | None:
    """Write the tables of a dump without cards at once; `None` where it has cards, or a line that must be looked at."""
    kind, cards = sniff(path)
    if kind is None or cards:
        return None
    try:
        return read_bulk(path, kind, folder, date)
    except duckdb.Error:
        for left in folder.glob("*.parquet"):
            left.unlink()
        return None


def read_bulk(path: Path, kind: str, folder: Path, date: str) -> tuple[int, int]:
    """Read a dump without cards in one pass; write both tables into `folder` and return their row counts.

    Raises `duckdb.Error` where a line is not as it should be; the caller then reads line by line.
    """
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET memory_limit = '1500MB'; SET preserve_insertion_order = false")
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE raw AS
        SELECT id, coalesce(tags, []) AS tags, createdAt, downloads,
          CASE WHEN disabled THEN 'disabled' WHEN private THEN 'private' WHEN gated IN ('auto', 'manual', 'true')
            THEN 'gated' WHEN private IS NOT NULL OR gated IS NOT NULL THEN 'public' END AS access
        FROM read_json(?, format='newline_delimited', maximum_object_size=32000000,
          columns={id: 'VARCHAR', tags: 'VARCHAR[]', createdAt: 'VARCHAR', downloads: 'BIGINT', private: 'BOOLEAN',
            gated: 'VARCHAR', disabled: 'BOOLEAN'}, compression=?)""",
        [str(path), compression(path) or "uncompressed"],
    )
    bad = connection.execute(
        """SELECT count(*) FROM raw WHERE id IS NULL OR NOT regexp_full_match(id, ?)
          OR contains(id, '..') OR len(id) > 200 OR downloads < 0 OR createdAt[:10] > ?""",
        [REPO, date],
    ).fetchone()
    if bad is None or bad[0]:
        raise duckdb.InvalidInputException("some records have no usable id, count or time")
    connection.execute(
        """COPY (SELECT ? AS kind, id,
          list_sort(list_distinct(list_transform(list_filter(tags, lambda t: starts_with(t, 'license:') AND len(t) > 8),
            lambda t: t[9:]))) AS licenses,
          NULL::VARCHAR AS license_name, NULL::VARCHAR AS license_link, createdAt AS created_at, downloads,
          access, 'tag' AS place, false AS resolved
          FROM raw) TO $target (FORMAT parquet)""".replace("$target", _literal(folder / "artifacts.parquet")),
        [kind],
    )
    target = _literal(folder / "references.parquet")
    connection.execute(
        f"COPY ({_DATASET_REFERENCES if kind == DATASET else _model_references()}) TO {target} (FORMAT parquet)"
    )
    counts = connection.execute(
        f"SELECT (SELECT count(*) FROM raw), (SELECT count(*) FROM read_parquet({target}))"
    ).fetchone()
    connection.close()
    return (int(counts[0]), int(counts[1])) if counts else (0, 0)
