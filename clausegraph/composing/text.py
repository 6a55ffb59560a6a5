"""The text of a composed license: as Markdown, as plain text and as a page; every number is one that a clause cites."""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from html import escape

from clausegraph.answers.license_record import SHEET
from clausegraph.composing.assemble import Composed
from clausegraph.library.model import Clause, License

NOTICE = (
    "This text was put together by a program from parts in plain words. It is not legal advice, and no lawyer has read "
    "it for your case: have it reviewed before you use it."
)
_WIDTH = 96
_FIGURES = re.compile(r"\d+|\D+")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with numbered paragraphs."""

    number: str
    title: str
    paragraphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A license text: sections, an attachment of restrictions, and the model sheet (can, must, cannot)."""

    title: str
    id: str
    notice: str
    sections: tuple[Section, ...]
    attachment: str
    restrictions: tuple[str, ...]
    sheet: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


def document(composed: Composed, license_: License) -> Document:
    """Return the text of a license that was composed; clauses that were taken over are told by their summaries."""
    wordings = dict(composed.wordings)
    paragraphs = dict(composed.passages)
    for clause in sorted(license_.clauses, key=lambda c: _natural(c.section)):
        text = wordings.get(clause.iri) or clause.summary
        paragraphs[clause.section] = f"{paragraphs[clause.section]} {text}" if clause.section in paragraphs else text
        if clause.iri not in wordings and clause.imposes:
            paragraphs[clause.section] += f" Ruled out: {_listed(clause)}."
    titles = dict(composed.headings)
    sections: dict[str, list[tuple[str, str]]] = {}
    for number in sorted(paragraphs, key=_natural):
        sections.setdefault(_first(number, titles), []).append((number, paragraphs[number]))
    return Document(
        composed.names.title,
        composed.names.id,
        NOTICE,
        tuple(Section(n, titles.get(n, ""), tuple(found)) for n, found in sections.items()),
        f"{composed.attachment_name}: purposes that are ruled out",
        composed.attachment,
        sheet(license_),
    )


def _listed(clause: Clause) -> str:
    return "; ".join(name.replace("_", " ") for name in clause.imposes)


def _first(number: str, titles: dict[str, str]) -> str:
    """Return the section that a paragraph belongs to."""
    whole = number.rpartition(".")[0]
    return whole if whole in titles else number.partition(".")[0]


@cache
def _natural(number: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key by which 2.10 comes after 2.9."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in _FIGURES.findall(number))


def sheet(license_: License) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Return what a license lets people do, asks of them and forbids: label, section and summary of each clause."""
    found = []
    for deontic, title in SHEET.items():
        clauses = [c for c in license_.clauses if c.kind.deontic == deontic]
        rows = tuple((c.kind.label, c.section, c.summary) for c in sorted(clauses, key=lambda c: _natural(c.section)))
        found.append((title, rows))
    return tuple(found)


def markdown(text: Document) -> str:
    """Return a document as Markdown."""
    lines = [f"# {_safe(text.title)}", "", f"> {text.notice}", ""]
    for section in text.sections:
        lines += [f"## {section.number}. {section.title}".rstrip(". "), ""]
        for number, paragraph in section.paragraphs:
            lines += [f"**{number}** {_safe(paragraph)}", ""]
    if text.restrictions:
        lines += [f"## {text.attachment}", "", "You do not use the Work or its Derivatives", ""]
        lines += [f"{n}. {_safe(words)};" for n, words in enumerate(text.restrictions, 1)] + [""]
        lines[-2] = lines[-2].removesuffix(";") + "."
    lines += ["## Model sheet", "", "| | what | section | in short |", "|---|---|---|---|"]
    for title, rows in text.sheet:
        lines += [f"| {title} | {label} | {section} | {_safe(words)} |" for label, section, words in rows]
    return "\n".join([*lines, "", f"`{text.id}`", ""])


def _safe(words: str) -> str:
    """Return words in which Markdown sees no marks."""
    return escape(re.sub(r"([\\`*_|\[\]])", r"\\\1", words), quote=False)


def plain(text: Document) -> str:
    """Return a document as plain text, wrapped for a terminal or a LICENSE file."""
    lines = [text.title, "=" * len(text.title), "", *textwrap.wrap(text.notice, _WIDTH), ""]
    for section in text.sections:
        lines += [f"{section.number}. {section.title}".rstrip(". "), ""]
        for number, paragraph in section.paragraphs:
            lines += [*_hanging(number, paragraph), ""]
    if text.restrictions:
        lines += [text.attachment, "", "You do not use the Work or its Derivatives", ""]
        last = len(text.restrictions)
        for n, words in enumerate(text.restrictions, 1):
            lines += _hanging(f"({n})", words + (";" if n < last else "."))
        lines.append("")
    lines += ["Model sheet", ""]
    for title, rows in text.sheet:
        for label, place, _ in rows:
            lines.append(f"  {title:7} {label} ({place})")
    return "\n".join([*lines, "", text.id, ""])


def _hanging(mark: str, words: str) -> list[str]:
    indent = " " * (len(mark) + 1)
    return textwrap.wrap(f"{mark} {words}", _WIDTH, subsequent_indent=indent)


def html(text: Document) -> str:
    """Return a document as a page that loads nothing."""
    body = [f"<h1>{escape(text.title)}</h1>", f"<p><strong>{escape(text.notice)}</strong></p>"]
    for section in text.sections:
        body.append(f"<h2>{escape(f'{section.number}. {section.title}'.rstrip('. '))}</h2>")
        for number, paragraph in section.paragraphs:
            anchor = escape(number, quote=True)
            body.append(f'<p id="{anchor}"><b>{escape(number)}</b> {escape(paragraph)}</p>')
    if text.restrictions:
        items = "".join(f"<li>{escape(words)}</li>" for words in text.restrictions)
        body.append(f"<h2>{escape(text.attachment)}</h2>")
        body.append(f"<p>You do not use the Work or its Derivatives</p><ol>{items}</ol>")
    rows = "".join(
        f"<tr><th scope=row>{title}</th><td>{escape(label)}</td>"
        f'<td><a href="#{escape(place, quote=True)}">{escape(place)}</a></td><td>{escape(words)}</td></tr>'
        for title, found in text.sheet
        for label, place, words in found
    )
    head = "<tr><th></th><th>what</th><th>section</th><th>in short</th></tr>"
    body.append(f"<h2>Model sheet</h2><table>{head}{rows}</table><p><code>{escape(text.id)}</code></p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(text.title)}</title>"
        "<style>body{max-width:46em;margin:2em auto;padding:0 1em;font:1rem/1.5 system-ui,sans-serif}"
        "table{border-collapse:collapse}td,th{border:1px solid;padding:.3em .5em;text-align:left;vertical-align:top}"
        "</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )
