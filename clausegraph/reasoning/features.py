"""What an artifact itself shows, as far as clauses ask for it: its name, and of what family a merge is."""

from collections.abc import Iterator

from clausegraph.library import Library
from clausegraph.library.assumptions import name_holds
from clausegraph.library.model import Relation
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import Features
from clausegraph.reasoning.trace import Edge, Node, Trace


def features_of(library: Library, trace: Trace, node: Node, named: bool) -> Features:
    """Return what the artifact itself shows: its name, and whether all that was merged into it is of one family.

    Where it is not stated that it is a merge, that stays open.
    """
    merged = [(way, edge, parent) for way, edge, parent in _ways(library, trace, node) if way.family_when_alike]
    family: set[Expression | None] = set()
    for _, edge, parent in merged:
        family |= _own(library, trace, edge, parent) | _inherited(library, trace, parent)
    alike = len(family) == 1
    unstated = any(way.candidates for way, _, _ in merged)
    found: list[tuple[str, bool | None]] = []
    for condition in library.artifact_conditions:
        if condition.iri in library.merge_conditions:
            found.append((condition.iri, None if alike and unstated else alike))
        elif named:
            found.append((condition.iri, name_holds(condition, node.id)))
    return tuple(found)


def _ways(library: Library, trace: Trace, node: Node) -> Iterator[tuple[Relation, Edge, Node]]:
    """Yield the relations to parents that are known."""
    for edge in node.edges:
        parent = trace.nodes.get(edge.parent)
        if parent is not None and parent.known and parent.id != node.id:
            yield library.relations[edge.relation], edge, parent


def _own(library: Library, trace: Trace, edge: Edge, parent: Node) -> set[Expression | None]:
    """Return the terms by which a parent counts itself.

    A step of one's own that declares nothing does not, and neither does an adapter, which is a change of its base, as
    long as its own license does not ask for a family.
    """
    terms = parent.passes_on
    if edge.same_party and parent.undeclared:
        return set()
    change = any(way.counts_as_base for way, _, _ in _ways(library, trace, parent))
    asks = terms is not None and not terms.ids.isdisjoint(library.family_bound)
    return set() if change and not asks else {terms}


def _inherited(library: Library, trace: Trace, node: Node) -> set[Expression | None]:
    """Return the terms of all works that are in a work, however many steps away."""
    found: set[Expression | None] = set()
    seen, queue = {node.id}, [node]
    while queue:
        for way, edge, parent in _ways(library, trace, queue.pop()):
            if way.keeps_family:
                found |= _own(library, trace, edge, parent)
                if parent.id not in seen:
                    seen.add(parent.id)
                    queue.append(parent)
    return found
