"""Follows clauses through a small lineage: a work with its ancestors, or a recipe.

It answers the same question as the loop in `reach` for all artifacts, one node at a time, and puts
the paths together. A differential test holds the two against each other.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clausegraph.library import Library
from clausegraph.names import Expression
from clausegraph.states import States, make_states


@dataclass(frozen=True, slots=True)
class Edge:
    """A parent of a node, the relation, and whether both belong to one party."""

    parent: str
    relation: str
    same_party: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """An artifact or a planned work; `declared` is `None` where nothing is decided yet."""

    id: str
    kind: str
    declared: Expression | None
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `child` reuses `parent` by `relation`."""

    parent: str
    relation: str
    child: str


Predecessor = tuple[str, str, int | None]


class Trace:
    """The encumbrances of all nodes of a small lineage, with a predecessor for each."""

    def __init__(self, library: Library, nodes: Iterable[Node]) -> None:
        self.library = library
        self.nodes = {node.id: node for node in nodes}
        declared = {n.declared for n in self.nodes.values() if n.declared is not None}
        self.expressions: Sequence[Expression] = sorted(declared, key=str)
        self._number = {e: i for i, e in enumerate(self.expressions)}
        self.states: States = make_states(library, self.expressions)
        self.lying: dict[str, dict[int, Predecessor]] = {id_: {} for id_ in self.nodes}
        self._close()

    def _close(self) -> None:
        children: dict[str, list[tuple[str, Edge]]] = {}
        for node in self.nodes.values():
            for edge in node.edges:
                if edge.parent in self.nodes and edge.parent != node.id:
                    children.setdefault(edge.parent, []).append((node.id, edge))
        queue: deque[tuple[str, int]] = deque()
        for parent, found in children.items():
            for child, edge in sorted(found, key=lambda f: (f[0], f[1].relation)):
                declared = self.nodes[parent].declared
                if not edge.same_party and declared is not None:
                    for state in self.states.starts[self._number[declared]]:
                        self._move(queue, child, edge, state, None)
        while queue:
            parent, state = queue.popleft()
            declared = self.nodes[parent].declared
            replaced = declared is not None and (state, self._number[declared]) in self.states.drops
            for child, edge in children.get(parent, ()):
                if edge.same_party or not replaced:
                    self._move(queue, child, edge, state, state)

    def _move(self, queue: deque[tuple[str, int]], child: str, edge: Edge, state: int, previous: int | None) -> None:
        target = self.states.moves.get((state, edge.relation))
        implied = self.library.artifact_kinds[self.nodes[child].kind].implies
        if target is not None and implied:
            target = self.states.moves.get((target, implied))
        if target is not None and target not in self.lying[child]:
            self.lying[child][target] = (edge.parent, edge.relation, previous)
            queue.append((child, target))

    def path(self, node: str, state: int) -> tuple[Step, ...]:
        """Return the steps from the origin of an encumbrance to `node`, the origin first."""
        steps: list[Step] = []
        current: int | None = state
        child = node
        while current is not None and len(steps) <= len(self.nodes) * len(self.states.parts) + 1:
            parent, relation, current = self.lying[child][current]
            steps.append(Step(parent, relation, child))
            child = parent
        return tuple(reversed(steps))

    def states_of(self, node: str) -> tuple[int, ...]:
        """Return the states that lie on a node."""
        return tuple(sorted(self.lying[node]))
