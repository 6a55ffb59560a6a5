"""What stands in a repository beside its card: license texts, policies, the base model of an adapter, GGUF heads.

A license text is identified, and what it says is a statement of its own: the card may say another. A license file that
is about the whole repository is never passed over, whether or not its text is known; one that is by its name about
a part (`LICENSE-CODE` of a model, `LICENSE-third-party`), a notice and a policy are statements only where they are
identified. Of a GGUF file only the head is read.

A link is followed where it stays in the folder, or in the folder of its repository in the cache of the Hub's library,
which keeps files elsewhere. What is there and cannot be read is told, and counts as a file of which nothing is known.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from clausegraph.loaders import configs, gguf, project_files, text_forms
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
    Rejected,
    Statement,
)
from clausegraph.loaders.tags import ADAPTER
from clausegraph.loaders.text_forms import text_of

#: What stands for the content of a file that is there and cannot be read; no text, JSON, code or head is so.
UNREADABLE = b"\x00"
#: The most files below a folder for licenses that are read.
MAX_LICENSES = 1000
_ADAPTER = "adapter_config.json"
_HEADS = (gguf.GGUF, configs.SAFETENSORS)
_WANTED = (*_HEADS, ".py")
_CACHED = re.compile(r"(?:models|datasets|spaces)--.+")


def wanted(name: str) -> bool:
    """Say whether a file beside a card is worth reading, by its name."""
    known = name in (*configs.LOADED, *configs.MERGES, *project_files.NAMES, _ADAPTER)
    return known or is_license(name) or is_attached(name) or name.casefold().endswith(_WANTED)


def is_head(name: str) -> bool:
    """Say whether only the head of a file is read, by its name."""
    return name.casefold().endswith(_HEADS)


def most_of(name: str) -> int:
    """Return how many bytes of a file are read."""
    return configs.MAX_HEAD if is_head(name) else text_forms.most_of(name)


def files_beside(card: Path, context: Context) -> dict[str, bytes]:
    """Return the files beside a card by name; one that cannot be read is told, and its content is `UNREADABLE`.

    Of a file that is too large one byte more than the most is returned.
    """
    found = {}
    for path in _around(card.parent):
        name = printable(path.relative_to(card.parent).as_posix())
        if not wanted(name):
            continue
        if reason := unread(path, card.parent):
            context.reject(Rejected(printable(str(path)), 0, reason, ""))
            found[name] = UNREADABLE
            continue
        try:
            with path.open("rb") as handle:
                found[name] = handle.read(most_of(name) + 1)
        except OSError as error:
            context.reject(Rejected(printable(str(path)), 0, f"it could not be read: {error.strerror or error}", ""))
            found[name] = UNREADABLE
    return found


def _around(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, and those in its folders for licenses; links to folders are files here."""
    for path in sorted(folder.iterdir()):
        if not is_license_folder(path.name) or not path.is_dir() or path.is_symlink():
            if path.is_symlink() or not path.is_dir():
                yield path
            continue
        inside = sorted(Path(place) / name for place, _, names in os.walk(path) for name in names)
        yield from inside[:MAX_LICENSES]


def unread(path: Path, root: Path) -> str:
    """Return why a file in a folder may not be opened: a link that leads out, or no file at all; "" where it may.

    >>> unread(Path("/dev/null"), Path("/dev"))
    'it is no file but a device, a pipe or a folder; it was not read'
    """
    if path.is_symlink():
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "the link leads nowhere"
        if not real.is_relative_to(_repository(root)):
            return "the link leads out of the folder; it was not followed"
    return "" if path.is_file() else "it is no file but a device, a pipe or a folder; it was not read"


def _repository(folder: Path) -> Path:
    """Return the folder whose files belong to a repository: in a cache of the Hub's library the one above snapshots."""
    real = folder.resolve()
    for one in (real, *real.parents):
        if one.parent.name == "snapshots" and _CACHED.fullmatch(one.parent.parent.name):
            return one.parent.parent
    return real


def printable(name: str) -> str:
    """Return a name from a disk as text: bytes of it that are no UTF-8 become marks."""
    return name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def from_files(
    kind: str, files: Mapping[str, bytes], context: Context, folder: str = ""
) -> tuple[tuple[Reference, ...], list[Statement]]:
    """Return the parents and license statements in the files beside a card, which stands in `folder`."""
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
        elif kind in (MODEL, DATASET) and name.casefold().endswith(gguf.GGUF):
            facts, reason = gguf.facts(data)
            if reason and data != UNREADABLE:
                context.reject(Rejected(f"{folder}/{name}" if folder else name, 0, reason, ""))
            references += gguf.parents(facts)
            if stated := gguf.license_of(facts):
                statements.append(Statement(FILE, stated, name))
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
    stated = configs.whole(base).strip() if isinstance(base, str) else ""
    found = hub_reference(stated)
    yield Reference(MODEL, found[1] if found else stated, ADAPTER, INFERRED, FILE)
