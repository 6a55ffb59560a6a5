"""Every command that is shown anywhere, in documents, help, queries and messages, is one that there is."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from clausegraph.cli import whole_app
from tests.support.paths import ROOT

#: Where commands are shown.
PLACES = sorted(
    path
    for pattern in (
        *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "benchmarks/*.md", "queries/*.rq", "examples/*"),
        *("ontology/*.ttl", "shapes/**/*.ttl", "clausegraph/**/*.py", "loaders/*.py", "clausegraph/**/*.html"),
        ".pre-commit-hooks.yaml",
    )
    for path in ROOT.glob(pattern)
    if path.is_file() and "static" not in path.parts
)
#: A command in backticks, at the beginning of a line of a console block, or after a colon or a middle dot in help.
_SHOWN = re.compile(r"(?:`|· |Example: |entry: |\| |^CONSOLE )clausegraph ([a-z][^`\n·|]*)", re.MULTILINE)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
#: What ends a command in a sentence of the source.
_END = re.compile(r"\\n|  #|[\"')]+$| >|;")


@cache
def _command() -> Any:
    return typer.main.get_command(whole_app())


def shown(text: str) -> Iterator[list[str]]:
    """Yield the words of each command that a text shows."""
    text = _CONSOLE.sub(lambda block: re.sub(r"^(\$ )?", "CONSOLE ", block[1], flags=re.MULTILINE), text)
    for found in _SHOWN.finditer(text):
        plain = _END.split(found[1])[0].strip()
        try:
            yield shlex.split(plain)
        except ValueError:
            yield plain.split()


def wrong(words: list[str]) -> str:
    """Return what is wrong with a command; nothing where it and its options exist."""
    command, path = _command(), []
    for word in words:
        inner = getattr(command, "commands", None)
        if inner is None:
            break
        if word not in inner:
            return f"there is no command {' '.join([*path, word])}"
        command = inner[word]
        path.append(word)
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }
    for word in words[len(path) :]:
        name = word.partition("=")[0]
        if re.fullmatch(r"--[a-z][a-z-]*|-[a-z]", name) and name not in options:
            return f"{' '.join(path)} has no option {name}"
    return ""


@pytest.mark.parametrize("path", PLACES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_that_is_shown_exists_with_its_options(path: Path) -> None:
    said = [
        (words, problem) for words in shown(path.read_text(encoding="utf-8")) if words and (problem := wrong(words))
    ]
    assert said == []


def test_what_does_not_exist_is_found() -> None:
    assert list(shown("Run `clausegraph chekc ./x` now")) == [["chekc", "./x"]]
    assert wrong(["chekc", "./x"]) == "there is no command chekc"
    assert wrong(["check", "./x", "--refersh"]) == "check has no option --refersh"
    assert wrong(["license", "show", "gemma"]) == ""


def test_many_are_shown() -> None:
    """A pattern that finds nothing would pass every place."""
    assert sum(1 for path in PLACES for _ in shown(path.read_text(encoding="utf-8"))) > 100


def test_every_example_in_the_help_exists() -> None:
    seen = 0
    for name, command in _command().commands.items():
        for example in re.split(r" · |Example: ", command.epilog or ""):
            words = shlex.split(example.removeprefix("clausegraph ").split("clausegraph ")[-1])
            if words and words[0] in _command().commands:
                seen += 1
                assert wrong(words) == "", f"{name}: {example}"
    assert seen >= 10
