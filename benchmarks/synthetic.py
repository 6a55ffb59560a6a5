"""Makes a Hub of any size, drawn from the distributions of the real one.

    python benchmarks/synthetic.py measure WORKSPACE           writes distributions.json from a loaded real Hub
    python benchmarks/synthetic.py make ARTIFACTS FOLDER       writes models.jsonl and datasets.jsonl

What is drawn: kinds, license values (of roots, of children alike or unlike their parent, by relation), owners and
their sizes, words of names, depths, numbers of parents, children per parent, relations, references to data sets,
circles, and the ways in which a reference is written wrongly. The same size gives the same bytes: the seed is fixed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

HERE = Path(__file__).resolve().parent
DISTRIBUTIONS = HERE / "distributions.json"
SEED = 20240711
#: How many different values of one sort are kept; the rest count as the most frequent ones do.
MAX = 400
#: Relations that the Hub calls by another name.
HUB_NAMES = {"quantize": "quantized"}
#: Pairs of a value and how often it was found.
Histogram = list[list[Any]]


def measure(workspace: str) -> dict[str, Any]:
    """Return the distributions of a loaded Hub, as histograms of [value, count]."""
    folder = next(Path(workspace).glob("derived*/*/resolved-*"))
    con = duckdb.connect()
    for name in ("artifacts", "edges", "refs"):
        con.execute(f"CREATE TABLE {name} AS FROM read_parquet('{folder}/{name}.parquet')")
    con.execute(
        """CREATE TABLE lineage AS SELECT e.child, e.parent, e.relation, e.same_party FROM edges e
        JOIN artifacts c ON c.n = e.child JOIN artifacts p ON p.n = e.parent 
        WHERE c.kind = 'model' AND p.kind = 'model';
        CREATE TABLE depth AS WITH RECURSIVE up(n, d) AS (
          SELECT n, 0 FROM artifacts WHERE kind = 'model' AND n NOT IN (SELECT child FROM lineage)
          UNION SELECT l.child, d + 1 FROM lineage l JOIN up ON up.n = l.parent WHERE d < 60)
        SELECT n, max(d) AS d FROM up GROUP BY n;
        CREATE TABLE alike AS SELECT l.relation, c.licenses = p.licenses AS same, c.licenses AS own FROM lineage l
        JOIN artifacts c ON c.n = l.child JOIN artifacts p ON p.n = l.parent"""
    )

    def histogram(sql: str) -> Histogram:
        return [list(row) for row in con.execute(f"{sql} ORDER BY count(*) DESC, 1 LIMIT {MAX}").fetchall()]

    def with_none(counts: str) -> Histogram:
        """Return a histogram of counts per model; models that are not counted have none."""
        none = con.execute(
            f"SELECT (SELECT count(*) FROM artifacts WHERE kind = 'model') - (SELECT count(*) FROM ({counts}))"
        ).fetchall()
        return [[0, none[0][0]], *histogram(f"SELECT c, count(*) FROM ({counts}) GROUP BY c")]

    children = "SELECT count(*) AS c FROM lineage GROUP BY parent"
    base = "FROM refs WHERE parent_kind = 'model'"
    return {
        "kinds": histogram("SELECT kind, count(*) FROM artifacts GROUP BY kind"),
        "licenses": {
            "dataset": histogram("SELECT licenses, count(*) FROM artifacts WHERE kind = 'dataset' GROUP BY licenses"),
            "leaf": histogram(
                """SELECT licenses, count(*) FROM artifacts WHERE kind = 'model' AND n NOT IN (
                SELECT child FROM lineage UNION SELECT parent FROM lineage) GROUP BY licenses"""
            ),
            "origin": histogram(
                """SELECT licenses, count(*) FROM lineage l JOIN artifacts a ON a.n = l.parent
                WHERE l.parent NOT IN (SELECT child FROM lineage) GROUP BY licenses"""
            ),
            "unlike": histogram("SELECT own, count(*) FROM alike WHERE NOT same GROUP BY own"),
        },
        "same_license": dict(
            con.execute("SELECT relation, avg(same::INT) FROM alike GROUP BY 1 ORDER BY 1").fetchall()
        ),
        "same_party": con.execute("SELECT avg(same_party::INT) FROM lineage").fetchall()[0][0],
        "owner_sizes": histogram(
            """SELECT c, count(*) FROM (SELECT count(*) AS c FROM artifacts WHERE owner IS NOT NULL GROUP BY owner)
            GROUP BY c"""
        ),
        "words": histogram(
            """SELECT regexp_extract(lower(name), '^[a-z]+[0-9.]*') AS w, count(*) FROM artifacts
            WHERE kind = 'model' GROUP BY w HAVING w != ''"""
        ),
        "depths": histogram("SELECT d, count(*) FROM depth GROUP BY d"),
        "parents": histogram(
            "SELECT c, count(*) FROM (SELECT count(DISTINCT parent) AS c FROM lineage GROUP BY child) GROUP BY c"
        ),
        "children": with_none(children),
        "relations": {
            name: histogram(
                f"""SELECT relation, count(*) FROM lineage WHERE (child IN (SELECT child FROM lineage GROUP BY child
                HAVING count(DISTINCT parent) > 1)) = {several} GROUP BY relation"""
            )
            for name, several in (("one", "false"), ("several", "true"))
        },
        "data_sets": with_none(
            "SELECT count(DISTINCT stated) AS c FROM refs WHERE parent_kind = 'dataset' GROUP BY child"
        ),
        "data_set_uses": histogram(
            """SELECT c, count(*) FROM (SELECT count(DISTINCT child) AS c FROM refs WHERE parent_kind = 'dataset'
            AND parent IS NOT NULL GROUP BY parent) GROUP BY c"""
        ),
        "repairs": histogram(f"SELECT repair, count(*) {base} GROUP BY repair"),
        "circles": con.execute(f"SELECT avg(circle::INT) {base}").fetchall()[0][0],
    }


class Maker:
    """Draws a Hub of `size` artifacts."""

    def __init__(self, size: int, found: dict[str, Any], seed: int = SEED) -> None:
        self.rng = np.random.default_rng(seed)
        self.found = found
        models = dict(found["kinds"])["model"] / sum(count for _, count in found["kinds"])
        self.models = round(size * models)
        self.data_sets = size - self.models

    def draw(self, histogram: Histogram, size: int) -> np.ndarray:
        """Return positions in a histogram."""
        weights = np.array([count for _, count in histogram], float)
        return self.rng.choice(len(histogram), size, p=weights / weights.sum())

    def values(self, histogram: Histogram, size: int) -> np.ndarray:
        """Return values that are numbers."""
        return np.array([value for value, _ in histogram])[self.draw(histogram, size)]

    def weighted(self, histogram: Histogram, candidates: int, size: int) -> np.ndarray:
        """Return candidates, each drawn as often as a value of the histogram that it got says."""
        weights = self.values(histogram, candidates).astype(float) + 1e-3
        edges = np.cumsum(weights)
        return np.searchsorted(edges, self.rng.random(size) * edges[-1], side="right").clip(max=candidates - 1)

    def owners(self) -> np.ndarray:
        """Return the number of an owner for each model."""
        sizes = self.values(self.found["owner_sizes"], self.models).astype(np.int64)
        owner = np.searchsorted(np.cumsum(sizes), np.arange(self.models), side="right")
        return self.rng.permutation(owner)

    def lineage(self) -> None:
        """Draw depths, parents and relations; models are numbered by depth."""
        depths = np.sort(self.values(self.found["depths"], self.models))
        level = np.searchsorted(depths, np.arange(depths[-1] + 2))
        counts = np.where(depths > 0, self.values(self.found["parents"], self.models), 0)
        self.first = np.full(self.models, -1)
        children, parents = [], []
        for depth in range(1, depths[-1] + 1):
            here = np.arange(level[depth], level[depth + 1])
            below = level[depth] - level[depth - 1]
            if not len(here) or not below:
                continue
            self.first[here] = level[depth - 1] + self.weighted(self.found["children"], below, len(here))
            more = np.repeat(here, np.maximum(counts[here] - 1, 0))
            children += [here, more]
            parents += [self.first[here], self.weighted(self.found["children"], level[depth], len(more))]
        self.child, self.parent = np.concatenate(children), np.concatenate(parents)
        ring = self.rng.random(len(self.child)) < self.found["circles"]
        self.child, self.parent = (
            np.concatenate([self.child, self.parent[ring]]),
            np.concatenate([self.parent, self.child[ring]]),
        )
        several = np.bincount(self.child, minlength=self.models)[self.child] > 1
        names = sorted({r for part in self.found["relations"].values() for r, _ in part})
        self.relation_names = np.array(names)
        self.relation = np.empty(len(self.child), int)
        for name, chosen in (("one", ~several), ("several", several)):
            histogram = self.found["relations"][name]
            place = np.array([names.index(r) for r, _ in histogram])
            self.relation[chosen] = place[self.draw(histogram, int(chosen.sum()))]

    def licenses(self) -> tuple[list[list[str]], np.ndarray]:
        """Return the license values of models, and the position of each model's among them.

        A model on which others build declares what such models declare, which is more often something than nothing.
        """
        leaf, origin, unlike = (self.found["licenses"][part] for part in ("leaf", "origin", "unlike"))
        found = self.draw(leaf, self.models)
        used = np.zeros(self.models, bool)
        used[self.parent] = True
        found[used] = len(leaf) + self.draw(origin, int(used.sum()))
        relation = np.zeros(self.models, int)
        relation[self.child[::-1]] = self.relation[::-1]
        chance = np.array([self.found["same_license"].get(r, 0) for r in self.relation_names])
        same = self.rng.random(self.models) < chance[relation]
        other = len(leaf) + len(origin) + self.draw(unlike, self.models)
        derived = self.first >= 0
        found[derived & ~same] = other[derived & ~same]
        for n in np.flatnonzero(derived & same):  # parents come first
            found[n] = found[self.first[n]]
        return [value for value, _ in (*leaf, *origin, *unlike)], found

    def references(self, ids: np.ndarray) -> np.ndarray:
        """Return the parents as cards state them: some without owner, in other capitals, gone, or the child itself."""
        stated = ids[self.parent].astype(object)
        repairs = [value for value, _ in self.found["repairs"]]
        drawn = self.draw(self.found["repairs"], len(stated))
        for number, repair in enumerate(repairs):
            for n in np.flatnonzero(drawn == number) if repair != "exact" else ():
                text = stated[n]
                stated[n] = {
                    "legacy_name": text.rpartition("/")[2],
                    "case": text.swapcase(),
                    "gone": text + "-gone",
                    "self_loop": ids[self.child[n]],
                }.get(repair, text)
        return stated

    def write(self, folder: Path) -> None:
        """Write the dumps, in the form in which the Hub's API lists them."""
        folder.mkdir(parents=True, exist_ok=True)
        self.lineage()
        owner = self.owners()
        own = (self.first >= 0) & (self.rng.random(self.models) < self.found["same_party"])
        for n in np.flatnonzero(own):
            owner[n] = owner[self.first[n]]
        words = np.array([word for word, _ in self.found["words"]], dtype=object)[
            self.draw(self.found["words"], self.models)
        ]
        numbers = np.arange(self.models).astype(str).astype(object)
        ids = "u" + owner.astype(str).astype(object) + "/" + words + "-" + numbers
        data_ids = (
            "d"
            + (np.arange(self.data_sets) // 3).astype(str).astype(object)
            + "/data-"
            + np.arange(self.data_sets).astype(str).astype(object)
        )
        uses = self.values(self.found["data_sets"], self.models).astype(np.int64)
        used_by = np.repeat(np.arange(self.models), uses)
        used = self.weighted(self.found["data_set_uses"], self.data_sets, len(used_by))
        hub_names = np.array([HUB_NAMES.get(name, name) for name in self.relation_names], dtype=object)
        relations = hub_names[self.relation]
        tags = {
            "base_model:": (self.child, relations + ":" + self.references(ids)),
            "dataset:": (used_by, data_ids[used]),
        }
        con = duckdb.connect()
        parts = [f"SELECT n, '{prefix}' || text AS tag FROM {name}" for name, prefix in zip("ab", tags, strict=True)]
        for name, (number, text) in zip("ab", tags.values(), strict=True):
            con.register(name, pa.table({"n": number, "text": pa.array(text, pa.string())}))
        drawn = self.draw(self.found["licenses"]["dataset"], self.data_sets)
        sets = [value for value, _ in self.found["licenses"]["dataset"]]
        for name, these, values, position in (
            ("models", ids, *self.licenses()),
            ("datasets", data_ids, sets, drawn),
        ):
            lists = pa.array([[f"license:{v}" for v in value or ()] for value in values], pa.list_(pa.string()))
            con.register("l", pa.table({"position": np.arange(len(values)), "licenses": lists}))
            downloads = self.rng.zipf(1.6, len(these)).clip(max=10**9)
            table = {"n": np.arange(len(these)), "id": pa.array(these, pa.string()), "position": position}
            con.register("rows", pa.table(table | {"downloads": downloads}))
            more = " UNION ALL ".join(parts) if name == "models" else "SELECT 0 AS n, '' AS tag WHERE false"
            con.execute(
                f"""COPY (SELECT r.id, l.licenses || coalesce(t.tags, []) AS tags, r.downloads, false AS private,
                  '2024-01-01T00:00:00.000Z' AS "createdAt" FROM rows r JOIN l USING (position)
                  LEFT JOIN (SELECT n, list(tag ORDER BY tag) AS tags FROM ({more}) GROUP BY n) t USING (n)
                  ORDER BY r.n)
                TO '{folder}/{name}_2024-07-11.jsonl' (FORMAT json)"""
            )


if __name__ == "__main__":
    if sys.argv[1] == "measure":
        DISTRIBUTIONS.write_text(json.dumps(measure(sys.argv[2]), indent=None, separators=(",", ":")) + "\n")
    else:
        Maker(int(sys.argv[2]), json.loads(DISTRIBUTIONS.read_text())).write(Path(sys.argv[3]))
