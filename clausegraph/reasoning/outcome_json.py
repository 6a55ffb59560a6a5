"""Outcomes as the dictionaries of the machine contract, and the order in which people read them."""

from typing import Any

from clausegraph.library import Library
from clausegraph.library.model import Clause, License
from clausegraph.reasoning.outcomes import CONTESTED, Judgment, Level, Outcome

#: Severity by level, as the shapes state it; a profile may say otherwise.
SEVERITIES = {Level.breaches: "violation", Level.may: "warning", Level.would: "info"}
#: How the reading of a clause stands, from best to worst.
READ_TWICE, READ, CARRIED_OVER, NO_TEXT = "read-twice", "read", "carried-over", "no-text"
Reading = dict[str, str | None]
#: What to do about a limit of the license that the work itself declares.
WITHIN = "Stay within this limit, or ask the licensor for other terms."


#: What the status of a reading means, in words. Readers are roles, and none of them is a lawyer.
READINGS = {
    READ_TWICE: "read twice in the text",
    READ: "read in the text",
    CARRIED_OVER: "carried over; nobody has checked it in the text",
    NO_TEXT: "no text was at hand",
}


def reading_of(library: Library, clause: Clause) -> Reading:
    """Return who read a clause in the license text, and when."""
    return reading_in(library.licenses[clause.license], clause)


def reading_in(license_: License, clause: Clause | None = None) -> Reading:
    """Return who read a license text or a clause of it, and when.

    `read-twice` and `read`: by the readers named; `carried-over`: the text is at hand, and nobody checked the clause in
    it; `no-text`: no text was at hand.
    """
    if license_.reread_by:
        return {"status": READ_TWICE, "by": license_.reread_by, "date": _day(license_.reread_on)}
    if license_.verified and license_.reviewer:
        return {"status": READ, "by": license_.reviewer, "date": _day(license_.reviewed_on)}
    at_hand = (clause and clause.text_key) or license_.scancode_key
    return {"status": CARRIED_OVER if at_hand else NO_TEXT, "by": None, "date": None}


def reading_words(found: Reading) -> str:
    """Return a reading in words."""
    who = f" ({found['by']}, {found['date']})" if found["by"] else ""
    return READINGS[found["status"] or NO_TEXT] + who


def _day(text: str | None) -> str | None:
    return text[:10] if text else None


def order_findings(judgment: Judgment) -> list[Outcome]:
    """Return the findings, worst and settled first, each clause once per mode."""
    return sorted(judgment.findings, key=lambda o: (-o.level, o.certainty != "settled", o.clause.iri, o.mode or ""))


def order_obligations(judgment: Judgment) -> list[Outcome]:
    """Return the obligations by license and section, each clause once."""
    once = {o.clause.iri: o for o in reversed(judgment.obligations)}
    return sorted(once.values(), key=lambda o: (o.clause.license, o.clause.section, o.clause.kind.name))


def title(library: Library, outcome: Outcome) -> str:
    """Return what an outcome is about in a few words: the kind of clause, or what is not known."""
    reason = library.reasons.get(outcome.reason or "")
    return reason.label if outcome.gap and reason else outcome.clause.kind.label


def certainty(outcome: Outcome) -> str | None:
    """Return how sure the law is of an outcome; of terms that are not known it says nothing."""
    return None if outcome.gap else outcome.certainty


def message(library: Library, outcome: Outcome) -> str:
    """Return one or two sentences on what the clause says and against whom it stands."""
    text = outcome.clause.summary
    if outcome.against:
        text += f" It does not tolerate terms of {', '.join(outcome.against)}."
    if outcome.named:
        places = dict(outcome.clause.places)
        text += f" Among them: {', '.join(_restriction(r, places.get(r)) for r in outcome.named)}."
    reason = library.reasons.get(outcome.reason or "")
    if outcome.level is Level.may and reason:
        text = reason.definition if outcome.gap else f"{_sentence(reason.label)}: {text}"
    elif outcome.strictly:
        text = f"Contested, read strictly: {text}"
    elif outcome.level is Level.would and not outcome.own:
        text = f"Only under a condition: {text}"
    return text


def _restriction(name: str, place: str | None) -> str:
    return name.replace("_", " ") + (f" ({place})" if place else "")


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def remedy(library: Library, outcome: Outcome) -> str:
    """Return what to do about an outcome."""
    reason = library.reasons.get(outcome.reason or "")
    if reason and (outcome.gap or outcome.certainty != CONTESTED):
        return reason.settled_by
    return WITHIN if outcome.own else outcome.clause.kind.remedy


def finding_dict(library: Library, outcome: Outcome) -> dict[str, Any]:
    """Return a finding as answers in JSON show it (`schemas`); `conditions` are what is still open."""
    found: dict[str, Any] = {
        "code": outcome.code,
        "severity": SEVERITIES[outcome.level],
        "license": outcome.clause.license,
        "section": outcome.clause.section,
        "clause": outcome.clause.iri,
        "kind": outcome.clause.kind.name,
        "mode": outcome.mode,
        "certainty": certainty(outcome),
        "reading": reading_of(library, outcome.clause),
        "title": title(library, outcome),
        "message": message(library, outcome),
        "remedy": remedy(library, outcome),
    }
    if outcome.own:
        found["own"] = True
    if outcome.strictly:
        found["read"] = "strictly"
    if outcome.reason and outcome.level is Level.may:
        found["reason"] = outcome.reason
    if outcome.conditions:
        found["conditions"] = [c.label for c in outcome.conditions]
    if outcome.named:
        found["restrictions"] = list(outcome.named)
    if outcome.against:
        found["against"] = list(outcome.against)
    return found


def obligation_dict(library: Library, outcome: Outcome) -> dict[str, Any]:
    """Return an obligation as in section 6 of the design."""
    duty: dict[str, Any] = {
        "kind": outcome.clause.kind.name,
        "license": outcome.clause.license,
        "section": outcome.clause.section,
        "message": outcome.clause.summary,
        "clause": outcome.clause.iri,
        "certainty": outcome.certainty,
        "reading": reading_of(library, outcome.clause),
    }
    if outcome.conditions:
        duty["conditions"] = [c.label for c in outcome.conditions]
    return duty
