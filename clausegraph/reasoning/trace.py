"""Follows clauses through a small lineage: a work with its ancestors, or a recipe.

It answers the same question as the loop in `closure` for all artifacts, one node at a time, and puts
the paths together. A differential test holds the two against each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from clausegraph.library import Library
from clausegraph.library.licensors import binding_within
from clausegraph.library.model import MISFIT
from clausegraph.library.names import UNDECLARED, Expression
from clausegraph.reasoning.burdens import States


@dataclass(frozen=True, slots=True)
class Edge:
    """A parent of a node, the relation, and whether both belong to one party.

    `inferred` is the relation that tags suggest, where the relation itself stands for an unstated one.
    """

    parent: str
    relation: str
    same_party: bool = False
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """An artifact or a planned work; `declared` is `None` where nothing is decided yet.

    `terms` are what it stands under for those who reuse it, where that is not what is declared. `left_open` names the
    reasons for which its own terms are not known beside what is declared, and `release` the release of which it names
    only the license of the code. A node that is not `known` is an ancestor of which nothing but its name is known.
    `owner` is the account that publishes it, or `None` where nobody knows it.
    """

    id: str
    kind: str
    declared: Expression | None
    edges: tuple[Edge, ...] = ()
    terms: Expression | None = None
    left_open: tuple[str, ...] = ()
    release: str | None = None
    known: bool = True
    owner: str | None = None

    @property
    def undeclared(self) -> bool:
        """Whether it declares nothing."""
        return self.declared is None or self.declared.ids == {UNDECLARED}

    @property
    def passes_on(self) -> Expression | None:
        """What encumbers those who reuse it, because of its own license."""
        return self.terms or self.declared


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `child` reuses `parent` by `relation`; `inferred` is what tags suggest otherwise."""

    parent: str
    relation: str
    child: str
    inferred: str | None = None


Predecessor = tuple[str, str, int | None]


class Trace:
    """The encumbrances of all nodes of a small lineage, with a predecessor for each.

    `within` is what of the terms of a node, by its id, binds other works of its owner.
    """

    def __init__(self, library: Library, nodes: Iterable[Node]) -> None:
        self.library = library
        self.nodes = {node.id: node for node in _fitted(library, nodes)}
        self.within = {id_: _binding_within(library, node) for id_, node in self.nodes.items()}
        terms = (e for n in self.nodes.values() for e in (n.declared, n.passes_on))
        named = (*terms, *self.within.values())
        declared = {e for e in named if e is not None}
        self.expressions: Sequence[Expression] = sorted(declared, key=str)
        self._number = {e: i for i, e in enumerate(self.expressions)}
        self.states = States(library, self.expressions)
        self.held: dict[str, dict[int, Predecessor]] = {id_: {} for id_ in self.nodes}
        self._masks = dict.fromkeys(self.nodes, 0)
        self._targets = cache(self._find_targets)
        self._origins: dict[tuple[str, int], str] = {}
        self._close()

    def _close(self) -> None:
        """Move what is new from parents to children, one generation after the other."""
        children: dict[str, list[tuple[str, Edge]]] = {}
        for node in self.nodes.values():
            for edge in node.edges:
                if edge.parent in self.nodes and edge.parent != node.id:
                    children.setdefault(edge.parent, []).append((node.id, edge))
        for found in children.values():
            found.sort(key=lambda f: (f[0], f[1].relation))
        fresh: dict[str, list[int]] = {}
        for parent, found in children.items():
            others, own = self._starts(self.nodes[parent].passes_on), self._starts(self.within[parent])
            for child, edge in found:
                self._move(fresh, child, edge, own if edge.same_party else others, own=True)
        while fresh:
            following: dict[str, list[int]] = {}
            for parent, states in fresh.items():
                declared = self.nodes[parent].declared
                number = None if declared is None else self._number[declared]
                lasting = tuple(s for s in states if number is None or not self.states.replaced(s, number))
                for child, edge in children.get(parent, ()):
                    self._move(following, child, edge, tuple(states) if edge.same_party else lasting)
            fresh = following

    def _starts(self, terms: Expression | None) -> tuple[int, ...]:
        return () if terms is None else self.states.starts[self._number[terms]]

    def _move(
        self, fresh: dict[str, list[int]], child: str, edge: Edge, states: tuple[int, ...], *, own: bool = False
    ) -> None:
        implied = self.library.artifact_kinds[self.nodes[child].kind].implies
        targets, mask = self._targets(states, edge.relation, implied)
        if not mask & ~self._masks[child]:
            return  # in a dense lineage nearly all edges bring nothing new
        self._masks[child] |= mask
        held = self.held[child]
        for target in sorted(targets.keys() - held.keys()):
            held[target] = (edge.parent, edge.relation, None if own else targets[target])
            fresh.setdefault(child, []).append(target)

    def _find_targets(self, states: tuple[int, ...], relation: str, implied: str | None) -> tuple[dict[int, int], int]:
        """Return the states to which some states go, each with the first from which one gets there, and as bits."""
        found: dict[int, int] = {}
        for state in states:
            target = self.states.move(state, relation)
            if target is not None and implied:
                target = self.states.move(target, implied)
            if target is not None:
                found.setdefault(target, state)
        return found, sum(1 << target for target in found)

    def origin(self, node: str, state: int) -> str:
        """Return the artifact whose license an encumbrance of a node is."""
        passed: list[tuple[str, int]] = []
        while (node, state) not in self._origins:
            passed.append((node, state))
            parent, _, previous = self.held[node][state]
            if previous is None:
                self._origins[node, state] = parent
            else:
                node, state = parent, previous
        for place in passed:
            self._origins[place] = self._origins[node, state]
        return self._origins[node, state]

    def last_step(self, node: str, state: int) -> Step:
        """Return the step by which an encumbrance came to a node."""
        parent, relation, _ = self.held[node][state]
        return self._step(parent, relation, node)

    def _step(self, parent: str, relation: str, child: str) -> Step:
        edges = (e for e in self.nodes[child].edges if (e.parent, e.relation) == (parent, relation))
        return Step(parent, relation, child, next((e.inferred for e in edges), None))

    def path(self, node: str, state: int) -> tuple[Step, ...]:
        """Return the steps from the origin of an encumbrance to `node`, the origin first."""
        steps: list[Step] = []
        current: int | None = state
        child = node
        while current is not None and len(steps) <= len(self.nodes) * len(self.states.parts) + 1:
            parent, relation, current = self.held[child][current]
            steps.append(self._step(parent, relation, child))
            child = parent
        return tuple(reversed(steps))

    def states_of(self, node: str) -> tuple[int, ...]:
        """Return the states that lie on a node."""
        return tuple(sorted(self.held[node]))


def _binding_within(library: Library, node: Node) -> Expression | None:
    """Return what of the terms of a node binds other works of its owner."""
    return None if node.passes_on is None else binding_within(library, node.passes_on, node.owner)


def _fitted(library: Library, nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield nodes in which an edge that does not fit its parent leads to one of which nothing is known."""
    given = {node.id: node for node in nodes}

    def fits(edge: Edge) -> bool:
        parent = given.get(edge.parent)
        return parent is None or library.relations[edge.relation].fits(library.artifact_kinds[parent.kind])

    for node in given.values():
        wrong = [edge for edge in node.edges if not fits(edge)]
        if not wrong:
            yield node
            continue
        names = {edge: f"{edge.parent} by {edge.relation}" for edge in wrong}
        edges = (replace(e, parent=names[e], same_party=False) if e in names else e for e in node.edges)
        yield replace(node, edges=tuple(edges))
        for edge, name in names.items():
            yield Node(name, given[edge.parent].kind, Expression.of(library.missing[MISFIT]), known=False)


@dataclass(frozen=True, eq=False)
class Paths:
    """How encumbrances, by IRI, reached a node; a path is put together when it is read."""

    trace: Trace
    node: str
    states: Mapping[str, int]

    def path(self, iri: str) -> tuple[Step, ...]:
        """Return the steps from the origin of an encumbrance, the origin first; none if it did not move."""
        return self.trace.path(self.node, self.states[iri]) if iri in self.states else ()

    def last_step(self, iri: str) -> tuple[Step, ...]:
        """Return only the last of these steps."""
        return (self.trace.last_step(self.node, self.states[iri]),) if iri in self.states else ()

    def origin(self, iri: str) -> str | None:
        """Return the artifact from which an encumbrance came."""
        return self.trace.origin(self.node, self.states[iri]) if iri in self.states else None
