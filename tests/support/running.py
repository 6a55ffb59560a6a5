"""Runs the command line as a person does, in this process."""

import sys

import pytest
from typer.testing import CliRunner

from clausegraph.cli import main as run_main
from clausegraph.cli import whole_app

RUNNER = CliRunner()
app = whole_app()


def ok(*arguments: str, code: int = 0) -> str:
    result = RUNNER.invoke(app, list(arguments))
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.stdout


def fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    """Run as the console script does, and return exit code and stderr."""
    monkeypatch.setattr(sys, "argv", ["clausegraph", *arguments])
    with pytest.raises(SystemExit) as caught:
        run_main()
    return int(caught.value.code or 0), capsys.readouterr().err
