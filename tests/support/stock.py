"""License texts of ScanCode, bare and as they are published, for tests."""

from functools import cache
from pathlib import Path

from clausegraph.compile import text_digests
from clausegraph.library import Library
from clausegraph.texts import scancode
from clausegraph.texts.passages import data_folder


@cache
def text_of(key: str) -> str:
    """Return the license text that ScanCode has under a key."""
    data = data_folder()
    assert data is not None, "the extra [dev] brings ScanCode"
    return text_digests.split(data / "licenses" / f"{key}.LICENSE")[1]


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Return the ids and texts of all licenses of which ScanCode has a text, by ScanCode's key."""
    library, found = Library.load(), {}
    for path in sorted((data_folder() or Path()).glob("licenses/*.LICENSE")):
        head, body = text_digests.split(path)
        spdx = str(head.get("spdx_license_key") or "")
        id_ = scancode.license_of(library.licenses, library.names, path.stem, spdx)
        if id_ and not head.get("is_deprecated"):
            found[path.stem] = (id_, body)
    return found


def dressed(key: str, holder: str = "Copyright (c) 2023 A. Person") -> str:
    """Return a license text as it is published: below a title and a copyright notice."""
    return f"{Library.load().license(texts()[key][0]).name}\n\n{holder}\n\n{text_of(key)}"
