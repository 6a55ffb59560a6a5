"""Judges encumbrances against a declaration: the one place where verdicts come from.

No license, clause or kind is named here. Which clause binds in which mode, what may carry it and
what refuses what is read from the generated tables; this module evaluates the conditions, applies
the four tests (duty, carry, limit, ban) and the refusals, and combines the choices: an upstream OR
needs one option that works; where nobody says which of several readings holds, all of them must agree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice, product

from clausegraph.library import Library
from clausegraph.library.assumptions import ALWAYS, Assumptions
from clausegraph.library.model import Carrier, Clause, Condition, Encumbrance
from clausegraph.library.names import Expression
from clausegraph.reasoning.outcomes import CONTESTED, GAP, LAW, SETTLED, Judgment, Level, Outcome, Verdict, fold
from clausegraph.reasoning.own import own_outcomes, own_reason
from clausegraph.reasoning.parts import CHOICE, Option, Part
from clausegraph.reasoning.refusals import UNSTATED, is_active, refusals

#: Combinations of choices beyond which no more are tried; what was not tried is not known.
MAX_COMBINATIONS = 256
#: Reasons for not knowing that come from no clause of its own; `ontology/verdicts.ttl` describes them.
RELATION, LIST, ALTERNATIVE, NOT_TRIED = "relation-not-stated", "list-not-stated", "choice-of-declared", "not-tried"
Ids = frozenset[str]
#: How sure a clause is, and the conditions on which it still depends.
Frame = tuple[str, tuple[Condition, ...]]


class Judge:
    """Judges under one set of assumptions; results are remembered, since situations repeat.

    `merged` says that a relation which nobody states is a merge, or that it is none; `None` leaves that open.
    """

    def __init__(self, library: Library, assumptions: Assumptions, merged: bool | None = None) -> None:
        self.library = library
        self.assume = assumptions
        self.merged = merged
        self._simple = lru_cache(maxsize=200_000)(self._judge_simple)
        self.framed = lru_cache(maxsize=None)(self._outcome_frame)
        self._apart = lru_cache(maxsize=None)(assumptions.unmerged().of_license)
        self._tested = lru_cache(maxsize=200_000)(self._test_all)
        self.frames = lru_cache(maxsize=None)(self._find_frames)
        self.active = lru_cache(maxsize=None)(partial(is_active, self))
        self._owned = lru_cache(maxsize=None)(partial(own_outcomes, self))
        self.for_license = lru_cache(maxsize=None)(assumptions.of_license)
        self._reasons = {r.kind: r.name for r in library.reasons.values() if r.kind}

    # ---- choices -----------------------------------------------------------

    def judge(self, parts: Sequence[Part], declared: Expression, left_open: tuple[str, ...] = ()) -> Judgment:
        """Judge `parts`, one per upstream, against what is declared.

        `left_open` names what leaves the work's own terms unknown beside what is declared.
        """
        options = sorted(declared.readings, key=sorted)
        judged = [self._declaring(parts, option) for option in options]
        found = fold(judged, LIST if declared.listed else ALTERNATIVE)
        return Judgment(found.outcomes, declared, left_open)

    def _declaring(self, parts: Sequence[Part], option: Ids) -> Judgment:
        """Judge parts against one option of a declaration, under each member of the families in it."""
        unnamed = self._unnamed(option)
        judged = []
        for tested in self._alternatives(option):
            own = chain.from_iterable(self._owned(i) for i in sorted(tested | unnamed))
            judged.append(Judgment((*self._over(parts, tested).outcomes, *own)))
        return fold(judged, own_reason(self.library, min(unnamed)) if unnamed else ALTERNATIVE)

    def passed_over(self, parts: Sequence[Part], declared: Expression) -> tuple[Outcome, ...]:
        """Return what a lenient reading lets go: what is contested, and counts under an open one only."""
        if self.assume.reading != "lenient":
            return ()
        kept = {o.clause.iri for o in self.judge(parts, declared).outcomes}
        found = Judge(self.library, self.assume.with_reading("open"), self.merged).judge(parts, declared)
        contested = (o for o in found.outcomes if o.reason == LAW or o.certainty == CONTESTED)
        return tuple(o for o in contested if o.clause.iri not in kept)

    def _unnamed(self, option: Ids) -> Ids:
        """Return the families in an option that name no text."""
        licenses, members = self.library.licenses, self.library.members
        return frozenset(i for i in option if i in members and CHOICE not in licenses[i].sorts)

    def _alternatives(self, option: Ids) -> Iterator[Ids]:
        """Yield an option of a declaration with each member of the families in it."""
        ways = [self.library.members.get(i, (i,)) for i in sorted(option)]
        for way in product(*ways):
            yield frozenset(way)

    def _over(self, parts: Sequence[Part], declared: Ids) -> Judgment:
        """Judge parts of which some are lists: as if all in a list held, and as if one may be chosen."""
        best = self._best([self._settled_families(p, declared) for p in parts], declared)
        if not any(p.listed for p in parts):
            return best
        together = [p.together if p.listed else p for p in parts]
        worst = self._best([self._settled_families(p, declared) for p in together], declared)
        return fold((worst, best), LIST)

    def _settled_families(self, part: Part, declared: Ids) -> Sequence[Option]:
        """Return the options of a part: of the members of families only where every one of them is a conflict."""
        if part.members and all(self._simple(frozenset(o), declared).verdict is Verdict.conflict for o in part.members):
            return part.members
        return part.stated

    def _best(self, parts: Sequence[Sequence[Option]], declared: Ids) -> Judgment:
        """Return the judgment of the best choice of options, those that are better by themselves tried first."""
        ordered = [
            sorted(options, key=lambda o: self._simple(frozenset(o), declared).verdict) if len(options) > 1 else options
            for options in parts
        ]
        firsts = [self._simple(frozenset(options[0]), declared).verdict for options in ordered if options]
        floor = max(firsts, default=Verdict.compatible)
        best: Judgment | None = None
        choices = product(*ordered)
        for choice in islice(choices, MAX_COMBINATIONS):
            found = self._simple(frozenset(chain.from_iterable(choice)), declared)
            if best is None or found.verdict < best.verdict:
                best = found
            if best.verdict <= floor:
                return best
        assert best is not None
        return best if next(choices, None) is None else best.doubted(NOT_TRIED)

    # ---- one choice --------------------------------------------------------

    def _judge_simple(self, encumbrances: frozenset[Encumbrance], declared: Ids) -> Judgment:
        ordered = sorted(encumbrances, key=lambda e: e.iri)
        found = [outcome for encumbrance in ordered for outcome in self._tested(encumbrance, declared)]
        found.extend(refusals(self, ordered, declared))
        return Judgment(tuple(found))

    def _test_all(self, encumbrance: Encumbrance, declared: Ids) -> tuple[Outcome, ...]:
        candidates = self.candidates(encumbrance)
        if candidates:
            return self._test_unstated(encumbrance, candidates, declared)
        frames = self.frames(encumbrance)
        return tuple(o for clause, frame in frames for o in self._test(encumbrance, clause, frame, declared))

    def candidates(self, encumbrance: Encumbrance) -> tuple[Encumbrance | None, ...]:
        """Return what an encumbrance may be whose form stands for an unstated one."""
        forms: Iterable[str] = self.library.candidate_forms.get(encumbrance.form, ())
        if self.merged is not None:
            forms = [form for form in forms if (form in self.library.merged_forms) is self.merged]
        modes = (self.library.encumbrance_of(encumbrance.license, f"{form}/{encumbrance.setting}") for form in forms)
        return tuple(self.library.encumbrances[iri] if iri else None for iri in modes)

    def _test_unstated(
        self, encumbrance: Encumbrance, candidates: Sequence[Encumbrance | None], declared: Ids
    ) -> tuple[Outcome, ...]:
        """Test each clause in every form that it may be in: a breach must be one in all of them."""
        ways = [{o.clause.iri: o for o in self._tested(c, declared)} if c else {} for c in candidates]
        found = []
        for iri in dict.fromkeys(iri for way in ways for iri in way):
            outcomes = [way[iri] for way in ways if iri in way]
            worst = max(outcomes, key=lambda o: o.level)
            least = min(o.level for o in outcomes) if len(outcomes) == len(ways) else Level.met
            outcome = worst if least is Level.breaches else worst.doubted(RELATION)
            found.append(replace(outcome, encumbrance=encumbrance))
        return tuple(found)

    def _find_frames(self, encumbrance: Encumbrance) -> tuple[tuple[Clause, Frame], ...]:
        """Return the clauses that bind, each with its certainty and its open conditions."""
        candidates = self.candidates(encumbrance)
        if candidates:
            return self._unstated_frames(candidates)
        if self.waived(encumbrance):
            return ()
        found = []
        for certainty, clauses in ((SETTLED, encumbrance.binds), (CONTESTED, encumbrance.may_bind)):
            for clause in clauses:
                open_ = self.bound(clause, encumbrance)
                if open_ is not None and (self.counts(certainty) or clause.kind.form == GAP):
                    found.append((clause, (certainty, open_)))
        return tuple(found)

    def waived(self, encumbrance: Encumbrance) -> bool:
        """Say whether a license itself lets go what it says, under a condition that is known to hold."""
        return any(self.bound(clause, encumbrance) == () for clause in encumbrance.waived_by)

    def _unstated_frames(self, candidates: Sequence[Encumbrance | None]) -> tuple[tuple[Clause, Frame], ...]:
        ways = [{c.iri: (c, frame) for c, frame in self.frames(e)} if e else {} for e in candidates]
        found = {}
        for way in ways:
            for iri, (clause, (_, open_)) in way.items():
                everywhere = [other[iri][1][0] for other in ways if iri in other]
                sure = UNSTATED if len(everywhere) < len(ways) else max(everywhere, key=lambda s: s != SETTLED)
                found[iri] = (clause, (sure, open_))
        return tuple(found.values())

    def counts(self, certainty: str) -> bool:
        """Say whether something counts under the reading: a lenient one lets go what is contested."""
        return certainty != CONTESTED or self.assume.reading != "lenient"

    def sure(self, certainty: str) -> bool:
        """Say whether something holds under the reading: a strict one takes what is contested as settled."""
        return certainty == SETTLED or (certainty == CONTESTED and self.assume.reading == "strict")

    def bound(self, clause: Clause, encumbrance: Encumbrance) -> tuple[Condition, ...] | None:
        """Return the open conditions of a clause there; of what family a merge is counts for what came by one."""
        return self.framed(clause, encumbrance.trigger, encumbrance.form in self.library.merged_forms)

    def _outcome_frame(self, clause: Clause, trigger: str, merged: bool) -> tuple[Condition, ...] | None:
        """Return the open conditions of a clause, or `None` if it does not bind under the assumptions.

        `trigger` is the act by which works in the setting at hand are given to others.
        """
        assume = (self.for_license if merged else self._apart)(clause.license)
        if assume.any_holds(clause.unless) is True:
            return None
        acts = [t for t in clause.triggers if t in (trigger, ALWAYS)]
        if all(assume.all_hold(self.library.triggers[t]) is False for t in acts):
            return None
        results = [(c, assume.holds(c)) for c in clause.when]
        if any(r is False for _, r in results):
            return None
        return tuple(c for c, r in results if r is None)

    def _test(self, encumbrance: Encumbrance, clause: Clause, frame: Frame, declared: Ids) -> Iterable[Outcome]:
        certainty, open_ = frame
        form = clause.kind.form
        if form == "duty":
            assume = self.for_license(clause.license)
            met = assume.all_hold(clause.met) if clause.met else None
            if named := assume.named(clause):
                yield replace(self.breach(clause, certainty, encumbrance, open_), named=named)
            elif met is None:
                yield Outcome(clause, Level.owes, certainty, encumbrance, open_ + clause.met)
            elif met:
                yield Outcome(clause, Level.met, certainty, encumbrance)
            else:
                yield self.breach(clause, certainty, encumbrance, open_)
        elif form == "ban":
            yield self.breach(clause, certainty, encumbrance, open_)
        elif form == "carry":
            yield from self._carry(encumbrance, clause, open_, declared)
        elif form == "limit":
            yield from self._limit(encumbrance, clause, certainty, open_, declared)
        elif form == GAP:
            yield Outcome(clause, Level.may, certainty, encumbrance, reason=self._reasons[clause.kind.name])

    def _carry(
        self, encumbrance: Encumbrance, clause: Clause, open_: tuple[Condition, ...], declared: Ids
    ) -> Iterable[Outcome]:
        claim = self._claim(encumbrance, clause)
        if encumbrance.is_part and claim != SETTLED:
            yield Outcome(clause, Level.owes, SETTLED, encumbrance, open_)
        if claim is None:
            return
        carried = min((self._carried_by(clause, i) for i in sorted(declared)), key=lambda r: r[0])
        level, condition, reason = carried
        if level is Level.met:
            yield Outcome(clause, Level.met, claim, encumbrance)
        elif level is Level.may:
            certainty = CONTESTED if reason == LAW else claim
            yield Outcome(clause, Level.may, certainty, encumbrance, open_, reason=reason)
        else:
            certainty = CONTESTED if reason == LAW else claim
            yield self.breach(clause, certainty, encumbrance, (*open_, *condition))

    def _carried_by(self, clause: Clause, license_id: str) -> tuple[Level, tuple[Condition, ...], str | None]:
        """Return how well a declared license carries a clause, and why nobody knows; the best of its carriers counts.

        A declaration that names no text may carry it.
        """
        best: tuple[Level, tuple[Condition, ...], str | None] = (Level.breaches, (), None)
        if self.library.licenses[license_id].names_no_text:
            best = (Level.may, (), own_reason(self.library, license_id))
        for carrier in clause.carriers:
            if license_id in carrier.admits:
                best = min(best, self._carrier_level(carrier, clause.license), key=lambda r: r[0])
        return best

    def _carrier_level(self, carrier: Carrier, license_id: str) -> tuple[Level, tuple[Condition, ...], str | None]:
        if carrier.condition is not None:
            holds = self.for_license(license_id).holds(carrier.condition)
            if holds is False or (holds is None and carrier.if_open == "fails"):
                return Level.breaches, (), None
            if holds is None:
                return Level.would, (carrier.condition,), None
        if carrier.certainty == SETTLED:
            return Level.met, (), None
        level = {"strict": Level.breaches, "lenient": Level.met}.get(self.assume.reading, Level.may)
        return level, (), LAW

    def _limit(
        self,
        encumbrance: Encumbrance,
        clause: Clause,
        certainty: str,
        open_: tuple[Condition, ...],
        declared: Ids,
    ) -> Iterable[Outcome]:
        conditions = self.library.exercised.get(clause.withholds or "", ())
        exercised = self.for_license(clause.license).any_holds(conditions)
        if exercised is True:
            yield self.breach(clause, certainty, encumbrance, open_)
            return
        claim = self._claim(encumbrance, clause)
        licenses = [self.library.licenses[i] for i in sorted(declared)]
        if claim is not None:
            if all(clause.withholds in found.grants for found in licenses):
                yield self.breach(clause, claim, encumbrance, open_)
                return
            if all(found.names_no_text or clause.withholds in found.grants for found in licenses):
                reason = next(own_reason(self.library, found.id) for found in licenses if found.names_no_text)
                yield Outcome(clause, Level.may, claim, encumbrance, open_, reason=reason)
                return
        if exercised is None or not conditions:
            yield Outcome(clause, Level.owes, certainty, encumbrance, open_ + conditions)
        else:
            yield Outcome(clause, Level.met, certainty, encumbrance)

    def _claim(self, encumbrance: Encumbrance, clause: Clause) -> str | None:
        """Return how surely a clause is tested against the license of the whole, or `None` if it is not."""
        if clause.iri in encumbrance.claims:
            return SETTLED
        return CONTESTED if clause.iri in encumbrance.may_claim and self.counts(CONTESTED) else None

    def breach(
        self,
        clause: Clause,
        certainty: str,
        encumbrance: Encumbrance | None,
        open_: tuple[Condition, ...],
        against: tuple[str, ...] = (),
    ) -> Outcome:
        """Return a breach: unknown while contested, else conditional while a condition is open.

        A strict reading settles what is contested, but not under a condition that is open: it is never greener.
        """
        if certainty == SETTLED or (self.sure(certainty) and not open_):
            level = Level.would if open_ else Level.breaches
            return Outcome(clause, level, certainty, encumbrance, open_, against)
        known, reason = (CONTESTED, LAW) if certainty == CONTESTED else (SETTLED, RELATION)
        return Outcome(clause, Level.may, known, encumbrance, open_, against, reason=reason)
