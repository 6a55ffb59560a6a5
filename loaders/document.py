"""Files from outside: opened whatever their compression, read within limits.

Everything here is treated as hostile. A line, a document and what a compressed file unpacks to have
a largest size; what exceeds it is refused with the limit named, and never kept in memory whole.
"""

import codecs
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from clausegraph.loaders.records import Identified, Record, Rejected

from clausegraph.ground.errors import UnreadableInput

#: The longest line of a list, and the largest document, in bytes.
MAX_LINE = 32_000_000
MAX_DOCUMENT = 256_000_000
#: How much of a rejected record is kept.
KEPT = 2000
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
#: What a damaged compressed file raises.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, OSError)


@dataclass(frozen=True)
class Context:
    """What a loader may ask of its context: kinds and relations that exist, and where bad records go.

    `identify` returns which license a text is, and whether it holds more than that.
    """

    reject: Callable[[Rejected], None]
    vocabulary: Callable[[], "Vocabulary"]
    identify: Callable[[str], Identified]


@dataclass(frozen=True)
class Vocabulary:
    """The kinds of artifacts and the reuse relations by spelling, and terms of other vocabularies for both.

    `contexts` are the JSON-LD contexts that are at hand, by their address. `undeclared` is the IRI that says that
    no license is declared, `leaves_open` whether a license value says that the terms stand elsewhere,
    `names_license` whether a word is a name of a license or of a family of licenses, and `means` the expression of
    license ids that a value, a name or an address means, or `None` where a part of it is not one text that is known.
    """

    kinds: dict[str, str]
    relations: dict[str, str]
    classes: dict[str, str]
    properties: dict[str, str]
    contexts: dict[str, Any]
    undeclared: str
    leaves_open: Callable[[str], bool]
    names_license: Callable[[str], bool]
    means: Callable[[str], str | None]


@dataclass(frozen=True)
class Document:
    """A file that is read as a whole: its place for messages, its name, and its bytes without compression."""

    place: str
    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The last suffix of the name without that of a compression, in small letters."""
        path = PurePosixPath(self.name.casefold())
        return PurePosixPath(path.stem).suffix if path.suffix in (".gz", ".zst") else path.suffix

    @cached_property
    def text(self) -> str:
        """The content as UTF-8; raises `ValueError` with the place of a byte that is none."""
        return decoded(self.data)

    @cached_property
    def json(self) -> Any:
        """The content as JSON, or `None` if it is none."""
        if self.data[:4096].lstrip()[:1] not in (b"{", b"["):
            return None
        try:
            return parse_json(self.data)
        except ValueError:
            return None


def decoded(data: bytes) -> str:
    """Return bytes as text; raises `ValueError` with the place of a byte that is no UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: byte {data[error.start]:#04x} is no UTF-8; save the file as UTF-8") from error


def parse_json(data: bytes | str) -> Any:
    """Return JSON from outside; raises `ValueError` with place and reason, also where it is nested too deeply."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"{place}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is no UTF-8") from error
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the mappings in a value that should be a list of them; anything else in it is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    """Return a value that should be a mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def compression(path: Path) -> str | None:
    """Return `gzip`, `zstd` or `None`, by the first bytes of a file."""
    with path.open("rb") as raw:
        head = raw.read(4)
    return "gzip" if head[:2] == _GZIP else "zstd" if head == _ZSTD else None


@contextmanager
def _zstd(path: Path) -> Iterator[IO[bytes]]:
    """Open a file of Zstandard; what Arrow says of damage is an `OSError`."""
    import pyarrow as pa  # which takes a tenth of a second, and only such files need it

    try:
        with pa.input_stream(str(path), compression="zstd") as stream:
            yield io.BufferedReader(stream)
    except pa.ArrowException as error:
        raise OSError(str(error)) from error


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open a file without its compression."""
    packed = compression(path)
    if packed == "gzip":
        with gzip.open(path, "rb") as handle:
            yield cast("IO[bytes]", handle)
    elif packed == "zstd":
        with _zstd(path) as stream:
            yield stream
    else:
        with path.open("rb") as plain:
            yield plain


def read_document(path: Path, most: int = MAX_DOCUMENT) -> Document:
    """Return a file as a document; raises `UnreadableInput` naming the file and the limit or the damage."""
    try:
        with open_bytes(path) as handle:
            data = handle.read(most + 1)
    except DAMAGED as error:
        raise UnreadableInput(f"{path}: the file is damaged or cut off ({error}). Fetch it again.") from error
    if len(data) > most:
        raise UnreadableInput(f"{path}: the document has more than {most:,} bytes. Split it, or load it as JSON lines.")
    return Document(str(path), path.name, data)


def numbered_lines(path: Path, reject: Callable[[Rejected], None]) -> Iterator[tuple[int, str]]:
    """Yield (number, line) for each line that holds something.

    A broken end and a line that is too long are rejected, not raised. Bytes that are no UTF-8 are kept as escapes.
    """
    number = 0
    try:
        with open_bytes(path) as handle:
            while line := handle.readline(MAX_LINE):
                number += 1
                line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if len(line) == MAX_LINE and not line.endswith(b"\n"):
                    while (more := handle.readline(MAX_LINE)) and not more.endswith(b"\n"):
                        pass
                    reject(Rejected(str(path), number, f"the line has more than {MAX_LINE:,} bytes", ""))
                elif line.strip():
                    yield number, line.decode("utf-8", errors="backslashreplace")
    except DAMAGED as error:
        reason = f"the compressed file is damaged or cut off after line {number}: {error}"
        reject(Rejected(str(path), number + 1, reason, ""))


def first_records(path: Path, most: int) -> list[Any]:
    """Return the first values of a file of JSON lines; lines that are no JSON are left out."""
    found: list[Any] = []
    for number, line in numbered_lines(path, lambda _: None):
        with suppress(ValueError):
            found.append(parse_json(line))
        if len(found) >= most or number >= 20 * most:
            break
    return found


def read_each(
    place: str, items: Iterable[tuple[int, Any]], read: Callable[[Any], Iterable[Record]], context: Context
) -> Iterator[Record]:
    """Read numbered items one by one; one that cannot be read goes to quarantine with its reason."""
    for number, item in items:
        try:
            yield from list(read(item))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            kept = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, default=str)
            context.reject(Rejected(place, number, reason_of(error), kept.rstrip("\n")[:KEPT]))


def reason_of(error: Exception) -> str:
    """Return the reason of an error as a sentence without its type, or with it where the message alone says little."""
    return str(error) if isinstance(error, ValueError) else f"it is not formed as expected ({error!r})"
