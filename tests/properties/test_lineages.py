"""Lineages that nobody thought of: what is drawn at random is judged alike on every way that there is."""

import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.validation.situation_graph import encumbrance_iris
from tests.support.lineages import (
    alike_in_plain_files,
    audited,
    bulk_verdicts,
    stated,
    traced_verdicts,
    work,
)

LIBRARY = Library.load()
#: Licenses that differ in what they do: relicense, refuse, limit, name, pass on, leave open.
ALONE = (
    *("mit", "apache-2.0", "gpl-2.0", "gpl-3.0", "agpl-3.0", "lgpl-2.1", "mpl-2.0", "eupl-1.2", "cc0-1.0"),
    *("cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "odbl", "c-uda"),
    *("creativeml-openrail-m", "bigscience-bloom-rail-1.0", "llama2", "llama3", "gemma-tou-2024-04-01", "deepfloyd-if"),
    *("polyform-noncommercial-1.0.0", "mg-by-sa-2.0", "exaone-1.1-nc", "fair-ai-public-1.0"),
)
#: What leaves a choice, a list or a question open.
OPEN = ("none", "other", "gpl", "cc-by-nc", "gemma", "gpl-3.0 OR mit", "cc-by-sa-4.0 OR gpl-3.0", "llama2 AND mit")
#: Accounts of licensors, each of which is bound by the others' licenses among its own works, but not by its own.
LICENSORS = ("meta-llama", "google", "stabilityai", "LGAI-EXAONE")
KINDS = ("model", "model", "dataset", "source", "service")
RELATIONS = sorted(LIBRARY.relations)


def snapshot(seed: int, licenses: tuple[str, ...], lineages: int, size: int = 7) -> list[Node]:
    """Return lineages of few owners: merges, works of one's own, and here and there a circle among them.

    Each has two owners of its own and one that texts of licenses name.
    """
    chance = Random(seed)
    return [node for number in range(lineages) for node in _lineage(chance, str(number), licenses, size)]


def _lineage(chance: Random, name: str, licenses: tuple[str, ...], size: int) -> list[Node]:
    owners = (f"{name}a", f"{name}b", chance.choice(LICENSORS))
    facts = [(chance.choice(owners), chance.choice(KINDS), stated(chance.choice(licenses))) for _ in range(size)]
    bare = [work(owner, f"w{name}-{n}", kind, declared) for n, (owner, kind, declared) in enumerate(facts)]
    made = []
    for number, (owner, kind, declared) in enumerate(facts):
        before = bare[:number] if chance.random() < 0.9 else [n for n in bare if n is not bare[number]]
        edges = []
        for parent in chance.sample(before, min(len(before), chance.randint(0, 2))):
            fitting = [r for r in RELATIONS if LIBRARY.relations[r].fits(LIBRARY.artifact_kinds[parent.kind])]
            edges.append(Edge(parent.id, chance.choice(fitting if chance.random() < 0.9 else RELATIONS)))
        made.append(work(owner, f"w{name}-{number}", kind, declared, edges))
    return made


def _bulk(nodes: list[Node]) -> Catalogue:
    return audited(LIBRARY, nodes, Path(tempfile.mkdtemp()))


SEEDS = st.integers(0, 2**32)


@settings(deadline=None, max_examples=4)
@given(SEEDS)
def test_whole_snapshots_are_judged_in_bulk_as_each_work_is_by_itself(seed: int) -> None:
    nodes = snapshot(seed, (*ALONE, *OPEN), 8)
    catalogue = _bulk(nodes)
    bulk, traced = bulk_verdicts(catalogue), traced_verdicts(LIBRARY, nodes)
    assert {n.id: traced[n.id] for n in nodes if bulk[n.id] != traced[n.id]} == {}
    for node in nodes:  # and each with nothing but its own ancestors
        assert traced_verdicts(LIBRARY, catalogue.nodes(node.id))[node.id] == traced[node.id]
    catalogue.close()


@settings(deadline=None, max_examples=1)  # the library alone takes ten seconds there
@given(SEEDS)
def test_what_plain_files_can_say_is_judged_alike_by_construct_rules_and_shapes(seed: int) -> None:
    nodes = snapshot(seed, ALONE, 6)
    kinds = {n.id: LIBRARY.artifact_kinds[n.kind] for n in nodes}
    kept = {}
    for node in nodes:  # along a relation that does not fit, rules for plain files only warn
        edges = tuple(e for e in node.edges if LIBRARY.relations[e.relation].fits(kinds[e.parent]))
        kept[node.id] = replace(node, edges=edges)
    alike_in_plain_files(LIBRARY, kept)


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_a_longer_way_never_loses_what_came_to_it_from_another_party(seed: int) -> None:
    """A copy by somebody else carries all that lies on the work, unless the work itself was relicensed."""
    nodes = snapshot(seed, (*ALONE, *OPEN), 1)
    for node in nodes:
        copy = Node("z/copy", node.kind, node.declared, (Edge(node.id, "copy"),))
        trace = Trace(LIBRARY, [*nodes, copy])
        held = [trace.states.parts[s] for s in trace.states_of(node.id)]
        number = trace.expressions.index(node.declared) if node.declared in trace.expressions else -1
        kept = [s for s in trace.states_of(node.id) if not trace.states.replaced(s, number)]
        found = {iri for s in trace.states_of(copy.id) for iri in encumbrance_iris(trace.states.parts[s])}
        expected = {
            iri
            for s in kept
            if (moved := trace.states.move(s, "copy")) is not None
            for iri in encumbrance_iris(trace.states.parts[moved])
        }
        assert expected <= found
        assert held or not kept
