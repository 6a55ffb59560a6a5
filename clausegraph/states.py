"""The states in which declared expressions can be downstream: numbered, with how they move.

A state is an encumbrance of a workspace: a declared expression in a mode, so that a choice stays a
choice. It gets its number when it is first reached; `close` reaches all that there are, before the lineage of a
whole workspace is closed.
"""

from collections.abc import Sequence

from clausegraph.judge import Part
from clausegraph.library import Library
from clausegraph.names import Expression

Row = tuple[str | None, ...]


class States:
    """The encumbrances of a workspace.

    `parts[i]` is a choice of options, each a set of encumbrances of the library; `starts[e]` are the
    states of expression `e` on a plain copy.
    """

    def __init__(self, library: Library, expressions: Sequence[Expression]) -> None:
        self.parts: list[Part] = []
        self.labels: list[str] = []
        self._library = library
        self._expressions = expressions
        self._rows: list[tuple[Row, ...]] = []
        self._numbers: dict[tuple[Row, ...], int] = {}
        self._moves: dict[tuple[int, str], int | None] = {}
        self._replaced: dict[tuple[int, int], bool] = {}
        self.starts = tuple(self._start(expression) for expression in expressions)

    def move(self, state: int, relation: str) -> int | None:
        """Return the state to which one goes along a relation, or `None` where nothing binds any more."""
        key = (state, relation)
        if key not in self._moves:
            rows = tuple(tuple(self._library.move(iri, relation) for iri in row) for row in self._rows[state])
            self._moves[key] = self._number(rows)
        return self._moves[key]

    def replaced(self, state: int, expression: int) -> bool:
        """Say whether every option of a declared expression lawfully relicenses everything in a state."""
        key = (state, expression)
        if key not in self._replaced:
            licenses = {e.license for option in self.parts[state] for e in option}
            by = [self._library.licenses[i].relicensed_by for i in licenses]
            options = self._expressions[expression].options
            self._replaced[key] = all(all(admitted & option for admitted in by) for option in options)
        return self._replaced[key]

    def close(self) -> list[tuple[int, str, int]]:
        """Reach all states, and return every move as (state, relation, state)."""
        moves: list[tuple[int, str, int]] = []
        for state, _ in enumerate(self._rows):  # it grows while new states are found
            moves += [(state, r, t) for r in sorted(self._library.relations) if (t := self.move(state, r)) is not None]
        return moves

    def replacements(self) -> list[tuple[int, int]]:
        """Return (state, expression) for each expression that lawfully replaces a state."""
        numbers = range(len(self._expressions))
        return [(state, e) for state, _ in enumerate(self._rows) for e in numbers if self.replaced(state, e)]

    def _start(self, expression: Expression) -> tuple[int, ...]:
        options = sorted(expression.options, key=sorted)
        starts = [tuple(self._library.start(i) for i in sorted(option)) for option in options]
        together = [((iri,),) for iri in starts[0]] if len(starts) == 1 else [tuple(starts)]
        return tuple(n for rows in together if (n := self._number(rows)) is not None)

    def _number(self, rows: tuple[Row, ...]) -> int | None:
        if not any(iri for row in rows for iri in row):
            return None
        if rows not in self._numbers:
            self._numbers[rows] = len(self._rows)
            self._rows.append(rows)
            part = tuple(tuple(self._library.encumbrances[iri] for iri in row if iri) for row in rows)
            self.parts.append(part)
            self.labels.append(_label(part))
        return self._numbers[rows]


def _label(part: Part) -> str:
    options = [" AND ".join(f"{e.license}/{e.mode}" for e in option) for option in part]
    return " OR ".join(options)
