"""What judging yields: outcomes per clause and a verdict, as frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from clausegraph.library.model import Certainty, Clause, Condition, Encumbrance
from clausegraph.library.names import Expression

#: How sure the law is of a clause, and the form of kinds that stand for terms that are not known.
SETTLED, CONTESTED, GAP = Certainty.settled, Certainty.contested, "gap"
#: The reason for not knowing that the law itself leaves open; `ontology/verdicts.ttl` describes it.
LAW = "contested-law"


class Verdict(IntEnum):
    """The four answers, from best to worst; `ontology/verdicts.ttl` says what each means."""

    compatible = 0
    conditional = 1
    unknown = 2
    conflict = 3

    @property
    def green(self) -> bool:
        """Whether the artifact may be used and passed on, if only with duties and conditions."""
        return self <= Verdict.conditional


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


#: The glyph of a verdict, so that a color never stands alone.
GLYPHS = {"compatible": "●", "conditional": "◐", "conflict": "✕", "unknown": "?"}
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

    `encumbrance` is `None` for a refusal by a declared license; `conditions` are the open conditions on which it
    depends; `against` names the licenses on the other side of a refusal. `own` marks a clause of the license that the
    artifact itself declares. `reason` names why the answer is unknown, where this outcome makes it so;
    `named` are the restrictions of the clause that the user's purposes fall under.
    """

    clause: Clause
    level: Level
    certainty: str
    encumbrance: Encumbrance | None = None
    conditions: tuple[Condition, ...] = ()
    against: tuple[str, ...] = ()
    own: bool = False
    reason: str | None = None
    named: tuple[str, ...] = ()

    @property
    def gap(self) -> bool:
        """Whether it stands for terms that are not known."""
        return self.clause.kind.form == GAP

    @property
    def code(self) -> str | None:
        """The finding code, or `None` for a duty; terms that are not known have whole codes."""
        kind, prefix = self.clause.kind, CODES.get(self.level)
        if self.gap and len(kind.number) == 3:
            return f"CG{(self.own and kind.own_number) or kind.number}"
        return prefix + kind.number if prefix else None

    @property
    def mode(self) -> str | None:
        """The mode in which the clause binds, as `Form/Setting`."""
        return self.encumbrance.mode if self.encumbrance else None

    @property
    def strictly(self) -> bool:
        """Whether contested law was read strictly here."""
        return self.certainty == CONTESTED and self.level in (Level.would, Level.breaches)

    def doubted(self, reason: str) -> "Outcome":
        """Return the outcome as it is where nobody knows whether it holds."""
        return replace(self, level=Level.may, reason=reason) if self.level is Level.breaches else self


@dataclass(frozen=True, eq=False)
class Judgment:
    """All outcomes of one situation.

    `declared` is what was declared. `left_open` names the reasons for which the work's own terms are not known though
    a license is declared.
    """

    outcomes: tuple[Outcome, ...]
    declared: Expression | None = None
    left_open: tuple[str, ...] = ()

    @cached_property
    def verdict(self) -> Verdict:
        """The worst verdict of any outcome; what is left open makes it unknown at best."""
        floor = Verdict.unknown if self.left_open else Verdict.compatible
        return max(floor, *(o.level.verdict for o in self.outcomes), Verdict.compatible)

    @property
    def findings(self) -> tuple[Outcome, ...]:
        """The outcomes that have a code, worst first."""
        return tuple(sorted((o for o in self.outcomes if o.code), key=lambda o: (-o.level, o.clause.iri)))

    @property
    def obligations(self) -> tuple[Outcome, ...]:
        """The duties that travel with the artifact."""
        return tuple(o for o in self.outcomes if o.level is Level.owes)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the answer is unknown, each reason once; empty for any other verdict."""
        if self.verdict is not Verdict.unknown:
            return ()
        said = [*self.left_open, *(o.reason for o in self.outcomes if o.level is Level.may and o.reason)]
        return tuple(dict.fromkeys(said))

    def doubted(self, reason: str) -> "Judgment":
        """Return the judgment as it is where nobody knows whether its breaches hold."""
        return replace(self, outcomes=tuple(o.doubted(reason) for o in self.outcomes))


def fold(judged: Sequence[Judgment], reason: str) -> Judgment:
    """Return what holds under every one of several readings of which nobody says which is right.

    All green: the worst of them; all in conflict: a conflict; else nobody knows, for the reason given.
    """
    worst = max(judged, key=lambda j: j.verdict)
    if worst.verdict is Verdict.conflict and any(j.verdict is not Verdict.conflict for j in judged):
        return worst.doubted(reason)
    return worst
