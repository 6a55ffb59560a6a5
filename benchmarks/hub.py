"""Measures clausegraph on the real Hub of July 2024 and on a synthetic one of five million artifacts.

Figures are wall times of whole processes from a cold start, unless their name says otherwise.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("CLAUSEGRAPH_SHARED", HERE.parent.parent / "shared" / "data"))
HUB = SHARED / "hub"
DUMPS = [str(HUB / "hf_models_2024-07-11.jsonl.gz"), str(HUB / "hf_datasets_2024-07-09.jsonl.gz")]
COMMAND = str(Path(sys.executable).parent / "clausegraph")
LOOKED_UP = ("meta-llama/Llama-2-7b-hf", "TheBloke/Llama-2-7B-Chat-GGUF", "mlabonne/NeuralBeagle14-7B", "gpt2")
SYNTHETIC = 5_000_000
PARAMS = {
    "license-facts": ["-p", "license=gemma"],
    "restrictions": ["-p", "license=gemma"],
    "carriers": ["-p", "license=cc-by-sa-4.0"],
    "descendants": ["-p", "work=mistralai/Mistral-7B-v0.1"],
    "clauses-of-work": ["-p", "work=HuggingFaceH4/zephyr-7b-beta"],
}


def timed(*arguments: str, environment: dict[str, str] | None = None) -> tuple[float, str]:
    """Run the command and return seconds and standard output."""
    start = time.perf_counter()
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, env=environment)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments}: {done.stderr}")
    return round(time.perf_counter() - start, 2), done.stdout


def measure_hub(folder: Path) -> dict[str, Any]:
    """Load, audit, check and query the real Hub; its workspace stays in the folder for the peers."""
    place = ["-w", str(folder / "ws")]
    load, _ = timed("load", *DUMPS, *place)
    seconds, printed = timed("audit", *place, "-f", "json")
    checks = {x: statistics.median(timed("check", x, *place, "-f", "json")[0] for _ in range(3)) for x in LOOKED_UP}
    _, stats = timed("lineage", "--stats", *place, "-f", "json")
    return {
        "load_seconds": load,
        "audit_seconds": seconds,
        "audit": json.loads(printed),
        "check_seconds": checks,
        "lineage": json.loads(stats),
    }


def measure_queries(folder: Path) -> dict[str, Any]:
    """Ask every shipped query of the whole Hub, and bring the store up to date after another audit."""
    place = ["-w", str(folder / "ws")]
    first, _ = timed("query", "adoption", *place, "-f", "csv")
    names = [q["name"] for q in json.loads(timed("query", "-f", "json")[1])]
    queries = {n: timed("query", n, *PARAMS.get(n, []), *place, "-f", "csv")[0] for n in names}
    timed("audit", *place, "-f", "json", "-a", "commercial=true")
    changed, _ = timed("query", "license-facts", "-p", "license=gemma", *place, "-f", "csv")
    timed("audit", *place, "-f", "json")
    return {"store_build_seconds": first, "store_update_seconds": changed, "query_seconds_with_start": queries}


def measure_synthetic(folder: Path, size: int = SYNTHETIC) -> dict[str, Any]:
    """Make, load and audit a synthetic Hub."""
    start = time.perf_counter()
    subprocess.run([sys.executable, str(HERE / "synthetic.py"), "make", str(size), str(folder / "made")], check=True)
    made = round(time.perf_counter() - start, 2)
    place = ["-w", str(folder / "synthetic")]
    load, _ = timed("load", *sorted(map(str, (folder / "made").iterdir())), *place)
    seconds, printed = timed("audit", *place, "-f", "json")
    return {"make_seconds": made, "load_seconds": load, "audit_seconds": seconds, "audit": json.loads(printed)}


def demo_seconds(folder: Path) -> float:
    """Return the seconds of `clausegraph demo`."""
    return statistics.median(timed("demo", "-w", str(folder / f"demo{n}"))[0] for n in range(3))


def batch_rate(cases: int = 20_000) -> float:
    """Return cases per second after start, over the licenses and relations in turn."""
    from clausegraph.answers.compat import Compat, answer_record
    from clausegraph.library import Library

    library = Library.load()
    ids, relations = sorted(library.licenses), sorted(library.relations)
    engine = Compat(library)
    records = [
        {"upstream": [ids[n % 51]], "via": relations[n // 51 % 14], "downstream": [ids[n * 7 // 51 % 51]]}
        for n in range(cases)
    ]
    start = time.perf_counter()
    for record in records:
        answer_record(engine, record)
    return round(cases / (time.perf_counter() - start))


def chain_seconds(folder: Path, steps: int = 1000) -> float:
    """Return the seconds of `check` for a recipe of chained steps, from a cold start."""
    chain = [
        {"make": f"s{n}", "kind": "model", "from": [{"work": f"s{n - 1}" if n else "w", "via": "finetune"}]}
        for n in range(steps)
    ]
    path = folder / "chain.json"
    path.write_text(json.dumps({"works": {"w": {"license": "llama2"}}, "steps": chain}))
    return timed("check", str(path), "-w", str(folder / "none"), "-f", "json")[0]


def choose_seconds(workspace: str) -> float:
    """Return the seconds of `choose` for a model of the loaded Hub with 55 ancestors, from a cold start."""
    return timed("choose", "mvpmaster/Mystical-dare5-7b", "-w", workspace, "-f", "json")[0]


def merges_seconds(works: int = 10_000, parents: int = 50) -> float:
    """Return the seconds for a recipe of works with many parents each, over sixty licenses, after start."""
    import random

    from clausegraph.answers.recipe import check_recipe
    from clausegraph.library import Library
    from clausegraph.library.assumptions import Assumptions

    library, rng = Library.load(), random.Random(1)
    ids = [i for i, found in sorted(library.licenses.items()) if found.status == "License"][:60]
    given = {f"w{n}": {"kind": "model", "license": rng.choice(ids)} for n in range(200)}
    names, steps = list(given), []
    for n in range(works):
        chosen = rng.sample(names[-400:], min(parents, len(names)))
        steps.append({"make": f"s{n}", "kind": "model", "from": [{"work": p, "via": "merge"} for p in chosen]})
        names.append(f"s{n}")
    start = time.perf_counter()
    check_recipe(library, {"works": given, "steps": steps}, Assumptions(library))
    return round(time.perf_counter() - start, 2)


def api_seconds(workspace: str, checks: int = 1000) -> dict[str, float]:
    """Return how long `Catalogue.check` takes for random artifacts that have encumbrances."""
    from clausegraph.answers.artifact_index import Catalogue
    from clausegraph.ground.addresses import address
    from clausegraph.library import Library
    from clausegraph.library.assumptions import Assumptions
    from clausegraph.workspace.duck import parquet
    from clausegraph.workspace.folder import Workspace

    library, place = Library.load(), Workspace(workspace)
    catalogue, assumptions = Catalogue(place, library), Assumptions(library)
    lying = parquet(place.derived / "audit" / "encumbered.parquet")
    rows = catalogue.connection.execute(
        f"SELECT kind, id FROM artifacts WHERE n IN (SELECT artifact FROM {lying}) ORDER BY hash(id) LIMIT {checks}"
    ).fetchall()
    seconds = []
    for kind, id_ in rows:
        start = time.perf_counter()
        catalogue.check(address(kind, id_), assumptions)
        seconds.append(time.perf_counter() - start)
    parts = statistics.quantiles(seconds, n=100)
    return {"p50": round(parts[49], 4), "p99": round(parts[98], 4)}


if __name__ == "__main__":  # one figure in a process of its own
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
