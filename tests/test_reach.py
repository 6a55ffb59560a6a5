"""Reach: what comes of chains of reuse, decided by law and practice, and the laws of the transition table."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from clausegraph.check import Subject
from clausegraph.conditions import Assumptions
from clausegraph.judging import SituationJudge
from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.trace import Edge, Node, Trace

LIBRARY = Library.load()
PROBES = {row["id"]: row for row in yaml.safe_load((Path(__file__).parent / "reach" / "probes.yaml").read_text())}


def judged(row: dict[str, Any]) -> Subject:
    """Return the last work of a row, with all before it."""
    start = row["start"]
    nodes = [Node("w0", start["kind"], Expression.of(start["license"]))]
    for number, step in enumerate(row["steps"], 1):
        edges = [Edge(f"w{number - 1}", step["via"], bool(step.get("own")))]
        if "with_start" in step:
            edges.append(Edge("w0", step["with_start"]))
        nodes.append(Node(f"w{number}", step["kind"], Expression.of(step["license"]), tuple(edges)))
    given, notes = Assumptions.read(LIBRARY, row.get("assume", {}))
    assert not notes
    given = given.with_reading(row.get("reading", "open"))
    return Subject(LIBRARY, Trace(LIBRARY, nodes), nodes[-1], SituationJudge(LIBRARY, given), named=False)


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if "verdict" in row])
def test_a_chain_ends_as_law_and_practice_say(name: str) -> None:
    found = judged(PROBES[name]).check()
    assert found.verdict in PROBES[name]["verdict"], [(f["code"], f["clause"], f["message"]) for f in found.findings()]


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if {"owes", "owes_not"} & row.keys()])
def test_a_chain_owes_what_the_text_asks_for(name: str) -> None:
    kinds = {o.clause.kind.name for o in judged(PROBES[name]).check().judgment.obligations}
    assert kinds >= set(PROBES[name].get("owes", ()))
    assert not kinds & set(PROBES[name].get("owes_not", ()))


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if "same_as" in row])
def test_two_ways_that_make_the_same_thing_bind_alike(name: str) -> None:
    row = PROBES[name]
    one, other = judged(row).check(), judged(row | {"steps": row["same_as"]}).check()
    assert [(f["code"], f["clause"]) for f in one.findings()] == [(f["code"], f["clause"]) for f in other.findings()]
