"""Names of license files: what counts as one, where it lies, and whether it is about the whole or about a part."""

import re
import zipfile
from pathlib import Path

import pytest
from clausegraph.loaders import beside
from clausegraph.loaders.license_files import is_about_the_whole, is_attached, is_license, is_license_folder, near
from clausegraph.loaders.records import Statement
from hypothesis import given
from hypothesis import strategies as st

from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.pdf import pdf
from tests.support.stock import dressed, text_of

CONTEXT = context(lambda _: None)
NAMES = [
    *("LICENSE", "LICENCE", "COPYING", "UNLICENSE", "MODEL_LICENSE", "LICENSE-MODEL", "LICENSE_WEIGHTS", "EULA"),
    *("GEMMA_LICENSE", "LICENSE-MIT", "LICENSE-2.0", "LICENSE_EN", "License Agreement", "TERMS_OF_USE", "LICENSE (1)"),
]
PARTS = ["LICENSE-CODE", "CODE_LICENSE", "LICENSE-DATA", "THIRD-PARTY-LICENSES", "LICENSE.old", "LICENSE-fonts"]
FORMS = ["", ".txt", ".md", ".rst", ".html", ".pdf"]
CHANGES = st.sampled_from([str.upper, str.lower, str.title, str])


@given(st.sampled_from(NAMES), st.sampled_from(FORMS), CHANGES)
def test_a_license_file_is_one_in_any_case_and_form(name: str, form: str, change: object) -> None:
    assert callable(change)
    assert is_license(change(name + form))
    assert is_about_the_whole("model", change(name + form), CONTEXT)


@given(st.sampled_from(PARTS), st.sampled_from(FORMS), CHANGES)
def test_a_file_about_a_part_is_about_it_in_any_case_and_form(name: str, form: str, change: object) -> None:
    assert callable(change)
    assert is_license(change(name + form))
    assert not is_about_the_whole("model", change(name + form), CONTEXT)


@pytest.mark.parametrize(
    "name", ["NOTICE", "Notice.txt", "USE_POLICY.md", "acceptable-use-policy", "AUP.md", "COPYRIGHT"]
)
def test_a_notice_and_a_policy_are_no_license_files(name: str) -> None:
    assert is_attached(name)
    assert not is_license(name)


@pytest.mark.parametrize("name", ["LICENSE.json", "license.gz", "LICENCE.zip", "LICENSE_README.md", "COPYING.xml"])
def test_a_license_that_nobody_can_read_is_a_license_file_all_the_same(name: str) -> None:
    assert is_about_the_whole("model", name, CONTEXT)


def test_the_license_of_a_part_in_a_folder_for_licenses_is_not_about_the_whole() -> None:
    assert is_license("licenses/torch/LICENSE")
    assert not is_about_the_whole("model", "licenses/torch/LICENSE", CONTEXT)
    assert is_about_the_whole("model", "licenses/LICENSE", CONTEXT)


@pytest.mark.parametrize(
    "name",
    [
        *("license.py", "licenses.json", "license-plates.md", "license_key.txt", "README-license.md", "licensing.md"),
        *("acme--gpl-license.md", "notice.py", "policy.pth", "terms.csv", "my-terminal.txt", "sublicense-or-not.txt"),
    ],
)
def test_other_names_are_no_license_files(name: str) -> None:
    assert not is_license(name)
    assert not is_attached(name)


def test_files_in_a_folder_for_licenses_lie_beside_the_card_above_it() -> None:
    assert near("a/b/licenses/MIT.txt") == ("a/b", "licenses/MIT.txt")
    assert near("licenses/MIT.txt") == ("", "licenses/MIT.txt")
    assert near("a/licenses/README.md") == ("a/licenses", "README.md")
    assert near("a/licenses/torch/LICENSE") == ("a", "licenses/torch/LICENSE")
    assert near("a/b/LICENSE") == ("a/b", "LICENSE")
    assert [is_license_folder(n) for n in ("licenses", "LICENSES", "meta-license", "src", ".licenses")] == [
        *(True, True, True, False, False)
    ]


def files(root: Path) -> None:
    """Write a card with a folder of licenses among others, and one with a single file in a folder."""
    for name, text in {
        "acme/one/README.md": "---\nlicense: mit\n---\n",
        "acme/one/assets/notes.md": "Nothing.",
        "acme/one/licenses/Apache-2.0.txt": text_of("apache-2.0"),
        "acme/one/licenses/MIT.txt": dressed("mit"),
        "acme/one/licenses/README.md": "All licenses.",
        "acme/one/licenses/Zlib.txt": text_of("zlib"),
        "acme/one/licenses/sub/README.md": "More.",
        "acme/one/licenses/sub/bsd.txt": text_of("bsd-new"),
        "acme/one/zoo/notes.md": "Nothing.",
        "acme/two/README.md": "---\nlicense: mit\n---\n",
        "acme/two/meta-license/LICENSE.txt": text_of("llama-3.1-license-2024"),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def stated(source: Path, work: Path) -> set[tuple[str, str, str]]:
    import pyarrow.parquet as pq

    workspace = Workspace(work)
    load(workspace, str(source))
    rows = [row for table in workspace.tables("statements") for row in pq.read_table(table).to_pylist()]
    return {(row["id"], row["name"], row["value"]) for row in rows}


def test_folders_archives_and_a_check_read_what_lies_in_a_folder_for_licenses(tmp_path: Path) -> None:
    from clausegraph.loaders.card import read_card

    files(tmp_path / "tree")
    with zipfile.ZipFile(tmp_path / "tree.zip", "w") as archive:
        for path in sorted((tmp_path / "tree").rglob("*"), reverse=True):
            if path.is_file():
                archive.write(path, path.relative_to(tmp_path / "tree"))
    expected = {
        ("acme/one", "licenses/Apache-2.0.txt", "apache-2.0"),
        ("acme/one", "licenses/MIT.txt", "mit"),
        ("acme/one", "licenses/Zlib.txt", "zlib"),
        ("acme/one", "licenses/sub/bsd.txt", "bsd-3-clause"),
        ("acme/two", "meta-license/LICENSE.txt", "llama3.1"),
    }
    assert stated(tmp_path / "tree", tmp_path / "a") == expected
    assert stated(tmp_path / "tree.zip", tmp_path / "b") == expected
    for name in ("one", "two"):
        found = read_card(tmp_path / "tree" / "acme" / name, CONTEXT).statements
        assert {(f"acme/{name}", s.name, s.value) for s in found} == {
            row for row in expected if row[0] == f"acme/{name}"
        }


def table(title: str) -> list[list[str]]:
    """Return the rows of the table in the page on loading whose head begins with a title."""
    lines = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(f"| {title}"))
    rows = (line.strip("|").split("|") for line in lines[first + 2 : lines.index("", first)])
    return [[cell.strip() for cell in row] for row in rows]


def test_the_table_of_file_names_in_the_docs_says_what_is_read() -> None:
    rows = table("name of the file")
    assert len(rows) > 5
    for names, of_model, of_dataset in rows:
        for name in re.findall(r"`([^`]+)`", names):
            data = pdf(dressed("mit")) if name.casefold().endswith(".pdf") else dressed("mit").encode()
            for kind, said in (("model", of_model), ("dataset", of_dataset)):
                found = beside.from_files(kind, {name: data}, CONTEXT)[1]
                place = {"the whole": "file", "a part": "attached", "attached": "attached"}.get(said)
                assert found == ([Statement(place, "mit", name)] if place else []), (name, kind)
