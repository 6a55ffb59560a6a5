"""The states in which declared expressions can be downstream: numbered, with how they move.

A state is an encumbrance of a workspace: a declared expression in a mode, so that a choice stays a
choice. Those that a workspace needs are made from the library's before the lineage is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clausegraph.judge import Part
from clausegraph.library import Library
from clausegraph.names import Expression

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class States:
    """The encumbrances of a workspace: numbered, with what they consist of and how they move.

    `parts[i]` is a choice of options, each a set of encumbrances of the library; `starts[e]` are the
    states of expression `e` on a plain copy; `moves` maps (state, relation) to a state; `drops`
    holds (state, expression) where that declared expression lawfully replaces the state.
    """

    parts: tuple[Part, ...]
    labels: tuple[str, ...]
    starts: tuple[tuple[int, ...], ...]
    moves: dict[tuple[int, str], int]
    drops: frozenset[tuple[int, int]]


def make_states(library: Library, expressions: Sequence[Expression]) -> States:
    """Make the states that expressions can be in: singles share the library's, choices are combined."""
    numbers: dict[tuple[tuple[Row, ...], str], int] = {}
    moves: dict[tuple[int, str], int] = {}
    todo: list[tuple[Row, ...]] = []
    keys: list[tuple[Row, ...]] = []

    def number(rows: tuple[Row, ...]) -> int | None:
        if not any(iri for row in rows for iri in row):
            return None
        key = (rows, "")
        if key not in numbers:
            numbers[key] = len(keys)
            keys.append(rows)
            todo.append(rows)
        return numbers[key]

    starts = []
    for expression in expressions:
        options = sorted(expression.options, key=sorted)
        if len(options) == 1:
            rows: list[tuple[Row, ...]] = [((library.start(i),),) for i in sorted(options[0])]
        else:
            rows = [tuple(tuple(library.start(i) for i in sorted(option)) for option in options)]
        starts.append(tuple(n for row in rows if (n := number(row)) is not None))
    while todo:
        current = todo.pop()
        source = numbers[(current, "")]
        for relation in library.relations:
            target = number(tuple(tuple(library.move(iri, relation) for iri in row) for row in current))
            if target is not None:
                moves[(source, relation)] = target
    parts = tuple(tuple(tuple(library.encumbrances[iri] for iri in row if iri) for row in rows) for rows in keys)
    drops = frozenset(
        (state, index)
        for state, part in enumerate(parts)
        for index, expression in enumerate(expressions)
        if _replaced(library, part, expression)
    )
    return States(parts, tuple(_label(p) for p in parts), tuple(starts), moves, drops)


def _replaced(library: Library, part: Part, expression: Expression) -> bool:
    """Say whether every option of what is declared lawfully relicenses everything in a state."""
    licenses = {e.license for option in part for e in option}
    return all(all(library.licenses[i].relicensed_by & option for i in licenses) for option in expression.options)


def _label(part: Part) -> str:
    options = [" AND ".join(f"{e.license}/{e.mode}" for e in option) for option in part]
    return " OR ".join(options)
