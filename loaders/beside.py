"""What stands in a repository beside its card: license texts, policies, the base model of an adapter, GGUF metadata.

A license text is identified, and what it says is a statement of its own: the card may say another. A license file that
is about the whole repository is never passed over, whether or not its text is known; one that is by its name about
a part (`LICENSE-CODE` of a model, `LICENSE-third-party`), a notice and a policy are statements only where they are
identified. Of a GGUF file only the head is read.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from clausegraph.loaders import configs, text_forms
from clausegraph.loaders.document import Context, parse_json
from clausegraph.loaders.identifiers import hub_reference
from clausegraph.loaders.license_files import is_about_the_whole, is_attached, is_license, is_license_folder
from clausegraph.loaders.records import (
    ATTACHED,
    DATASET,
    FILE,
    INFERRED,
    MODEL,
    Identified,
    Reference,
    Statement,
)
from clausegraph.loaders.tags import ADAPTER
from clausegraph.loaders.text_forms import text_of

#: How much of a GGUF or safetensors file is read, in bytes.
MAX_HEAD = 4_000_000
_ADAPTER = "adapter_config.json"
_HEADS = (".gguf", configs.SAFETENSORS)
_WANTED = (*_HEADS, ".py")


def wanted(name: str) -> bool:
    """Say whether a file beside a card is worth reading, by its name."""
    known = name in (*configs.LOADED, *configs.MERGES)
    return known or is_license(name) or is_attached(name) or name == _ADAPTER or name.endswith(_WANTED)


def is_head(name: str) -> bool:
    """Say whether only the head of a file is read, by its name."""
    return name.endswith(_HEADS)


def most_of(name: str) -> int:
    """Return how many bytes of a file are read."""
    return MAX_HEAD if is_head(name) else text_forms.most_of(name)


def files_beside(card: Path) -> dict[str, bytes]:
    """Return the files beside a card by name; links that lead out of the folder are not followed.

    Of a file that is too large one byte more than the most is returned.
    """
    found = {}
    for path in sorted(card.parent.iterdir()):
        if path.is_symlink():
            continue
        folder = is_license_folder(path.name) and path.is_dir()
        for one in sorted(path.iterdir()) if folder else (path,):
            name = one.relative_to(card.parent).as_posix()
            if wanted(name) and one.is_file() and not one.is_symlink():
                with one.open("rb") as handle:
                    found[name] = handle.read(most_of(name) + 1)
    return found


def from_files(
    kind: str, files: Mapping[str, bytes], context: Context
) -> tuple[tuple[Reference, ...], list[Statement]]:
    """Return the parents and license statements in the files beside a card."""
    references: list[Reference] = []
    statements: list[Statement] = []
    for name, data in sorted(files.items()):
        if is_license(name) or is_attached(name):
            text = text_of(data, name)
            found = context.identify(text) if text else Identified()
            place = FILE if is_license(name) and is_about_the_whole(kind, name, context) else ATTACHED
            if found.license or place == FILE:
                statements.append(found.statement(place, name))
        elif kind == MODEL and name == _ADAPTER:
            references += _adapter(data)
        elif kind in (MODEL, DATASET) and name.endswith(".gguf"):
            facts = gguf_facts(data)
            references += _gguf_parents(facts)
            if license_value := facts.get("general.license"):
                statements.append(Statement(FILE, license_value, name))
    return tuple(dict.fromkeys(references)), statements


def _adapter(data: bytes) -> Iterator[Reference]:
    """Yield the base model of an adapter as the configuration states it; an adapter always has one.

    A path on somebody's disk stays as it stands, and an empty text stands for a base that is not named.
    """
    try:
        config = parse_json(data)
    except ValueError:
        config = None
    base = config.get("base_model_name_or_path") if isinstance(config, dict) else None
    stated = base.strip() if isinstance(base, str) else ""
    found = hub_reference(stated)
    yield Reference(MODEL, found[1] if found else stated, ADAPTER, INFERRED, FILE)


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
