"""Ancestors that only the live Hub knows, in the check of a folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from clausegraph.cli import whole_app
from tests.support.fake_hub import FakeHub, serving


def _item(id_: str, license_: str, *bases: str, **more: Any) -> dict[str, Any]:
    card = {"license": license_} | ({"base_model": list(bases)} if bases else {}) | more
    return {"id": id_, "tags": [f"license:{license_}"], "cardData": card, "private": False, "gated": False}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    found = FakeHub([], [])
    with serving(found) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_ASSETS_CACHE", str(tmp_path / "assets"))
        monkeypatch.chdir(tmp_path)
        yield found


def _folder(tmp_path: Path, front: str, **files: str) -> str:
    (tmp_path / "work").mkdir(exist_ok=True)
    (tmp_path / "work" / "README.md").write_text(f"---\n{front}---\n", encoding="utf-8")
    for name, text in files.items():
        (tmp_path / "work" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return "work"


def _check(*arguments: str) -> Result:
    return CliRunner().invoke(whole_app(), ["check", *arguments])


def _asked(hub: FakeHub) -> list[str]:
    return [path.partition("?")[0] for path in hub.seen]


def test_an_ancestor_that_only_the_hub_knows_decides(hub: FakeHub, tmp_path: Path) -> None:
    hub.models = [_item("acme/base", "cc-by-nc-4.0")]
    work = _folder(tmp_path, "license: apache-2.0\nbase_model: acme/base\nbase_model_relation: finetune\n")
    online, offline = _check(work), _check("--offline", work)
    assert (online.exit_code, "CONFLICT" in online.stdout) == (1, True)
    assert "acme/base: license from 127.0.0.1" in online.stdout
    assert ", 2026-07-23" in online.stdout
    assert "CONFLICT" in offline.stdout, "what was answered once is kept"
    assert _asked(hub) == ["/api/models/acme/base"]


def test_its_own_ancestors_are_asked_for_too_and_what_ships_is_not(hub: FakeHub, tmp_path: Path) -> None:
    hub.models = [
        _item("acme/chat", "apache-2.0", "acme/base", base_model_relation="finetune"),
        _item("acme/base", "mit", "meta-llama/Llama-2-7b-hf", base_model_relation="finetune"),
    ]
    work = _folder(tmp_path, "license: mit\nbase_model: acme/chat\nbase_model_relation: finetune\n")
    done = _check(work, "-f", "json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "conflict"
    assert {f["origin"] for f in found["findings"] if f["code"] == "CG205"} == {"meta-llama/Llama-2-7b-hf"}
    assert _asked(hub) == ["/api/models/acme/chat", "/api/models/acme/base"]


def test_only_what_the_card_names_is_asked_about(hub: FakeHub, tmp_path: Path) -> None:
    """A path of somebody's training run in a configuration is nobody's business."""
    work = _folder(tmp_path, "license: mit\n", config__json=json.dumps({"_name_or_path": "runs/secret-project"}))
    assert _check(work).exit_code == 1
    assert _asked(hub) == []


@pytest.mark.parametrize("status", [401, 404, 410, 451])
def test_an_ancestor_that_the_hub_does_not_show_stays_unknown_with_the_reason(
    hub: FakeHub, tmp_path: Path, status: int
) -> None:
    hub.gone["acme/base"] = status
    work = _folder(tmp_path, "license: mit\nbase_model: acme/base\n")
    done = _check(work, "-f", "json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["verdict"]) == (1, "unknown")
    assert found["gaps"][0]["id"] == "acme/base"
    assert f"({status})" in found["gaps"][0]["reason"]


def test_without_a_network_the_answer_is_unknown_and_never_greener(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.chdir(tmp_path)
    done = _check(_folder(tmp_path, "license: apache-2.0\nbase_model: acme/base\n"))
    assert (done.exit_code, "UNKNOWN" in done.stdout) == (1, True)
    assert done.stderr.count("no network") == 1


def test_a_refresh_takes_the_newer_statement_and_keeps_the_older_where_it_is_worse(
    hub: FakeHub, tmp_path: Path
) -> None:
    hub.models = [_item("meta-llama/Llama-2-7b-hf", "apache-2.0")]
    work = _folder(tmp_path, "license: mit\nbase_model: meta-llama/Llama-2-7b-hf\nbase_model_relation: finetune\n")
    assert _check(work).exit_code == 1
    assert _asked(hub) == [], "it is known"
    done = _check("--refresh", work)
    assert _asked(hub) == ["/api/models/meta-llama/Llama-2-7b-hf"]
    assert "CONFLICT" in done.stdout
    assert "judges worse than what is stated later" in done.stdout


def test_a_refresh_that_cannot_be_done_does_not_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.chdir(tmp_path)
    work = _folder(tmp_path, "license: gemma\nbase_model: google/gemma-2-9b-it\nbase_model_relation: finetune\n")
    assert _check("--offline", work).exit_code == 0
    done = _check("--refresh", work)
    assert done.exit_code == 5
    assert "nothing was refreshed: no network" in done.stderr


def test_an_id_is_asked_for_and_a_revision_is_judged_as_it_stood(hub: FakeHub) -> None:
    hub.models = [_item("acme/base", "mit")]
    hub.revisions["acme/base", "v1"] = _item("acme/base", "apache-2.0", "meta-llama/Llama-2-7b-hf")
    assert json.loads(_check("acme/base", "-f", "json").stdout)["declared"] == "mit"
    found = json.loads(_check("acme/base@v1", "-f", "json").stdout)
    assert (found["declared"], found["verdict"]) == ("apache-2.0", "conflict")
    assert _check("acme/base@v2").exit_code == 5


def test_a_former_name_leads_to_the_repository(hub: FakeHub, tmp_path: Path) -> None:
    hub.models = [_item("acme/now", "cc-by-nc-4.0")]
    hub.renamed["acme/before"] = "acme/now"
    work = _folder(tmp_path, "license: apache-2.0\nbase_model: acme/before\nbase_model_relation: finetune\n")
    done = _check(work)
    assert "CONFLICT" in done.stdout
    assert "acme/now" in done.stdout


def test_an_audit_never_asks_the_hub(hub: FakeHub, tmp_path: Path) -> None:
    work = _folder(tmp_path, "license: mit\nbase_model: acme/base\n")
    for arguments in (["load", work], ["audit"]):
        CliRunner().invoke(whole_app(), [*arguments, "-w", str(tmp_path / "ws")])
    assert hub.seen == []
