"""Which clauses ask for what only the user can say, and what was said that no clause asks for."""

from collections.abc import Iterable

from clausegraph.library import Library
from clausegraph.library.assumptions import AT, Assumptions
from clausegraph.library.model import Clause, Condition
from clausegraph.reasoning.outcomes import Outcome
from clausegraph.reasoning.parts import Part
from clausegraph.reasoning.taken import asked

#: Types of keys that measure something: two of the same type are easily taken for each other.
_MEASURES = frozenset({"integer", "number", "region"})


def asking(library: Library) -> dict[str, tuple[Clause, ...]]:
    """Return, for each key of an assumption, the clauses that ask for it, by license and section."""
    found: dict[str, list[Clause]] = {name: [] for name in library.keys}
    for clause in library.clauses.values():
        for key in asked(library, clause):
            found[key].append(clause)
    return {key: tuple(sorted(clauses, key=lambda c: (c.license, c.section, c.iri))) for key, clauses in found.items()}


def asked_back(library: Library, assumptions: Assumptions, parts: Iterable[Part]) -> list[str]:
    """Return a question for each measure that was given and for which nothing here asks, where a like one is open.

    Whoever gives the users of today where a license counts those at a release has answered another question.
    """
    given = {name.partition(AT)[0] for name, _ in assumptions.given}
    measures = {name for name in given & library.keys.keys() if library.keys[name].type in _MEASURES}
    if not measures:
        return []
    wanted: dict[str, set[str]] = {}
    for encumbrance in {e for part in parts for option in (*part.stated, *part.members) for e in option}:
        for clause in (*encumbrance.binds, *encumbrance.may_bind, *encumbrance.waived_by):
            for key in asked(library, clause):
                wanted.setdefault(key, set()).add(clause.license)
    found = []
    for name in sorted(measures - wanted.keys()):
        type_ = library.keys[name].type
        near = sorted(key for key in wanted.keys() - given if library.keys[key].type == type_)
        found += [
            f"no clause here asks for {name}; did you mean {key}, for which {', '.join(sorted(wanted[key]))} "
            f"{'asks' if len(wanted[key]) == 1 else 'ask'}?"
            for key in near
        ]
    return found


def read_forward(outcome: Outcome) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Return the open conditions of an outcome in two: on which it is fine, and on which the clause binds at all."""
    clause = outcome.clause
    fine = {*clause.unless, *clause.met, *(c.condition for c in clause.carriers if c.condition)} - {*clause.when}
    once = tuple(dict.fromkeys(outcome.conditions))
    return tuple(c for c in once if c in fine), tuple(c for c in once if c not in fine)
