"""Measures loading: the real Hub, every other real source, and a made-up Hub of a million models over HTTP.

    python benchmarks/loads.py [MODELS]

Writes `benchmarks/loads.json`. Each load runs in a process of its own, so that its peak memory is its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "hub"
SOURCES = {
    "list dump, models, July 2024": "hf_models_2024-07-11.jsonl.gz",
    "list dump, datasets, July 2024": "hf_datasets_2024-07-09.jsonl.gz",
    "cards, February 2022": "hf_models_2022-02-21_full_with_cards_frontmatter.jsonl.gz",
    "model_info, July 2024": "hf_model_info_2024-07_names_0-9_q.jsonl.gz",
    "hub-stats Parquet, May 2026": "eval_card_registry/hub_stats_frozen_2026-05.parquet",
    "family trees, April 2025": "hf_family_trees_2025-04.jsonl.gz",
    "curated parents": "eval_card_registry/curated_parents.yaml",
    "Ecosystem Graphs, tar": "ecosystem_graphs/assets_yaml.tar.gz",
    "Data Provenance, tar": "data_provenance/data_summaries_and_constants.tar.gz",
    "GitHub repositories": "peatmoss/mapping.csv",
}
_RUN = """
import json, resource, sys, time
from clausegraph.workspace.load import load
from clausegraph.workspace.folder import Workspace
start = time.perf_counter()
done = load(Workspace(sys.argv[1]), sys.argv[2]).source
print(json.dumps({"artifacts": done.artifacts, "references": done.references, "rejected": done.rejected,
  "seconds": round(time.perf_counter() - start, 1),
  "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)}))
"""


def run(workspace: Path, source: str, endpoint: str | None = None) -> dict[str, Any]:
    """Load a source in a process of its own and return what it took."""
    environment = os.environ | ({"HF_ENDPOINT": endpoint} if endpoint else {})
    command = [sys.executable, "-c", _RUN, str(workspace), source]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def live(folder: Path, models: int) -> dict[str, Any]:
    """Load a made-up Hub of that many models over HTTP on loopback."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.fake_hub", str(models)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert server.stdout is not None
        return run(folder / "live", "hub:models", server.stdout.readline().strip())
    finally:
        server.kill()


def main() -> None:
    """Measure everything and write the results."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number, (name, path) in enumerate(SOURCES.items()):
            results[name] = run(folder / f"ws-{number}", str(DATA / path))
            print(f"{name}: {results[name]}", flush=True)
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        for models in (wanted // 10, wanted):
            start = time.perf_counter()
            results[f"live Hub over HTTP, {models:,} models"] = live(folder / str(models), models)
            print(f"live {models:,}: {time.perf_counter() - start:.1f} s", flush=True)
    (ROOT / "benchmarks" / "loads.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
