"""The states in which declared expressions can be downstream: numbered, with how they move.

A state is an encumbrance of a workspace: a declared expression in a mode, so that a choice stays a
choice. It gets its number when it is first reached; `close` reaches all that there are, before the lineage of a
whole workspace is closed.
"""

from collections.abc import Sequence

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.parts import Part, Rows, part_of

#: What makes a state: rows of encumbrances, and whether a card lists them.
Key = tuple[Rows, bool]


class States:
    """The encumbrances of a workspace.

    `parts[i]` is what state `i` is judged by; `starts[e]` are the states of expression `e` on a plain copy.
    """

    def __init__(self, library: Library, expressions: Sequence[Expression]) -> None:
        self.parts: list[Part] = []
        self.labels: list[str] = []
        self._library = library
        self._expressions = expressions
        self._keys: list[Key] = []
        self._numbers: dict[Key, int] = {}
        self._moves: dict[tuple[int, str], int | None] = {}
        self._replaced: dict[tuple[frozenset[frozenset[str]], int], bool] = {}
        self._relicensing: dict[int, frozenset[frozenset[str]] | None] = {}
        self.starts = tuple(self._start(expression) for expression in expressions)

    def move(self, state: int, relation: str) -> int | None:
        """Return the state to which one goes along a relation, or `None` where nothing binds any more."""
        key = (state, relation)
        if key not in self._moves:
            rows, listed = self._keys[state]
            moved = tuple(tuple(self._library.move(iri, relation) for iri in row) for row in rows)
            self._moves[key] = self._number(moved, listed)
        return self._moves[key]

    def replaced(self, state: int, expression: int) -> bool:
        """Say whether every option of a declared expression lawfully relicenses everything in a state."""
        by = self._relicensed(state)
        if by is None:
            return False
        key = (by, expression)
        if key not in self._replaced:
            options = self._expressions[expression].options
            self._replaced[key] = all(all(admitted & option for admitted in by) for option in options)
        return self._replaced[key]

    def _relicensed(self, state: int) -> frozenset[frozenset[str]] | None:
        """Return what may relicense each license in a state, or `None` where nothing may relicense one of them."""
        if state not in self._relicensing:
            licenses, named = self._library.licenses, self.parts[state].named
            by = frozenset(licenses[e.license].relicensed_by - e.held_from for e in named)
            self._relicensing[state] = None if frozenset() in by else by
        return self._relicensing[state]

    def close(self) -> list[tuple[int, str, int]]:
        """Reach all states, and return every move as (state, relation, state)."""
        moves: list[tuple[int, str, int]] = []
        for state, _ in enumerate(self._keys):  # it grows while new states are found
            moves += [(state, r, t) for r in sorted(self._library.relations) if (t := self.move(state, r)) is not None]
        return moves

    def replacements(self) -> list[tuple[int, int]]:
        """Return (state, expression) for each expression that lawfully replaces a state."""
        numbers = range(len(self._expressions))
        states = [state for state, _ in enumerate(self._keys) if self._relicensed(state) is not None]
        return [(state, e) for state in states for e in numbers if self.replaced(state, e)]

    def _start(self, expression: Expression) -> tuple[int, ...]:
        options = sorted(expression.options, key=sorted)
        starts = tuple(tuple(self._library.start(i) for i in sorted(option)) for option in options)
        together = [((iri,),) for iri in starts[0]] if len(starts) == 1 else [starts]
        return tuple(n for rows in together if (n := self._number(rows, expression.listed)) is not None)

    def _number(self, rows: Rows, listed: bool) -> int | None:
        if not any(iri for row in rows for iri in row):
            return None
        key = (rows, listed and len(rows) > 1)
        if key not in self._numbers:
            self._numbers[key] = len(self._keys)
            self._keys.append(key)
            self.parts.append(part_of(self._library, rows, listed=key[1]))
            self.labels.append(self._label(rows, key[1]))
        return self._numbers[key]

    def _label(self, rows: Rows, listed: bool) -> str:
        found = self._library.encumbrances
        options = [" AND ".join(f"{found[i].license}/{found[i].mode}" for i in row if i) for row in rows]
        return (" AND/OR " if listed else " OR ").join(options)
