"""What a document says of the license of one thing: values, addresses and texts, declared, concluded or observed.

Formats state a license as an id, an expression or a name, with addresses and the text itself beside it. A value that is
known counts first, then an address, then the text, which is identified as a license file would be. What else was
said stays a statement beside it; nothing is dropped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clausegraph.loaders.document import Context
from clausegraph.loaders.records import CATALOGUE, CHECKED, FILE, Artifact, Identified, Record, Statement

#: Words of SPDX by which a license is not asserted, or said to be none.
NOT_ASSERTED = frozenset({"NOASSERTION", "NONE"})
#: What stands for such a word in a longer expression: a license that nobody knows.
UNASSERTED = "LicenseRef-NOASSERTION"
#: The longest text that is compared, in characters.
MAX_TEXT = 1_000_000
#: How much of a text that nobody has identified is quoted, in characters.
_QUOTED = 80


@dataclass(frozen=True, slots=True)
class Stated:
    """A license as a document states it.

    `value` is an id, an expression or a name, `also` are addresses and other names of it, `text` is its text, and
    `parts` say what names within an expression stand for.
    """

    value: str = ""
    also: tuple[str, ...] = ()
    text: str | None = None
    parts: tuple[tuple[str, "Stated"], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The license of one thing as it goes into a record: values, their name and link, and further statements."""

    licenses: tuple[str, ...] = ()
    name: str | None = None
    link: str | None = None
    statements: tuple[Statement, ...] = ()


def read_terms(
    context: Context, declared: Sequence[Stated], concluded: Sequence[Stated] = (), observed: Sequence[Stated] = ()
) -> Terms:
    """Return the terms of one thing; what is declared counts first, then what was concluded, then what was seen."""
    places = [(declared, CATALOGUE), (concluded, CHECKED), (observed, CATALOGUE)]
    given = [([one for one in stated if not _says_nothing(one)], place, n) for n, (stated, place) in enumerate(places)]
    first = next((group for group in given if group[0]), None)
    licenses: dict[str, None] = {}
    statements: list[Statement] = []
    links: list[str] = []
    for stated, place, number in given:
        for one in stated:
            value, beside, link = _read(one, context)
            if first and number == first[2]:
                licenses[value] = None
                statements += beside
                links += link
            else:
                name = "observed" if number == 2 else None
                statements.append(Statement(place, value, name))
                statements += [replace(s, place=place) for s in beside if s.value]
    return Terms(tuple(licenses), None, links[0] if links else None, tuple(dict.fromkeys(statements)))


def _says_nothing(stated: Stated) -> bool:
    """Say whether nothing is asserted: no value, address or text, or a word for that."""
    return stated.value.strip().strip("()").upper() in ("", *NOT_ASSERTED) and not stated.also and not stated.text


def _read(stated: Stated, context: Context) -> tuple[str, list[Statement], list[str]]:
    """Return the value that counts, what was said beside it, and addresses of which nothing is known."""
    words = context.vocabulary()
    value, statements = _expression(stated, context)
    said = words.means(value)
    known = next((one for one in stated.also if words.means(one)), None)
    linked = words.means(known) if known else None
    found = _identified(stated.text, context)
    label = f"text of {stated.value.strip()[:100] or 'the license'}"
    if found and not found.license:
        label += f": {' '.join((stated.text or '').split())[:_QUOTED]}"
    if found and (said or linked or found.more or not found.license):
        statements.append(found.statement(FILE, label))
    if said:
        if known and linked != said:
            statements.append(Statement(CATALOGUE, known, f"address of {value[:100]}"))
        chosen = value
    elif known:
        chosen = known
    elif found and found.license:
        chosen = found.license
    else:
        named = bool(value) and not words.leaves_open(value)
        chosen = value if named else next(iter(stated.also), value or label)
    if chosen != stated.value.strip() and stated.value.strip():
        statements.append(Statement(CATALOGUE, stated.value.strip(), "as written"))
    unknown = [one for one in stated.also if ":" in one and not words.means(one)]
    statements += [Statement(CATALOGUE, one, "address") for one in unknown if one != chosen]
    return chosen, statements, unknown


def _identified(text: str | None, context: Context) -> Identified | None:
    """Return what a text was found to be, or `None` where there is none; one that is too large is not identified."""
    if not text or not text.strip():
        return None
    return context.identify(text) if len(text) <= MAX_TEXT else Identified()


def _expression(stated: Stated, context: Context) -> tuple[str, list[Statement]]:
    """Return an expression with names of its own replaced by the licenses that they stand for.

    Where the text of a known part is another license, or none that is known, a statement says so of the whole.
    """
    words = context.vocabulary()
    value = stated.value.strip()
    statements: list[Statement] = []
    for name in NOT_ASSERTED if " " in value else ():
        value = _replaced(value, name, UNASSERTED)
    for name, part in stated.parts:
        chosen, beside, _ = _read(replace(part, value=part.value or name), context)
        means = words.means(chosen)
        if words.means(name) is None and means:
            value = _replaced(value, name, means)
        for one in beside:
            if one.place == FILE and one.value and words.means(one.value) != words.means(name):
                statements.append(replace(one, value=_replaced(value, name, one.value)))
            elif one.place == FILE and (one.more or not one.value):
                statements.append(replace(one, value=value if one.value else ""))
            elif one.place != FILE and words.means(one.value) and words.means(one.value) != words.means(name):
                statements.append(replace(one, value=_replaced(value, name, words.means(one.value) or "")))
    return value, statements


def _replaced(expression: str, name: str, by: str) -> str:
    """Return an expression with one of its names replaced, in parentheses where it stands for several."""
    plain = f"({by})" if " " in by and expression != name else by
    return re.sub(rf"(?<![\w.+:-]){re.escape(name)}(?![\w.+-])", lambda _: plain, expression)


def together(records: Iterable[Record]) -> list[Record]:
    """Return records in which each artifact stands once: what one document says twice of it holds together."""
    found: dict[object, Record] = {}
    for number, record in enumerate(records):
        key: object = (record.kind, record.id) if isinstance(record, Artifact) else number
        other = found.get(key)
        if isinstance(record, Artifact) and isinstance(other, Artifact):
            record = replace(
                other,
                licenses=tuple(dict.fromkeys((*other.licenses, *record.licenses))),
                license_link=other.license_link or record.license_link,
                created_at=other.created_at or record.created_at,
                references=tuple(dict.fromkeys((*other.references, *record.references))),
                statements=tuple(dict.fromkeys((*other.statements, *record.statements))),
            )
        found[key] = record
    return list(found.values())
