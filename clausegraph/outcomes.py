"""What judging yields: outcomes per clause and a verdict, as frozen values."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from clausegraph.library.model import Clause, Condition, Encumbrance
from clausegraph.names import Expression


class Verdict(IntEnum):
    """The four answers, from best to worst; the worst one wins where answers are combined."""

    compatible = 0
    conditional = 1
    unknown = 2
    conflict = 3


class Level(IntEnum):
    """What an outcome means: a duty that is met or owed, or a breach that would, may or does happen."""

    met = 0
    owes = 1
    would = 2
    may = 3
    breaches = 4

    @property
    def verdict(self) -> Verdict:
        """The verdict that an outcome of this level leads to."""
        return _VERDICTS[self]


_VERDICTS = {
    Level.met: Verdict.compatible,
    Level.owes: Verdict.conditional,
    Level.would: Verdict.conditional,
    Level.may: Verdict.unknown,
    Level.breaches: Verdict.conflict,
}
#: The first digit of a finding code, by level; the rest is the number of the clause kind.
CODES = {Level.breaches: "CG2", Level.may: "CG3", Level.would: "CG4"}


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one clause means in one encumbrance under one declaration.

    `encumbrance` is `None` for a clause of a declared license; `conditions` are the open conditions
    on which it depends; `against` names the licenses on the other side of a refusal.
    """

    clause: Clause
    level: Level
    certainty: str
    encumbrance: Encumbrance | None = None
    conditions: tuple[Condition, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def code(self) -> str | None:
        """The finding code, or `None` for a duty."""
        prefix = CODES.get(self.level)
        return prefix + self.clause.kind.number if prefix else None

    @property
    def mode(self) -> str | None:
        """The mode in which the clause binds, as `Form/Setting`."""
        return self.encumbrance.mode if self.encumbrance else None


@dataclass(frozen=True, eq=False)
class Judgment:
    """All outcomes of one situation; `declared` is what was declared, `chosen` the option that was used."""

    outcomes: tuple[Outcome, ...]
    declared: Expression | None = None

    @cached_property
    def verdict(self) -> Verdict:
        """The worst verdict of any outcome."""
        return max((o.level.verdict for o in self.outcomes), default=Verdict.compatible)

    @property
    def findings(self) -> tuple[Outcome, ...]:
        """The outcomes that have a code, worst first."""
        return tuple(sorted((o for o in self.outcomes if o.code), key=lambda o: (-o.level, o.clause.iri)))

    @property
    def obligations(self) -> tuple[Outcome, ...]:
        """The duties that travel with the artifact."""
        return tuple(o for o in self.outcomes if o.level is Level.owes)
