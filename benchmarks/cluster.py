"""Measures the audit of the whole Hub on a standalone Spark cluster on loopback, with one worker and with two."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hub import timed

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.cluster import SETTINGS, cluster  # noqa: E402  (the cluster of the tests)


def measure(workspace: str) -> dict[str, dict[str, Any]]:
    """Return seconds and findings for each number of workers; each worker has one core."""
    found = {}
    for workers in (1, 2):
        with (
            tempfile.TemporaryDirectory() as folder,
            cluster(Path(folder) / "spark", workers, memory="3g", settings=SETTINGS) as spark,
        ):
            place = ["-w", workspace, "-f", "json"]
            seconds, printed = timed("audit", "--engine", spark.address, *place, environment=spark.environment)
            answer = json.loads(printed)
            found[str(workers)] = {"seconds": seconds, "phases": answer["seconds"], "findings": answer["findings"]}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
