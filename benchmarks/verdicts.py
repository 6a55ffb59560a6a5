"""Asks audit, graph, query and page of the real Hub how many works have each verdict; fails where they differ.

    python benchmarks/verdicts.py [WORKSPACE]

Writes `benchmarks/verdicts.json`. Without a workspace the dumps of July 2024 are loaded into a new one.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from hub import DUMPS, timed
from starlette.testclient import TestClient

from clausegraph.library import Library
from clausegraph.server.app import create
from clausegraph.server.limits import Limits
from clausegraph.server.state import open_state
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.workspace.duck import connect, parquet
from clausegraph.workspace.folder import Workspace

RESULTS = Path(__file__).with_name("verdicts.json")
#: Verdicts of models of the last audit, apart for those that declare something.
LICENSED = """SELECT s.verdict, count(*) FROM {artifacts} a JOIN {places} i USING (n) JOIN {situations} s
ON s.situation = i.situation WHERE a.kind = 'model' AND len(a.licenses) > 0 GROUP BY 1 ORDER BY 1"""
IN_GRAPH = """PREFIX cg: <https://w3id.org/clausegraph/ns#>
SELECT ?verdict (COUNT(*) AS ?works) WHERE { ?work cg:situation ?s . ?s cg:verdict ?verdict } GROUP BY ?verdict"""


def measure(place: str) -> dict[str, Any]:
    """Return the counts of each of the four, and those of models with a license."""
    library, workspace = Library.load(), Workspace(place)
    seconds, printed = timed("audit", "-w", place, "-f", "json")
    told = json.loads(printed)
    counts: dict[str, dict[str, int]] = {"audit": told["verdicts"], "query": {}}
    rows = json.loads(timed("query", "verdicts", "-w", place, "-f", "json")[1])
    for _, verdict, works in (row.values() if isinstance(row, dict) else row for row in rows):
        counts["query"][verdict] = counts["query"].get(verdict, 0) + int(works)
    counts["graph"] = {v: int(n) for v, n in Embedded(open_store(workspace, library)).select(IN_GRAPH)[1]}
    ready: list[BaseException | None] = []
    with TestClient(create(open_state(workspace.folder, library, Limits()), ready.append)) as client:
        while not ready:
            time.sleep(0.1)
        counts["page"] = dict(client.get("/hub?format=json").json()["facets"]["verdict"])
    audit = workspace.derived / "audit"
    tables = {"places": parquet(audit / "in_situation.parquet"), "situations": parquet(audit / "situations.parquet")}
    with connect() as connection:
        (artifacts,) = workspace.derived.glob("resolved-*/artifacts.parquet")
        licensed = dict(connection.execute(LICENSED.format(artifacts=parquet(artifacts), **tables)).fetchall())
    return {
        "artifacts": told["artifacts"],
        "audit_seconds": seconds,
        "verdicts": counts,
        "licensed_models": licensed,
        "unknown_because": told["unknown_because"],
    }


def main() -> int:
    """Measure, compare, and write."""
    with tempfile.TemporaryDirectory() as folder:
        place = sys.argv[1] if len(sys.argv) > 1 else str(Path(folder) / "ws")
        if len(sys.argv) == 1:
            timed("load", *DUMPS, "-w", place)
        found = measure(place)
    print(json.dumps(found["verdicts"], indent=1))
    first = found["verdicts"]["audit"]
    if any(counts != first for counts in found["verdicts"].values()) or sum(first.values()) != found["artifacts"]:
        print("the counts differ", file=sys.stderr)
        return 1
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
