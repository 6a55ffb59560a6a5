"""Tests whether terms of one license refuse those of another that bind the same work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausegraph.library.model import Clause, Encumbrance
from clausegraph.reasoning.outcomes import CONTESTED, SETTLED, Outcome
from clausegraph.reasoning.own import own_reason

if TYPE_CHECKING:
    from clausegraph.reasoning.judge import Ids, Judge

#: How sure a clause is that binds in some of the ways only in which a work may have been made.
UNSTATED = "unstated"
#: The trigger under which a declared license speaks.
GIVING = "distribution"
#: How sure a refusal can be, from not at all on.
_SURENESS = (None, UNSTATED, CONTESTED, SETTLED)


@dataclass(frozen=True, slots=True)
class _Refuser:
    """A clause that refuses terms of others, how sure it is that it binds, and whence; a declared one from nowhere."""

    clause: Clause
    certainty: str
    source: Encumbrance | None


def refusals(judge: "Judge", encumbrances: Sequence[Encumbrance], declared: "Ids") -> Iterable[Outcome]:
    """Yield refusals: upstream against upstream, declared against upstream, and both against declared."""
    licenses = judge.library.licenses
    kept = [e for e in encumbrances if not licenses[e.license].relicensed_by & declared]
    for refuser in _refusers(judge, kept, declared).values():
        refused = _refused_by(judge, refuser.clause, kept, declared)
        settled = tuple(i for i, sure in refused.items() if judge.sure(sure))
        doubtful = tuple(i for i, sure in refused.items() if judge.counts(sure))
        if settled:
            breach = judge.breach(refuser.clause, refuser.certainty, refuser.source, (), settled)
            yield _or_relicensed(judge, breach, declared)
        elif doubtful:
            worst = CONTESTED if CONTESTED in refused.values() else UNSTATED
            yield judge.breach(refuser.clause, worst, refuser.source, (), doubtful)


def _refusers(judge: "Judge", kept: Sequence[Encumbrance], declared: "Ids") -> dict[str, _Refuser]:
    """Return the clauses that refuse others, by IRI: those of what is declared first, and the surest of each."""
    found: dict[str, _Refuser] = {}
    for license_id in sorted(declared):
        for clause in judge.library.licenses[license_id].clauses:
            if clause.refuses and judge.framed(clause, GIVING, False) is not None:
                found[clause.iri] = _Refuser(clause, SETTLED, None)
    for encumbrance in kept:
        for clause, (certainty, _) in judge.frames(encumbrance):
            if clause.refuses and (clause.iri not in found or found[clause.iri].certainty != SETTLED):
                found[clause.iri] = _Refuser(clause, certainty, encumbrance)
    return found


def _refused_by(judge: "Judge", clause: Clause, kept: Sequence[Encumbrance], declared: "Ids") -> dict[str, str]:
    """Return the licenses that a clause refuses, each with how sure that is."""
    refused: dict[str, str] = {}
    for encumbrance in kept:
        sure = _refused(judge, encumbrance, clause.iri)
        before = _SURENESS.index(refused.get(encumbrance.license))
        if _SURENESS.index(sure) > before and judge.active(encumbrance, clause):
            refused[encumbrance.license] = sure or UNSTATED
    return refused | {i: SETTLED for i in sorted(declared) if clause.iri in judge.library.licenses[i].refused_by}


def _or_relicensed(judge: "Judge", refusal: Outcome, declared: "Ids") -> Outcome:
    """Return a refusal, doubted where what is declared names no text and may take the place of a side."""
    licenses = judge.library.licenses
    unread = next((i for i in sorted(declared) if licenses[i].names_no_text), None)
    upstream = [refusal.encumbrance.license] if refusal.encumbrance else []
    ways = [licenses[i].relicensed_by for i in refusal.against]
    if unread is None or not (all(ways) or any(licenses[i].relicensed_by for i in upstream)):
        return refusal
    return refusal.doubted(own_reason(judge.library, unread))


def _refused(judge: "Judge", encumbrance: Encumbrance, refusal: str) -> str | None:
    """Return how surely a clause of another license refuses an encumbrance, or `None` if it does not."""
    candidates = judge.candidates(encumbrance)
    if not candidates and judge.waived(encumbrance):
        return None
    if candidates:
        ways = [_refused(judge, c, refusal) if c else None for c in candidates]
        if None in ways:
            return UNSTATED if any(ways) else None
        return CONTESTED if CONTESTED in ways else SETTLED
    if refusal in encumbrance.refused_by:
        return SETTLED
    return CONTESTED if refusal in encumbrance.may_be_refused_by else None


def is_active(judge: "Judge", encumbrance: Encumbrance, refusal: Clause) -> bool:
    """Say whether a clause of a refused burden binds in an encumbrance under the assumptions."""
    return any(
        clause.kind.burden in refusal.refuses and judge.bound(clause, encumbrance) is not None
        for clause in (*encumbrance.binds, *encumbrance.may_bind)
    )
