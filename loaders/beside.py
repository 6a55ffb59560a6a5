"""What stands in a repository beside its card: license texts, policies, the base model of an adapter, GGUF metadata.

A license text is identified, and what it says is a statement of its own: the card may say another. A license file that
is about the whole repository is never passed over, whether or not its text is known; one that is by its name about
a part (`LICENSE-CODE` of a model, `LICENSE-third-party`), a notice and a policy are statements only where they are
identified. Of a GGUF file only the head is read.
"""

import codecs
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from clausegraph.loaders import configs
from clausegraph.loaders.document import Context, parse_json
from clausegraph.loaders.identifiers import hub_reference
from clausegraph.loaders.records import (
    APPLICATION,
    ATTACHED,
    DATASET,
    FILE,
    INFERRED,
    MODEL,
    SERVICE,
    SOURCE,
    Identified,
    Reference,
    Statement,
)
from clausegraph.loaders.tags import ADAPTER

#: The largest license text, and how much of a GGUF file is read, in bytes.
MAX_TEXT = 1_000_000
MAX_HEAD = 4_000_000
_MODELS, _DATA, _CODE = r"models?|weights?|checkpoints?", r"data|datasets?|database", r"code|source|software|app|space"
_LICENSE = re.compile(
    rf"(?:(?P<of>{_MODELS}|{_DATA}|{_CODE})[-_ ])?(?:(?:un)?licen[cs]e|copying)(?:[-_. ](?P<rest>[\w. +-]+))?",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"(notice|use[-_]policy|acceptable[-_]use[-_]policy)([-_.][\w.-]+)?", re.IGNORECASE)
#: What the name of a license file says of a whole repository of a kind.
_WHOLE = {MODEL: _MODELS, DATASET: _DATA, SERVICE: _CODE, APPLICATION: _CODE, SOURCE: _CODE}
#: Forms of documents, languages and other words that say nothing of a part; `LESSER` and `LIB` are licenses of GNU.
_PLAIN = re.compile(
    r"txt|text|md|markdown|rst|adoc|html?|pdf|docx?|odt|rtf|tex|agreement|full|terms|lesser|lib|v?\d+|"
    r"ar|cn|de|en|es|fr|it|ja|ko|pt|ru|zh",
    re.IGNORECASE,
)
_ADAPTER = "adapter_config.json"
_HEADS = (".gguf", configs.SAFETENSORS)
_WANTED = (*_HEADS, ".py")
#: What no text holds: control characters, spaces and escapes of terminals apart.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")


def wanted(name: str) -> bool:
    """Say whether a file beside a card is worth reading, by its name."""
    known = name in (*configs.LOADED, *configs.MERGES)
    return known or is_license(name) or bool(_ATTACHED.fullmatch(name)) or name == _ADAPTER or name.endswith(_WANTED)


def is_license(name: str) -> bool:
    """Say whether a file is a license file, by its name."""
    return bool(_LICENSE.fullmatch(name))


def is_head(name: str) -> bool:
    """Say whether only the head of a file is read, by its name."""
    return name.endswith(_HEADS)


def most_of(name: str) -> int:
    """Return how many bytes of a file are read."""
    return MAX_HEAD if is_head(name) else MAX_TEXT


def files_beside(card: Path) -> dict[str, bytes]:
    """Return the files beside a card by name; links that lead out of the folder are not followed.

    Of a file that is too large one byte more than the most is returned.
    """
    found = {}
    for path in sorted(card.parent.iterdir()):
        if wanted(path.name) and path.is_file() and not path.is_symlink():
            with path.open("rb") as handle:
                found[path.name] = handle.read(most_of(path.name) + 1)
    return found


def from_files(
    kind: str, files: Mapping[str, bytes], context: Context
) -> tuple[tuple[Reference, ...], list[Statement]]:
    """Return the parents and license statements in the files beside a card."""
    references: list[Reference] = []
    statements: list[Statement] = []
    for name, data in sorted(files.items()):
        if is_license(name) or _ATTACHED.fullmatch(name):
            text = text_of(data)
            found = context.identify(text) if text else Identified()
            place = FILE if is_license(name) and is_about_the_whole(kind, name, context) else ATTACHED
            if found.license or place == FILE:
                statements.append(Statement(place, found.license or "", name, found.more))
        elif kind == MODEL and name == _ADAPTER:
            references += _adapter(data)
        elif kind in (MODEL, DATASET) and name.endswith(".gguf"):
            facts = gguf_facts(data)
            references += _gguf_parents(facts)
            if license_value := facts.get("general.license"):
                statements.append(Statement(FILE, license_value, name))
    return tuple(dict.fromkeys(references)), statements


def is_about_the_whole(kind: str, name: str, context: Context) -> bool:
    """Say whether a license file is about a whole repository of a kind, by its name.

    It is where the name says nothing else, names that kind (`LICENSE-MODEL` of a model) or names a license
    (`LICENSE-MIT`).
    """
    named = _LICENSE.fullmatch(name)
    if named is None:
        return False
    whole = re.compile(_WHOLE.get(kind, _CODE), re.IGNORECASE)
    words = [word for word in re.split(r"[-_. ]+", f"{named['of'] or ''} {named['rest'] or ''}") if word]
    rest = [word for word in words if not _PLAIN.fullmatch(word) and not whole.fullmatch(word)]
    if not rest:
        return True
    named_whole = "-".join(word for word in words if not whole.fullmatch(word))
    names_license = context.vocabulary().names_license
    return names_license("-".join(rest)) or names_license(named_whole) or names_license(_without_form(named_whole))


def _without_form(words: str) -> str:
    """Return words without the form of document at their end."""
    stem, _, last = words.rpartition("-")
    return stem if _PLAIN.fullmatch(last) and not last.isdigit() else words


def text_of(data: bytes) -> str | None:
    """Return bytes as text: UTF-8 or UTF-16 as a mark at the beginning says, else UTF-8, else Latin-1.

    `None` stands for what is too large for a license text, and for what is no text.
    """
    if len(data) > MAX_TEXT:
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if data.startswith(b"%PDF") or _CONTROLS.search(data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


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
