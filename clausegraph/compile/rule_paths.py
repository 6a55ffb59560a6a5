"""Turns a CONSTRUCT rule into expressions of SHACL-AF: every way by which a work comes to a clause.

A rule reads `CONSTRUCT { ?work PROPERTY ?clause }`, and each branch of its UNION names one or more ways from the work
to the clause. One way is a path; more than one, their intersection. What a branch asks for and what leads to no clause
must be there, and becomes a condition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnreadableInput

WORK, CLAUSE = Variable("work"), Variable("clause")
Step = tuple[Node, str, Node]


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a rule: an expression for its clauses, and paths of which the work must have a value."""

    expression: str
    needs: tuple[str, ...]


def read_rule(path: Path) -> tuple[str, tuple[Branch, ...]]:
    """Return the property that a rule gives, and its branches; raises `UnreadableInput` where it has another form."""
    algebra = prepareQuery(path.read_text(encoding="utf-8")).algebra
    ((subject, predicate, value),) = algebra.template
    if (subject, value) != (WORK, CLAUSE):
        raise UnreadableInput(f"{path}: the rule gives no clause of a work. Write CONSTRUCT {{ ?work … ?clause }}.")
    try:
        branches = [_branch(steps) for group in _unions(algebra.p) for steps in _unfolded(group)]
    except (KeyError, TypeError) as error:
        raise UnreadableInput(f"{path}: a rule of judging has triples and UNION only ({error!r}).") from error
    return ns.local(str(predicate)), tuple(dict.fromkeys(branches))


def _unions(pattern: CompValue) -> Iterator[list[tuple[Node, Node, Node]]]:
    """Yield the triples of each branch."""
    if pattern.name == "Union":
        yield from _unions(pattern.p1)
        yield from _unions(pattern.p2)
    elif pattern.name == "BGP":
        yield list(pattern.triples)
    elif pattern.name in ("Project", "SelectQuery", "ConstructQuery"):
        yield from _unions(pattern.p)
    elif pattern.name == "Join":
        for one, other in product(list(_unions(pattern.p1)), list(_unions(pattern.p2))):
            yield one + other
    else:
        raise TypeError(pattern.name)


def _unfolded(triples: list[tuple[Node, Node, Node]]) -> Iterator[list[Step]]:
    """Yield the branch once for each choice among the alternatives in its paths."""
    for chosen in product(*(list(_paths(predicate)) for _, predicate, _ in triples)):
        yield [(s, path, o) for (s, _, o), path in zip(triples, chosen, strict=True)]


def _paths(predicate: object) -> Iterator[str]:
    """Yield the steps of a path as Turtle, once for each alternative in it."""
    if isinstance(predicate, AlternativePath):
        for arm in predicate.args:
            yield from _paths(arm)
    elif isinstance(predicate, SequencePath):
        for chosen in product(*(list(_paths(arm)) for arm in predicate.args)):
            yield " ".join(chosen)
    elif isinstance(predicate, InvPath):
        yield from (_inverse(path) for path in _paths(predicate.arg))
    elif isinstance(predicate, URIRef):
        yield f"cg:{ns.local(str(predicate))}"
    else:
        raise TypeError(predicate)


def _inverse(path: str) -> str:
    return " ".join(f"[ sh:inversePath {step} ]" for step in reversed(path.split(" ")))


def _branch(steps: list[Step]) -> Branch:
    ways = sorted(_ways(steps, WORK, frozenset(), ""), key=lambda way: way[0])
    used = {step for _, taken in ways for step in taken}
    needs = tuple(path for s, path, o in steps if s == WORK and (s, path, o) not in used)
    paths = [f"[ sh:path ( {path} ) ]" for path, _ in ways]
    return Branch(paths[0] if len(paths) == 1 else f"[ sh:intersection ( {' '.join(paths)} ) ]", needs)


def _ways(steps: list[Step], at: Node, taken: frozenset[Step], path: str) -> Iterator[tuple[str, frozenset[Step]]]:
    """Yield each way from `at` to the clause, with the steps that it takes; a step may be taken backwards."""
    if at == CLAUSE:
        yield path.strip(), taken
        return
    for step in steps:
        start, along, end = step
        if step in taken:
            continue
        if start == at:
            yield from _ways(steps, end, taken | {step}, f"{path} {along}")
        elif end == at and start != WORK:
            yield from _ways(steps, start, taken | {step}, f"{path} {_inverse(along)}")
