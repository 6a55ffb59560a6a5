"""Known artifacts: what the Hub and publishers stated of the works that others are made from.

They ship with the package, as two tab-separated files in `ontology/known/`. `hub.tsv` is made from dumps by
`clausegraph ontology known`; `curated.tsv` is written by hand, each row with its source and the day on which it was
read.

| file | columns |
|---|---|
| `hub.tsv` | kind, id, statements of the license (JSON, the newest first), parents (JSON), open comparisons (JSON) |
| `hub.tsv` | kind, former id, `>`, the id that it has now |
| `curated.tsv` | kind, id, license value (empty: none published), day, source, parents: `relation kind id`, by `,` |

The lines of `hub.tsv` are sorted by kind and small letters of the id, so that a look-up reads about twenty of them.
"""

import json
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from clausegraph.ground.errors import LONGEST
from clausegraph.ground.files import folder

HUB_FILE, CURATED_FILE = "hub.tsv", "curated.tsv"
#: What stands in the third column of a former id.
MOVED = ">"
#: How alike two ids are of which one may be meant for the other, and how many letters more or less one has.
_ALIKE, _SLIPS = 0.82, 3
#: Renames that are followed one after the other.
_MAX_RENAMES = 5


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement of a license: the day, the values as written, the name of an `other`, and who says so.

    `source` is the address that a reader of the terms read, and empty where the statement is the card's own.
    """

    day: str
    licenses: tuple[str, ...]
    name: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class KnownParent:
    """A parent as it is stated, the relation, and the one that tags suggest where the relation is not stated.

    `word` says what is known of a parent that the dumps did not hold.
    """

    kind: str
    id: str
    relation: str
    inferred: str | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A known artifact; `open` are the ways in which a file of it differs from its card."""

    kind: str
    id: str
    stated: tuple[Stated, ...]
    parents: tuple[KnownParent, ...] = ()
    open: tuple[str, ...] = ()


def key(kind: str, id_: str) -> bytes:
    """Return what the lines are sorted by."""
    return f"{kind}\t{id_.lower()}\t".encode(errors="replace")


def hub_line(known: Known) -> str:
    """Return a known artifact as a line of `hub.tsv`."""
    stated = [[s.day, list(s.licenses), *([s.name] if s.name else [])] for s in known.stated]
    parents = [[p.relation, p.kind, p.id, p.inferred or "", p.word] for p in known.parents]
    columns = (json.dumps(value, ensure_ascii=True, separators=(",", ":")) for value in (stated, parents, known.open))
    return "\t".join((known.kind, known.id, *columns))


def _read_hub(line: str) -> Known:
    kind, id_, *columns = line.split("\t")
    stated, parents, left_open = map(json.loads, columns)
    return Known(
        kind,
        id_,
        tuple(Stated(day, tuple(licenses), *name) for day, licenses, *name in stated),
        tuple(KnownParent(of, p, relation, guess or None, word) for relation, of, p, guess, word in parents),
        tuple(left_open),
    )


def _read_curated(line: str) -> Known:
    """Return a row of `curated.tsv`; a value `other` names its license after a colon."""
    kind, id_, value, day, source, *more = line.split("\t")
    triples = [part.split() for part in more[0].split(",")] if more and more[0] else []
    stated = Stated(day, tuple(filter(None, [value])), None, source)
    return Known(kind, id_, (stated,), tuple(KnownParent(of, parent, relation) for relation, of, parent in triples))


class KnownArtifacts:
    """The two files, opened for look-ups."""

    def __init__(self, place: Path) -> None:
        self._curated: dict[bytes, Known] = {}
        for line in (place / CURATED_FILE).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                found = _read_curated(line)
                self._curated[key(found.kind, found.id)] = found
        with (place / HUB_FILE).open("rb") as handle:
            self._hub = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)

    def find(self, kind: str, id_: str) -> Known | None:
        """Return what is known of an id, in any capitals, or of what it is called now; else `None`."""
        for _ in range(_MAX_RENAMES):
            lines = self._lines(key(kind, id_))
            moved = next((line[3] for line in (t.split("\t") for t in lines) if line[2] == MOVED), None)
            if moved is None:
                return self._together(kind, id_, lines)
            id_ = moved
        return None

    def hub(self) -> Iterator[Known]:
        """Yield the artifacts of `hub.tsv` in its order."""
        self._hub.seek(0)
        while line := self._hub.readline().decode().rstrip("\n"):
            if not line.startswith("#") and line.split("\t", 3)[2] != MOVED:
                yield _read_hub(line)

    def nearest(self, kinds: Sequence[str], id_: str, most: int = 3) -> list[tuple[str, str]]:
        """Return up to `most` known artifacts of these kinds whose ids are like one that is not known.

        They have its owner or its name nearly, and the whole is alike.
        """
        if not any(map(str.isalnum, id_)) or len(id_) > LONGEST:
            return []
        low, owner = id_.casefold(), id_.casefold().partition("/")[0]
        found: list[tuple[float, str, str]] = []
        matcher = SequenceMatcher(b=low)
        for kind, known in self._ids(kinds):
            other = known.casefold()
            if abs(len(other) - len(low)) > _SLIPS and not other.startswith(f"{owner}/"):
                continue
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                found.append((-matcher.ratio(), kind, known))
        alike = dict.fromkeys((kind, known) for ratio, kind, known in sorted(found) if -ratio >= _ALIKE)
        return list(alike)[:most]

    def _ids(self, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield kind and id of all known artifacts of some kinds."""
        yield from ((one.kind, one.id) for one in self._curated.values() if one.kind in kinds)
        self._hub.seek(0)
        while line := self._hub.readline():
            kind, _, rest = line.decode().partition("\t")
            if kind in kinds:
                yield kind, rest.partition("\t")[0]

    def _together(self, kind: str, id_: str, lines: list[str]) -> Known | None:
        curated = self._curated.get(key(kind, id_))
        if not lines:
            return curated
        hub = _read_hub(next((line for line in lines if line.split("\t", 2)[1] == id_), lines[0]))
        if curated is None:
            return hub
        return replace(
            hub, stated=(*curated.stated, *hub.stated), parents=tuple(dict.fromkeys((*hub.parents, *curated.parents)))
        )

    def _lines(self, wanted: bytes) -> list[str]:
        """Return the lines of a key, found by halving."""
        low, high = 0, len(self._hub)
        while low < high:
            middle = (low + high) // 2
            start = self._hub.rfind(b"\n", 0, middle) + 1
            end = self._end(start)
            line = self._hub[start:end]
            if line.startswith(b"#") or _key_of(line) < wanted:
                low = end + 1
            else:
                high = start
        found = []
        while low < len(self._hub) and _key_of(line := self._hub[low : self._end(low)]) == wanted:
            found.append(line.decode())
            low += len(line) + 1
        return found

    def _end(self, start: int) -> int:
        end = self._hub.find(b"\n", start)
        return end if end >= 0 else len(self._hub)


def _key_of(line: bytes) -> bytes:
    kind, id_, _ = line.split(b"\t", 2)
    return kind + b"\t" + id_.lower() + b"\t"


@cache
def known_artifacts() -> KnownArtifacts:
    """Return the known artifacts that ship with the package."""
    return KnownArtifacts(folder("ontology") / "known")
