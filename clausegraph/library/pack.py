"""Packs the library into one file of JSON, and reads it back in a tenth of the time that its RDF takes.

`library.json` says nothing that the ontology and its tables do not say: it is generated from them and checked
for drift like the other generated files. A record is written as the list of its fields. What many records
share (conditions, kinds, clauses, sets) is written once and referred to by its number. Encumbrances and
moves, of which a command needs a few, are built when they are asked for.
"""

import json
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any

from clausegraph.ground.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.library.model import Clause, ClauseKind, Condition, Encumbrance

#: What is shared, in the order in which one needs the other.
SHARED: tuple[Any, ...] = (frozenset, Condition, ClauseKind, Clause)
#: Fields of the library that are not written as they are.
_APART = ("clauses", "encumbrances", "moves", "added")
NOTE = "GENERATED from ontology/ and its tables by `make library`. Do not edit."
Decoder = Callable[[Any], Any]


@cache
def _hints(cls: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((f.name, hints[f.name]) for f in fields(cls))


def _form(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return what a type is (a container, a record or a plain value) and the types inside."""
    inner = tuple(a for a in typing.get_args(hint) if a not in (NoneType, Ellipsis))
    origin = typing.get_origin(hint)
    if origin in (tuple, frozenset, dict, Mapping):
        return origin, inner
    record = next((a for a in (hint, *inner) if is_dataclass(a) or _is_enum(a)), None)
    return record or origin, ()


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


class _Packer:
    """Turns values into JSON; what is shared gets a number when it is first met."""

    def __init__(self) -> None:
        self.tables: dict[Any, list[Any]] = {form: [] for form in SHARED}
        self._numbers: dict[tuple[Any, Any], int] = {}

    def pack(self, hint: Any, value: Any) -> Any:
        form, inner = _form(hint)
        if value is None:
            return None
        if form is frozenset:
            return self._share(form, value, lambda: sorted(value))
        if form in (dict, Mapping):
            return [[self.pack(inner[0], k), self.pack(inner[1], v)] for k, v in value.items()]
        if form is tuple:
            kinds = inner if len(inner) > 1 else inner * len(value)
            return [self.pack(kind, v) for kind, v in zip(kinds, value, strict=True)]
        if form in SHARED:
            key = value.name if form is ClauseKind else value.iri
            return self._share(form, key, lambda: self.row(value))
        return self.row(value) if is_dataclass(form) else value

    def row(self, record: Any) -> list[Any]:
        return [self.pack(hint, getattr(record, name)) for name, hint in _hints(record.__class__)]

    def _share(self, form: Any, key: Any, make: Callable[[], Any]) -> int:
        if (form, key) not in self._numbers:
            made = make()
            self._numbers[form, key] = len(self.tables[form])
            self.tables[form].append(made)
        return self._numbers[form, key]


def pack(library: Library) -> str:
    """Return the library as the text of `library.json`, one table in a line."""
    packer = _Packer()
    facts = {name: packer.pack(hint, getattr(library, name)) for name, hint in _hints(Library) if name not in _APART}
    number = {iri: i for i, iri in enumerate(sorted(library.encumbrances))}
    rows = [packer.row(library.encumbrances[iri]) for iri in number]
    moves = {
        relation: [number.get(library.moves.get((iri, relation), ""), -1) for iri in number]
        for relation in sorted(library.relations)
    }
    shared = [packer.tables[form] for form in SHARED]
    parts = {"note": NOTE, "library": facts, "shared": shared, "encumbrances": rows, "moves": moves}
    lines = (f"{json.dumps(k)}:{json.dumps(v, ensure_ascii=False, separators=(',', ':'))}" for k, v in parts.items())
    return "{" + ",\n".join(lines) + "}\n"


class _Unpacker:
    """Turns JSON into values; there is one decoder for each type."""

    def __init__(self, shared: list[list[Any]]) -> None:
        self._values: dict[Any, list[Any]] = {}
        for form, rows in zip(SHARED, shared, strict=True):
            read = frozenset if form is frozenset else self.record(form)
            self._values[form] = [read(row) for row in rows]

    def decoder(self, hint: Any) -> Decoder | None:
        """Return what turns JSON into a value of a type, or `None` where the value stays as it is."""
        form, inner = _form(hint)
        if form in self._values:
            values = self._values[form]
            return lambda number: None if number is None else values[number]
        if form in (dict, Mapping):
            key, value = (self.decoder(one) or _same for one in inner)
            return lambda pairs: {key(k): value(v) for k, v in pairs}
        if form is tuple and len(inner) > 1:
            each = [self.decoder(one) or _same for one in inner]
            return lambda row: tuple([read(v) for read, v in zip(each, row, strict=True)])
        if form is tuple:
            one = self.decoder(inner[0])
            return tuple if one is None else lambda row: tuple([one(v) for v in row])
        if _is_enum(form):
            members: Mapping[str, Any] = {one.value: one for one in form}
            return lambda value: None if value is None else members[value]
        return self.record(form) if is_dataclass(form) else None

    def record(self, cls: Any) -> Decoder:
        """Return what turns a row into a record."""
        special = [(i, read) for i, (_, hint) in enumerate(_hints(cls)) if (read := self.decoder(hint))]

        def read_record(row: list[Any]) -> Any:
            values = list(row)
            for place, read in special:
                values[place] = read(values[place])
            return cls(*values)

        return read_record


def _same(value: Any) -> Any:
    return value


class Encumbrances(Mapping[str, Encumbrance]):
    """Encumbrances by IRI, each built when it is first asked for."""

    def __init__(self, rows: list[list[Any]], read: Decoder) -> None:
        self._rows = {row[0]: row for row in rows}
        self._read = read
        self._made: dict[str, Encumbrance] = {}

    def __getitem__(self, iri: str) -> Encumbrance:
        if iri not in self._made:
            self._made[iri] = self._read(self._rows[iri])
        return self._made[iri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Moves(Mapping[tuple[str, str], str]):
    """Where an encumbrance goes along a relation, by (encumbrance, relation)."""

    def __init__(self, iris: list[str], targets: Mapping[str, list[int]]) -> None:
        self._iris = iris
        self._targets = targets
        self._number = {iri: i for i, iri in enumerate(iris)}

    def __getitem__(self, key: tuple[str, str]) -> str:
        target = self._targets[key[1]][self._number[key[0]]]
        if target < 0:
            raise KeyError(key)
        return self._iris[target]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((iri, relation) for relation in self._targets for iri in self._iris if (iri, relation) in self)

    def __len__(self) -> int:
        return sum(target >= 0 for targets in self._targets.values() for target in targets)


def unpack(path: Path) -> Library:
    """Read `library.json`; raises `UnreadableInput` where it is missing or damaged."""
    try:
        data = json.loads(path.read_bytes())
        unpacker = _Unpacker(data["shared"])
        read = {name: unpacker.decoder(hint) or _same for name, hint in _hints(Library) if name not in _APART}
        facts = {name: read[name](value) for name, value in data["library"].items()}
        rows = data["encumbrances"]
        return Library(
            **facts,
            clauses={clause.iri: clause for found in facts["licenses"].values() for clause in found.clauses},
            encumbrances=Encumbrances(rows, unpacker.record(Encumbrance)),
            moves=Moves([row[0] for row in rows], data["moves"]),
        )
    except OSError as error:
        raise UnreadableInput(f"{path} is missing. Run `make library` in the checkout, or reinstall.") from error
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise UnreadableInput(f"{path} is damaged ({error!r}). Run `make library`, or reinstall.") from error
