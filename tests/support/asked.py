"""The graph that the shipped queries are tried on: the embedded sample, and works in which every question has rows."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clausegraph.library import Library
from clausegraph.library.queries import Query, bind, queries
from clausegraph.store.endpoint import Graph
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file
from tests.support.paths import ROOT

WORKS = ROOT / "tests" / "questions"
EXPECTED = ROOT / "tests" / "expected" / "queries"
#: Parameters with which a query is tried instead of its examples.
PARAMS = {
    "license-facts": {"license": "Apache License 2.0"},
    "carriers": {"license": "mpl-2.0"},
    "descendants": {"work": "meta-llama/Meta-Llama-3-8B"},
    "licenses-of-descendants": {"work": "https://huggingface.co/acme/rail"},
    "breaching-descendants": {"work": "acme/rail"},
    "relicensing-impact": {"work": "acme/rail", "new": "GPL-3.0-only"},
    "most-reused": {"atLeast": "3"},
    "clauses-of-work": {"work": "mlabonne/NeuralBeagle14-7B"},
    "conflicts": {"atLeast": "100"},
}


def workspace(folder: Path) -> Workspace:
    """Return a workspace with the sample and the works of the questions."""
    made = Workspace(folder)
    for path in (sample_file(), WORKS / "works.jsonl", WORKS / "catalogue.jsonl"):
        load(made, str(path), date="2024-11-21")
    return made


def cases() -> list[tuple[str, bool]]:
    """Return each query, and again with its optional parameters where it has any."""
    found = []
    for query in queries().values():
        found.append((query.name, False))
        if any(not facts["required"] and "default" not in facts for facts in query.params.values()):
            found.append((query.name, True))
    return found


def params(query: Query, whole: bool) -> dict[str, str]:
    """Return the parameters with which a query is tried: the required ones, or all."""
    examples = {name: str(facts["example"]) for name, facts in query.params.items() if whole or facts["required"]}
    return examples | PARAMS.get(query.name, {})


def ask(graph: Graph, query: Query, whole: bool, library: Library) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the answer to a query as it is tried."""
    return graph.select(bind(query, params(query, whole), library))


def plain(value: Any) -> str:
    """Return a value as the expected rows write it; stores differ in how they write numbers."""
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def text(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(value) for value in row] for row in rows)
    return buffer.getvalue()


def expected(name: str, whole: bool) -> Path:
    """Return the file with the rows that are expected."""
    return EXPECTED / f"{name}{'+' if whole else ''}.csv"
