"""Three-valued conditions: `True`, `False`, or `None` where the user did not say."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import inf
from typing import Any, NamedTuple

from clausegraph.ground.errors import LONGEST, UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.model import Answer, AssumptionKey, Clause, Condition

_TYPES: dict[str, Callable[[Any], bool]] = {
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v < inf,
    "string": lambda v: isinstance(v, str),
    "region": lambda v: isinstance(v, str),
    "restrictions": lambda v: isinstance(v, str | list | tuple),
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "gteq": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lteq": lambda a, b: a <= b,
}


#: What is no part of a plain name, as a regular expression that Python and SQL both understand.
NOT_PLAIN = "[^a-z0-9.]+"


class NameTest(NamedTuple):
    """A test of a name, in Python and as the method of a column in ibis that does the same."""

    holds: Callable[[str, str], bool]
    method: str


def plain_name(text: str) -> str:
    """Return a model name without owner, case and separators, as naming duties compare it."""
    return re.sub(NOT_PLAIN, "", text.rsplit("/", 1)[-1].casefold())


#: Tests of a name, by operator: both sides are compared without case and separators.
NAME_TESTS = {
    "startsWith": NameTest(str.startswith, "startswith"),
    "contains": NameTest(str.__contains__, "contains"),
}


def name_holds(condition: Condition, name: str) -> bool:
    """Evaluate a condition on the name of an artifact."""
    test = NAME_TESTS[condition.operator].holds
    return any(test(plain_name(name), plain_name(str(v))) for v in condition.values)


#: The trigger that every act sets off.
ALWAYS = "use"
#: Stands between an assumption and the one license for which it counts.
AT = "@"
#: How contested law is read: left open, or against or for the one who reuses.
READINGS = ("open", "strict", "lenient")


@dataclass(frozen=True)
class Assumptions:
    """What the user assumes, with the defaults of the ontology behind it.

    `features` settles conditions on the artifact itself; `reading` is how contested law is read:
    `strict` treats it as settled against the user, `lenient` as absent. Terms that nobody has read
    stay unknown under every reading. What is `given` as `KEY@LICENSE` counts for the clauses of that license only,
    before what is given for all.
    """

    library: Library = field(repr=False, compare=False)
    given: tuple[tuple[str, Answer], ...] = ()
    features: tuple[tuple[str, bool], ...] = ()
    reading: str = "open"

    @classmethod
    def read(cls, library: Library, values: Mapping[str, Any]) -> tuple["Assumptions", list[str]]:
        """Return assumptions and notes about what was ignored.

        A value may be a mapping from licenses to what counts for each.
        Raises `UsageError` for a value of the wrong type, naming the key and what it takes.
        """
        known: dict[str, Answer] = {}
        notes: list[str] = []
        for stated, value in _each(values):
            name, at, license_ = str(stated).partition(AT)
            key = library.keys.get(name)
            if key is None:
                notes.append(f"the assumption {_short(name)} is not known and was ignored{_meant(library, name)}")
            elif value is not None and name != "note":
                own = f"{name}{AT}{_resolved(library, name, license_)}" if at else name
                found = _checked(library, key, value)
                if known.setdefault(own, found) != found:
                    raise UsageError(f"the assumption {own!r} was given twice, with different values. Give it once.")
                if key.type == "region" and str(value).upper() not in library.regions:
                    notes.append(f"the region {value!r} is not known; conditions on it stay open")
        return cls(library, tuple(sorted(known.items()))), notes

    @classmethod
    def of_pairs(cls, library: Library, pairs: Iterable[str], reading: str = "open") -> tuple["Assumptions", list[str]]:
        """Return the assumptions of texts `KEY=VALUE`, and notes; raises `UsageError` for one that is none."""
        keys = f"Keys are {', '.join(sorted(library.keys))}."
        values: dict[str, Any] = {}
        for item in pairs:
            key, separator, text = item.partition("=")
            if not separator:
                raise UsageError(f"an assumption is KEY=VALUE, not {item!r}. {keys}")
            name = key.partition(AT)[0]
            if name not in library.keys:
                raise UsageError(f"--assume does not know {key!r}{_meant(library, name) or '.'} {keys}")
            try:
                values[key] = json.loads(text)
            except (ValueError, RecursionError):
                values[key] = text
            if library.keys[name].type in ("string", "region"):
                values[key] = text
        assumptions, notes = cls.read(library, values)
        return assumptions.with_reading(reading), notes

    def with_value(self, name: str, value: Answer) -> "Assumptions":
        """Return the same assumptions with one more, unless it was given."""
        if name in dict(self.given):
            return self
        return replace(self, given=tuple(sorted((*self.given, (name, value)))))

    def with_features(self, features: tuple[tuple[str, bool], ...]) -> "Assumptions":
        """Return the same assumptions with conditions on the artifact itself settled, by IRI."""
        return replace(self, features=features)

    def unmerged(self) -> "Assumptions":
        """Return the same assumptions for what did not come by a merge, of which its family says nothing."""
        return replace(self, features=tuple(f for f in self.features if f[0] not in self.library.merge_conditions))

    def of_license(self, license_id: str) -> "Assumptions":
        """Return the assumptions for the clauses of one license: what was given for it, or its family, counts first."""
        found = self.library.licenses[license_id]
        families = [found.member_of] if found.member_of else []
        while families and (wider := self.library.licenses[families[-1]].member_of):
            families.append(wider)
        own: dict[str, Answer] = {}
        for one in (*reversed(families), license_id):
            own |= {name.partition(AT)[0]: value for name, value in self.given if name.endswith(AT + one)}
        return replace(self, given=tuple(sorted((dict(self.given) | own).items()))) if own else self

    def with_reading(self, reading: str) -> "Assumptions":
        """Return the same assumptions under another reading of contested law; raises `UsageError`."""
        if reading not in READINGS:
            raise UsageError(f"the reading {reading!r} is not known; use one of {', '.join(READINGS)}")
        return replace(self, reading=reading)

    def value(self, key: str) -> Answer | None:
        """Return the value of an assumption, or its default, or `None` if it is open."""
        for name, value in self.given:
            if name == key:
                return value
        return self.library.keys[key].default

    def named(self, clause: Clause) -> tuple[str, ...]:
        """Return the restrictions of a clause that the answer to its question names, or names something narrower of."""
        answer = self.value(clause.kind.answered_by) if clause.kind.answered_by else None
        wider = {w for name in answer for w in self.library.restrictions[name]} if isinstance(answer, tuple) else set()
        return tuple(r for r in clause.imposes if r in wider)

    def asserts(self, conditions: Iterable[Condition]) -> bool:
        """Say whether one of some conditions holds by what was given, not by a default."""
        given = dict(self.given)
        return any(c.key in given and self.holds(c) for c in conditions)

    def holds(self, condition: Condition) -> bool | None:
        """Evaluate one condition."""
        for iri, outcome in self.features:
            if iri == condition.iri and condition.key not in dict(self.given):
                return outcome
        value = self.value(condition.key)
        if value is None:
            return None
        if condition.operator == "isPartOf":
            inside = self.library.regions.get(str(value).upper())
            return None if inside is None else any(v in inside for v in condition.values)
        if condition.operator == "isAnyOf":
            return value in condition.values
        if condition.operator in NAME_TESTS:
            return name_holds(condition, str(value))
        return all(_COMPARE[condition.operator](value, v) for v in condition.values)

    def all_hold(self, conditions: Sequence[Condition]) -> bool | None:
        """Evaluate conditions that must hold together; no conditions hold."""
        results = [self.holds(c) for c in conditions]
        if False in results:
            return False
        return None if None in results else True

    def any_holds(self, conditions: Sequence[Condition]) -> bool | None:
        """Evaluate conditions of which one is enough; no conditions do not hold."""
        results = [self.holds(c) for c in conditions]
        if True in results:
            return True
        return None if None in results else False


def _each(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each assumption, those by license under `KEY@LICENSE`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            if not value:
                raise UsageError(
                    f"the assumption {_short(name)} has no value for any license. Give one, or leave it out."
                )
            yield from ((f"{name}{AT}{license_}", one) for license_, one in value.items())
        else:
            yield name, value


def _meant(library: Library, name: str) -> str:
    """Return a question with the keys that are like one that is not known; nothing where none is."""
    near = get_close_matches(name[:LONGEST].lower(), library.keys, n=3, cutoff=0.75)
    return f"; did you mean {', '.join(near)}?" if near else ""


def _short(value: Any) -> str:
    """Return a value for a message, cut off where it is long."""
    with suppress(ValueError):  # an integer of thousands of digits
        said = repr(value)
        return said if len(said) <= LONGEST else said[:LONGEST] + "…"
    return "a number of thousands of digits"


def _resolved(library: Library, key: str, spelling: str) -> str:
    try:
        return library.resolve(spelling)
    except UnknownIdentifier as error:
        raise UnknownIdentifier(f"license in the assumption {key!r}", spelling, library.licenses) from error


def _checked(library: Library, key: AssumptionKey, value: Any) -> Answer:
    if not _TYPES[key.type](value) or (key.allowed and value not in key.allowed):
        words = (
            "names of restrictions"
            if key.type == "restrictions"
            else f"{'an' if key.type[0] in 'aeiou' else 'a'} {key.type}"
        )
        takes = f"one of {', '.join(key.allowed)}" if key.allowed else words
        raise UsageError(f"the assumption {key.name!r} takes {takes}, not {_short(value)}")
    result: Answer = _restrictions(library, key.name, value) if key.type == "restrictions" else value
    return result


def _restrictions(library: Library, key: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of restrictions in a list, or in a text that parts them by commas."""
    names = value.split(",") if isinstance(value, str) else value
    found = []
    for name in (str(n).strip().casefold().replace("-", "_").replace(" ", "_") for n in names):
        if name not in library.restrictions:
            raise UnknownIdentifier(f"restriction of use in the assumption {key!r}", name, library.restrictions)
        found.append(name)
    return tuple(sorted(set(found)))
