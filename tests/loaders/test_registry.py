"""The registry of loaders: in which order they are asked, and all that who loads needs to know of them."""

import ast
import json
from pathlib import Path

import pytest
from clausegraph.loaders import facts, hub_dump, registry, tree
from clausegraph.loaders.document import read_document

from clausegraph.workspace.load import context
from tests.support.paths import ROOT

MODEL = {"id": "acme/one", "tags": ["license:mit"], "downloads": 3}
SILENT = context(lambda _: None)


def dump(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "models.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def test_who_loads_knows_the_registry_and_no_loader_by_its_name() -> None:
    known = set()
    for node in ast.walk(ast.parse((ROOT / "clausegraph" / "workspace" / "load.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "clausegraph.loaders":
            known |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("clausegraph.loaders."):
            known.add(str(node.module).rpartition(".")[2])
    assert known == {"registry", "document", "records", "tables"}


def test_a_dump_without_cards_writes_its_tables_itself_and_one_with_cards_does_not(tmp_path: Path) -> None:
    path = dump(tmp_path, MODEL)
    assert registry.read_tables(hub_dump, path, tmp_path, "2024-07-11") == (1, 0)
    assert (tmp_path / "artifacts.parquet").exists()
    with_card = dump(tmp_path, MODEL | {"cardData": {"license": "mit"}})
    assert registry.read_tables(hub_dump, with_card, tmp_path / "other", "2024-07-11") is None
    assert registry.read_tables(facts, path, tmp_path / "other", "2024-07-11") is None


def test_a_dump_that_must_be_read_line_by_line_leaves_no_table_behind(tmp_path: Path) -> None:
    path = dump(tmp_path, MODEL)
    path.write_text(path.read_text() + "{broken\n", encoding="utf-8")
    folder = tmp_path / "tables"
    folder.mkdir()
    assert registry.read_tables(hub_dump, path, folder, "2024-07-11") is None
    assert list(folder.iterdir()) == []


def test_a_list_of_one_record_is_a_list_though_it_looks_like_a_document(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"kind": "model", "id": "acme/one", "license": ["mit"]}), encoding="utf-8")
    assert registry.list_loader(path) is facts
    other = tmp_path / "else.json"
    other.write_text('{"something": "else"}', encoding="utf-8")
    assert registry.list_loader(other) is None


def test_a_folder_holds_documents_and_one_without_any_holds_nothing(tmp_path: Path) -> None:
    assert registry.is_container(tmp_path)
    assert registry.stream_loader(tmp_path) is tree
    assert registry.holds_nothing(tmp_path, SILENT)
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    assert not registry.holds_nothing(tmp_path, SILENT)
    assert not registry.holds_nothing(tmp_path / "README.md", SILENT)


def test_a_card_is_read_with_what_stands_beside_it_and_no_other_document_is(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    (tmp_path / "config.json").write_text('{"_name_or_path": "acme/base"}', encoding="utf-8")
    records = registry.read_with_neighbours(read_document(tmp_path / "README.md"), tmp_path / "README.md", SILENT)
    assert records is not None
    (record,) = records
    assert [reference.parent for reference in record.references] == ["acme/base"]  # type: ignore[union-attr]
    assert (
        registry.read_with_neighbours(read_document(tmp_path / "config.json"), tmp_path / "config.json", SILENT) is None
    )


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "{broken", "the JSON cannot be parsed"),
        ("a.yaml", "a: [", "the YAML cannot be parsed"),
        ("a.json", "{}", "no form that a loader knows"),
        ("a.csv", "a,b\n", "no form that a loader knows"),
    ],
)
def test_a_document_that_no_loader_takes_is_told_why(name: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert reason in registry.why_not(read_document(tmp_path / name))
