"""One list of findings in every format, and an exit code that says the same as the list."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clausegraph.answers.artifact_findings import ArtifactFinding, artifact_findings, check_findings
from clausegraph.answers.artifact_index import Catalogue
from clausegraph.answers.profile import FailOn, Run
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.render import machine
from clausegraph.workspace.folder import Workspace
from tests.answers.test_recipe import RECIPE
from tests.cli.test_cli import CONFLICT
from tests.support.paths import ROOT
from tests.support.reports import BASE, finding, made, results
from tests.support.running import RUNNER, app, fails, ok

#: Works by verdict: two of the sample, and a card whose parent is not loaded.
WORKS = {"conflict": CONFLICT, "conditional": "facebook/opt-175b", "unknown": "card"}
#: The limits at which a work of a verdict fails.
FAILING = {
    "conflict": {"conditional", "unknown", "conflict", "violation", "warning", "info"},
    "conditional": {"conditional", "info"},
    "unknown": {"conditional", "unknown", "warning", "info"},
}
Key = tuple[str, str, str]


def run(*arguments: str) -> tuple[int, str]:
    done = RUNNER.invoke(app, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def suite(text: str) -> ElementTree.Element:
    found = ElementTree.fromstring(text.encode()).find("testsuite")
    assert found is not None
    return found


# ---- one list ----------------------------------------------------------------


def in_json(text: str) -> list[Key]:
    return [(f["code"], f["clause"] or "", f["license"] or "") for f in json.loads(text)["findings"]]


def in_lines(text: str) -> list[Key]:
    rows = map(json.loads, text.splitlines())
    return [(f["code"], f["clause"] or "", f["license"] or "") for f in rows]


def in_csv(text: str) -> list[Key]:
    return [(f["code"], f["clause"], f["license"]) for f in csv.DictReader(io.StringIO(text))]


def in_sarif(text: str) -> list[Key]:
    said = [(r["ruleId"], r["properties"]) for r in results(text)]
    return [(code, facts.get("clause", ""), facts.get("license", "")) for code, facts in said]


def in_junit(text: str) -> list[Key]:
    found = []
    for case in suite(text).iter("testcase"):
        last = (case[0].text or "").splitlines()[-1]
        license_ = re.fullmatch(r"https://w3id\.org/clausegraph/license/([^#]+)#.*", last)
        found.append((case.get("classname", ""), last if license_ else "", license_[1] if license_ else ""))
    return [key for key in found if key[0] != "verdict"]


READERS = {"json": in_json, "jsonl": in_lines, "csv": in_csv, "sarif": in_sarif, "junit": in_junit}


@pytest.mark.parametrize(
    ("text", "code"),
    [((ROOT / "LICENSE").read_text(encoding="utf-8"), "CG106"), ("All rights reserved. Keep out.\n", "CG128")],
)
def test_every_format_shows_the_same_findings(text: str, code: str, tmp_path: Path) -> None:
    where = (str(made(tmp_path / "mine", text=text)), "-w", str(tmp_path / "none"))
    gap = "https://w3id.org/clausegraph/license/ancestor-not-loaded#0-not-loaded-terms"
    expected = [("CG124", gap, "ancestor-not-loaded"), (code, "", "")]
    for name, read in READERS.items():
        assert read(ok("check", *where, "-f", name, code=1)) == expected, name
    human = ok("check", *where, code=1)
    assert "2 findings" in human
    assert all(found in human for found, *_ in expected)


@pytest.mark.parametrize("work", [CONFLICT, "IDEA-CCNL/Ziya-LLaMA-13B-v1", "datasets/BelleGroup/train_2M_CN"])
def test_so_they_do_for_a_work_of_the_workspace(work: str, place: list[str]) -> None:
    shown = [read(run("check", work, *place, "-f", name)[1]) for name, read in READERS.items()]
    assert all(found == shown[0] for found in shown)
    assert shown[0]


def test_an_audit_lists_for_each_work_what_a_check_of_it_lists(sample: Workspace, library: Library) -> None:
    def key(found: ArtifactFinding) -> tuple[Any, ...]:
        return (found.code, found.clause, found.license, found.subject, found.severity, found.leads_to)

    audited: dict[str, set[tuple[Any, ...]]] = {}
    for found in artifact_findings(sample, library):
        audited.setdefault(found.artifact, set()).add(key(found))
    catalogue = Catalogue(sample, library)
    assert len(audited) > 150
    for work, keys in audited.items():
        checked = catalogue.check(work, Assumptions(library))
        assert keys == {key(found) for found in check_findings(checked)}, work
        leads = [found.leads_to for found in check_findings(checked) if found.leads_to is not None]
        assert max(leads, default=Verdict.compatible) <= Verdict[checked.verdict], work


def test_a_row_says_how_well_it_was_read_where_it_comes_from_and_what_to_do(tmp_path: Path, place: list[str]) -> None:
    folder = made(tmp_path / "mine", text=(ROOT / "LICENSE").read_text(encoding="utf-8"))
    gap, note = map(json.loads, ok("check", str(folder), "-w", str(tmp_path), "-f", "jsonl", code=1).splitlines())
    assert (gap["origin"], gap["parent"], gap["own"], gap["reason"]) == (BASE, BASE, False, "ancestor-not-loaded")
    assert (gap["reading"], gap["certainty"], gap["remedy"]) == (
        "no-text",
        None,
        "Load a source that holds the ancestor.",
    )
    assert (note["origin"], note["parent"], note["own"], note["reason"]) == ("local/mine", None, True, "file-differs")
    assert (note["reading"], note["subject"]) == (None, "apache-2.0 (LICENSE)")
    breach = json.loads(ok("check", CONFLICT, *place, "-f", "jsonl", code=1).splitlines()[0])
    assert (breach["certainty"], breach["reason"], breach["subject"]) == ("settled", None, None)
    assert breach["origin"]
    assert breach["reading"] in ("read-twice", "read", "carried-over", "no-text")


# ---- exit codes --------------------------------------------------------------


@pytest.mark.parametrize("limit", FailOn)
@pytest.mark.parametrize("verdict", WORKS)
def test_a_check_fails_from_the_limit_on_and_junit_fails_with_it(
    verdict: str, limit: str, tmp_path: Path, place: list[str]
) -> None:
    work = str(made(tmp_path / "mine")) if WORKS[verdict] == "card" else WORKS[verdict]
    where = [work, "-w", str(tmp_path / "none")] if WORKS[verdict] == "card" else [work, *place]
    code, text = run("check", *where, "-f", "junit", "--fail-on", limit)
    assert code == int(limit in FAILING[verdict])
    found = suite(text)
    failed = [case for case in found if case.find("failure") is not None]
    assert int(found.get("failures", 0)) == len(failed)
    assert (len(failed) > 0) == (code == 1)
    (said,) = (case for case in found if case.get("classname") == "verdict")
    assert (said.find("failure") is not None) == (code == 1)
    assert verdict in "".join(said.itertext())
    assert json.loads(run("check", *where, "-f", "json", "--fail-on", limit)[1])["verdict"] == verdict


@pytest.mark.parametrize("limit", FailOn)
def test_an_audit_fails_from_the_limit_on_and_junit_fails_with_it(limit: str, place: list[str]) -> None:
    code, text = run("audit", *place, "-f", "junit", "--fail-on", limit)
    assert code == int(limit != "never")
    found = suite(text)
    failed = [case for case in found if case.find("failure") is not None]
    assert int(found.get("failures", 0)) == len(failed)
    assert (len(failed) > 1) == (code == 1)
    sorts = {(case.get("classname") or "")[:3] for case in failed} - {"ver"}
    assert "CG2" in sorts or code == 0
    assert limit != "conflict" or sorts == {"CG2"}
    verdict = next(case for case in found if case.get("classname") == "verdict")
    assert re.search(r"compatible \d+, conditional \d+, unknown \d+, conflict \d+", "".join(verdict.itertext()))


def test_every_case_has_its_name(place: list[str]) -> None:
    cases = Counter((case.get("classname"), case.get("name")) for case in suite(run("audit", *place, "-f", "junit")[1]))
    assert len(cases) > 200
    assert set(cases.values()) == {1}


def test_equal_names_are_counted() -> None:
    one = finding()
    cases = list(suite("".join(machine.junit([one, one], Run("x", "unknown", FailOn.unknown, True)))))
    assert [case.get("name") for case in cases[1:]] == [
        "a/b, mit, section 1, from c/d",
        "a/b, mit, section 1, from c/d (2)",
    ]


def test_unknown_is_the_limit_that_nobody_has_to_ask_for(tmp_path: Path, place: list[str]) -> None:
    folder = str(made(tmp_path / "mine"))
    for arguments in (
        ["check", folder, "-w", str(tmp_path / "none")],
        ["check", CONFLICT, *place],
        ["audit", *place],
        ["compat", "none", "--via", "finetune", "--to", "mit"],
    ):
        ok(*arguments, "-f", "json", code=1)
    ok("check", WORKS["conditional"], *place)
    ok("compat", "apache-2.0", "--via", "finetune", "--to", "mit")


@pytest.mark.parametrize(
    ("to", "limits"),
    [
        ("apache-2.0", {"conditional", "unknown", "conflict", "violation", "warning", "info"}),
        ("other", {"conditional", "unknown", "warning", "info"}),
        ("llama2", {"conditional", "info"}),
    ],
)
def test_compat_fails_as_check_does(to: str, limits: set[str]) -> None:
    for limit in FailOn:
        code, _ = run("compat", "llama2", "--via", "finetune", "--to", to, "--fail-on", limit)
        assert code == int(limit in limits), limit


def test_what_asks_no_verdict_of_one_work_exits_with_0_when_it_answered(tmp_path: Path, place: list[str]) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"upstream": ["gpl-3.0"], "via": "finetune", "downstream": ["mit"]}\n')
    assert json.loads(ok("compat", "--batch", str(cases), "--fail-on", "conditional"))["verdict"] == "conflict"
    nothing = json.loads(ok("choose", "--from", "none:finetune", "-f", "json"))
    assert not any(row["answer"].startswith("possible") for row in nothing["licenses"])
    ok("query", "conflicts", *place, "-f", "json")
    ok("demo", "-w", str(tmp_path / "ws"))


def test_a_limit_that_there_is_not_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = fails(capsys, monkeypatch, "compat", "mit", "--via", "copy", "--to", "mit", "--fail-on", "none")
    assert code == 2
    assert all(limit in said for limit in FailOn)


def test_only_the_work_that_is_published_decides(tmp_path: Path, place: list[str]) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE)
    code, text = run("check", str(recipe), *place, "-f", "junit")
    cases = list(suite(text))
    assert code == 1
    assert cases[0].get("name") == "recipe.yaml"
    failed = {(case.get("name") or "").split(",")[0] for case in cases[1:] if case.find("failure") is not None}
    assert failed == {"final"}
    recipe.write_text("works: {a: {license: none}, b: {license: mit}}\npublish: {work: b, policy: share}\n")
    for limit in ("unknown", "warning"):
        code, text = run("check", str(recipe), *place, "-f", "junit", "--fail-on", limit)
        assert (code, suite(text).get("failures")) == (0, "0")


# ---- hostile -----------------------------------------------------------------


def test_what_xml_cannot_hold_does_not_break_a_report() -> None:
    odd = finding(message="a\x00b\x1b]<&>\ufffe", artifact='a"\x01/b', subject="\x0b")
    cases = list(suite("".join(machine.junit([odd], Run("x\x00", "conflict", FailOn.conflict, True)))))
    assert "a\ufffdb\ufffd]<&>\ufffd" in "".join(cases[1].itertext())
    assert cases[1].find("failure") is not None
