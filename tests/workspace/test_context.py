"""What a loader may ask, and the day of which a file tells."""

import subprocess
import sys
from pathlib import Path

import pytest

from clausegraph.workspace.context import context, date_of


@pytest.mark.parametrize(
    ("name", "day"), [("models-2026-05-03.jsonl", "2026-05-03"), ("models_2026-05.parquet", "2026-05-28")]
)
def test_a_day_in_the_name_of_a_file_counts_and_a_month_counts_to_its_end(tmp_path: Path, name: str, day: str) -> None:
    path = tmp_path / name
    path.write_text("")
    assert date_of(path) == day


def test_a_number_that_is_no_day_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "models-2026-02-31.jsonl"
    path.write_text("")
    assert date_of(path) != "2026-02-31"


def test_a_loader_can_ask_which_words_name_a_relation() -> None:
    words = context(lambda _: None).vocabulary()
    assert words.relations["mirror"] == "copy"
    assert "somehow" not in words.relations


def test_a_check_of_a_folder_needs_no_tables(tmp_path: Path) -> None:
    """What reads tables takes a fifth of a second to import, and a card has none."""
    (tmp_path / "README.md").write_text("---\nlicense: mit\nbase_model: meta-llama/Llama-2-7b-hf\n---\n")
    code = (
        "import sys; from clausegraph.cli import build; sys.argv = ['clausegraph', 'check', '.', '-w', 'nothing']\n"
        "try: build(['check'])()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('duckdb', 'pyarrow', 'rdflib', 'ibis', 'huggingface_hub') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "CONFLICT" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
