"""One search over everything that has a page: licenses, kinds of clause, restrictions and artifacts."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.composing.kit import load_kit
from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import address, iri_of
from clausegraph.library import Library
from clausegraph.library.names import normalize
from clausegraph.loaders.identifiers import split_reference
from clausegraph.server.pages.facets import hold
from clausegraph.server.pages.rendering import page_of, page_of_work

MAX = 10
#: Characters of a search that count.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what kind of thing, its name, its IRI, where its page is, and a line about it."""

    sort: str
    name: str
    iri: str
    href: str
    about: str

    def to_dict(self) -> dict[str, str]:
        """Return the hit as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def _of_library(sort: str, name: str, iri: str, about: str) -> Hit:
    return Hit(sort, name, iri, page_of(iri), about)


def _of_works(kind: str, id_: str, downloads: int) -> Hit:
    work = address(kind, id_)
    return Hit(kind, id_, iri_of(work), page_of_work(work), f"{downloads:,} downloads" if downloads else "")


@cache
def _library_entries(library: Library) -> tuple[tuple[str, Hit], ...]:
    """Return everything of the library that can be found, with the plain spelling by which it is."""
    found = []
    for one in library.licenses.values():
        hit = _of_library("license", one.id, one.iri, one.name)
        spellings = {one.id, one.name, one.spdx_id or "", one.hf_id or "", *one.aliases} - {""}
        found += [(normalize(spelling), hit) for spelling in sorted(spellings)]
    for kind in library.kinds.values():
        hit = _of_library("clause", kind.label, ns.KIND + kind.name, kind.definition)
        found += [(normalize(spelling), hit) for spelling in (kind.name, kind.label)]
    for key, restriction in load_kit().restrictions.items():
        hit = _of_library("restriction", restriction.label, ns.RESTRICTION + key, restriction.wording)
        found += [(normalize(spelling), hit) for spelling in (key, restriction.label)]
    return tuple(found)


def search_library(library: Library, text: str) -> list[Hit]:
    """Return what of the library is spelled so, begins or contains it, or is nearest to it."""
    key = normalize(text[:LONGEST])
    if not key:
        return []
    entries = _library_entries(library)
    ranked = [
        (spelling != key, not spelling.startswith(key), spelling, hit) for spelling, hit in entries if key in spelling
    ]
    hits = [row[3] for row in sorted(ranked, key=lambda row: row[:3])]
    if not hits:
        known: dict[str, Hit] = {}
        for spelling, hit in entries:
            known.setdefault(spelling, hit)
        hits = [known[near] for near in get_close_matches(key, list(known), n=MAX, cutoff=0.6)]
    return list(dict.fromkeys(hits))[:MAX]


def search_artifacts(catalogue: Catalogue, text: str, *, near: bool = True) -> list[Hit]:
    """Return artifacts whose id is, begins with or contains a text, most downloaded first; else the nearest."""
    kind, id_ = split_reference(text[:LONGEST])
    plain = id_.strip().lower()
    if not plain:
        return []
    hold(catalogue)
    where, values = ("AND kind = ?", [kind]) if kind else ("", [])
    rows: list[Any] = catalogue.ask(
        f"""SELECT kind, id, downloads FROM works WHERE contains(low, ?) {where}
        ORDER BY low != ?, NOT starts_with(low, ?), downloads DESC, id LIMIT {MAX}""",
        [plain, *values, plain, plain],
    )
    if not rows and near and len(plain) > 2:
        rows = catalogue.ask(
            f"""SELECT kind, id, downloads FROM works
            ORDER BY jaro_winkler_similarity(low, ?) DESC, downloads DESC LIMIT {MAX // 3}""",
            [plain],
        )
    return [_of_works(*row) for row in rows]
