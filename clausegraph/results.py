"""Outcomes as the dictionaries of the machine contract, and the order in which people read them."""

from typing import Any

from clausegraph.outcomes import Judgment, Level, Outcome

#: Severity by level, as the shapes state it; a profile may say otherwise.
SEVERITIES = {Level.breaches: "violation", Level.may: "warning", Level.would: "info"}
_LEADS = {
    Level.breaches: "",
    Level.may: "Contested or unknown: ",
    Level.would: "If the open conditions turn out so: ",
}


def order_findings(judgment: Judgment) -> list[Outcome]:
    """Return the findings, worst and settled first, each clause once per mode."""
    return sorted(judgment.findings, key=lambda o: (-o.level, o.certainty != "settled", o.clause.iri, o.mode or ""))


def order_obligations(judgment: Judgment) -> list[Outcome]:
    """Return the obligations by license and section, each clause once."""
    once = {o.clause.iri: o for o in reversed(judgment.obligations)}
    return sorted(once.values(), key=lambda o: (o.clause.license, o.clause.section, o.clause.kind.name))


def message(outcome: Outcome) -> str:
    """Return one or two sentences on what the clause says and against whom it stands."""
    text = _LEADS.get(outcome.level, "") + outcome.clause.summary
    if outcome.against:
        text += f" It does not tolerate terms of {', '.join(outcome.against)}."
    return text


def finding_dict(outcome: Outcome) -> dict[str, Any]:
    """Return a finding as in section 6 of the design; `conditions` are what is still open."""
    found: dict[str, Any] = {
        "code": outcome.code,
        "severity": SEVERITIES[outcome.level],
        "license": outcome.clause.license,
        "section": outcome.clause.section,
        "clause": outcome.clause.iri,
        "kind": outcome.clause.kind.name,
        "mode": outcome.mode,
        "certainty": outcome.certainty,
        "message": message(outcome),
        "remedy": outcome.clause.kind.remedy,
    }
    if outcome.conditions:
        found["conditions"] = [c.label for c in outcome.conditions]
    if outcome.against:
        found["against"] = list(outcome.against)
    return found


def obligation_dict(outcome: Outcome) -> dict[str, Any]:
    """Return an obligation as in section 6 of the design."""
    duty: dict[str, Any] = {
        "kind": outcome.clause.kind.name,
        "license": outcome.clause.license,
        "section": outcome.clause.section,
        "message": outcome.clause.summary,
        "clause": outcome.clause.iri,
        "certainty": outcome.certainty,
    }
    if outcome.conditions:
        duty["conditions"] = [c.label for c in outcome.conditions]
    return duty
