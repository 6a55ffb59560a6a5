"""What somebody chooses for a license: read from words, checked against the kit, written in one way only.

The same choices give the same canonical text, digest and address, in whatever order they were given.
"""

import hashlib
import shlex
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from clausegraph.composing.kit import Kit, Parameter
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.model import License

#: Where the choices of a license can be looked up as an address.
PERMALINK = f"{ns.BASE}compose?"
#: The option that every license has which begins with no other.
CORE = "core"
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices that fit together: all options (implied ones too), restrictions, values, and what they start from.

    `without` are restrictions and options that are taken out of the license `like`.
    """

    options: tuple[str, ...]
    restrictions: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = ()
    like: str | None = None
    without: tuple[str, ...] = ()
    name: str | None = None
    licensor: str | None = None

    @property
    def canonical(self) -> str:
        """The choices as the query of an address, always in the same order."""
        pairs = [("like", self.like)] if self.like else []
        pairs += [("with", key) for key in (*self.options, *self.restrictions)]
        pairs += [("without", key) for key in self.without]
        pairs += [("set", f"{key}={value}") for key, value in self.values]
        pairs += [(key, text) for key, text in (("name", self.name), ("licensor", self.licensor)) if text]
        return urlencode(pairs, quote_via=quote)

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that these choices have and no others."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:8]

    @property
    def permalink(self) -> str:
        """An address that holds the choices."""
        return PERMALINK + self.canonical


def choose(
    kit: Kit,
    library: Library,
    *,
    chosen: Iterable[str] = (),
    without: Iterable[str] = (),
    values: Mapping[str, str] | None = None,
    like: str | None = None,
    name: str | None = None,
    licensor: str | None = None,
) -> Choices:
    """Return choices, or raise `UsageError` or `UnknownIdentifier` that says which does not fit and what to do."""
    wanted = [_known(kit, key) for key in chosen]
    given = {key: _value(kit, library, key, text) for key, text in (values or {}).items()}
    base = library.resolve(like) if like else None
    if not wanted and not given and base is None:
        raise UsageError(
            "nothing is chosen. Name at least a kind of work, as in `--with artifact-m`, or --like LICENSE."
        )
    options = {key for key in wanted if key in kit.options} | {kit.asking(key).key for key in given}
    restrictions = {key for key in wanted if key not in kit.options}
    taken = [_known(kit, key) for key in without]
    before = library.licenses[base] if base else None
    if restrictions and (before is None or not _imposed(kit, before, taken)):
        options.add(kit.lists().key)
    options = set(kit.with_implied(options)) | ({CORE} if base is None else set())
    restrictions |= {p.key for key in options for p in kit.provisions.values() if _iri(p.key) in kit.options[key].adds}
    for rule in _RULES:
        rule(_Wanted(kit, options, restrictions, given, before, taken))
    return Choices(
        tuple(key for key in kit.options if key in options),
        tuple(sorted(restrictions, key=lambda k: (kit.provision(k).order, k))),
        tuple((key, given[key]) for key in kit.parameters if key in given),
        base,
        tuple(sorted(taken)),
        _text(name, "name"),
        _text(licensor, "licensor"),
    )


def _imposed(kit: Kit, before: License, taken: Iterable[str]) -> set[str]:
    """Return the restrictions of a license that are left when some are taken out."""
    gone = {c for key in taken if key not in kit.options for c in kit.provision(key).categories}
    kinds = {kind for key in taken if key in kit.options for kind in kit.own_kinds(key)}
    return {name for clause in before.clauses if clause.kind.name not in kinds for name in clause.imposes} - gone


def explicit(kit: Kit, choices: Choices) -> tuple[str, ...]:
    """Return the fewest words that mean the same options and restrictions: what comes with others is left out."""
    implied = {one for key in choices.options for one in kit.with_implied([key]) - {key}}
    implied |= {kit.asking(key).key for key, _ in choices.values}
    brought = {
        p.key for key in choices.options for p in kit.provisions.values() if _iri(p.key) in kit.options[key].adds
    }
    restrictions = [key for key in choices.restrictions if key not in brought]
    if restrictions:
        implied |= kit.with_implied([kit.lists().key])
    words = [key for key in choices.options if key not in implied and key != CORE]
    return (*words, *restrictions)


def command(kit: Kit, choices: Choices) -> str:
    """Return the command that composes a license of these choices."""
    parts = ["clausegraph compose"]
    parts += [f"--like {shlex.quote(choices.like)}"] if choices.like else []
    parts += [f"--with {key}" for key in explicit(kit, choices)]
    parts += [f"--without {key}" for key in choices.without]
    parts += [f"--set {shlex.quote(f'{key}={value}')}" for key, value in choices.values]
    parts += [f"--name {shlex.quote(choices.name)}"] if choices.name else []
    parts += [f"--licensor {shlex.quote(choices.licensor)}"] if choices.licensor else []
    return " ".join(parts)


def from_query(kit: Kit, library: Library, text: str) -> Choices:
    """Return the choices of a canonical text or permalink."""
    query = urlsplit(text).query if "://" in text else text
    pairs = parse_qsl(query, strict_parsing=False, max_num_fields=500)
    unknown = {key for key, _ in pairs} - {"like", "with", "without", "set", "name", "licensor"}
    if not pairs or unknown:
        what = f"has {sorted(unknown)[0]!r}" if unknown else "holds no choices"
        raise UsageError(f"{text[:100]!r} {what}. Give the permalink that `clausegraph compose` printed.")
    one = dict(pairs)
    return choose(
        kit,
        library,
        chosen=[v for k, v in pairs if k == "with"],
        without=[v for k, v in pairs if k == "without"],
        values=dict(_pair(v) for k, v in pairs if k == "set"),
        like=one.get("like"),
        name=one.get("name"),
        licensor=one.get("licensor"),
    )


def read_values(given: Iterable[str]) -> dict[str, str]:
    """Return `KEY=VALUE` texts as values; raises `UsageError` where one has no value or comes twice."""
    found: dict[str, str] = {}
    for text in given:
        key, value = _pair(text)
        if key in found:
            raise UsageError(f"--set {key} is given twice, as {found[key]!r} and {value!r}. Give it once.")
        found[key] = value
    return found


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    if not value.strip():
        raise UsageError(f"--set takes KEY=VALUE, not {text!r}")
    return key.strip(), value.strip()


def _iri(provision: str) -> str:
    return f"{ns.BASE}provision/{provision}"


def _known(kit: Kit, key: str) -> str:
    if key in kit.spellings:
        return key
    raise UnknownIdentifier("option or restriction", key, kit.spellings, "`clausegraph compose --list` shows all.")


def _text(text: str | None, what: str) -> str | None:
    """Return a name of one line, or `None` for an empty one."""
    plain = " ".join(text.split()) if text else ""
    if len(plain) > _NAME_LENGTH or any(not c.isprintable() for c in plain):
        raise UsageError(f"the {what} has more than {_NAME_LENGTH} characters, or some that cannot be printed")
    return plain or None


def _value(kit: Kit, library: Library, key: str, text: str) -> str:
    parameter = kit.parameters.get(key)
    if parameter is None:
        raise UnknownIdentifier("value", key, kit.parameters, f"Known are {', '.join(kit.parameters)}.")
    return _typed(parameter, library, text)


def _typed(parameter: Parameter, library: Library, text: str) -> str:
    """Return a value as it is written in one way only; raises `UsageError` where it has the wrong type."""
    if parameter.type == "integer":
        plain = text.replace(",", "").replace("_", "")
        if not (plain.isascii() and plain.isdigit()) or not 0 < int(plain) < 10**15:
            raise UsageError(f"{parameter.key} takes a whole number, as in {parameter.example}, not {text!r}")
        return str(int(plain))
    if parameter.type == "region":
        codes = library.regions.get(text.upper())
        if codes is None:
            raise UnknownIdentifier("region", text, library.regions)
        return next(code for code in sorted(codes) if library.regions[code] == codes)
    return _text(text, parameter.key) or ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was chosen, before anything is composed of it."""

    kit: Kit
    options: Set[str]
    restrictions: Set[str]
    given: Mapping[str, str]
    base: License | None
    taken: Sequence[str]

    @property
    def there(self) -> set[str]:
        """The options that the license which is begun with has, and that stay."""
        kinds = {clause.kind.name for clause in self.base.clauses} if self.base else set()
        return {key for key in self.kit.options if key not in self.taken and self.kit.has(key, kinds)}


def _refuse_no_work(wanted: _Wanted) -> None:
    options = wanted.kit.options
    if wanted.base is None and not any(options[key].kind for key in wanted.options):
        letters = ", ".join(key for key, option in options.items() if option.kind)
        raise UsageError(f"no kind of work is chosen. Add at least one of {letters}.")


def _refuse_taking_from_nothing(wanted: _Wanted) -> None:
    if wanted.base is None and wanted.taken:
        raise UsageError("--without takes something out of a license: name it by --like LICENSE.")


def _refuse_taking_what_is_chosen(wanted: _Wanted) -> None:
    twice = sorted(set(wanted.taken) & (wanted.options | wanted.restrictions))
    if twice:
        raise UsageError(f"{twice[0]} is taken out, but named among the choices or something chosen brings it in.")


def _refuse_clashes(wanted: _Wanted) -> None:
    options, there = wanted.options, wanted.there
    for clash in wanted.kit.clashes:
        if set(clash.options) <= options | there and options & set(clash.options):
            one, other = clash.options
            of_base = "".join(
                f" {key} is in {wanted.base.id}: take it out by --without {key}."
                for key in there - options
                if wanted.base and key in clash.options
            )
            fix = of_base or " Leave one of the two out."
            raise UsageError(f"{one} and {other} contradict each other: {clash.reason}{fix}")


def _refuse_missing_values(wanted: _Wanted) -> None:
    for key, option in wanted.kit.options.items():
        missing = [p for p in option.asks_for if p not in wanted.given] if key in wanted.options else []
        if missing:
            example = wanted.kit.parameters[missing[0]].example
            raise UsageError(f"{key} needs a value: add `--set {missing[0]}={example}` with yours.")


def _refuse_an_empty_list(wanted: _Wanted) -> None:
    listing = wanted.kit.lists().key
    if wanted.base is None and listing in wanted.options and not wanted.restrictions:
        raise UsageError(
            f"{listing} rules no purpose out yet. Add a restriction (`clausegraph compose --list` shows all), "
            "or `--with mandatory` for the ten of the RAIL generator."
        )


#: Each raises `UsageError` with what is wrong and the fix; tried in this order.
_RULES = (
    _refuse_no_work,
    _refuse_taking_from_nothing,
    _refuse_taking_what_is_chosen,
    _refuse_clashes,
    _refuse_missing_values,
    _refuse_an_empty_list,
)
