"""What stands in a repository beside its card: license texts, policies, the base model of an adapter, GGUF metadata.

A license text is identified, and what it says is a statement of its own: the card may say another. Of
a GGUF file only the head is read.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from clausegraph.loaders.document import Context, parse_json
from clausegraph.loaders.identifiers import hub_reference
from clausegraph.loaders.records import ATTACHED, DATASET, FILE, INFERRED, MODEL, Reference, Statement

#: The largest license text, and how much of a GGUF file is read, in bytes.
MOST_TEXT = 1_000_000
MOST_HEAD = 4_000_000
#: The share of a text that its license must cover, in percent, to be taken for it.
ENOUGH = 80.0
_LICENSE = re.compile(r"^(licen[cs]e|copying)([-_.][\w.-]+)?$", re.IGNORECASE)
_ATTACHED = re.compile(r"^(notice|use[-_]policy|acceptable[-_]use[-_]policy)([-_.][\w.-]+)?$", re.IGNORECASE)
_ADAPTER = "adapter_config.json"


def wanted(name: str) -> bool:
    """Say whether a file beside a card is worth reading, by its name."""
    return bool(_LICENSE.match(name) or _ATTACHED.match(name)) or name == _ADAPTER or name.endswith(".gguf")


def most_of(name: str) -> int:
    """Return how many bytes of a file are read."""
    return MOST_HEAD if name.endswith(".gguf") else MOST_TEXT


def files_beside(card: Path) -> dict[str, bytes]:
    """Return the files beside a card by name; links that lead out of the folder are not followed."""
    found = {}
    for path in sorted(card.parent.iterdir()):
        if wanted(path.name) and path.is_file() and not path.is_symlink():
            with path.open("rb") as handle:
                found[path.name] = handle.read(most_of(path.name))
    return found


def from_files(
    kind: str, files: Mapping[str, bytes], context: Context
) -> tuple[tuple[Reference, ...], list[Statement]]:
    """Return the parents and license statements in the files beside a card."""
    references: list[Reference] = []
    statements: list[Statement] = []
    for name, data in sorted(files.items()):
        if _LICENSE.match(name) or _ATTACHED.match(name):
            found = context.identify(data.decode("utf-8", errors="replace"))
            if found and found[1] >= ENOUGH:
                statements.append(Statement(FILE if _LICENSE.match(name) else ATTACHED, found[0], name))
        elif kind == MODEL and name == _ADAPTER:
            references += _adapter(data)
        elif kind in (MODEL, DATASET) and name.endswith(".gguf"):
            facts = gguf_facts(data)
            references += _gguf_parents(facts)
            if license_value := facts.get("general.license"):
                statements.append(Statement(FILE, license_value, name))
    return tuple(dict.fromkeys(references)), statements


def _adapter(data: bytes) -> Iterator[Reference]:
    """Yield the base model of an adapter; a local path names none."""
    try:
        config = parse_json(data)
    except ValueError:
        return
    base = config.get("base_model_name_or_path") if isinstance(config, dict) else None
    found = hub_reference(base) if isinstance(base, str) else None
    if found:
        yield Reference(MODEL, found[1], "adapter", INFERRED, FILE)


def _gguf_parents(facts: Mapping[str, str]) -> Iterator[Reference]:
    """Yield what a GGUF file was converted from: its source, else the base models that it names."""
    urls = [v for k, v in facts.items() if k in ("general.source.huggingface.repository", "general.source.repo_url")]
    urls = urls or [v for k, v in facts.items() if re.fullmatch(r"general\.base_model\.\d+\.repo_url", k)]
    for url in urls:
        found = hub_reference(url)
        if found and found[0] in (None, MODEL):
            yield Reference(MODEL, found[1], "quantize", INFERRED, FILE)


#: Sizes of the fixed-size values of GGUF, by type number; 8 is a string, 9 an array.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9


def gguf_facts(data: bytes) -> dict[str, str]:
    """Return the texts in the head of a GGUF file by key; a head that is cut off or damaged gives what was read.

    Layout: magic, version (u32), number of tensors and of pairs (u64), then key, type (u32) and value of each pair.
    """
    facts: dict[str, str] = {}
    if data[:4] != b"GGUF" or len(data) < 24:
        return facts
    reader = _Head(data)
    for _ in range(min(struct.unpack_from("<Q", data, 16)[0], 10_000)):
        try:
            key = reader.string()
            value = reader.value(reader.number("<I"))
        except (struct.error, IndexError, ValueError):
            break
        if value is not None:
            facts[key] = value
    return facts


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
        return self.data[self.at - size : self.at].decode("utf-8", errors="replace")

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
