"""What is put aside keeps its place and its words."""

import json
from pathlib import Path
from typing import Any

import pytest

from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.loaders.test_neighbours import SPDX


def put_aside(tmp_path: Path, name: str, value: Any) -> list[dict[str, Any]]:
    path = tmp_path / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    done = load(Workspace(tmp_path / "ws"), str(path))
    assert done.quarantine is not None
    return [json.loads(line) for line in done.quarantine.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("place", [3, 5])
def test_an_entry_that_cannot_be_read_is_told_by_its_number_and_its_own_words(place: int, tmp_path: Path) -> None:
    graph: list[Any] = [*SPDX["@graph"]]
    graph.insert(place - 1, {"type": "dataset_DatasetPackage", "spdxId": "no: IRI", "name": "模型"})
    found = put_aside(tmp_path, "bom.spdx.json", {**SPDX, "@graph": graph})
    assert [row["line"] for row in found] == [place]
    assert "no: IRI" in found[0]["reason"]
    assert "模型" in found[0]["text"]
