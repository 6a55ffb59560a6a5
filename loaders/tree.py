"""Folders of files, and tar and zip archives, which are read without unpacking them to disk.

Cards are read together with what stands beside them. Any other file that a loader knows is read as
if it were named by itself. Archives are hostile: a member that leads out of the archive, a link, and a
member that unpacks to more than its limit go to quarantine, and nothing is written anywhere.
"""

import os
import tarfile
import zipfile
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path, PurePosixPath
from typing import IO

from clausegraph.loaders import beside, card
from clausegraph.loaders.document import DAMAGED, Context, Document, compression, open_bytes, read_each, reason_of
from clausegraph.loaders.license_files import is_license, is_license_folder, near
from clausegraph.loaders.records import Record, Rejected

#: The most members of an archive, and the most that all of them may unpack to, in bytes.
MAX_MEMBERS = 5_000_000
MAX_BYTES = 64_000_000_000
#: The most folders in a folder for licenses that are looked into.
MAX_FOLDERS = 1000
#: From how many Markdown files without a README on they are cards, each of its own.
_MANY = 100
_SPECIAL = "the member is a link or a device; it was not read"
_HIDDEN = (".", "__MACOSX")
_ZIP, _TAR_SUFFIXES = b"PK\x03\x04", (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True)
class Member:
    """A file of a tree: its name with `/`, and its first bytes."""

    name: str
    data: bytes

    @property
    def folder(self) -> str:
        """The folder of the card beside which the file lies."""
        return near(self.name)[0]

    @property
    def base(self) -> str:
        """The name without that folder."""
        return near(self.name)[1]


def accepts(path: Path) -> bool:
    """Say whether the path is a folder or an archive."""
    if path.is_dir():
        return True
    with path.open("rb") as handle:
        head = handle.read(4)
    return head == _ZIP or path.name.casefold().endswith(_TAR_SUFFIXES)


def read(path: Path, context: Context) -> Iterator[Record]:
    """Yield the records of all files in a folder or archive, folder by folder.

    Of a folder no more is kept in memory than its card, what stands beside it, and the first other Markdown
    files, which count as cards only where there is no README.
    """
    for _, group in groupby(members(path, context), key=lambda m: m.folder):
        near: dict[str, bytes] = {}
        others: list[Document] = []
        main: Document | None = None
        for member in group:
            document = Document(f"{path}/{member.name}", member.name, member.data)
            if member.base in card.CARD_NAMES:
                main = card.first_of(main, document, context)
            elif beside.wanted(member.base):
                near[member.base] = member.data
            elif not card.accepts(document):
                yield from _other(document, context)
            elif member.data.removeprefix(BOM_UTF8).lstrip().startswith(b"---"):
                others.append(document)
            if main is None and len(others) > _MANY:
                yield from _one(others.pop(0), context, {})
        if main is not None:
            yield from _one(main, context, near)
        for document in others if main is None else ():
            yield from _one(document, context, {})


def _one(document: Document, context: Context, near: dict[str, bytes]) -> Iterator[Record]:
    try:
        yield from list(card.read(document, context, near))
    except ValueError as error:
        context.reject(Rejected(document.place, 1, reason_of(error), ""))


def _other(document: Document, context: Context) -> Iterator[Record]:
    from clausegraph.loaders.registry import document_loader

    loader = document_loader(document)
    if loader:
        yield from read_each(document.place, [(1, "")], lambda _: loader.read(document, context), context)


def members(path: Path, context: Context) -> Iterator[Member]:
    """Yield the files of a folder or archive that may be worth reading, in the order of the tree."""
    if path.is_dir():
        return _of_folder(path, context)
    with path.open("rb") as handle:
        zipped = handle.read(4) == _ZIP
    return _of_zip(path, context) if zipped else _of_tar(path, context)


def _most(name: str) -> int:
    base = near(name)[1]
    return beside.most_of(base) if beside.wanted(base) else card.MAX_CARD


def _worth(name: str) -> bool:
    from clausegraph.loaders.registry import DOCUMENT_SUFFIXES

    path = PurePosixPath(name)
    hidden = any(part.startswith(_HIDDEN) for part in path.parts)
    return not hidden and (beside.wanted(near(name)[1]) or path.suffix.casefold() in DOCUMENT_SUFFIXES)


def _of_folder(root: Path, context: Context) -> Iterator[Member]:
    for folder, folders, names in os.walk(root):
        paths = [Path(folder) / name for name in names]
        for name in [one for one in folders if is_license_folder(one)]:  # what lies in them belongs to the card above
            folders.remove(name)
            if (Path(folder) / name).is_symlink():
                paths.append(Path(folder) / name)
                continue
            inside = os.walk(Path(folder) / name)
            paths += [Path(place) / one for place, _, files in islice(inside, MAX_FOLDERS) for one in files]
        folders.sort()
        for path in sorted(paths, key=lambda one: near(one.relative_to(root).as_posix())):
            name = beside.printable(path.relative_to(root).as_posix())
            if _worth(name):
                yield from _on_disk(root, path, name, context)


def _on_disk(root: Path, path: Path, name: str, context: Context) -> Iterator[Member]:
    """Yield a file of a folder; one that cannot be read is told, and beside a card it still counts as there."""
    reason = beside.unread(path, root)
    try:
        if not reason:
            with path.open("rb") as handle:
                yield from _limited(root, name, handle, context)
    except OSError as error:
        reason = f"{error.strerror or error}"
    if reason:
        yield from _refused(f"{root}/{name}", name, reason, context)


def _refused(place: str, name: str, reason: str, context: Context) -> Iterator[Member]:
    """Reject a file, and yield that it is there where it would count beside a card."""
    context.reject(Rejected(place, 0, reason, ""))
    if beside.wanted(near(name)[1]):
        yield Member(PurePosixPath(name).as_posix(), beside.UNREADABLE)


def _of_zip(path: Path, context: Context) -> Iterator[Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = sorted(archive.infolist(), key=lambda i: near(i.filename))
            for info in infos:
                if info.is_dir() or not _worth_and_inside(path, info.filename, context):
                    continue
                if (info.external_attr >> 28) == 0xA:
                    yield from _refused(f"{path}/{info.filename}", info.filename, _SPECIAL, context)
                    continue
                with archive.open(info) as handle:
                    yield from _limited(path, info.filename, handle, context)
    # zipfile says NotImplementedError of a compression, and RuntimeError of a password, that it cannot read
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *DAMAGED) as error:
        context.reject(Rejected(str(path), 0, f"the archive is damaged, locked or cut off: {error}", ""))


@contextmanager
def _open_tar(path: Path) -> Iterator[tarfile.TarFile]:
    if compression(path) == "zstd":
        with open_bytes(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            yield archive
    else:
        with tarfile.open(path, mode="r|*") as archive:
            yield archive


def _of_tar(path: Path, context: Context) -> Iterator[Member]:
    total = 0
    try:
        with _open_tar(path) as archive:
            for number, info in enumerate(archive):
                total += info.size
                if number >= MAX_MEMBERS or total > MAX_BYTES:
                    reason = f"the archive unpacks to more than {MAX_BYTES:,} bytes or {MAX_MEMBERS:,} members"
                    context.reject(Rejected(str(path), number, reason, ""))
                    return
                if info.isdir() or not _worth_and_inside(path, info.name, context):
                    continue
                if not info.isfile():
                    yield from _refused(f"{path}/{info.name}", info.name, _SPECIAL, context)
                    continue
                handle = archive.extractfile(info)
                if handle:
                    yield from _limited(path, info.name, handle, context)
    except (tarfile.TarError, *DAMAGED) as error:
        context.reject(Rejected(str(path), 0, f"the archive is damaged or cut off: {error}", ""))


def _worth_and_inside(path: Path, name: str, context: Context) -> bool:
    """Say whether a member may be worth reading; one that leads out of the archive is rejected."""
    if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts:
        reason = "the member's path leads out of the archive; it was not read"
        context.reject(Rejected(f"{path}/{name}", 0, reason, ""))
        return False
    return _worth(name)


def _limited(root: Path, name: str, handle: IO[bytes], context: Context) -> Iterator[Member]:
    """Yield a member within its limit; of a GGUF or safetensors file only the head is kept.

    Of a license file that is too large it counts that it is there, so that it is yielded with one byte too many.
    """
    clean = PurePosixPath(name).as_posix()
    most = _most(clean)
    data = handle.read(most + 1)
    if len(data) > most and not beside.is_head(clean):
        context.reject(Rejected(f"{root}/{name}", 0, f"the file has more than {most:,} bytes; it was not read", ""))
        if not is_license(near(clean)[1]):
            return
    yield Member(clean, data)
