"""Kills a load at a random moment, many times, and checks that it always resumes to the same graph.

    python -m tests.support.kill [TRIES] [SEED]

Each try starts a load into a workspace that already holds a source, kills it after a random time, looks
whether what was there is still whole, runs the load again, and compares all tables, sorted, with those
of a load that nobody disturbed. At the end the graphs are compared as sorted N-Quads, byte for byte.
"""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from clausegraph.library import Library
from clausegraph.store.nquads import write_quads
from clausegraph.workspace.folder import Workspace

TABLES = ("artifacts", "references", "statements", "renames")


def dump(path: Path, count: int, seed: int) -> Path:
    """Write a made-up dump with cards, and with some lines that cannot be read."""
    chance = random.Random(seed)
    with path.open("w") as out:
        for number in range(count):
            parent = f"o{chance.randrange(50)}/m{chance.randrange(count)}"
            card = {"license": chance.choice(["mit", "llama2", "other"]), "base_model": parent}
            record = {"id": f"o{number % 50}/m{number}", "tags": [f"base_model:{parent}"], "cardData": card}
            out.write(json.dumps(record) + "\n" if number % 997 else "{broken\n")
    return path


_LOAD = "import sys; from clausegraph.workspace.load import load; from clausegraph.workspace import Workspace; "
_LOAD += "load(Workspace(sys.argv[1]), sys.argv[2])"


def command(workspace: Workspace, source: Path) -> list[str]:
    """Return the command line of a load; unlike `clausegraph load`, it does not go on to resolve parents."""
    return [sys.executable, "-c", _LOAD, str(workspace.folder), str(source)]


def state(workspace: Workspace) -> str:
    """Return the digest of all rows of all tables, sorted, and of what the manifest says."""
    total = hashlib.sha256()
    for source in sorted(workspace.sources(), key=lambda s: s.location):
        total.update(repr(source).encode())
        for name in TABLES:
            path = workspace.source_folder(source.name) / f"{name}.parquet"
            rows = pq.read_table(path).to_pylist() if path.exists() else []
            total.update("\n".join(sorted(json.dumps(row, sort_keys=True) for row in rows)).encode())
    return total.hexdigest()


def graph(workspace: Workspace, folder: Path) -> bytes:
    """Return the graph as sorted N-Quads."""
    path = write_quads(workspace, Library.load(), folder / f"{workspace.folder.name}.nq")
    return b"".join(sorted(path.read_bytes().splitlines(keepends=True)))


def tries(count: int, seed: int, size: int = 20_000) -> int:
    """Run the tries; return how many loads were killed before their end. Raises `AssertionError`."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first, second = dump(folder / "models-1.jsonl", 500, 1), dump(folder / "models-2.jsonl", size, 2)
        whole = Workspace(folder / "whole")
        subprocess.run(command(whole, first), check=True, capture_output=True)
        alone = state(whole)
        shutil.copytree(whole.folder, folder / "before")
        start = time.perf_counter()
        subprocess.run(command(whole, second), check=True, capture_output=True)
        length = time.perf_counter() - start
        expected, killed = state(whole), 0
        for number in range(count):
            workspace = Workspace(folder / f"try-{number}")
            shutil.copytree(folder / "before", workspace.folder)
            process = subprocess.Popen(command(workspace, second), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.2, 1.0) * length)
            killed += process.poll() is None
            process.kill()
            process.wait()
            assert state(workspace) in (alone, expected), f"try {number}: a source is half-written"
            subprocess.run(command(workspace, second), check=True, capture_output=True)
            assert state(workspace) == expected, f"try {number}: not the same tables"
        assert graph(workspace, folder) == graph(whole, folder), "not the same graph"
    return killed


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    found = tries(wanted, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"{wanted} tries, {found} killed before the end, all resumed to the same graph")
