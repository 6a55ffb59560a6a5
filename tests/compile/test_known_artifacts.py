"""Known artifacts made from dumps: the same bytes in any order, what is kept, and what is left out."""

import json
from pathlib import Path

import pytest

from clausegraph.compile import known_artifacts
from clausegraph.compile.known_artifacts import build_known
from clausegraph.ground.errors import UnreadableInput
from clausegraph.workspace.known import CURATED_FILE, HUB_FILE, KnownArtifacts


def _dump(path: Path, *models: tuple[str, int, list[str]]) -> Path:
    lines = [json.dumps({"id": i, "modelId": i, "downloads": n, "tags": tags}) for i, n, tags in models]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def dumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(known_artifacts, "SMALL", 0)
    old = _dump(
        tmp_path / "models_2024-07-11.jsonl",
        ("acme/base", 5_000, ["license:cc-by-nc-4.0"]),
        ("acme/leaf", 10, ["license:mit", "base_model:acme/base"]),
        ("acme/top", 2_000, ["license:mit", "base_model:base", "base_model:nobody/lost"]),
        ("acme/small", 1, ["license:mit"]),
        ("beta/leaf", 1, ["base_model:small"]),
    )
    new = _dump(tmp_path / "models_2026-05-28.jsonl", ("acme/base", 6_000, ["license:mit"]))
    return [old, new]


def test_the_same_dumps_give_the_same_bytes_in_any_order(dumps: list[Path], tmp_path: Path) -> None:
    build_known(dumps, tmp_path / "a.tsv")
    build_known(dumps[::-1], tmp_path / "b.tsv")
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()


def test_what_others_are_made_from_is_kept_with_all_statements_and_parents(dumps: list[Path], tmp_path: Path) -> None:
    build_known(dumps, tmp_path / HUB_FILE)
    (tmp_path / CURATED_FILE).write_text("", encoding="utf-8")
    known = KnownArtifacts(tmp_path)
    base = known.find("model", "acme/base")
    assert base is not None
    assert [(s.day, s.licenses) for s in base.stated] == [("2026-05-28", ("mit",)), ("2024-07-11", ("cc-by-nc-4.0",))]
    top = known.find("model", "Acme/Top")
    assert top is not None
    assert {(p.id, p.word) for p in top.parents} == {("acme/base", ""), ("nobody/lost", "not-loaded")}
    assert known.find("model", "acme/leaf") is None, "nothing is made from it, and few use it"
    found = known.find("model", "base")
    assert found is not None
    assert found.id == "acme/base"
    assert known.find("model", "small") is None, "a name without its owner could mean anybody's"


def test_a_dump_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no-such"):
        build_known([tmp_path / "no-such.jsonl"], tmp_path / "out.tsv")
