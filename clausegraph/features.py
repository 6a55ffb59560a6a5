"""What an artifact itself shows, as far as clauses ask for it: its name, and what its parents declare."""

from clausegraph.conditions import NAME_TESTS, name_holds
from clausegraph.judging import Features
from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.trace import Node, Trace


def features_of(library: Library, trace: Trace, node: Node, named: bool) -> Features:
    """Return what the artifact itself shows: its name, and whether all parents of a merge carry one license.

    Where it is not stated that it is a merge, that stays open. A step of one's own that declares nothing is no parent.
    """
    ways = [(library.relations[e.relation], trace.nodes[e.parent], e) for e in node.edges if e.parent in trace.nodes]
    merged = [(w, p) for w, p, e in ways if w.family_when_alike and not (e.same_party and p.undeclared)]
    alike = len({stated for _, parent in merged for stated in _of_family(library, trace, parent)}) == 1
    unstated = any(way.candidates for way, _ in merged)
    found: list[tuple[str, bool | None]] = []
    for condition in library.artifact_conditions:
        if condition.operator not in NAME_TESTS:
            found.append((condition.iri, None if alike and unstated else alike))
        elif named:
            found.append((condition.iri, name_holds(condition, node.id)))
    return tuple(found)


def _of_family(library: Library, trace: Trace, node: Node) -> set[Expression | None]:
    """Return what a parent of a merge declares; an adapter counts as its base, of which it is a change."""
    changes = [e.parent for e in node.edges if library.relations[e.relation].counts_as_base]
    bases = [trace.nodes[base] for base in changes if base in trace.nodes and trace.nodes[base].known]
    return {base.declared for base in bases} or {node.declared}
