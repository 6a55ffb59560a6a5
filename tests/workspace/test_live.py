"""A load of the live Hub as one source: its day, and pages that stay until they were kept."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from clausegraph.ground.errors import UsageError
from clausegraph.workspace.folder import PARTS, Workspace
from clausegraph.workspace.live import load_live
from clausegraph.workspace.load import _keep
from tests.support.fake_hub import FakeHub, serving


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    found = FakeHub(3)
    with serving(found) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield found


def parts(workspace: Workspace) -> list[Path]:
    return list((workspace.folder / "sources").glob(f"{PARTS}*"))


def test_the_source_tells_of_the_day_on_which_the_hub_answered_unless_a_day_is_given(
    hub: FakeHub, tmp_path: Path
) -> None:
    for date, expected in ((None, "2026-07-23"), ("2024-01-01", "2024-01-01")):
        workspace = Workspace(tmp_path / str(date))
        loaded = load_live(workspace, "hub:models", partial(_keep, workspace), lambda _: None, date)
        assert (loaded.source.date, loaded.source.artifacts, loaded.fresh) == (expected, 3, True)
        assert loaded.source.location == "hub:models"
        assert parts(workspace) == [], "what was kept needs no pages any more"


def test_pages_stay_where_keeping_them_fails_and_are_not_fetched_again(hub: FakeHub, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")

    def refuse(*_: Any) -> Any:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        load_live(workspace, "hub:models", refuse, lambda _: None, None)
    asked = len(hub.seen)
    assert asked > 0
    assert len(parts(workspace)) == 1
    with pytest.raises(OSError, match="no space"):
        load_live(workspace, "hub:datasets", refuse, lambda _: None, None)
    assert len(parts(workspace)) == 2, "another query has pages of its own"
    asked = len(hub.seen)
    assert load_live(workspace, "hub:models", partial(_keep, workspace), lambda _: None, None).source.artifacts == 3
    assert len(hub.seen) == asked
    assert len(parts(workspace)) == 1


def test_a_query_that_is_written_wrongly_asks_nothing_and_leaves_nothing(hub: FakeHub, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    with pytest.raises(UsageError):
        load_live(workspace, "hub:models?colour=red", partial(_keep, workspace), lambda _: None, None)
    assert hub.seen == []
    assert not workspace.folder.exists()
