"""Folders, archives, compressed files, and what stands beside a card."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clausegraph.loaders import beside
from clausegraph.loaders.records import Reference, Statement

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.cli import whole_app
from clausegraph.library import Library
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.running import ok

# ---- archives, Parquet, what stands beside a card ------------------------------

CARDS = {
    "acme/chat/README.md": b"---\nlicense: mit\nbase_model: acme/base\n---\n",
    "acme/chat/adapter_config.json": b'{"base_model_name_or_path": "acme/base"}',
    "acme/base/README.md": b"---\nlicense: mit\n---\n",
    "datasets/acme/talk/README.md": b"---\nlicense: cc-by-4.0\ntask_categories: [x]\n---\n",
    "spaces/acme/demo/README.md": b"---\nsdk: gradio\nmodels: [acme/chat]\n---\n",
    "models--acme--cached/snapshots/0a1b/README.md": b"---\nlicense: mit\n---\n",
}


def _archive(path: Path) -> Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in CARDS.items():
                archive.writestr(name, data)
        return path
    if not path.suffix:
        for name, data in CARDS.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        return path
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in CARDS.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    raw = buffer.getvalue()
    if path.suffix == ".zst":
        with pa.output_stream(str(path), compression="zstd") as out:
            out.write(raw)
    else:
        path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


@pytest.mark.parametrize("name", ["cards", "cards.tar", "cards.tar.gz", "cards.tar.zst", "cards.zip"])
def test_a_folder_and_its_archives_give_the_same(name: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    done = load(workspace, str(_archive(tmp_path / name)))
    assert done.source.rejected == 0
    rows = pq.read_table(workspace.tables("artifacts")[0]).to_pylist()
    assert {(r["kind"], r["id"]) for r in rows} == {
        ("model", "acme/chat"),
        ("model", "acme/base"),
        ("model", "acme/cached"),
        ("dataset", "acme/talk"),
        ("service", "acme/demo"),
    }
    references = pq.read_table(workspace.tables("references")[0]).to_pylist()
    assert {(r["child"], r["parent"], r["relation"], r["basis"], r["place"]) for r in references} == {
        ("acme/chat", "acme/base", "finetune", "inferred", "card"),
        ("acme/chat", "acme/base", "adapter", "inferred", "file"),
        ("acme/demo", "acme/chat", "include", "declared", "card"),
    }


@pytest.mark.parametrize("count", [3, 300])
def test_a_folder_of_cards_without_a_readme_is_a_collection(count: int, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    for number in range(count):
        (cards / f"acme--m{number}.md").write_text("---\nlicense: mit\n---\n")
    (cards / "notes.md").write_text("no card")
    workspace = Workspace(tmp_path / "ws")
    assert load(workspace, str(cards)).source.artifacts == count
    assert {r["id"] for r in pq.read_table(workspace.tables("artifacts")[0]).to_pylist()} == {
        f"acme/m{number}" for number in range(count)
    }
    (cards / "README.md").write_text("---\nlicense: mit\n---\n")
    if count == 3:
        assert load(workspace, str(cards)).source.artifacts == 1


def test_zstd_and_gzip_dumps_and_parquet_give_the_same(tmp_path: Path) -> None:
    records = [
        {
            "id": f"a/m{n}",
            "tags": [f"base_model:a/m{n - 1}", "license:mit"],
            "cardData": {"license": "mit"},
            "downloads": n,
        }
        for n in range(1, 50)
    ]
    text = "".join(json.dumps(r) + "\n" for r in records).encode()
    (tmp_path / "models.jsonl").write_bytes(text)
    (tmp_path / "models.jsonl.gz").write_bytes(gzip.compress(text))
    with pa.output_stream(str(tmp_path / "models.jsonl.zst"), compression="zstd") as out:
        out.write(text)
    table = [r | {"cardData": json.dumps(r["cardData"])} for r in records]
    pq.write_table(pa.Table.from_pylist(table), tmp_path / "models.parquet")
    found = []
    for path in sorted(tmp_path.glob("models.*")):
        workspace = Workspace(tmp_path / f"ws-{path.suffix}")
        load(workspace, str(path))
        found.append([pq.read_table(workspace.tables(t)[0]).to_pylist() for t in ("artifacts", "references")])
    assert len(found) == 4
    assert all(one == found[0] for one in found)


def _text(key: str) -> str:
    from clausegraph.texts.passages import license_text

    return "\n".join(license_text(key).lines)


def test_a_license_file_beside_the_card_is_identified_and_compared(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "chat"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    (folder / "LICENSE").write_text(_text("apache-2.0"))
    (folder / "NOTICE").write_text("This product holds parts by others.")
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(folder))
    catalogue = Catalogue(workspace, library)
    entry = catalogue.entry("local/chat")
    assert entry.licenses == ("mit",), "the file never overwrites the card"
    assert [(n.code, n.subject) for n in catalogue.notes(entry)] == [("CG106", "apache-2.0 (file LICENSE)")]
    shown = json.loads(ok("check", str(folder), "--format", "json", code=1))
    assert [(n["code"], n["subject"]) for n in shown["notes"]] == [("CG106", "apache-2.0 (LICENSE)")]
    assert (shown["verdict"], shown["unknown_because"]) == ("unknown", ["file-differs"])
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    assert json.loads(ok("check", str(folder), "--format", "json"))["notes"] == []


def test_a_card_that_leaves_its_license_to_a_file_is_read_as_that_file(tmp_path: Path) -> None:
    for number, front in enumerate(("", "license: other\n")):
        folder = tmp_path / f"chat{number}"
        folder.mkdir()
        (folder / "README.md").write_text(f"---\n{front}tags: [x]\n---\n")
        (folder / "LICENSE.txt").write_text(_text("llama-3.1-license-2024"))
        assert json.loads(ok("check", str(folder), "--format", "json"))["declared"] == "llama3.1"


def test_a_file_that_is_no_license_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "NOTICE").write_text("Ask me before you use this.")
    assert json.loads(ok("check", str(tmp_path), "--format", "json"))["notes"] == []


def test_a_license_file_that_is_no_known_text_leaves_the_answer_unknown(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "LICENSE").write_text("Ask me before you use this.")
    shown = json.loads(ok("check", str(tmp_path), "--format", "json", code=1))
    assert [n["code"] for n in shown["notes"]] == [f["code"] for f in shown["findings"]] == ["CG128"]
    assert (shown["verdict"], shown["unknown_because"]) == ("unknown", ["file-not-identified"])


def gguf(**facts: str) -> bytes:
    import struct

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    body = struct.pack("<I", 3) + struct.pack("<QQ", 0, len(facts) + 2)
    body += text("general.quantization_version") + struct.pack("<II", 4, 2)
    body += text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    for key, value in facts.items():
        body += text(key.replace("__", ".")) + struct.pack("<I", 8) + text(value)
    return b"GGUF" + body


def test_the_head_of_a_gguf_file_names_what_it_was_converted_from() -> None:
    data = gguf(general__license="apache-2.0", general__base_model__0__repo_url="https://huggingface.co/acme/base")
    references, statements = beside.from_files("model", {"model.Q4.gguf": data}, context(lambda _: None))
    assert references == (Reference("model", "acme/base", "quantize", "inferred", "file"),)
    assert statements == [Statement("file", "apache-2.0", "model.Q4.gguf")]


def test_help_names_the_command() -> None:
    assert "diff" in {c.name or getattr(c.callback, "__name__", "") for c in whole_app().registered_commands}
