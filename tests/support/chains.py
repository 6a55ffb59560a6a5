"""Chains of reuse as rows of YAML, and what is judged of them; `reach/probes.yaml` says what a row may hold."""

from collections.abc import Iterable
from typing import Any

from clausegraph.answers.check import Subject
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.trace import Edge, Node, Trace
from tests.support.lineages import stated

LIBRARY = Library.load()


def judged(row: dict[str, Any]) -> Subject:
    """Return the last work of a row, with all before it."""
    start = row["start"]
    nodes = [Node("w0", start["kind"], stated(start["license"]))]
    for number, step in enumerate(row["steps"], 1):
        edges = [Edge(f"w{number - 1}", step["via"], bool(step.get("own")))]
        if "with_start" in step:
            edges.append(Edge("w0", step["with_start"]))
        for place, other in enumerate(step.get("beside", ())):
            nodes.append(Node(f"b{number}.{place}", other["kind"], stated(other["license"])))
            edges.append(Edge(nodes[-1].id, other["via"]))
        nodes.append(Node(f"w{number}", step["kind"], stated(step["license"]), tuple(edges)))
    given, notes = Assumptions.read(LIBRARY, row.get("assume", {}))
    assert not notes
    given = given.with_reading(row.get("reading", "open"))
    return Subject(LIBRARY, Trace(LIBRARY, nodes), nodes[-1], SituationJudge(LIBRARY, given), named=False)


def said(clauses: Iterable[tuple[str, str]]) -> set[str]:
    """Return clauses as the rows name them: by kind, or by kind and section."""
    pairs = list(clauses)
    return {kind for kind, _ in pairs} | {f"{kind} {section}" for kind, section in pairs}
