"""Writes `docs/reach.md`: the transition table of `ontology/reach.ttl` as tables, with the reason of each cell."""

from collections.abc import Sequence

from clausegraph.ground import namespaces as ns
from clausegraph.library.read import Reader

_HEAD = """# Reach: the transition table

<!-- GENERATED from ontology/reach.ttl by `make library`. Do not edit. -->

How an upstream work is present downstream is a form and a setting; a relation turns both into others. `·` keeps what
there is. [judging.md](judging.md) says what follows from it, and each reason stands below its table.
"""
_FITS = """## What can stand upstream

Along a relation that does not fit the kind of the upstream work nothing is judged: the answer is unknown (CG129), and
asks for the relation that fits. A relation that is not listed fits every kind.

| relation | upstream |
|---|---|
"""
_NAMES = """## Names of relations

Wherever a relation is named (`--via`, `--from`, recipes, lists of facts), these names are understood too, in any case
and with hyphen, underscore or space between words.

| relation | is also called |
|---|---|
"""


def reach_text(reader: Reader) -> str:
    """Return the text of the page."""
    relations = reader.typed("Relation")
    parts = [
        _HEAD,
        _table(reader, "Form", relations, "fromForm", "toForm", ""),
        _table(reader, "Setting", relations, "fromSetting", "toSetting", "setsSetting"),
        _NAMES + "".join(_called(reader, relation) for relation in relations),
        _FITS + "".join(_fit(reader, relation) for relation in relations if reader.all(relation, "expectsUpstream")),
    ]
    return "\n".join(parts)


def _called(reader: Reader, relation: str) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(reader.all(relation, "alias")))
    return f"| {ns.local(relation)} | {names} |\n"


def _fit(reader: Reader, relation: str) -> str:
    return f"| {ns.local(relation)} | {', '.join(reader.locals(relation, 'expectsUpstream'))} |\n"


def _table(reader: Reader, sort: str, relations: Sequence[str], start: str, end: str, sets: str) -> str:
    """Return the table of forms or settings: a row for each, a column for each relation that changes one of them."""
    rows = sorted(reader.typed(sort))
    steps = [t for t in reader.typed("Transition") if reader.all(t, start)]
    cells = {
        (row, relation): (ns.local(reader.one(step, end)), step)
        for step in steps
        for row in reader.all(step, start)
        for relation in reader.all(step, "byRelation")
    }
    columns = [r for r in relations if (sets and reader.all(r, sets)) or any((row, r) in cells for row in rows)]
    usual = {r: ns.local(reader.one(r, sets)) for r in columns if sets and reader.all(r, sets)}

    def cell(row: str, relation: str) -> str:
        found = cells[row, relation][0] if (row, relation) in cells else usual.get(relation, "·")
        return "·" if found == ns.local(row) else found

    names = [ns.local(r) for r in columns]
    lines = [f"## {sort}s", "", f"| {sort.lower()} | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines += [f"| {ns.local(row)} | {' | '.join(cell(row, r) for r in columns)} |" for row in rows]
    lines += ["", f"| {sort.lower()} | relation | becomes | since |", "|---|---|---|---|"]
    for step in steps:
        before = ", ".join(reader.locals(step, start))
        by = ", ".join(reader.locals(step, "byRelation"))
        lines.append(f"| {before} | {by} | {ns.local(reader.one(step, end))} | {_reason(reader, step)} |")
    lines += [
        f"| any other | {ns.local(r)} | {usual[r]} | {reader.one(r, ns.SKOS + 'definition')} |"
        for r in columns
        if r in usual
    ]
    return "\n".join(lines) + "\n"


def _reason(reader: Reader, step: str) -> str:
    return str(reader.one(step, ns.SKOS + "definition"))
