"""What a card in a folder is called."""

from pathlib import Path

import pytest

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load


@pytest.mark.parametrize(
    ("folder", "called"), [("acme/talk", "acme/talk"), ("acme corp/chat bot", "acme/chat"), ("x y/talk", "acme/chat")]
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
