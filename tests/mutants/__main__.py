"""`python -m tests.mutants`: put in faults that a seed draws, run the tests that look there, and count who notices.

Each fault is put into a copy of the checkout. Faults in the files of different licenses are built together and told
apart by the license that a failing test names; a fault that fails no test by its license counts as survived. A test
that only compares with what was recorded before (`GOLDEN`) notices a change and does not know what is right.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from .faults import LAW, Fault, law_faults, python_faults, shape_faults

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "benchmarks" / "mutants.json"
#: Tests that compare with a record of yesterday.
GOLDEN = re.compile(r"test_a_query_gives_the_expected_rows|everything_current|record|is_current|test_pack|drift")
#: How long the tests that look at one fault may take, in seconds.
TIMEOUT_S = 420
#: What is said of tests that took longer; nobody knows whether they would have noticed.
LATE = "out of time"
#: What a score counts.
COLUMNS = ("faults", "caught", "golden", "survived", LATE)


def copied(folder: Path) -> Path:
    """Return a copy of the checkout in which `clausegraph` is imported from the copy."""
    for name in ("clausegraph", "ontology", "shapes", "queries", "tests", "docs", "benchmarks", "loaders"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    loaders = folder / "clausegraph" / "loaders"  # which a checkout may have as a link
    shutil.copytree(ROOT / "loaders", loaders, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S
    )


def failed(copy: Path, tests: str, *more: str) -> list[str]:
    """Return the names of the tests that fail; running out of time is a failure of its own name."""
    try:
        found = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfE", "--no-header", *more, *tests.split())
    except subprocess.TimeoutExpired:
        return [LATE]
    names = re.findall(r"^(?:FAILED|ERROR) (\S+)", found.stdout, re.MULTILINE)
    return names or (["the tests did not run"] if found.returncode not in (0, 1) else [])


def caught(names: Iterable[str]) -> str:
    """Return who caught a fault: a test that knows what is right, a golden file only, nobody, or nobody in time."""
    names = list(names)
    if not names:
        return "survived"
    if names == [LATE]:
        return LATE
    return "golden" if all(GOLDEN.search(name) for name in names) else "caught"


def one_by_one(faults: Sequence[Fault], copy: Path) -> list[dict[str, str]]:
    """Put in one fault after the other; the first test that fails ends each."""
    rows = []
    for fault in faults:
        path = copy / fault.file
        text = path.read_text(encoding="utf-8")
        changed = fault.change(text)
        if changed is None or changed == text:
            continue
        path.write_text(changed, encoding="utf-8")
        try:
            if fault.builds and run(copy, "-m", "clausegraph", "ontology", "build").returncode:
                names = ["the library is not built"]
            else:
                names = failed(copy, fault.tests, "-x")
                if names and caught(names) == "golden":
                    names = failed(copy, fault.tests, "--maxfail=25")
        finally:
            path.write_text(text, encoding="utf-8")
            if fault.builds:
                run(copy, "-m", "clausegraph", "ontology", "build")
        rows.append(_row(fault, names))
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def together(faults: Sequence[Fault], copy: Path) -> list[dict[str, str]]:
    """Put in faults in different licenses at once; a failing test belongs to the license that it names."""
    rounds: list[dict[str, Fault]] = []
    for fault in faults:
        place = next((r for r in rounds if fault.file not in r), None)
        if place is None:
            place = {}
            rounds.append(place)
        place[fault.file] = fault
    rows = []
    for found in rounds:
        texts = {file: (copy / file).read_text(encoding="utf-8") for file in found}
        for file, fault in found.items():
            (copy / file).write_text(fault.change(texts[file]) or texts[file], encoding="utf-8")
        run(copy, "-m", "clausegraph", "ontology", "build")
        names = failed(copy, LAW)
        for file, fault in found.items():
            said = re.search(r'cg:identifier "([^"]+)"', texts[file])
            ids = "|".join(re.escape(one) for one in {Path(file).stem, said[1] if said else Path(file).stem})
            own = [name for name in names if re.search(rf"(?:(?<![\w.-])|(?<=\[[A-E]-))({ids})(?![\w.]|-\d)", name)]
            if not own and any(GOLDEN.search(name) for name in names):
                own = [name for name in names if GOLDEN.search(name)]
            rows.append(_row(fault, own))
            print(rows[-1], file=sys.stderr, flush=True)
        for file, text in texts.items():
            (copy / file).write_text(text, encoding="utf-8")
    return rows


def _row(fault: Fault, names: Sequence[str]) -> dict[str, str]:
    by = next((n for n in names if not GOLDEN.search(n)), names[0] if names else "")
    return {
        "group": fault.group,
        "file": fault.file,
        "fault": fault.what,
        "result": caught(names),
        "by": by.rpartition("::")[2] or by,
    }


def score(rows: Iterable[dict[str, str]]) -> dict[str, dict[str, int]]:
    """Return, for each group, how many faults there were, and who caught them."""
    found: dict[str, dict[str, int]] = defaultdict(
        lambda: {"faults": 0, "caught": 0, "golden": 0, "survived": 0, LATE: 0}
    )
    for row in rows:
        found[row["group"]]["faults"] += 1
        found[row["group"]][row["result"]] += 1
    return dict(sorted(found.items()))


def main() -> None:
    """Draw faults, run, and write `benchmarks/mutants.json`."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--engine", type=int, default=60, help="faults in Python")
    parser.add_argument("--law", type=int, default=40, help="faults in licenses")
    parser.add_argument("--shapes", type=int, default=20, help="faults in shapes, rules and queries")
    parser.add_argument("--at-least", type=float, default=0.0, metavar="SHARE", help="exit with 1 if less is caught")
    parser.add_argument("--record", action="store_true", help="write the scores to benchmarks/mutants.json")
    given = parser.parse_args()
    facts = ROOT / "tests" / "facts" / "licenses"
    known = {yaml.safe_load(path.read_text(encoding="utf-8"))["license"] for path in facts.glob("*.yaml")}
    with tempfile.TemporaryDirectory() as scratch:
        copy = copied(Path(scratch) / "copy")
        engine = _drawn(given.seed, list(python_faults(copy)), given.engine)
        law = _drawn(given.seed, list(law_faults(copy, known | {"openrail-plus-plus"})), given.law)
        shapes = _drawn(given.seed, list(shape_faults(copy)), given.shapes)
        rows = [*one_by_one([*engine, *shapes], copy), *together(law, copy)]
    found = {"seed": given.seed, "score": score(rows), "faults": rows}
    print(json.dumps(found["score"], indent=1))
    if sum(row["result"] == "caught" for row in rows) < given.at_least * len(rows):
        sys.exit(f"fewer than {given.at_least:.0%} of the faults were caught by a test that knows what is right")
    if given.record:
        groups = {row["group"] for row in rows}
        before = json.loads(RESULTS.read_text(encoding="utf-8"))
        kept = [row for row in before["faults"] if row["group"] not in groups and before["seed"] == given.seed]
        every = sorted([*kept, *rows], key=lambda row: row["group"])
        whole = {"seed": given.seed, "score": score(every), "faults": every}
        RESULTS.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _drawn(seed: int, faults: list[Fault], count: int) -> list[Fault]:
    """Draw each group by itself, so that one can be run again without the others."""
    return random.Random(seed).sample(faults, min(count, len(faults)))


if __name__ == "__main__":
    main()
