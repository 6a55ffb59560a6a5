"""Tests what a work declares itself, as it binds whoever takes a copy, and keeps it or puts it into a service.

Its duties are listed elsewhere and do not count. Its limits and bans do: once somebody does what they are about they
are breached, and until then the work is permitted within them. What nobody has read of it stays unknown.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.model import Clause, Condition, Encumbrance
from clausegraph.reasoning.outcomes import GAP, LAW, SETTLED, Level, Outcome

if TYPE_CHECKING:
    from clausegraph.reasoning.judge import Judge


def own_outcomes(judge: "Judge", license_id: str) -> tuple[Outcome, ...]:
    """Return what a declared license means on a plain copy of the work that declares it, kept or put into a service."""
    found: list[Outcome] = []
    known: set[str] = set()
    for own in _copies(judge.library, license_id):
        fresh = [(clause, frame) for clause, frame in judge.frames(own) if clause.iri not in known]
        found += (outcome for clause, frame in fresh for outcome in _tested(judge, own, clause, *frame))
        known |= {clause.iri for clause in (*own.binds, *own.may_bind)}
    return tuple(found)


def _copies(library: Library, license_id: str) -> Iterator[Encumbrance]:
    """Yield the modes of a plain copy: as it is first, and as it is where a kind of artifact puts it to another use."""
    start = library.start(license_id)
    implied = sorted({kind.implies for kind in library.artifact_kinds.values() if kind.implies})
    for mode in (start, *(library.move(start, relation) for relation in implied)):
        if mode is not None:
            yield library.encumbrances[mode]


def own_reason(library: Library, license_id: str) -> str:
    """Return why nobody knows the terms of a declaration that names no text."""
    reasons = {r.kind: r.name for r in library.reasons.values() if r.kind}
    reasons |= {r.own_kind: r.name for r in library.reasons.values() if r.own_kind}
    return next(reasons[c.kind.name] for c in library.licenses[license_id].clauses if c.kind.name in reasons)


def _tested(
    judge: "Judge", own: Encumbrance, clause: Clause, certainty: str, open_: tuple[Condition, ...]
) -> Iterable[Outcome]:
    form = clause.kind.form
    if form == GAP and judge.library.licenses[clause.license].is_own_terms:
        return  # whoever writes them knows them
    if form == GAP:
        reason = own_reason(judge.library, clause.license)
        yield Outcome(clause, Level.may, certainty, own, own=True, reason=reason)
    elif named := judge.for_license(clause.license).named(clause):
        level = Level.breaches if not open_ else Level.would
        if judge.sure(certainty):
            yield Outcome(clause, level, certainty, own, open_, own=True, named=named)
        else:
            yield Outcome(clause, Level.may, certainty, own, open_, own=True, reason=LAW, named=named)
    elif form in ("ban", "limit"):
        exercised, waiting = _exercised(judge, clause, open_)
        if exercised is False:
            return
        breached = exercised is True and not waiting
        if certainty == SETTLED or (judge.sure(certainty) and breached):
            level = Level.breaches if breached else Level.would
            yield Outcome(clause, level, certainty, own, waiting, own=True)
        else:
            yield Outcome(clause, Level.may, certainty, own, waiting, own=True, reason=LAW)


def _exercised(
    judge: "Judge", clause: Clause, open_: tuple[Condition, ...]
) -> tuple[bool | None, tuple[Condition, ...]]:
    """Say whether somebody does what a limit or ban is about, by what was given, and on which conditions it waits."""
    if clause.kind.form == "limit":
        conditions = judge.library.exercised.get(clause.withholds or "", ())
        exercised = judge.for_license(clause.license).any_holds(conditions) if conditions else None
        return exercised, open_ if exercised else (*open_, *conditions)
    acts = tuple(c for trigger in clause.triggers for c in judge.library.triggers[trigger])
    if clause.when or judge.for_license(clause.license).asserts(acts):
        return True, open_
    return None, (*open_, *acts)
