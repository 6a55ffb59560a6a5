"""Questions to the Hub: whatever it does, each ends soon, in an item or in a reason."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clausegraph.loaders import hub_ask
from clausegraph.loaders.hub_ask import HubQuestions

from tests.support.fake_hub import FakeHub, model, serving

ONE = model(3)
ID = str(ONE["id"])


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    found = FakeHub([ONE])
    with serving(found) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_ASSETS_CACHE", str(tmp_path / "assets"))
        yield found


def _questions(said: list[str] | None = None, *, offline: bool = False, refresh: bool = False) -> HubQuestions:
    return HubQuestions((said if said is not None else []).append, offline, refresh)


def test_an_item_comes_with_its_day_and_the_host_is_named_once(hub: FakeHub) -> None:
    said: list[str] = []
    questions = _questions(said)
    answer = questions.ask("model", ID)
    questions.ask("dataset", "org/not-there")
    assert answer.item is not None
    assert (answer.item["id"], answer.day) == (ID, "2026-07-23")
    assert [line.startswith("asking 127.0.0.1:") for line in said] == [True]
    assert "License" not in hub.seen[0]


def test_an_answer_is_kept_and_used_offline_until_it_is_refreshed(hub: FakeHub) -> None:
    _questions().ask("model", ID)
    assert _questions(offline=True).ask("model", ID.upper()).day == "2026-07-23"
    assert len(hub.seen) == 1
    _questions(refresh=True).ask("model", ID)
    assert len(hub.seen) == 2


def test_what_was_kept_and_is_damaged_is_asked_again(hub: FakeHub, tmp_path: Path) -> None:
    _questions().ask("model", ID)
    (kept,) = (tmp_path / "assets").rglob("*.json")
    kept.write_text("{", encoding="utf-8")
    assert _questions().ask("model", ID).item is not None
    assert len(hub.seen) == 2


@pytest.mark.parametrize("said", ["1", "true", "ON"])
def test_offline_means_that_nothing_is_asked(hub: FakeHub, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", said)
    lines: list[str] = []
    questions = _questions(lines)
    assert questions.ask("model", ID).reason == "the Hub was not asked: offline"
    assert questions.unasked
    assert (hub.seen, lines) == ([], [])


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "without a token"),
        (403, "does not let this token"),
        (404, "no such repository"),
        (410, "was removed"),
        (451, "legal reasons"),
        (500, "status 500"),
    ],
)
def test_a_refusal_is_a_reason_and_is_not_kept(hub: FakeHub, tmp_path: Path, status: int, reason: str) -> None:
    hub.gone[ID] = status
    questions = _questions()
    assert reason in questions.ask("model", ID).reason
    assert not questions.down, "others may still be asked about"
    assert not list((tmp_path / "assets").rglob("*.json"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("html", "no item of the Hub's API"),
        ("huge", "more than"),
        ("away", "sends elsewhere"),
        ("loop", "redirects more than"),
    ],
)
def test_an_answer_that_is_none_is_a_reason_and_costs_little_time(hub: FakeHub, fault: str, reason: str) -> None:
    hub.faults = dict.fromkeys(range(10), fault)
    start = time.monotonic()
    assert reason in _questions().ask("model", ID).reason
    assert time.monotonic() - start < hub_ask.ANSWER


@pytest.mark.parametrize(("fault", "reason"), [("429", "asks to wait"), ("silent", "did not answer")])
def test_after_a_rate_limit_or_no_answer_nothing_more_is_asked(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, fault: str, reason: str
) -> None:
    monkeypatch.setattr(hub_ask, "ANSWER", 1.0)
    hub.faults = {0: fault}
    said: list[str] = []
    questions = _questions(said)
    assert reason in questions.ask("model", ID).reason
    assert reason in questions.ask("model", "org/other").reason
    assert (len(hub.seen), questions.unasked) == (1, True)
    assert reason in said[-1]


def test_without_a_network_one_line_says_so_and_the_rest_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    said: list[str] = []
    questions = _questions(said)
    assert [questions.ask("model", f"org/{n}").reason for n in range(3)] == ["no network"] * 3
    assert [line.partition(": ")[2] for line in said[1:]] == ["no network; what it could tell stays unknown"]


def test_a_run_asks_a_bounded_number_of_questions(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_ask, "MAX_QUESTIONS", 2)
    questions = _questions()
    reasons = [questions.ask("model", f"org/{n}").reason for n in range(3)]
    assert ["enough" in reason for reason in reasons] == [False, False, True]
    assert len(hub.seen) == 2


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["../etc/passwd", "a b", "https://example.org/x", ""])
def test_what_is_no_repository_is_not_asked_about(name: str) -> None:
    assert _questions().ask("model", name).reason == "it is no repository of the Hub"
