"""`make golden`: writes the golden files again, and says in words what became different.

A golden file is a record of yesterday: it shows that something changed, and never that it is right. What is right
stands in `facts/`, `reach/`, `verdicts/` and in the cases; look there before you commit what this command wrote.
"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

from clausegraph.library import Library
from clausegraph.library.queries import find
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from tests.support import asked

#: Rows of each file that are shown.
SHOWN = 6


def main() -> None:
    """Write the expected rows of the queries, and the record of what was found in the license texts."""
    library = Library.load()
    graph = Embedded(open_store(asked.workspace(Path(tempfile.mkdtemp()) / "ws"), library))
    same = 0
    for name, whole in asked.cases():
        path = asked.expected(name, whole)
        new = asked.text(*asked.ask(graph, find(name), whole, library))
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == new:
            same += 1
            continue
        print(_words(path.name, old.splitlines(), new.splitlines()))
        path.write_text(new, encoding="utf-8")
    print(f"{same} of {len(asked.cases())} files of expected rows are as they were")
    subprocess.run([sys.executable, "-m", "clausegraph", "license", "verify", "--record"], check=True)


def _words(name: str, old: list[str], new: list[str]) -> str:
    """Return what differs between two lists of rows, as sentences."""
    lines = [x for x in difflib.unified_diff(old, new, lineterm="", n=0) if not x.startswith(("---", "+++", "@@"))]
    gone, come = ([x[1:] for x in lines if x[0] == sign] for sign in "-+")
    said = [f"{name}: {len(come)} rows are new, {len(gone)} are gone."]
    for word, rows in (("new", come), ("gone", gone)):
        said += [f"  {word}: {row}" for row in rows[:SHOWN]]
        said += [f"  … and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""]
    return "\n".join(line for line in said if line)


if __name__ == "__main__":
    main()
