"""What people want of a license, and which licenses fulfil it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.ground.files import folder
from clausegraph.library.index import index_files
from clausegraph.library.model import License
from clausegraph.library.read import Reader


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish, and the families, kinds of clause and rights of which one fulfils it."""

    key: str
    label: str
    definition: str
    families: tuple[str, ...]
    kinds: tuple[str, ...]
    rights: tuple[str, ...]

    def fulfilled_by(self, found: License) -> bool | None:
        """Say whether a license fulfils the wish; `None` where not all its clauses are known."""
        kinds = {clause.kind.name for clause in found.clauses}
        if kinds & set(self.kinds) or found.grants & set(self.rights) or set(found.families) & set(self.families):
            return True
        return False if found.complete else None


@cache
def load_wishes() -> dict[str, Wish]:
    """Read the wishes that this installation ships, in their order."""
    reader = Reader(index_files([folder("ontology") / "composing" / "wishes.ttl"]))
    return {
        reader.one(s, "spelling"): Wish(
            reader.one(s, "spelling"),
            reader.one(s, ns.SKOS + "prefLabel"),
            reader.one(s, ns.SKOS + "definition"),
            reader.locals(s, "wantsFamily"),
            reader.locals(s, "wantsKind"),
            reader.locals(s, "wantsRight"),
        )
        for s in sorted(reader.typed("Wish"), key=lambda s: int(reader.one(s, "order")))
    }


def wishes_of(keys: Iterable[str]) -> tuple[Wish, ...]:
    """Return wishes by their keys; raises `UnknownIdentifier`."""
    known = load_wishes()
    for key in keys:
        if key not in known:
            raise UnknownIdentifier("wish", key, known, f"Known are {', '.join(known)}.")
    return tuple(known[key] for key in known if key in set(keys))
