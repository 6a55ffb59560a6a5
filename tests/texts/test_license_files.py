"""What the license files of a repository say: names, letters, sizes, and what a card leaves to them."""

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from clausegraph.loaders import beside
from clausegraph.loaders.records import Identified, Statement
from clausegraph.loaders.text_forms import MAX_TEXT

from clausegraph.texts.folding import digest
from clausegraph.texts.recognition import KnownTexts, identify
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.running import ok
from tests.support.stock import dressed, text_of

CONTEXT = context(lambda _: None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", "mit"),
        ("MIT License\n", "mit"),
        ("# License\n\nCopyright (c) 2023 A. Person", None),
        ("License: Apache-2.0", "apache-2.0"),
        ("Copyright (c) 2023 A. Person\n\nMIT OR Apache-2.0", "apache-2.0 OR mit"),
        ("ACME CONFIDENTIAL. All rights reserved.", None),
        ("All rights reserved.", None),
        ("proprietary", None),
        ("Ask me before you use this.", None),
        ("", None),
        ("\n \n", None),
    ],
)
def test_a_short_file_is_the_license_that_it_names(text: str, expected: str | None) -> None:
    found = identify(text)
    assert (found.license, found.more) == (expected, False)


def said(data: bytes, name: str = "LICENSE", kind: str = "model") -> list[Statement]:
    return beside.from_files(kind, {name: data}, CONTEXT)[1]


def test_a_file_is_read_in_whatever_letters_it_was_saved() -> None:
    text = dressed("mit", "Copyright © 2023 Jürgen Müller")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"):
        assert said(text.encode(encoding)) == [Statement("file", "mit", "LICENSE")]


@pytest.mark.parametrize("data", [b"", b"   \n", b"%PDF-1.7 ...", b"\x00\x01\x02", b"MIT License\x00", b"\xff\xfe"])
def test_a_file_that_is_empty_or_no_text_is_there_and_says_nothing(data: bytes) -> None:
    assert said(data) == [Statement("file", "", "LICENSE")]
    assert said(data, "NOTICE") == []


def test_a_file_of_a_megabyte_is_there_and_takes_no_time() -> None:
    padding = text_of("mit") + "\nmore terms and conditions\n" * 40_000
    start = time.perf_counter()
    for size in (MAX_TEXT, MAX_TEXT + 1):
        assert said(padding[:size].encode()) == [Statement("file", "", "LICENSE")]
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("kind", "name", "place"),
    [
        ("model", "LICENSE", "file"),
        ("model", "license.md", "file"),
        ("model", "LICENCE.txt", "file"),
        ("model", "COPYING.rst", "file"),
        ("model", "COPYING.LESSER", "file"),
        ("model", "UNLICENSE", "file"),
        ("model", "LICENSE_WEIGHTS", "file"),
        ("model", "LICENSE-MODEL.md", "file"),
        ("model", "MODEL_LICENSE", "file"),
        ("model", "MODEL_LICENSE_AGREEMENT.txt", "file"),
        ("model", "LICENSE-MIT", "file"),
        ("model", "LICENSE-APACHE-2.0.txt", "file"),
        ("model", "LICENSE-APACHE", "file"),
        ("model", "LICENSE_ZH.txt", "file"),
        ("model", "LICENSE-2.0.txt", "file"),
        ("model", "LICENSE_CODE", "attached"),
        ("model", "LICENSE-DATA", "attached"),
        ("model", "LICENSE-fonts", "attached"),
        ("model", "LICENSE.third-party", "attached"),
        ("model", "LICENSE.old", "attached"),
        ("dataset", "LICENSE-DATA", "file"),
        ("dataset", "LICENSE-CODE", "attached"),
        ("service", "LICENSE-CODE", "file"),
        ("service", "LICENSE-MODEL", "attached"),
        ("model", "NOTICE", "attached"),
        ("model", "USE_POLICY.md", "attached"),
        ("model", "CogVideoX_LICENSE", "file"),
        ("model", "LLAMA2_COMMUNITY_LICENSE.txt", "file"),
        ("model", "licenses/MIT.txt", "file"),
        ("model", "LICENSES/LicenseRef-Acme.md", "file"),
        ("model", "licenses/LICENSE-CODE", "attached"),
        ("model", "third_party_licenses/fonts.txt", "attached"),
    ],
)
def test_the_name_of_a_file_says_what_it_is_about(kind: str, name: str, place: str) -> None:
    assert beside.wanted(name)
    assert said(dressed("mit").encode(), name, kind) == [Statement(place, "mit", name)]
    unknown = [Statement("file", "", name)] if place == "file" else []
    assert said(b"Ask me before you use this.", name, kind) == unknown


@pytest.mark.parametrize("name", ["license.py", "license-plates.txt", "README-license.md", "README.md", "licensing.md"])
def test_other_names_are_no_license_files_of_the_whole(name: str) -> None:
    assert not beside.is_license(name) or not beside.is_about_the_whole("model", name, CONTEXT)


def card(folder: Path, front: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(f"---\n{front}\n---\n")
    (folder / "LICENSE").write_text(text)
    return folder


def read(folder: Path) -> tuple[tuple[str, ...], str, set[Statement]]:
    from clausegraph.loaders.card import read_card

    found = read_card(folder, CONTEXT)
    return found.licenses, found.place, set(found.statements)


def test_a_card_that_leaves_its_license_to_a_file_keeps_what_the_file_holds_beyond_it(tmp_path: Path) -> None:
    more = f"{dressed('mit')}\n\nYou may not use it in Europe without a fee."
    assert read(card(tmp_path / "a", "license: other", dressed("mit"))) == (
        ("mit",),
        "file",
        {Statement("card", "other")},
    )
    assert read(card(tmp_path / "b", "license: other", more)) == (
        ("mit",),
        "file",
        {Statement("card", "other"), Statement("file", "mit", "LICENSE", True)},
    )
    unknown = {Statement("file", "", "LICENSE")}
    assert read(card(tmp_path / "c", "license: other", "Ask me before you use this.")) == (("other",), "card", unknown)
    assert read(card(tmp_path / "d", "license: mit", "Ask me before you use this.")) == (("mit",), "card", unknown)


def test_archives_and_folders_say_the_same_of_their_license_files(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    card(cards / "acme" / "stock", "license: mit", dressed("mit"))
    card(cards / "acme" / "more", "license: mit", f"{dressed('mit')}\n\nNo commercial use.")
    card(cards / "acme" / "unknown", "license: mit", "Ask me before you use this.")
    card(cards / "acme" / "large", "license: mit", "x " * 600_000)
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as archive:
        for path in sorted(cards.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(cards))
    for source in (cards, tmp_path / "cards.zip"):
        workspace = Workspace(tmp_path / f"ws-{source.suffix}")
        load(workspace, str(source))
        rows = pq.read_table(workspace.tables("statements")[0]).to_pylist()
        assert {r["id"]: (r["place"], r["value"], r["name"], r["more"]) for r in rows} == {
            "acme/stock": ("file", "mit", "LICENSE", False),
            "acme/more": ("file", "mit", "LICENSE", True),
            "acme/unknown": ("file", "", "LICENSE", False),
            "acme/large": ("file", "", "LICENSE", False),
        }


def test_a_stock_license_is_checked_without_scancode(tmp_path: Path) -> None:
    folder = card(tmp_path / "chat", "license: apache-2.0", text_of("apache-2.0"))
    code = (
        "import sys\nfrom clausegraph.cli import main\n"
        f"sys.argv = ['clausegraph', 'check', {str(folder)!r}]\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code, left.code\n"
        "print([m for m in sys.modules if m.startswith('licensedcode')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_scancode_a_text_that_is_not_known_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausegraph.texts.recognition.find_spec", lambda _: None)
    identify.cache_clear()
    assert identify(dressed("mit")).license == "mit"
    assert identify(f"{dressed('mit')}\n\nNo commercial use at all.") == Identified()
    identify.cache_clear()


def test_a_title_is_taken_off_only_where_it_names_the_license_below_it() -> None:
    made = KnownTexts({digest("a b")[:32]: "one"}, {"one": ("one ",), "two": ("two ",)})
    assert made.find("one a b") == "one"
    assert made.find("one one a b") == "one"
    assert made.find("two a b") is None


def test_the_check_of_a_stock_file_says_nothing_of_it(tmp_path: Path) -> None:
    folder = card(tmp_path / "chat", "license: mit", dressed("mit"))
    assert json.loads(ok("check", str(folder), "--format", "json"))["notes"] == []
