"""Results as HTML fragments, for notebooks."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from clausegraph.reasoning.outcome_json import reading_words
from clausegraph.reasoning.outcomes import GLYPHS


def table(verdict: str, subject: str, findings: Sequence[Mapping[str, Any]], data_version: str) -> str:
    """Return an answer, as `to_dict` shows it, as a fragment."""
    glyph = GLYPHS[verdict]
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(found)) + "</tr>" for found in findings
    )
    titles = ("code", "clause", "because", "law", "reading")
    head = "<tr>" + "".join(f"<th>{title}</th>" for title in titles) + "</tr>" if findings else ""
    return (
        f"<div><p><strong>{glyph} {escape(verdict)}</strong> {escape(subject)}</p><table>{head}{rows}</table>"
        f"<p><small>data {escape(data_version)}, not legal advice</small></p></div>"
    )


def _cells(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a finding; one about knowledge that is missing names no clause and no law."""
    if not found.get("certainty"):
        return found["code"], found["title"], found["message"], "", ""
    clause = f"{found['license']} §{found['section']}"
    return found["code"], clause, found["message"], found["certainty"], reading_words(found["reading"])
