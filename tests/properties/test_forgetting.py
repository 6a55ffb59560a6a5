"""The law of forgetting: taking knowledge away never makes an answer greener.

A work in a small lineage is judged; then the license, the record, the owner or the relation of something that
is named is taken away. Outside the law are tools that were only used, which bind nobody while nothing is known
of them, and works of one's own that declare nothing: their owner is taken for the licensor, also where it put
them under a text that names another one before.
"""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from clausegraph.answers.check import Subject
from clausegraph.answers.nodes import missing_node
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.licensors import binding_within
from clausegraph.library.names import UNDECLARED, UNDETERMINED, Expression
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.reasoning.trace import Edge, Node, Trace

LIBRARY = Library.load()
IDS = sorted(LIBRARY.licenses)
#: Licenses of which works of a Hub have most, so that a lineage is often green.
COMMON = ["mit", "apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "gpl-3.0", "llama2", "openrail", "cc0-1.0"]
ONE = st.one_of(st.sampled_from(COMMON), st.sampled_from(IDS)).map(Expression.of)
EXPRESSIONS = st.one_of(
    ONE,
    st.tuples(ONE, ONE).map(lambda pair: Expression(pair[0].options | pair[1].options)),
    st.tuples(ONE, ONE).map(lambda pair: Expression(pair[0].options | pair[1].options, listed=True)),
)
UNSTATED = LIBRARY.unstated["base_model"]
RELATIONS = st.sampled_from(sorted(set(LIBRARY.relations) - {"use", UNSTATED.name}))
PARTIES = st.sampled_from(["acme", "acme", "other", "meta-llama"])


@st.composite
def lineages(draw: st.DrawFn) -> list[Node]:
    """Draw works of which each may be made from earlier ones; the last is made from something."""
    nodes: list[Node] = []
    owners: list[str] = []
    for number in range(draw(st.integers(2, 4))):
        owner, edges = draw(PARTIES), []
        for parent in draw(st.sets(st.sampled_from(range(number)), max_size=2)) if number else ():
            edges.append(Edge(str(parent), draw(RELATIONS), owners[parent] == owner))
        if number and not edges and number == 3:
            edges.append(Edge("0", draw(RELATIONS), owners[0] == owner))
        nodes.append(Node(str(number), "model", draw(EXPRESSIONS), tuple(edges), owner=owner))
        owners.append(owner)
    return nodes


def judged(nodes: list[Node], reading: str) -> Verdict:
    trace = Trace(LIBRARY, nodes)
    judges = SituationJudge(LIBRARY, Assumptions(LIBRARY).with_reading(reading))
    last = [node for node in nodes if node.known][-1]
    return Subject(LIBRARY, trace, last, judges, named=False).check().judgment.verdict


def forgotten(nodes: list[Node]) -> Iterator[tuple[str, list[Node]]]:
    """Yield each thing that can be taken away, and the lineage without it."""
    within = {edge.parent for node in nodes for edge in node.edges if edge.same_party}
    for place, node in enumerate(nodes):
        yield f"owner of {place}", [*nodes[:place], replace(node, owner=None), *nodes[place + 1 :]]
        own = node.id in within and node.declared and binding_within(LIBRARY, node.declared, node.owner)
        for word in (UNDETERMINED,) if own else (UNDECLARED, UNDETERMINED):
            forgotten = replace(node, declared=Expression.of(word))
            yield f"license of {place}", [*nodes[:place], forgotten, *nodes[place + 1 :]]
        if place < len(nodes) - 1:
            lost = replace(missing_node(LIBRARY, "model", "gone/base"), id=node.id)
            rest = [replace(n, edges=tuple(_stranger(e, node.id) for e in n.edges)) for n in nodes if n is not node]
            yield f"record of {place}", [lost, *rest]
        for way, edge in enumerate(node.edges):
            if edge.relation in UNSTATED.candidates:
                edges = (*node.edges[:way], replace(edge, relation=UNSTATED.name), *node.edges[way + 1 :])
                yield f"relation {way} of {place}", [*nodes[:place], replace(node, edges=edges), *nodes[place + 1 :]]


def _stranger(edge: Edge, missing: str) -> Edge:
    return replace(edge, same_party=False) if edge.parent == missing else edge


@settings(deadline=None, max_examples=120)
@given(lineages(), st.sampled_from(["open", "strict", "lenient"]))
def test_taking_knowledge_away_never_makes_an_answer_greener(nodes: list[Node], reading: str) -> None:
    before = judged(nodes, reading)
    for what, without in forgotten(nodes):
        after = judged(without, reading)
        assert after >= min(before, Verdict.unknown), f"{what}: {before.name} became {after.name}"


@settings(deadline=None, max_examples=120)
@given(lineages())
def test_an_answer_is_green_only_where_nothing_is_a_gap(nodes: list[Node]) -> None:
    trace = Trace(LIBRARY, nodes)
    subject = Subject(LIBRARY, trace, nodes[-1], SituationJudge(LIBRARY, Assumptions(LIBRARY)), named=False)
    found = subject.check()
    codes = {finding["code"] for finding in found.findings()}
    gaps = {reason.code for reason in LIBRARY.reasons.values() if reason.code}
    assert not (found and codes & gaps)
    assert (found.verdict == "unknown") is bool(found.judgment.reasons)


@settings(deadline=None, max_examples=120)
@given(lineages())
def test_a_strict_reading_is_never_greener_than_an_open_one_nor_that_than_a_lenient_one(nodes: list[Node]) -> None:
    lenient, open_, strict = (judged(nodes, reading) for reading in ("lenient", "open", "strict"))
    assert lenient <= open_ <= strict
