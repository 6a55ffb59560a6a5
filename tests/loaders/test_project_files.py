"""Project files of programs: their license, what they need by address, and what they need by name alone."""

from pathlib import Path

import pytest
from clausegraph.loaders.card import read_card
from clausegraph.loaders.project_files import Needs, needs
from clausegraph.loaders.records import Rejected

from clausegraph.workspace.context import context


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git+https://github.com/a/b", ("source", "a/b")),
        ("b @ git+https://github.com/a/b.git@v1.0#egg=b", ("source", "a/b")),
        ("-e git+https://github.com/a/b", ("source", "a/b")),
        ("https://huggingface.co/spacy/en_core_web_sm/resolve/main/x.whl", ("model", "spacy/en_core_web_sm")),
        ("https://example.org/x.whl", (None, "https://example.org/x.whl")),
        ("# git+https://github.com/a/b", None),
    ],
)
def test_a_need_with_an_address_is_named_by_it(text: str, expected: tuple[str | None, str] | None) -> None:
    assert needs("requirements.txt", text).named == ((expected,) if expected else ())


def test_a_package_alone_is_counted_and_an_option_of_pip_is_none() -> None:
    text = "gradio>=4  # the page\nnumpy[all]==1.0; python_version > '3'\n--index-url https://x.example\n"
    assert needs("requirements.txt", text) == Needs(packages=("gradio", "numpy"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[project]\nlicense = 'MIT'\ndependencies = ['a', 'b @ git+https://github.com/a/b']", ("MIT",)),
        ("[project]\nlicense = {text = 'MIT'}\ndependencies = ['a', 'b @ git+https://github.com/a/b']", ("MIT",)),
        ("[project]\nlicense = {file = 'LICENSE'}\ndependencies = ['a', 'b @ git+https://github.com/a/b']", ()),
        (
            "[tool.poetry]\nlicense = 'MIT'\n[tool.poetry.dependencies]\npython = '3'\na = '1'\n"
            "b = {git = 'https://github.com/a/b'}",
            ("MIT",),
        ),
    ],
)
def test_a_project_states_license_and_needs(text: str, expected: tuple[str, ...]) -> None:
    assert needs("pyproject.toml", text) == Needs(expected, (("source", "a/b"),), ("a",))


@pytest.mark.parametrize("text", ["[", "project = 3", "[project]\nlicense = 3\ndependencies = 4"])
def test_a_project_in_an_odd_form_is_refused_or_says_nothing(text: str) -> None:
    if text == "[":
        with pytest.raises(ValueError, match="no TOML"):
            needs("pyproject.toml", text)
    else:
        assert needs("pyproject.toml", text) == Needs()


def test_a_space_links_what_it_needs_and_a_model_only_uses_it(tmp_path: Path) -> None:
    def read(card: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]], list[str]]:
        told: list[Rejected] = []
        (tmp_path / "README.md").write_text(f"---\n{card}\n---\n")
        (tmp_path / "requirements.txt").write_text("gradio\ngit+https://github.com/a/b\n")
        (tmp_path / "pyproject.toml").write_text("[project]\nlicense = 'GPL-3.0-only'\n")
        found = read_card(tmp_path, context(told.append))
        parents = [(r.parent_kind, r.parent, r.relation) for r in found.references]
        return parents, [(s.place, s.value) for s in found.statements], [one.text for one in told]

    assert read("license: mit\nsdk: gradio") == ([("source", "a/b", "link")], [("file", "GPL-3.0-only")], ["gradio"])
    assert read("license: mit") == ([("source", "a/b", "use")], [("attached", "GPL-3.0-only")], [])
