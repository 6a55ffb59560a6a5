"""Whether a declared license carries a clause of another one, by the carriers of the clause."""

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import Clause, Encumbrance, License
from clausegraph.reasoning.outcomes import CONTESTED, SETTLED

CARRIES, CARRIES_IF, MAY_NOT, CANNOT, NOTHING = "carries", "carries if", "may not carry", "cannot carry", "nothing"
TEXTS = ("License", "OwnTerms")


def carrying(license_: License, clause: Clause) -> str:
    """Return whether a license carries a clause, with the defaults of the assumptions."""
    admitting = [c for c in clause.carriers if license_.id in c.admits]
    if _withheld(license_, clause) or any(c.condition is None and c.certainty == SETTLED for c in admitting):
        return CARRIES
    if any(c.condition is not None and c.if_open == "open" for c in admitting):
        return CARRIES_IF
    if clause.kind.form not in ("carry", "limit"):
        return NOTHING
    if license_.status not in TEXTS or any(c.certainty == CONTESTED for c in admitting):
        return MAY_NOT
    return CANNOT


def _withheld(license_: License, clause: Clause) -> bool:
    """Say whether a clause withholds a right that a license with a text withholds too."""
    limit = clause.kind.form == "limit" and clause.withholds is not None
    return limit and license_.status in TEXTS and clause.withholds not in license_.grants


def counts(library: Library, clause: Clause) -> bool:
    """Say whether a clause binds where nobody assumes anything: no condition is open, or fails."""
    assume = Assumptions(library)
    return all(assume.holds(c) is True for c in clause.when)


def demanded(library: Library, encumbrance: Encumbrance) -> list[Clause]:
    """Return the clauses that the license of the whole has to carry."""
    return [c for c in encumbrance.binds if c.iri in encumbrance.claims and counts(library, c)]


def forbidden(library: Library, encumbrance: Encumbrance) -> list[Clause]:
    """Return the bans that hold."""
    return [c for c in encumbrance.binds if c.kind.form == "ban" and counts(library, c)]
