"""The kit from which licenses are composed, as `ontology/composing/` describes it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder, turtle_files
from clausegraph.library.index import index_files
from clausegraph.library.read import Reader

_TERMS = ("restrictions.ttl", "kinds.ttl")
_LABEL, _DEFINITION = ns.SKOS + "prefLabel", ns.SKOS + "definition"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that must be given with an option; `type` is `integer`, `region` or `string`."""

    iri: str
    key: str
    type: str
    label: str
    definition: str
    example: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen; `adds` are IRIs of parts, passages and provisions."""

    iri: str
    key: str
    label: str
    definition: str
    group: str
    order: int
    rank: str | None
    name_place: int | None
    adds: tuple[str, ...]
    implies: tuple[str, ...]
    asks_for: tuple[str, ...]
    takes_out: tuple[str, ...]
    kind: str | None
    made_form: str | None
    noun: str | None
    noun_of_made: str | None
    reaches_made: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group of options in its order."""

    name: str
    label: str
    definition: str
    order: int


@dataclass(frozen=True, slots=True)
class Provision:
    """A restriction as a license words it, with the categories (names of restrictions) that it falls under."""

    key: str
    label: str
    wording: str
    categories: tuple[str, ...]
    mandatory: bool | None
    order: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Two options, by key, that contradict each other."""

    options: tuple[str, str]
    reason: str


@dataclass(frozen=True, eq=False)
class Kit:
    """Everything that a license can be composed of; `reader` answers what else the RDF says."""

    reader: Reader
    options: dict[str, Option]
    groups: dict[str, Group]
    provisions: dict[str, Provision]
    restrictions: dict[str, Provision]
    parameters: dict[str, Parameter]
    clashes: tuple[Clash, ...]
    listing: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that can be chosen by a word."""
        return (*self.options, *self.provisions, *self.restrictions)

    def with_implied(self, chosen: Iterable[str]) -> frozenset[str]:
        """Return options with those that come with them."""
        found, queue = set[str](), list(chosen)
        while queue:
            key = queue.pop()
            if key not in found:
                found.add(key)
                queue.extend(self.options[key].implies)
        return frozenset(found)

    def provision(self, key: str) -> Provision:
        """Return a provision of the generator, or a category of restriction in its own words."""
        return self.provisions.get(key) or self.restrictions[key]

    def lists(self) -> Option:
        """Return the option that brings the part in which restrictions are listed."""
        return next(o for o in self.options.values() if self.listing in o.adds)

    def own_kinds(self, key: str) -> frozenset[str]:
        """Return the kinds of the clauses that an option brings and no other option does."""
        shared = [iri for option in self.options.values() for iri in option.adds]
        own = [iri for iri in self.options[key].adds if shared.count(iri) == 1]
        return frozenset(ns.local(kind) for iri in own if (kind := self.reader.one(iri, "kind")))

    def has(self, key: str, kinds: Collection[str]) -> bool:
        """Say whether a license with clauses of these kinds has what an option brings."""
        return bool(self.own_kinds(key)) and self.own_kinds(key) <= set(kinds)

    def asking(self, parameter: str) -> Option:
        """Return the option that asks for a parameter."""
        return next(o for o in self.options.values() if parameter in o.asks_for)


@cache
def load_kit() -> Kit:
    """Read the kit that this installation ships."""
    terms = [folder("ontology") / name for name in _TERMS]
    reader = Reader(index_files([*turtle_files("ontology", "composing"), *terms]))
    spelled = {s: reader.one(s, "spelling") for s in reader.typed("Option") + reader.typed("Parameter")}
    options = [_option(reader, s, spelled) for s in reader.typed("Option")]
    groups = [
        Group(ns.local(s), reader.one(s, _LABEL), reader.one(s, _DEFINITION), reader.one(s, "order"))
        for s in {reader.one(s, "optionGroup") for s in reader.typed("Option")}
    ]
    clashes = []
    for s in reader.typed("Clash"):
        one, other = sorted(spelled[o] for o in reader.all(s, "between"))
        clashes.append(Clash((one, other), reader.one(s, _DEFINITION)))
    return Kit(
        reader=reader,
        options={o.key: o for o in sorted(options, key=lambda o: (reader.one(_group(o.group), "order"), o.order))},
        groups={g.name: g for g in sorted(groups, key=lambda g: g.order)},
        provisions={p.key: p for p in sorted(_provisions(reader), key=lambda p: p.order)},
        restrictions={p.key: p for p in _restrictions(reader)},
        parameters={p.key: p for p in _parameters(reader, spelled)},
        clashes=tuple(clashes),
        listing=next(s for s in reader.typed("Part") if reader.one(s, "attachment")),
    )


def _provisions(reader: Reader) -> Iterator[Provision]:
    for s in reader.typed("Provision"):
        yield Provision(
            reader.one(s, "spelling"),
            reader.one(s, _LABEL),
            reader.one(s, "wording"),
            reader.locals(s, "fallsUnder"),
            reader.one(s, "mandatory"),
            reader.one(s, "order"),
        )


def _restrictions(reader: Reader) -> Iterator[Provision]:
    for number, s in enumerate(reader.typed("Restriction")):
        name, wording = ns.local(s), f"for {_lowered(reader.one(s, _DEFINITION))}"
        yield Provision(name, reader.one(s, _LABEL), wording, (name,), None, 1000 + number)


def _parameters(reader: Reader, spelled: dict[str, str]) -> Iterator[Parameter]:
    for s in reader.typed("Parameter"):
        yield Parameter(
            s,
            spelled[s],
            reader.one(s, "valueType"),
            reader.one(s, _LABEL),
            reader.one(s, _DEFINITION),
            reader.one(s, ns.SKOS + "example"),
        )


def _group(name: str) -> str:
    return f"{ns.BASE}option-group/{name}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _option(reader: Reader, s: str, spelled: dict[str, str]) -> Option:
    kind, form = reader.one(s, "coversKind"), reader.one(s, "madeForm")
    return Option(
        iri=s,
        key=spelled[s],
        label=reader.one(s, ns.SKOS + "prefLabel"),
        definition=reader.one(s, ns.SKOS + "definition"),
        group=ns.local(reader.one(s, "optionGroup")),
        order=reader.one(s, "order"),
        rank=reader.one(s, "rank"),
        name_place=reader.one(s, "namePlace"),
        adds=tuple(sorted(reader.all(s, "adds"))),
        implies=tuple(sorted(spelled[o] for o in reader.all(s, "implies"))),
        asks_for=tuple(sorted(spelled[p] for p in reader.all(s, "asksFor"))),
        takes_out=reader.locals(s, "takesOut"),
        kind=ns.local(kind) if kind else None,
        made_form=ns.local(form) if form else None,
        noun=reader.one(s, "noun"),
        noun_of_made=reader.one(s, "nounOfMade"),
        reaches_made=bool(reader.one(s, "reachesMade")),
    )
