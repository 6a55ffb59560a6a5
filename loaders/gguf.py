"""The head of a GGUF file: what it says of license, base models and data.

Layout: magic, version (u32), number of tensors and of pairs (u64), then key, type (u32) and value of each pair.
"""

import re
import struct
from collections.abc import Iterator, Mapping

from clausegraph.loaders.configs import MAX_HEAD, whole
from clausegraph.loaders.identifiers import hub_reference
from clausegraph.loaders.records import DATASET, FILE, INFERRED, MODEL, Reference

GGUF = ".gguf"
#: The most pairs of a head that are read.
MAX_PAIRS = 10_000
#: Sizes of the fixed-size values of GGUF, by type number; 8 is a string, 9 an array.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9
_SOURCES = ("general.source.huggingface.repository", "general.source.repo_url")
_BASE = re.compile(r"general\.base_model\.\d+\.repo_url")
_DATA = re.compile(r"general\.dataset\.\d+\.repo_url")


def facts(data: bytes) -> tuple[dict[str, str], str]:
    """Return the texts in the head of a GGUF file by key, and why no more could be read ("" where all was)."""
    found: dict[str, str] = {}
    if data[:4] != b"GGUF" or len(data) < 24:
        return found, "it does not begin as a GGUF file does"
    reader = _Head(data)
    count = struct.unpack_from("<Q", data, 16)[0]
    for number in range(min(count, MAX_PAIRS)):
        try:
            key = reader.string()
            value = reader.value(reader.number("<I"))
        except (struct.error, IndexError, ValueError) as error:
            if len(data) > MAX_HEAD and "general.architecture" in found:
                return found, ""  # writers put what is general first, and a vocabulary may be longer than what is read
            return found, f"its head is damaged or cut off after {number} of {count:,} values ({error})"
        if value is not None:
            found[key] = value
    return found, "" if count <= MAX_PAIRS else f"its head has {count:,} values, of which {MAX_PAIRS:,} were read"


def parents(found: Mapping[str, str]) -> Iterator[Reference]:
    """Yield what a GGUF file names as its source, its base models and its data; what is no id stays as stated."""
    for key, value in found.items():
        if not value.strip():
            continue
        if key in _SOURCES or _BASE.fullmatch(key):
            yield _reference(MODEL, value, "quantize")
        elif _DATA.fullmatch(key):
            yield _reference(DATASET, value, "train")


def license_of(found: Mapping[str, str]) -> str:
    """Return the license that a GGUF file states: its name counts where the value says `other` or nothing."""
    value, name = (found.get(key, "").strip() for key in ("general.license", "general.license.name"))
    return name if name and value.casefold() in ("", "other") else value


def _reference(kind: str, stated: str, relation: str) -> Reference:
    named = hub_reference(stated)
    id_ = named[1] if named and named[0] in (None, kind) else stated.strip()
    return Reference(kind, id_, relation, INFERRED, FILE)


class _Head:
    """The bytes of a GGUF file while they are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 24

    def number(self, form: str) -> int:
        value: int = struct.unpack_from(form, self.data, self.at)[0]
        self.at += struct.calcsize(form)
        return value

    def string(self) -> str:
        size = self.number("<Q")
        if self.at + size > len(self.data):
            raise IndexError("cut off")
        self.at += size
        return whole(self.data[self.at - size : self.at].decode("utf-8", errors="replace"))

    def value(self, kind: int) -> str | None:
        """Read a value; only a text is returned."""
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            inner, count = self.number("<I"), self.number("<Q")
            if inner == _STRING:
                for _ in range(count):
                    self.string()
            else:
                self.at += self._size(inner) * count
        else:
            self.at += self._size(kind)
        if self.at > len(self.data):
            raise IndexError("cut off")
        return None

    def _size(self, kind: int) -> int:
        if kind not in _SIZES:
            raise ValueError(f"no GGUF type has the number {kind}")
        return _SIZES[kind]
