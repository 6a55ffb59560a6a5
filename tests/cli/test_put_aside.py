"""What a card and the files beside it say and nobody can read is told by `check` and `choose`, and is no answer."""

from pathlib import Path

import pytest

from tests.support.running import RUNNER, app

CARD = "---\nlicense: mit\nlicense: cc-by-nc-4.0\n---\n"
CODE = "from transformers import AutoModel\nAutoModel.from_pretrained(name)\n"


@pytest.mark.parametrize("command", ["check", "choose"])
def test_file_line_and_reason_are_said_at_stderr_and_the_answer_stays_whole(command: str, tmp_path: Path) -> None:
    for name, text in (("README.md", CARD), ("app.py", CODE), ("config.json", "{bad")):
        (tmp_path / name).write_text(text)
    found = RUNNER.invoke(app, [command, str(tmp_path), "-w", str(tmp_path / "none"), "--format", "json"])
    said = found.stderr.splitlines()
    assert said[0].startswith(f"{tmp_path}/README.md, line 3: `license` stands a second time")
    assert said[1].startswith(f"{tmp_path}/app.py, line 2: what `from_pretrained` loads is computed")
    assert said[2].startswith(f"{tmp_path}/config.json: it could not be read")
    assert len(said) == 3
    assert found.stdout.startswith("{")


def test_a_card_that_says_all_once_is_met_with_silence(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    found = RUNNER.invoke(app, ["check", str(tmp_path), "-w", str(tmp_path / "none")])
    assert found.stderr == ""


def test_a_terminal_obeys_no_file_name(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "a\x1b[31m.py").write_text(CODE)
    found = RUNNER.invoke(app, ["check", str(tmp_path), "-w", str(tmp_path / "none")])
    assert "\x1b" not in found.stderr
    assert "a\\u001b[31m.py, line 2" in found.stderr
