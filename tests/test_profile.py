"""Profiles: how severe a finding is, is for the user to say."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from clausegraph.codes import codes

from .running import fails, ok


def test_a_profile_decides_how_severe_a_finding_is(tmp_path: Path) -> None:
    arguments = ["compat", "gpl-3.0", "--via", "train", "--to", "mit", "-f", "json"]
    assert {f["severity"] for f in json.loads(ok(*arguments))["findings"]} == {"warning"}
    released = json.loads(ok(*arguments, "--profile", "release", code=1))
    assert {f["severity"] for f in released["findings"]} == {"violation"}
    mine = tmp_path / "mine.toml"
    mine.write_text('[severity]\nCG3 = "off"\n')
    silent = json.loads(ok(*arguments, "--profile", str(mine)))
    assert silent["findings"] == []
    assert silent["verdict"] == "unknown"


def test_a_profile_reaches_audit_and_check(place: list[str]) -> None:
    ok("check", "deepset/bert-base-cased-squad2", *place, "-f", "json")
    ok("check", "deepset/bert-base-cased-squad2", *place, "-f", "json", "--profile", "release", code=1)
    plain = ElementTree.fromstring(ok("audit", *place, "-f", "junit").encode())
    release = ElementTree.fromstring(ok("audit", *place, "-f", "junit", "--profile", "release").encode())
    assert int(release[0].get("failures", 0)) > int(plain[0].get("failures", 0))


@pytest.mark.parametrize(
    ("text", "part"),
    [("[severity", "Mend the TOML"), ('[severity]\nCG2 = "loud"', "Levels are"), ("severity = 1", "no table")],
)
def test_a_profile_that_is_wrong_says_so(
    tmp_path: Path, text: str, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.toml").write_text(text)
    arguments = ("compat", "mit", "--via", "copy", "--to", "mit", "--profile", str(tmp_path / "p.toml"))
    code, err = fails(capsys, monkeypatch, *arguments)
    assert code in (2, 3)
    assert part in err


def test_the_default_profile_says_what_the_shapes_say() -> None:
    from clausegraph.profile import load_profile, shipped

    assert shipped() == ["default", "release"]
    profile = load_profile("default")
    for code in codes().values():
        assert profile.severity(code.code, code.severity) == code.severity
