"""What a composed license is called: the RAIL convention, an identifier, and an SPDX reference."""

import re
import unicodedata
from dataclasses import dataclass

from clausegraph.composing.choices import Choices
from clausegraph.composing.kit import Kit, Option
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library

#: The group of options that name the kind of a responsible AI license.
FLAVOURS = "flavours"
#: What a license is called that asks for nothing, as ModelGo and Creative Commons call theirs.
ZERO = "Zero"


@dataclass(frozen=True, slots=True)
class Names:
    """`code` is what the choices alone say, as in `OpenRAIL-DM`; `title` is the whole name."""

    iri: str
    id: str
    title: str
    code: str
    spdx: str
    keeps_identity: bool = False


def code(kit: Kit, choices: Choices) -> str:
    """Return what choices are called: flavour and letters by the RAIL convention, else the options in order.

    The letters are D, A, M and S in this order, and L for copyleft, which the convention lacks.
    """
    options = [kit.options[key] for key in choices.options]
    letters = "".join(o.rank or "" for o in options if o.kind)
    named = sorted((o for o in options if o.name_place), key=lambda o: o.name_place or 0)
    flavour = next((o for o in options if o.group == FLAVOURS), None)
    if flavour is not None:
        return f"{flavour.rank}-{letters}{_copyleft(named)}"
    return "-".join([*(o.rank or "" for o in named), letters] if named else [ZERO, letters])


def _copyleft(named: list[Option]) -> str:
    return "L" if any(o.group == "copyleft" for o in named) else ""


def names(kit: Kit, library: Library, choices: Choices, identity: str | None = None) -> Names:
    """Return the names of a license; raises `UsageError` where another license bears the name that was given."""
    if identity is not None:
        found = next(one for one in library.licenses.values() if one.iri == identity)
        return Names(identity, found.id, found.name, "", found.spdx_id or "", keeps_identity=True)
    if choices.like:
        base = library.licenses[choices.like]
        plain = f"{choices.name} license" if choices.name else f"License like {base.name}"
        short = choices.name or f"like-{base.id}"
        sort = ""
    else:
        sort = code(kit, choices)
        plain = f"{choices.name} {sort}" if choices.name else sort
        short = plain
    taken = library.names.find(plain) or (library.names.find(choices.name) if choices.name else None)
    if choices.name and taken:
        raise UsageError(f"{plain!r} would be taken for {library.licenses[taken].name} ({taken}). Give another --name.")
    id_ = f"{_slug(short)}-{choices.digest}"
    return Names(f"{ns.LICENSE}{id_}", id_, f"{plain} {choices.digest}", sort, f"LicenseRef-{id_}")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "license"
