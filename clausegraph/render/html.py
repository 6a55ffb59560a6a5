"""Results as HTML fragments, for notebooks."""

from html import escape
from typing import TYPE_CHECKING, Any

from clausegraph.render.human import VERDICTS

if TYPE_CHECKING:
    from clausegraph.check import CheckResult
    from clausegraph.compat import CompatResult


def _table(verdict: str, subject: str, findings: list[dict[str, Any]], data_version: str) -> str:
    glyph = VERDICTS[verdict][0]
    rows = "".join(
        f"<tr><td>{escape(f['code'])}</td><td>{escape(f['license'])} §{escape(f['section'])}</td>"
        f"<td>{escape(f['message'])}</td><td>{escape(f['certainty'])}</td></tr>"
        for f in findings
    )
    head = "<tr><th>code</th><th>clause</th><th>because</th><th>how sure</th></tr>" if findings else ""
    return (
        f"<div><p><strong>{glyph} {escape(verdict)}</strong> {escape(subject)}</p><table>{head}{rows}</table>"
        f"<p><small>data {escape(data_version)}, not legal advice</small></p></div>"
    )


def compat_html(result: "CompatResult") -> str:
    """Return a compat answer as HTML."""
    case = result.case
    subject = f"{' + '.join(case.upstream)} → {case.via} → {' AND '.join(case.downstream)}"
    return _table(result.verdict, subject, result.to_dict()["findings"], result.data_version)


def check_html(result: "CheckResult") -> str:
    """Return a check as HTML."""
    return _table(result.verdict, result.id, result.to_dict()["findings"], result.data_version)
