"""What an upstream work is judged by: a choice of sets of encumbrances, with families and lists taken apart.

A family without a version is a choice of its members where its text lets the user pick. Any other family names no
text: its members only show whether every one of them would be a conflict. A list of licenses on a card may mean that
all of them hold, or that one may be chosen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product

from clausegraph.library import Library
from clausegraph.library.model import Encumbrance

Option = tuple[Encumbrance, ...]
#: Encumbrances by IRI, one row for each option; `None` where nothing of a license is left.
Rows = tuple[tuple[str | None, ...], ...]
#: The class of families whose text lets the user pick a member.
CHOICE = "LicenseChoice"


@dataclass(frozen=True)
class Part:
    """A choice of options, each a set of encumbrances, that one upstream work brings.

    `stated` holds families as they are named, but for those that are a choice; `members` has the options of every
    member of the families in it, and is empty where there is none. `listed` says that a card lists the options without
    saying whether all of them hold. `named` is all that the work declares, as it is named.
    """

    stated: tuple[Option, ...]
    members: tuple[Option, ...] = ()
    listed: bool = False
    named: Option = ()

    def __iter__(self) -> Iterator[Option]:
        return iter(self.stated)

    @cached_property
    def together(self) -> "Part":
        """The part in which all options hold at once."""
        return Part((_union(self.stated),), (_union(self.members),) if self.members else (), named=self.named)


def _union(options: Sequence[Option]) -> Option:
    return tuple({e.iri: e for e in chain.from_iterable(options)}.values())


def part_of(library: Library, rows: Rows, *, listed: bool = False) -> Part:
    """Return the part that rows of encumbrances mean."""
    stated = [option for row in rows for option in _expanded(library, row, only_choices=True)]
    named = any(_members(library, iri, only_choices=False) for row in rows for iri in row if iri)
    members = [option for row in rows for option in _expanded(library, row, only_choices=False)] if named else []
    names = tuple(library.encumbrances[iri] for iri in dict.fromkeys(iri for row in rows for iri in row if iri))
    return Part(tuple(stated), tuple(members) if members != stated else (), listed, names)


def _expanded(library: Library, row: Sequence[str | None], *, only_choices: bool) -> Iterator[Option]:
    """Yield the options that a row means, once families are replaced by each of their members."""
    ways = [_members(library, iri, only_choices=only_choices) or (iri,) for iri in row]
    for way in product(*ways):
        yield tuple(library.encumbrances[iri] for iri in way if iri)


def _members(library: Library, iri: str | None, *, only_choices: bool) -> tuple[str | None, ...]:
    """Return what a family's encumbrance is for each of its members; empty where it is that of no family."""
    if iri is None:
        return ()
    found = library.encumbrances[iri]
    if only_choices and CHOICE not in library.licenses[found.license].sorts:
        return ()
    return tuple(library.encumbrance_of(m, found.mode) for m in library.members.get(found.license, ()))
