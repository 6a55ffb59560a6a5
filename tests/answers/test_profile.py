"""Profiles: how severe a finding is, is for the user to say."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from clausegraph.answers.profile import FailOn, load_profile, shipped
from clausegraph.library.codes import codes
from tests.support.running import fails, ok


def test_a_profile_decides_how_severe_a_finding_is(tmp_path: Path) -> None:
    arguments = ["compat", "gpl-3.0", "--via", "train", "--to", "mit", "-f", "json"]
    assert {f["severity"] for f in json.loads(ok(*arguments, code=1))["findings"]} == {"warning"}
    released = json.loads(ok(*arguments, "--profile", "release", code=1))
    assert {f["severity"] for f in released["findings"]} == {"violation"}
    mine = tmp_path / "mine.toml"
    mine.write_text('[severity]\nCG3 = "off"\n')
    silent = json.loads(ok(*arguments, "--profile", str(mine), code=1))
    assert silent["findings"] == []
    assert silent["verdict"] == "unknown"


def test_a_profile_reaches_audit_and_check(place: list[str]) -> None:
    by_severity = ("--fail-on", "violation")
    ok("check", "deepset/bert-base-cased-squad2", *place, "-f", "json", *by_severity)
    ok("check", "deepset/bert-base-cased-squad2", *place, "-f", "json", *by_severity, "--profile", "release", code=1)
    command = ("audit", *place, "-f", "junit", *by_severity)
    plain = ElementTree.fromstring(ok(*command, code=1).encode())
    release = ElementTree.fromstring(ok(*command, "--profile", "release", code=1).encode())
    assert int(release[0].get("failures", 0)) > int(plain[0].get("failures", 0))


def test_a_profile_says_from_what_on_a_command_fails(tmp_path: Path) -> None:
    arguments = ["compat", "gpl-3.0", "--via", "train", "--to", "mit", "-f", "json"]
    mine = tmp_path / "mine.toml"
    mine.write_text('fail_on = "conflict"\n')
    ok(*arguments, code=1)
    ok(*arguments, "--profile", str(mine))
    ok(*arguments, "--profile", str(mine), "--fail-on", "unknown", code=1)
    mine.write_text('fail_on = "warning"\n')
    ok(*arguments, "--profile", str(mine), code=1)
    ok(*arguments, "--profile", str(mine), "--fail-on", "never")


def test_what_is_off_is_in_no_list_and_the_verdict_stays(place: list[str], tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[severity]\nCG = "off"\n')
    audited = json.loads(ok("audit", *place, "-f", "json", "--profile", str(mine), code=1))
    assert audited["findings"] == {}
    assert audited["verdicts"]["unknown"] > 0
    assert ok("audit", *place, "-f", "jsonl", "--profile", str(mine), code=1) == ""
    checked = json.loads(ok("check", "facebook/opt-175b", *place, "-f", "json", "--profile", str(mine)))
    assert (checked["findings"], checked["verdict"]) == ([], "conditional")
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"upstream": ["gpl-3.0"], "via": "finetune", "downstream": ["mit"]}\n')
    answer = json.loads(ok("compat", "--batch", str(cases), "--profile", str(mine)))
    assert (answer["findings"], answer["verdict"]) == ([], "conflict")


def test_the_shipped_profiles_fail_on_what_nobody_knows() -> None:
    assert {load_profile(name).fail_on for name in shipped()} == {FailOn.unknown}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[severity", "Fix the TOML"),
        ('[severity]\nCG2 = "loud"', "Levels are"),
        ("severity = 1", "no table"),
        ('fail_on = "error"', "fail_on = 'error' is not understood. Write one of conditional, unknown, conflict,"),
        ("fail_on = 1", "fail_on = 1 is not understood"),
        ('[severity]\nfail_on = "conflict"', "Write it above the line [severity]"),
    ],
)
def test_a_profile_that_is_wrong_says_so(
    tmp_path: Path, text: str, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.toml").write_text(text)
    arguments = ("compat", "mit", "--via", "copy", "--to", "mit", "--profile", str(tmp_path / "p.toml"))
    code, err = fails(capsys, monkeypatch, *arguments)
    assert code in (2, 3)
    assert part in err
    assert str(tmp_path / "p.toml") in err


def test_the_default_profile_says_what_the_shapes_say() -> None:
    assert shipped() == ["default", "release"]
    profile = load_profile("default")
    for code in codes().values():
        assert profile.severity(code.code, code.severity) == code.severity
