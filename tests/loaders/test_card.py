"""What a card in a folder is called."""

from pathlib import Path

import pytest
from clausegraph.loaders.card import read_card
from clausegraph.loaders.front_matter import MAX_DEPTH

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnreadableInput
from clausegraph.library import Library
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load


@pytest.mark.parametrize(
    ("folder", "called"),
    [
        *(("acme/talk", "acme/talk"), ("my cards/acme/talk", "acme/talk")),
        *(("acme corp/chat bot", "acme/chat"), ("x y/talk", "acme/chat")),
    ],
)
def test_a_folder_names_a_work_where_its_names_can_be_those_of_a_repository(
    folder: str, called: str, library: Library, tmp_path: Path
) -> None:
    place = tmp_path / "cards" / folder
    place.mkdir(parents=True)
    (place / "README.md").write_text("---\nlicense: mit\nmodel_id: acme/chat\n---\n")
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "cards"))
    assert Catalogue(workspace, library).ask("SELECT id FROM artifacts") == [(called,)]


@pytest.mark.parametrize(("depth", "is_read"), [(MAX_DEPTH - 1, True), (MAX_DEPTH, False)])
def test_front_matter_is_read_down_to_a_depth_and_no_deeper(depth: int, is_read: bool, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text(f"---\nlicense: mit\nmodel_id: a/b\nother: {'[' * depth}{']' * depth}\n---\n")
    if is_read:
        assert read_card(card, context(lambda _: None)).licenses == ("mit",)
    else:
        with pytest.raises(UnreadableInput, match="nested"):
            read_card(card, context(lambda _: None))


def test_many_values_beside_each_other_are_not_deep(tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text("---\nlicense: mit\nmodel_id: a/b\n" + "".join(f"k{n}: v\n" for n in range(300)) + "---\n")
    assert read_card(card, context(lambda _: None)).licenses == ("mit",)
