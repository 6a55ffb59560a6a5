"""Data that stand inside the model card of a bill of materials."""

import json
from pathlib import Path
from typing import Any

import pytest

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.loaders.test_neighbours import bom

DECLARED = {"license": {"id": "CC-BY-4.0"}}
CONCLUDED = {"license": {"id": "CC-BY-NC-4.0", "acknowledgement": "concluded"}}


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([DECLARED], ["CC-BY-4.0"]),
        ([DECLARED, CONCLUDED], ["CC-BY-4.0"]),
        ([CONCLUDED], ["CC-BY-NC-4.0"]),
        ([], []),
    ],
)
def test_data_inside_a_card_have_the_license_that_is_declared_or_else_concluded(
    licenses: list[dict[str, Any]], expected: list[str], library: Library, tmp_path: Path
) -> None:
    data = {"type": "dataset", "name": "acme/talk", "licenses": licenses}
    model = {"type": "machine-learning-model", "name": "chat", "modelCard": {"modelParameters": {"datasets": [data]}}}
    (tmp_path / "bom.json").write_text(json.dumps(bom(components=[model])))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "bom.json"))
    rows = Catalogue(workspace, library).ask("SELECT licenses FROM artifacts WHERE kind = 'dataset'")
    assert [list(found or ()) for (found,) in rows] == [expected]
