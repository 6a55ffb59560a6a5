"""Each artifact by itself, on the second path: its lineage followed one node at a time, its name read in Python."""

from collections.abc import Iterable, Iterator

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import iri_of
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.features import features_of
from clausegraph.reasoning.judge_situation import Judged, SituationJudge, unsuitable
from clausegraph.reasoning.situations import Situation
from clausegraph.reasoning.trace import Trace
from clausegraph.validation.situation_graph import Triple, situation_iri, situation_triples


def artifact_triples(catalogue: Catalogue, addresses: Iterable[str]) -> Iterator[Triple]:
    """Yield what is said of artifacts, each judged by itself, with its own IRI as the subject."""
    library = catalogue.library
    judges = SituationJudge(library, Assumptions(library))
    for address in addresses:
        nodes = catalogue.nodes(address)
        trace, node = Trace(library, nodes), nodes[0]
        assert node.declared is not None
        states = trace.states_of(node.id)
        features = features_of(library, trace, node, named=True) if states else ()
        situation = Situation(0, "alone", node.kind, node.declared, states, features, 1, node.release, node.left_open)
        parts = [trace.states.parts[state] for state in states]
        judgment = judges.judgment(features, parts, node.declared, node.left_open)
        judged = Judged(situation, judgment, unsuitable(library, node.kind, node.declared.ids))
        subject = iri_of(node.id)
        for found, predicate, value in situation_triples(library, [judged], trace.states.parts):
            assert found == situation_iri(situation)
            yield subject, predicate, value
