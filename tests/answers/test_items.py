"""What people ask about: paths, folders of folders, patterns, standard input, ids and addresses of the Hub."""

from pathlib import Path

import pytest

from clausegraph.answers.items import Item, expand, is_card
from clausegraph.ground.errors import UnreadableInput

CARD = "---\nlicense: mit\n---\n# A model\n"


def _card(folder: Path, text: str = CARD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder


def _read(*written: str | Path, given: str = "") -> list[Item]:
    found = expand([str(one) for one in written], lambda: given)
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def _error(*written: str | Path, given: str = "") -> str:
    (found,) = expand([str(one) for one in written], lambda: given)
    assert isinstance(found, UnreadableInput)
    return str(found)


def test_a_folder_with_a_card_is_one_thing_and_a_folder_of_such_folders_is_all_of_them(tmp_path: Path) -> None:
    first, second = _card(tmp_path / "models" / "a"), _card(tmp_path / "models" / "deep" / "b")
    _card(first / "checkpoint")
    assert [one.path for one in _read(first)] == [first]
    assert [one.path for one in _read(tmp_path / "models")] == [first, second], "what is below a card belongs to it"


def test_hidden_folders_are_no_models_and_links_are_not_followed(tmp_path: Path) -> None:
    _card(tmp_path / "models" / ".git")
    _card(tmp_path / "elsewhere")
    (tmp_path / "models" / "link").symlink_to(tmp_path / "elsewhere")
    kept = _card(tmp_path / "models" / "a")
    assert [one.path for one in _read(tmp_path / "models")] == [kept]


def test_a_readme_that_is_no_card_is_no_artifact(tmp_path: Path) -> None:
    folder = _card(tmp_path / "software", "# A program\n\nIt is fast.\n")
    (folder / "LICENSE").write_text("MIT License", encoding="utf-8")
    assert "no card of a model, dataset or Space" in _error(folder)
    assert not is_card(folder / "README.md")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "model-Q4.gguf", "train.jsonl"])
def test_a_readme_without_front_matter_beside_weights_or_data_is_a_card(tmp_path: Path, name: str) -> None:
    folder = _card(tmp_path / "model", "# A model\n")
    (folder / name).write_text("{}", encoding="utf-8")
    assert [one.path for one in _read(folder)] == [folder]


def test_a_program_that_holds_models_is_looked_through(tmp_path: Path) -> None:
    _card(tmp_path, "# A program\n")
    model = _card(tmp_path / "models" / "a")
    assert [one.path for one in _read(tmp_path)] == [model]


def test_a_pattern_that_no_shell_expanded_names_what_it_matches(tmp_path: Path) -> None:
    first, second = _card(tmp_path / "a"), _card(tmp_path / "b")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert [one.path for one in _read(tmp_path / "*")] == [first, second]
    assert "nothing matches" in _error(tmp_path / "x*")


def test_what_is_named_twice_is_judged_once(tmp_path: Path) -> None:
    folder = _card(tmp_path / "a")
    assert len(_read(folder, folder, "org/a", "org/a")) == 2


def test_a_mistyped_path_is_asked_back(tmp_path: Path) -> None:
    _card(tmp_path / "my-model")
    said = _error(tmp_path / "my-modle" / "README.md")
    assert f"there is no such file or folder. Did you mean {tmp_path / 'my-model'}?" in said
    assert "Did you mean" not in _error(tmp_path / "something-else" / "README.md")


def test_standard_input_is_a_card_a_recipe_or_a_list(tmp_path: Path) -> None:
    folder = _card(tmp_path / "a")
    (card,) = _read("-", given=CARD)
    assert (card.text, card.recipe) == (CARD, False)
    (recipe,) = _read("-", given="works:\n  a: {license: mit}\n")
    assert recipe.recipe
    listed = _read("-", given=f"# those of today\n{folder}\n\norg/name\n")
    assert [(one.path, one.id) for one in listed] == [(folder, ""), (None, "org/name")]
    assert "it is no card" in _error("-", given="# A program\n\nIt is fast.\n")
    assert "it is empty" in _error("-", given="\n")


@pytest.mark.parametrize(
    ("written", "id_", "revision"),
    [
        ("org/name", "org/name", ""),
        ("org/name@v1.0", "org/name", "v1.0"),
        ("datasets/org/name@refs/pr/1", "datasets/org/name", "refs/pr/1"),
        ("https://huggingface.co/org/name", "https://huggingface.co/org/name", ""),
        ("https://huggingface.co/org/name/tree/abc123", "https://huggingface.co/org/name/tree/abc123", "abc123"),
        ("https://huggingface.co/org/name/blob/main/README.md", "", "main"),
        ("https://huggingface.co/datasets/org/name/resolve/v2/x.csv", "", "v2"),
        ("hf://datasets/org/name", "datasets/org/name", ""),
    ],
)
def test_an_id_or_an_address_may_name_a_revision(written: str, id_: str, revision: str) -> None:
    (found,) = _read(written)
    assert (found.id, found.revision) == (id_ or written, revision)
