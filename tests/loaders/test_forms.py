"""The forms in which a parent is stated: what each means, and what is left as it stands."""

import json
import re
from pathlib import Path

import pytest
from clausegraph.loaders.forms import meant, relation_in

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.paths import ROOT

TABLE = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8").partition("| stated | read as |")[2]
ROWS = re.findall(r"^\| `(.+)` \| (.+) \|$", TABLE.partition("\n\n")[0], re.MULTILINE)


@pytest.mark.parametrize(("stated", "expected"), ROWS)
def test_each_form_on_the_page_is_read_as_the_page_says(stated: str, expected: str) -> None:
    assert list(meant("model", stated)) == re.findall(r"`([^`]+)`", expected)


def test_the_page_has_a_row_for_each_form() -> None:
    assert len(ROWS) == 17


@pytest.mark.parametrize(
    ("kind", "stated", "expected"),
    [
        ("dataset", "https://huggingface.co/datasets/a/b/viewer", ("a/b",)),
        ("model", "https://huggingface.co/datasets/a/b", ()),
        ("dataset", "https://huggingface.co/a/b", ("a/b",)),
        ("model", "- a/b\n- c/d", ("a/b", "c/d")),
        ("model", "a/b, a/b@main", ("a/b",)),
        ("model", "HTTPS://HuggingFace.co/a/b?x=1", ("a/b",)),
        ("model", "https://example.org/a/b", ()),
        ("model", "https://github.com/a/b", ()),
        ("model", "urn:uuid:1", ()),
        ("model", "datasets--a--b", ()),
        ("dataset", "datasets--a--b", ("a/b",)),
        ("model", '{"b": 1, "c": 2}', ()),
        ("model", "[1]", ()),
        ("model", "a b", ()),
        ("model", "", ()),
    ],
)
def test_what_fits_the_kind_is_read_and_its_neighbour_is_not(kind: str, stated: str, expected: tuple[str, ...]) -> None:
    assert meant(kind, stated) == expected


def test_a_mapping_may_state_the_relation() -> None:
    assert relation_in({"name": "a/b", "relation": "merge"}) == "merge"
    assert relation_in({"name": "a/b"}) is None
    assert relation_in("a/b") is None


@pytest.mark.parametrize(("stated", "expected"), ROWS)
def test_a_parent_in_each_form_is_found_or_is_a_gap_and_is_never_lost(
    stated: str, expected: str, tmp_path: Path, library: Library
) -> None:
    ids = re.findall(r"`([^`]+)`", expected)
    for id_ in ("acme/base", "acme/other"):
        (tmp_path / "cards" / id_).mkdir(parents=True)
        (tmp_path / "cards" / id_ / "README.md").write_text("---\nlicense: llama2\n---\n")
    (tmp_path / "cards" / "x" / "y").mkdir(parents=True)
    card = f"---\nlicense: mit\nbase_model: {json.dumps(stated)}\n---\n"
    (tmp_path / "cards" / "x" / "y" / "README.md").write_text(card)
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "cards"))
    rows = Catalogue(workspace, library).ask(
        "SELECT r.stated, r.repair, p.id FROM refs r LEFT JOIN artifacts p ON p.n = r.parent ORDER BY p.id"
    )
    assert rows == ([(stated, "form", id_) for id_ in ids] or [(stated, "gone", None)])
