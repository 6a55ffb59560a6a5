"""Judges encumbrances against a declaration: the one place where verdicts come from.

No license, clause or kind is named here. Which clause binds in which mode, what may carry it and
what refuses what is read from the generated tables; this module evaluates the conditions, applies
the four tests (duty, carry, limit, ban) and the refusals, and combines the choices: an upstream OR
needs one option that works, a downstream OR needs all of them to work.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice, product

from clausegraph.conditions import Assumptions
from clausegraph.library import Library
from clausegraph.library.model import Carrier, Clause, Condition, Encumbrance
from clausegraph.names import Expression
from clausegraph.outcomes import Judgment, Level, Outcome

#: Options of one expression, or combinations of several, beyond which no more are tried.
MOST_COMBINATIONS = 256
SETTLED, CONTESTED = "settled", "contested"
#: The status of licenses whose text is not determined.
UNREAD = "UnspecifiedLicense"
#: The doubt of clauses that stand for terms that nobody has read: no reading of the law settles it.
NOT_READ = "data"
#: The trigger that every act sets off.
ALWAYS = "use"
#: The trigger under which a declared license speaks.
GIVING = "distribution"
Option = tuple[Encumbrance, ...]
Part = tuple[Option, ...]


class Judge:
    """Judges under one set of assumptions; results are remembered, since situations repeat."""

    def __init__(self, library: Library, assumptions: Assumptions) -> None:
        self.library = library
        self.assume = assumptions
        self._simple = lru_cache(maxsize=200_000)(self._judge_simple)
        self._bound = lru_cache(maxsize=None)(self._outcome_frame)
        self._tested = lru_cache(maxsize=200_000)(self._test_all)
        self._refusers = lru_cache(maxsize=None)(self._find_refusers)
        self._active = lru_cache(maxsize=None)(self._is_active)

    # ---- choices -----------------------------------------------------------

    def judge(self, parts: Sequence[Part], declared: Expression) -> Judgment:
        """Judge `parts` (one per upstream, each a choice of options) against what is declared."""
        worst: Judgment | None = None
        for option in sorted(declared.options, key=sorted):
            best = min(
                (self._simple(choice, option) for choice in self._choices(parts)),
                key=lambda j: j.verdict,
            )
            if worst is None or best.verdict > worst.verdict:
                worst = best
        assert worst is not None
        return Judgment(worst.outcomes, declared)

    @staticmethod
    def _choices(parts: Sequence[Part]) -> Iterable[frozenset[Encumbrance]]:
        for choice in islice(product(*parts), MOST_COMBINATIONS):
            yield frozenset(chain.from_iterable(choice))

    # ---- one choice --------------------------------------------------------

    def _judge_simple(self, encumbrances: frozenset[Encumbrance], declared: frozenset[str]) -> Judgment:
        ordered = sorted(encumbrances, key=lambda e: e.iri)
        found = [outcome for encumbrance in ordered for outcome in self._tested(encumbrance, declared)]
        found.extend(self._refusals(ordered, declared))
        return Judgment(tuple(found))

    def _test_all(self, encumbrance: Encumbrance, declared: frozenset[str]) -> tuple[Outcome, ...]:
        frames = self._frames(encumbrance)
        return tuple(o for clause, frame in frames for o in self._test(encumbrance, clause, frame, declared))

    def _frames(self, encumbrance: Encumbrance) -> Iterable[tuple[Clause, tuple[str, tuple[Condition, ...]]]]:
        """Yield the clauses that bind, each with its certainty and its open conditions."""
        for stated, clauses in ((SETTLED, encumbrance.binds), (CONTESTED, encumbrance.may_bind)):
            for clause in clauses:
                certainty = stated if clause.kind.doubt == NOT_READ else self._read(stated)
                open_ = self._bound(clause, encumbrance.trigger) if certainty else None
                if open_ is not None:
                    yield clause, (certainty, open_)

    def _read(self, certainty: str) -> str:
        """Return a certainty under the reading, or nothing where the reading lets it go."""
        if certainty == SETTLED or self.assume.reading == "open":
            return certainty
        return SETTLED if self.assume.reading == "strict" else ""

    def _outcome_frame(self, clause: Clause, trigger: str) -> tuple[Condition, ...] | None:
        """Return the open conditions of a clause, or `None` if it does not bind under the assumptions.

        `trigger` is the act by which works in the setting at hand are given to others.
        """
        if self.assume.any_holds(clause.unless) is True:
            return None
        acts = [t for t in clause.triggers if t in (trigger, ALWAYS)]
        if all(self.assume.all_hold(self.library.triggers[t]) is False for t in acts):
            return None
        results = [(c, self.assume.holds(c)) for c in clause.when]
        if any(r is False for _, r in results):
            return None
        return tuple(c for c, r in results if r is None)

    def _test(
        self,
        encumbrance: Encumbrance,
        clause: Clause,
        frame: tuple[str, tuple[Condition, ...]],
        declared: frozenset[str],
    ) -> Iterable[Outcome]:
        certainty, open_ = frame
        form = clause.kind.form
        if form == "duty":
            met = self.assume.all_hold(clause.met) if clause.met else None
            if met is None:
                yield Outcome(clause, Level.owes, certainty, encumbrance, open_ + clause.met)
            elif met:
                yield Outcome(clause, Level.met, certainty, encumbrance)
            else:
                yield _breach(clause, certainty, encumbrance, open_)
        elif form == "ban":
            yield _breach(clause, certainty, encumbrance, open_)
        elif form == "carry":
            yield from self._carry(encumbrance, clause, open_, declared)
        elif form == "limit":
            yield from self._limit(encumbrance, clause, certainty, open_, declared)

    def _carry(
        self, encumbrance: Encumbrance, clause: Clause, open_: tuple[Condition, ...], declared: frozenset[str]
    ) -> Iterable[Outcome]:
        claim = self._claim(encumbrance, clause)
        if encumbrance.is_part and claim != SETTLED:
            yield Outcome(clause, Level.owes, SETTLED, encumbrance, open_)
        if claim is None:
            return
        level, condition = min(
            (self._carried_by(clause, license_id) for license_id in sorted(declared)), key=lambda r: r[0]
        )
        if level is Level.met:
            yield Outcome(clause, Level.met, claim, encumbrance)
        elif level is Level.would:
            yield Outcome(clause, Level.would, claim, encumbrance, (*open_, *condition))
        elif level is Level.may:
            yield Outcome(clause, Level.would if open_ else Level.may, CONTESTED, encumbrance, open_)
        else:
            yield _breach(clause, claim, encumbrance, open_)

    def _carried_by(self, clause: Clause, license_id: str) -> tuple[Level, tuple[Condition, ...]]:
        """Return how well a declared license carries a clause; the best of its carriers counts."""
        unspecified = self.library.licenses[license_id].status == UNREAD
        best: tuple[Level, tuple[Condition, ...]] = (Level.may if unspecified else Level.breaches, ())
        for carrier in clause.carriers:
            if license_id in carrier.admits:
                best = min(best, self._carrier_level(carrier), key=lambda r: r[0])
        return best

    def _carrier_level(self, carrier: Carrier) -> tuple[Level, tuple[Condition, ...]]:
        if carrier.condition is not None:
            holds = self.assume.holds(carrier.condition)
            if holds is False or (holds is None and carrier.if_open == "fails"):
                return Level.breaches, ()
            if holds is None:
                return Level.would, (carrier.condition,)
        if carrier.certainty == SETTLED:
            return Level.met, ()
        return {"strict": Level.breaches, "lenient": Level.met}.get(self.assume.reading, Level.may), ()

    def _limit(
        self,
        encumbrance: Encumbrance,
        clause: Clause,
        certainty: str,
        open_: tuple[Condition, ...],
        declared: frozenset[str],
    ) -> Iterable[Outcome]:
        exercised = self.assume.any_holds(self.library.exercised.get(clause.withholds or "", ()))
        if exercised is True:
            yield _breach(clause, certainty, encumbrance, open_)
            return
        claim = self._claim(encumbrance, clause)
        licenses = [self.library.licenses[i] for i in sorted(declared)]
        if claim is not None:
            if all(clause.withholds in found.grants for found in licenses):
                yield _breach(clause, claim, encumbrance, open_)
                return
            if all(found.status == UNREAD or clause.withholds in found.grants for found in licenses):
                yield Outcome(clause, Level.would if open_ else Level.may, CONTESTED, encumbrance, open_)
                return
        conditions = self.library.exercised.get(clause.withholds or "", ())
        if exercised is None or not conditions:
            yield Outcome(clause, Level.owes, certainty, encumbrance, open_ + conditions)
        else:
            yield Outcome(clause, Level.met, certainty, encumbrance)

    def _claim(self, encumbrance: Encumbrance, clause: Clause) -> str | None:
        """Return how surely a clause is tested against the license of the whole, or `None` if it is not."""
        if clause.iri in encumbrance.claims:
            return SETTLED
        if clause.iri not in encumbrance.may_claim:
            return None
        return self._read(CONTESTED) or None

    # ---- refusals ----------------------------------------------------------

    def _refusals(self, encumbrances: Sequence[Encumbrance], declared: frozenset[str]) -> Iterable[Outcome]:
        """Yield refusals: upstream against upstream, declared against upstream, and both against declared."""
        licenses = self.library.licenses
        kept = [e for e in encumbrances if not licenses[e.license].relicensed_by & declared]
        refusing: dict[str, tuple[Clause, str, Encumbrance | None]] = {}
        for license_id in sorted(declared):
            for clause in licenses[license_id].clauses:
                if clause.refuses and self._bound(clause, GIVING) is not None:
                    refusing[clause.iri] = (clause, SETTLED, None)
        for encumbrance in kept:
            for clause, certainty in self._refusers(encumbrance):
                if refusing.get(clause.iri, (None, CONTESTED))[1] == CONTESTED:
                    refusing[clause.iri] = (clause, certainty, encumbrance)
        for iri, (clause, certainty, source) in refusing.items():
            settled = [e.license for e in kept if iri in e.refused_by and self._active(e, clause)]
            settled += [i for i in sorted(declared) if iri in licenses[i].refused_by]
            maybe = [e for e in kept if iri in e.may_be_refused_by and self._active(e, clause)]
            settled += [e.license for e in maybe if self._read(CONTESTED) == SETTLED]
            doubtful = [e.license for e in maybe if self._read(CONTESTED) == CONTESTED]
            if settled:
                yield _breach(clause, certainty, source, (), tuple(dict.fromkeys(settled)))
            elif doubtful:
                yield _breach(clause, CONTESTED, source, (), tuple(dict.fromkeys(doubtful)))

    def _find_refusers(self, encumbrance: Encumbrance) -> tuple[tuple[Clause, str], ...]:
        """Return the clauses of an encumbrance that refuse something, each with its certainty."""
        return tuple((clause, found) for clause, (found, _) in self._frames(encumbrance) if clause.refuses)

    def _is_active(self, encumbrance: Encumbrance, refusal: Clause) -> bool:
        """Say whether a clause of a refused burden binds in an encumbrance under the assumptions."""
        return any(
            clause.kind.burden in refusal.refuses and self._bound(clause, encumbrance.trigger) is not None
            for clause in (*encumbrance.binds, *encumbrance.may_bind)
        )


def _breach(
    clause: Clause,
    certainty: str,
    encumbrance: Encumbrance | None,
    open_: tuple[Condition, ...],
    against: tuple[str, ...] = (),
) -> Outcome:
    """Return a breach: conditional while a condition is open, unknown while the reach is contested."""
    level = Level.would if open_ else Level.breaches if certainty == SETTLED else Level.may
    return Outcome(clause, level, certainty, encumbrance, open_, against)
