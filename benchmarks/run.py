"""Measures everything, prints the table, and fails where a ratio to a peer got worse by more than a fifth.

python benchmarks/run.py [--accept]      what `make bench` runs; --accept keeps results that got worse
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import hub
import report

HERE = Path(__file__).resolve().parent


def alone(script: str, *arguments: str) -> Any:
    """Measure in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def measure(folder: Path) -> dict[str, Any]:
    """Return all figures."""

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    results: dict[str, Any] = {"machine": f"{os.cpu_count()} cores, Python {platform.python_version()}"}
    place = str(folder / "ws")
    say("the whole Hub")
    results["hub"] = hub.measure_hub(folder)
    results["api"] = alone("hub.py", "api_seconds", place)
    results["choose_seconds"] = hub.choose_seconds(place)
    say("the graph of the whole Hub and the queries")
    results["queries"] = hub.measure_queries(folder)
    say("peers")
    results["peers"] = {}
    for name in ("validation", "closing", "paths", "loading"):
        results["peers"] |= alone("peers.py", name, place)
    results["ratios"] = report.ratios(results)
    say("Spark")
    results["spark"] = alone("cluster.py", place)
    say("five million artifacts")
    results["synthetic"] = hub.measure_synthetic(folder)
    say("recipes and single answers")
    results["compat_cases_per_second"] = alone("hub.py", "batch_rate")
    results["merges_seconds"] = alone("hub.py", "merges_seconds")
    results["chain_seconds"] = hub.chain_seconds(folder)
    results["demo_seconds"] = hub.demo_seconds(folder)
    return results


def main() -> int:
    """Measure, compare with the results that are there, and write them."""
    if not hub.HUB.is_dir():
        print(f"{hub.HUB} is missing: the real Hub snapshot is needed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        results = measure(Path(folder))
    print("\n".join(report.table(results)))
    before = json.loads(report.RESULTS.read_text(encoding="utf-8")) if report.RESULTS.exists() else {}
    worse = report.regressions(before, results)
    for line in worse:
        print(f"worse than before: {line}", file=sys.stderr)
    if worse and "--accept" not in sys.argv:
        print("The results were not written; --accept writes them all the same.", file=sys.stderr)
        return 1
    report.RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    report.write(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
