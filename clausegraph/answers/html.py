"""Results as HTML fragments, for notebooks."""

from html import escape
from typing import TYPE_CHECKING, Any

from clausegraph.reasoning.outcome_json import reading_words
from clausegraph.render.human import VERDICTS

if TYPE_CHECKING:
    from clausegraph.answers.check import CheckResult
    from clausegraph.answers.compat import CompatResult


def _table(verdict: str, subject: str, findings: list[dict[str, Any]], data_version: str) -> str:
    glyph = VERDICTS[verdict][0]
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(found)) + "</tr>" for found in findings
    )
    titles = ("code", "clause", "because", "law", "reading")
    head = "<tr>" + "".join(f"<th>{title}</th>" for title in titles) + "</tr>" if findings else ""
    return (
        f"<div><p><strong>{glyph} {escape(verdict)}</strong> {escape(subject)}</p><table>{head}{rows}</table>"
        f"<p><small>data {escape(data_version)}, not legal advice</small></p></div>"
    )


def _cells(found: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a finding; one about knowledge that is missing names no clause and no law."""
    if not found.get("certainty"):
        return found["code"], found["title"], found["message"], "", ""
    clause = f"{found['license']} §{found['section']}"
    return found["code"], clause, found["message"], found["certainty"], reading_words(found["reading"])


def compat_html(result: "CompatResult") -> str:
    """Return a compat answer as HTML."""
    case = result.case
    subject = f"{' + '.join(case.upstream)} → {case.via} → {' AND '.join(case.downstream)}"
    return _table(result.verdict, subject, result.to_dict()["findings"], result.data_version)


def check_html(result: "CheckResult") -> str:
    """Return a check as HTML."""
    return _table(result.verdict, result.id, result.to_dict()["findings"], result.data_version)
