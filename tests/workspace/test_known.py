"""The files of known artifacts: sorted, complete, and found by any spelling of a name."""

from datetime import date

import pytest

from clausegraph.ground.files import folder
from clausegraph.workspace.known import CURATED_FILE, HUB_FILE, MOVED, known_artifacts

_PLACE = folder("ontology") / "known"


def _rows(name: str) -> list[list[str]]:
    lines = (_PLACE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_every_line_is_found_at_its_place() -> None:
    rows = _rows(HUB_FILE)
    keys = [f"{kind}\t{id_.lower()}\t".encode() for kind, id_, *_ in rows]
    assert keys == sorted(keys)
    for kind, id_, *more in (rows[0], rows[len(rows) // 3], rows[-1]):
        found = known_artifacts().find(kind, id_)
        assert found is not None
        assert found.id == (more[1] if more[0] == ">" else id_)


def test_a_former_id_leads_to_an_artifact_that_is_known() -> None:
    ids = {(kind, id_.lower()) for kind, id_, *more in _rows(HUB_FILE) if more[0] != ">"}
    assert all((kind, more[1].lower()) in ids for kind, _, *more in _rows(HUB_FILE) if more[0] == ">")


@pytest.mark.parametrize("id_", ["gpt2", "openai-community/gpt2", "OpenAI-Community/GPT2"])
def test_an_artifact_is_found_by_its_former_id_and_in_any_capitals(id_: str) -> None:
    found = known_artifacts().find("model", id_)
    assert found is not None
    assert found.id == "openai-community/gpt2"


@pytest.mark.parametrize("id_", ["", "zzzz/zzzz", "openai-community/gpt", "openai-community/gpt2x"])
def test_what_is_not_there_is_not_found(id_: str) -> None:
    assert known_artifacts().find("model", id_) is None


def test_every_curated_row_has_a_source_and_the_day_or_month_of_its_reading() -> None:
    for kind, _, _, day, source, *_ in _rows(CURATED_FILE):
        assert kind in ("model", "dataset")
        assert date.fromisoformat(f"{day}-01" if len(day) == 7 else day).year >= 2023
        assert source.startswith("https://")


def test_the_files_stay_small() -> None:
    assert sum((_PLACE / name).stat().st_size for name in (HUB_FILE, CURATED_FILE)) < 6_000_000


def test_the_docs_say_how_many_there_are() -> None:
    known = sum(len(row) > 3 and row[2] != MOVED for row in _rows(HUB_FILE))
    for page in ("docs/loading.md", "CHANGELOG.md"):
        assert f"some {known // 1000},000 models and data sets" in (_PLACE.parents[1] / page).read_text(), known


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("meta-lama/Llama-2-7b-hf", "meta-llama/Llama-2-7b-hf"),
        ("mistralai/Mistral-7B-v01", "mistralai/Mistral-7B-v0.1"),
        ("google/gema-2-9b-it", "google/gemma-2-9b-it"),
    ],
)
def test_a_mistyped_id_has_the_known_one_as_its_nearest(written: str, meant: str) -> None:
    assert known_artifacts().nearest(["model"], written)[0] == ("model", meant)


@pytest.mark.parametrize("written", ["", "///", "zzzz/qqqq-0", "x" * 500])
def test_what_is_like_nothing_has_no_nearest(written: str) -> None:
    assert known_artifacts().nearest(["model", "dataset"], written) == []
