"""What files beside a card say of lineage and license: each becomes a statement, or is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from clausegraph.loaders.card import read_card
from clausegraph.loaders.records import Artifact, Rejected

from clausegraph.answers.card import card_subject
from clausegraph.answers.known_artifacts import Ancestors
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.workspace.context import context

MODEL = "license: mit"
SPACE = "license: mit\nsdk: gradio"


def read(folder: Path, card: str, **files: str) -> tuple[Artifact, list[Rejected]]:
    (folder / "README.md").write_text(f"---\n{card}\n---\n")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    told: list[Rejected] = []
    return read_card(folder, context(told.append)), told


def parents(artifact: Artifact) -> list[tuple[str, str, str, str]]:
    return [(r.parent_kind, r.parent, r.relation, r.place) for r in artifact.references]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("config__json", json.dumps({"_name_or_path": "a/b"}), ("a/b", "base-model")),
        ("config__json", json.dumps({"_name_or_path": "/home/me/b"}), ("/home/me/b", "base-model")),
        ("model_index__json", json.dumps({"_name_or_path": "a/b"}), ("a/b", "base-model")),
        ("mergekit_config__yml", "models:\n- model: a/b\n", ("a/b", "merge")),
        ("adapter_config__json", json.dumps({"base_model_name_or_path": "./b"}), ("./b", "adapter")),
        ("adapter_config__json", json.dumps({"base_model_name_or_path": None}), ("", "adapter")),
        ("train__py", "AutoModel.from_pretrained('a/b')", ("a/b", "use")),
    ],
)
def test_a_file_names_a_parent(name: str, text: str, expected: tuple[str, str], tmp_path: Path) -> None:
    artifact, told = read(tmp_path, MODEL, **{name: text})
    assert parents(artifact) == [("model", *expected, "file")]
    assert told == []


def test_what_the_card_names_is_not_said_again_and_another_base_is(tmp_path: Path) -> None:
    card = f"{MODEL}\nbase_model: a/b@main"
    artifact, _ = read(tmp_path, card, config__json=json.dumps({"_name_or_path": "a/b"}))
    assert [r.parent for r in artifact.references] == ["a/b@main"]
    artifact, _ = read(tmp_path, card, config__json=json.dumps({"_name_or_path": "c/d"}))
    assert [r.parent for r in artifact.references] == ["a/b@main", "c/d"]


def test_a_space_includes_what_its_code_loads_and_stands_under_its_header(tmp_path: Path) -> None:
    code = "# SPDX-License-Identifier: AGPL-3.0-only\nAutoModel.from_pretrained('a/b')\nload_dataset('c/d')\n"
    artifact, told = read(tmp_path, SPACE, app__py=code)
    assert parents(artifact) == [("model", "a/b", "include", "file"), ("dataset", "c/d", "include", "file")]
    assert [(s.place, s.value, s.name) for s in artifact.statements] == [("file", "AGPL-3.0-only", "app.py")]
    assert told == []
    model, _ = read(tmp_path, MODEL, app__py=code)
    assert [s.place for s in model.statements] == ["attached"], "code beside a model is a part of the repository"


@pytest.mark.parametrize(
    ("name", "text", "line", "reason"),
    [
        ("app__py", "\nAutoModel.from_pretrained(f())", 2, "computed"),
        ("app__py", "AutoModel.from_pretrained('./out')", 1, "'./out'"),
        ("app__py", "x = (", 0, "line 1"),
        ("config__json", "{", 0, "column"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_file(
    name: str, text: str, line: int, reason: str, tmp_path: Path
) -> None:
    artifact, told = read(tmp_path, MODEL, **{name: text})
    assert artifact.references == ()
    assert [one.line for one in told] == [line]
    assert reason in told[0].reason
    assert told[0].source.endswith(name.replace("__", "."))


@pytest.mark.parametrize("name", ["mergekit_config__yml", "mergekit_moe_config__yaml"])
def test_a_recipe_of_a_merge_that_cannot_be_read_is_a_gap_and_is_told(name: str, tmp_path: Path) -> None:
    artifact, told = read(tmp_path, MODEL, **{name: "a: ["})
    file = name.replace("__", ".")
    assert parents(artifact) == [("model", f"({file})", "merge", "file")]
    assert "line" in told[0].reason


@pytest.mark.parametrize(
    ("card", "licenses", "verdict"),
    [
        ("license: mit", ("mit",), "compatible"),
        ("license: mit\nlicense_name: MIT License", ("mit", "MIT License"), "compatible"),
        ("license: apache-2.0\nlicense_name: llama2", ("apache-2.0", "llama2"), "conditional"),
        ("license: mit\nlicense_name: terms-of-mine", ("mit", "terms-of-mine"), "unknown"),
        ("license: mit\nlicense_link: LICENSE.md", ("mit",), "compatible"),
        ("license: mit\nlicense_link: https://opensource.org/license/mit", ("mit",), "compatible"),
        ("license: mit\nlicense_link: https://ai.google.dev/gemma/terms", None, "compatible"),
        ("license: [mit, {name: gemma}]", ("mit", '{"name": "gemma"}'), "unknown"),
    ],
)
def test_a_license_beside_the_license_counts_where_it_says_otherwise(
    card: str, licenses: tuple[str, ...] | None, verdict: str, library: Library, tmp_path: Path
) -> None:
    artifact, _ = read(tmp_path, card)
    assert artifact.licenses == (licenses or ("mit", "https://ai.google.dev/gemma/terms"))
    assert Ancestors(library).judged(card_subject(library, tmp_path, Assumptions(library))).verdict == verdict


def test_a_license_in_the_tags_of_a_card_counts(tmp_path: Path) -> None:
    artifact, _ = read(tmp_path, "tags: ['license:cc-by-nc-4.0', 'x']")
    assert (artifact.licenses, artifact.place) == (("cc-by-nc-4.0",), "tag")
    artifact, _ = read(tmp_path, "license: mit\ntags: ['license:cc-by-nc-4.0']")
    assert [(s.place, s.value) for s in artifact.statements] == [("tag", "cc-by-nc-4.0")]


def test_a_second_front_matter_counts_and_is_told(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, "license: mit\n---\n---\nlicense: gpl-3.0\nbase_model: a/b")
    assert artifact.licenses == ("mit", "gpl-3.0")
    assert [r.parent for r in artifact.references] == ["a/b"]
    assert [one.line for one in told] == [5]


def test_of_two_cards_the_one_that_the_hub_reads_counts_and_the_other_is_told(tmp_path: Path) -> None:
    from clausegraph.workspace.folder import Workspace
    from clausegraph.workspace.load import load

    folder = tmp_path / "tree" / "acme" / "one"
    folder.mkdir(parents=True)
    (folder / "readme.md").write_text("---\nlicense: gpl-3.0\n---\n")
    artifact, told = read(folder, MODEL)
    assert artifact.licenses == ("mit",)
    assert [one.source for one in told] == [str(folder / "readme.md")]
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "tree"))
    quarantine = next((workspace.folder / "sources").glob("*/quarantine.jsonl")).read_text().splitlines()
    assert [json.loads(line)["source"] for line in quarantine] == [str(folder / "readme.md")]


def test_one_hostile_card_does_not_end_a_load(tmp_path: Path) -> None:
    from clausegraph.workspace.folder import Workspace
    from clausegraph.workspace.load import load

    for name, value in {"one": "mit", "two": "!!bool abc", "three": "!!timestamp abc"}.items():
        (tmp_path / "tree" / "acme" / name).mkdir(parents=True)
        (tmp_path / "tree" / "acme" / name / "README.md").write_text(f"---\nlicense: {value}\n---\n")
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "tree"))
    assert [source.artifacts for source in workspace.sources()] == [1]


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    artifact, _ = read(tmp_path, MODEL, adapter_config__json='{"base_model_name_or_path": "./a\\ud800"}')
    assert [r.parent for r in artifact.references] == ["./a?"]


def test_a_key_written_twice_counts_twice_and_is_told(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, "license: cc-by-nc-4.0\nlicense: mit\nbase_model: a/b\nbase_model: c/d")
    assert artifact.licenses == ("cc-by-nc-4.0", "mit")
    assert [r.parent for r in artifact.references] == ["a/b", "c/d"]
    assert [one.line for one in told] == [3, 5]


@pytest.mark.parametrize(
    ("before", "expected"), [("\n", True), ("  \n\n", True), ("\ufeff", True), ("<!-- -->\n", False)]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_white_space_may_stand_before_front_matter_and_nothing_else(
    before: str, expected: bool, end: str, tmp_path: Path
) -> None:
    text = f"{before}---\nlicense: mit\nbase_model: a/b\n---\n# Title\n".replace("\n", end)
    (tmp_path / "README.md").write_bytes(text.encode())
    artifact = read_card(tmp_path, context(lambda _: None))
    assert artifact.licenses == (("mit",) if expected else ())
    assert len(artifact.references) == int(expected)


@pytest.mark.parametrize("value", ["no", "off", "yes", "on", "No"])
def test_words_that_yaml_takes_for_a_truth_value_stay_words(value: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"license: {value}")[0].licenses == (value,)


CASES: list[tuple[str, Any]] = [
    ("license: apache-2.0\nbase_model: acme/base-7b@main", [("acme/base-7b@main", "card")]),
    (
        "license: apache-2.0\nbase_model: [{name: a/b, relation: merge}]",
        [('{"name": "a/b", "relation": "merge"}', "card")],
    ),
    ("license: mit\nbase_model: null\nlibrary_name: peft", [("", "card")]),
]


@pytest.mark.parametrize(("card", "expected"), CASES)
def test_a_card_in_an_odd_form_states_a_parent_all_the_same(
    card: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert [(r.parent, r.place) for r in read(tmp_path, card)[0].references] == expected
