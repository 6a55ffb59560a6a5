"""Measures the bars on the real Hub of July 2024 and writes `results.json`.

Run it as `make bench` in a checkout that has `../shared/data`. Every figure is the wall time of a whole
process from a cold start, unless it says otherwise.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("CLAUSEGRAPH_SHARED", HERE.parent.parent / "shared" / "data"))
HUB = SHARED / "hub"
COMMAND = str(Path(sys.executable).parent / "clausegraph")
LOOKED_UP = ("meta-llama/Llama-2-7b-hf", "TheBloke/Llama-2-7B-Chat-GGUF", "mlabonne/NeuralBeagle14-7B", "gpt2")
PARAMS = {
    "license-facts": ["-p", "license=gemma"],
    "restrictions": ["-p", "license=gemma"],
    "carriers": ["-p", "license=cc-by-sa-4.0"],
    "descendants": ["-p", "work=mistralai/Mistral-7B-v0.1"],
    "clauses-of-work": ["-p", "work=HuggingFaceH4/zephyr-7b-beta"],
}


def timed(*arguments: str, text: str | None = None) -> tuple[float, str]:
    """Run the command and return seconds and standard output."""
    start = time.perf_counter()
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, input=text)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments}: {done.stderr}")
    return round(time.perf_counter() - start, 2), done.stdout


def batch_rate(cases: int = 20_000) -> float:
    """Return cases per second after start, over the licenses and relations in turn."""
    from clausegraph.compat import Compat, answer_record
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


def recipe_seconds(steps: int = 1000) -> float:
    """Return the seconds for a recipe of chained steps, after start."""
    from clausegraph.conditions import Assumptions
    from clausegraph.library import Library
    from clausegraph.recipe import check_recipe

    library = Library.load()
    chain = [
        {"make": f"s{n}", "kind": "model", "from": [{"work": f"s{n - 1}" if n else "w", "via": "finetune"}]}
        for n in range(steps)
    ]
    start = time.perf_counter()
    check_recipe(library, {"works": {"w": {"license": "llama2"}}, "steps": chain}, Assumptions(library))
    return round(time.perf_counter() - start, 2)


def measure() -> dict[str, Any]:
    """Return all figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = ["-w", f"{folder}/ws"]
        dumps = [str(HUB / "hf_models_2024-07-11.jsonl.gz"), str(HUB / "hf_datasets_2024-07-09.jsonl.gz")]
        load, _ = timed("load", *dumps, *place)
        audit, printed = timed("audit", *place, "-f", "json")
        checks = {x: timed("check", x, *place, "-f", "json")[0] for x in LOOKED_UP}
        _, stats = timed("lineage", "--stats", *place, "-f", "json")
        first, _ = timed("query", "adoption", *place, "-f", "csv")
        names = [q["name"] for q in json.loads(timed("query", "-f", "json")[1])]
        queries = {n: timed("query", n, *PARAMS.get(n, []), *place, "-f", "csv")[0] for n in names}
    with tempfile.TemporaryDirectory() as folder:
        demo = statistics.median(timed("demo", "-w", f"{folder}/{n}")[0] for n in range(3))
    return {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "whole_hub": {
            "load_seconds": load,
            "audit_seconds": audit,
            "load_and_audit_seconds": round(load + audit, 2),
            "audit": json.loads(printed),
            "check_seconds": checks,
            "store_build_seconds": first,
            "query_seconds_with_start": queries,
            "lineage": json.loads(stats),
        },
        "sample_demo_seconds": demo,
        "compat_cases_per_second": batch_rate(),
        "recipe_1000_steps_seconds": recipe_seconds(),
    }


if __name__ == "__main__":
    if not HUB.is_dir():
        raise SystemExit(f"{HUB} is missing: the real Hub snapshot is needed")
    figures = measure()
    (HERE / "results.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))
