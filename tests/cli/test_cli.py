"""The command line: every command, its formats, its exit codes, and what a person reads."""

import ast
import csv
import io
import json
import resource
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from clausegraph.cli import COMMANDS, GROUPS
from clausegraph.compile.generate import FILES
from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.sample import sample_file
from tests.support.paths import ROOT
from tests.support.running import RUNNER, app, fails, ok

CONFLICT = "ludocomito/Minerva-MoE-2x3B"
TRIED = {"demo", "load", "audit", "check", "compat", "lineage", "diff", "query", "validate", "explain", "export"} | {
    "adoption",
    "adherence",
    "serve",
    "push",
    "choose",
    "compose",
}


def test_every_command_is_tried_here() -> None:
    names = {c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands}
    assert names == TRIED
    assert {g.name for g in app.registered_groups} == set(GROUPS)
    assert [*COMMANDS] == [*(n for n in COMMANDS if n in names), *GROUPS]


@pytest.mark.parametrize("command", [[], *[[c] for c in sorted(TRIED)], ["license"], ["license", "show"], ["ontology"]])
def test_help_is_there_and_says_what_it_is_not(command: list[str]) -> None:
    assert "Usage:" in ok(*command, "--help")
    if not command:
        assert "Not legal advice" in ok("--help")


def test_version() -> None:
    assert ok("--version").startswith("clausegraph 0.")


def test_every_command_says_in_a_line_what_it_does_and_the_line_is_not_cut_off() -> None:
    shown = ok("--help")
    assert all(f"  {name:<9}  {what}\n" in shown for name, what in COMMANDS.items())


@pytest.mark.parametrize("argument", ["--version", "--help", "--nonsense"])
def test_the_command_line_starts_without_the_engine(argument: str) -> None:
    """What is imported decides how long a start takes, whatever else the machine does."""
    code = (
        f"import sys; sys.argv = ['clausegraph', {argument!r}]; from clausegraph.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('clausegraph.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout.splitlines()[-1]) == [
        *("clausegraph.cli", "clausegraph.ground", "clausegraph.ground.errors", "clausegraph.ground.version"),
    ]


def test_the_start_takes_few_times_as_long_as_that_of_python() -> None:
    def seconds(*arguments: str) -> float:
        best = 1e9
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return best

    assert seconds("-m", "clausegraph", "--version") < 12 * seconds("-c", "pass")


# ---- demo, load, audit -----------------------------------------------------


def test_demo_audits_the_sample_and_says_where_to_look_next(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["demo", "--workspace", str(tmp_path / "ws")])
    assert result.exit_code == 0
    assert "conflicts with upstream terms" in result.stdout.replace("\n", " ")
    assert "because" in result.stdout
    assert "path" in result.stdout
    assert result.stdout.startswith("✕ CONFLICT"), "it begins with one conflict, not with a table"
    assert " lineage mlabonne/NeuralBeagle14-7B" in result.stderr
    assert "not legal advice" in result.stdout.replace("\n", " ")


def test_demo_keeps_the_sample_unless_the_workspace_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert RUNNER.invoke(app, ["demo"]).exit_code == 0
    assert RUNNER.invoke(app, ["lineage", "mlabonne/NeuralBeagle14-7B"]).exit_code == 0
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "README.md").write_text("---\nlicense: mit\n---\n")
    assert RUNNER.invoke(app, ["load", "own", "-w", "mine"]).exit_code == 0
    monkeypatch.setenv("CLAUSEGRAPH_WORKSPACE", "mine")
    assert RUNNER.invoke(app, ["demo"]).exit_code == 0
    assert RUNNER.invoke(app, ["check", "local/own"]).exit_code == 0
    assert "is empty" not in RUNNER.invoke(app, ["audit"]).output
    assert [s.artifacts for s in Workspace("mine").sources()] == [1]


def test_load_says_what_it_did_on_stderr_and_nothing_on_stdout(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["load", str(sample_file()), "--workspace", str(tmp_path / "ws")])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "329 artifacts" in result.stderr
    again = RUNNER.invoke(app, ["load", str(sample_file()), "--workspace", str(tmp_path / "ws")])
    assert "already loaded" in again.stderr


def test_load_goes_on_after_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["load", "nowhere.jsonl", str(sample_file()), "-w", str(tmp_path / "ws")])
    assert result.exit_code == 0
    assert "nowhere.jsonl" in result.stderr
    assert RUNNER.invoke(app, ["load", "nowhere.jsonl", "-w", str(tmp_path / "w2")]).exit_code == 3


def test_the_workspace_may_come_from_the_environment(sample: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSEGRAPH_WORKSPACE", str(sample.folder))
    assert json.loads(ok("lineage", "--stats", "--format", "json"))["references"] > 50


def test_audit_as_json_has_the_form_of_the_contract(place: list[str]) -> None:
    found = json.loads(ok("audit", *place, "--format", "json", code=1))
    keys = {"artifacts", "situations", "encumbered", "findings", "verdicts", "seconds", "peak_rss_mb", "data_version"}
    assert keys <= set(found)
    assert set(found["seconds"]) == {"read", "close", "judge", "validate", "write", "total"}
    assert set(found["verdicts"]) == {"compatible", "conditional", "unknown", "conflict"}
    assert sum(found["verdicts"].values()) == found["artifacts"] == 329
    assert set(found["findings"]) <= set(codes())


def test_audit_for_people_reads_from_the_headline_to_the_codes(place: list[str]) -> None:
    text = ok("audit", *place, code=1)
    assert text.index("conflicts with") < text.index("verdict") < text.index("CG204")
    assert "✕" in text


def test_audit_in_machine_formats(place: list[str]) -> None:
    total = len(ok("audit", *place, "--format", "jsonl", code=1).splitlines())
    assert total > 200
    rows = list(csv.DictReader(io.StringIO(ok("audit", *place, "--format", "csv", code=1))))
    assert len(rows) == total
    sarif = json.loads(ok("audit", *place, "--format", "sarif", code=1))
    results = sarif["runs"][0]["results"]
    assert sarif["version"] == "2.1.0"
    assert len(results) == total
    assert {r["ruleId"] for r in results} == {r["id"] for r in sarif["runs"][0]["tool"]["driver"]["rules"]}
    severe = ("audit", *place, "--format", "junit", "--fail-on", "violation")
    suite = ElementTree.fromstring(ok(*severe, code=1).encode()).find("testsuite")
    assert suite is not None
    assert int(suite.get("tests", 0)) == total + 1
    assert int(suite.get("failures", 0)) == sum(r["level"] == "error" for r in results) + 1 > 1
    assert ok("audit", *place, "--format", "md", code=1).startswith("# clausegraph audit")
    assert len(Graph().parse(data=ok("audit", *place, "--format", "turtle", code=1), format="turtle")) > 100


def test_audit_fails_on_what_one_asks_for(place: list[str]) -> None:
    for limit in ("unknown", "conflict", "violation"):
        ok("audit", *place, "--format", "json", "--fail-on", limit, code=1)
    ok("audit", *place, "--format", "json", "--fail-on", "never")


def test_assumptions_change_an_audit(sample: Workspace, tmp_path: Path) -> None:
    where = ["--workspace", str(tmp_path / "ws")]
    ok("load", str(sample_file()), *where)
    without = json.loads(ok("audit", *where, "--format", "json", code=1))
    few = ("--assume", "monthly_active_users_at_release=10")
    small = json.loads(ok("audit", *where, "--format", "json", *few, code=1))
    assert "CG417" in without["findings"]
    assert "CG417" not in small["findings"]
    strict = json.loads(ok("audit", *where, "--format", "json", "--reading", "strict", code=1))
    assert strict["verdicts"]["conflict"] > without["verdicts"]["conflict"]


# ---- check -----------------------------------------------------------------


def test_check_reads_verdict_because_path_do_how_sure(place: list[str]) -> None:
    text = ok("check", CONFLICT, *place, code=1)
    places = [text.index(word) for word in ("CONFLICT", "because", " path ", "do  ", " law ", " reading ")]
    assert places == sorted(places)
    assert f"──▶ {CONFLICT}" in " ".join(text.split())


def test_check_as_json_names_origin_path_and_section(place: list[str]) -> None:
    found = json.loads(ok("check", f"https://huggingface.co/{CONFLICT}", *place, "--format", "json", code=1))
    assert found["verdict"] == "conflict"
    finding = found["findings"][0]
    assert finding["path"][0]["parent"] == finding["origin"]
    assert finding["path"][-1]["child"] == CONFLICT
    assert finding["section"]


def test_check_of_a_card_needs_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\nbase_model: meta-llama/Llama-2-7b-hf\n---\n")
    found = json.loads(ok("check", str(tmp_path), "-w", str(tmp_path / "none"), "--format", "json", code=1))
    assert found["verdict"] == "conflict"
    assert [one["id"] for one in found["known_artifacts"]] == ["meta-llama/Llama-2-7b-hf"]
    assert [f["code"] for f in found["findings"]] == ["CG205", "CG417"]


@pytest.mark.parametrize(
    ("said", "reason", "code"),
    [([], "ancestor-not-loaded", "CG124"), (["--all-of", "model"], "ancestor-gone", "CG111")],
    ids=["a file that may lack works", "a file that lists every model"],
)
def test_what_a_whole_dump_lacks_is_gone(tmp_path: Path, said: list[str], reason: str, code: str) -> None:
    dump, place = tmp_path / "models.jsonl", ["-w", str(tmp_path / "ws")]
    dump.write_text('{"id": "me/tuned", "tags": ["license:mit", "base_model:finetune:acme/base"]}\n')
    for options in ([], said):
        assert RUNNER.invoke(app, ["load", str(dump), *place, *options]).exit_code == 0
    found = json.loads(ok("check", "me/tuned", *place, "--format", "json", code=1))
    assert (found["unknown_because"], [f["code"] for f in found["findings"]]) == ([reason], [code])


def test_all_of_takes_a_kind_of_artifact_and_suggests_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, err = fails(capsys, monkeypatch, "load", str(sample_file()), "--all-of", "modle", "-w", str(tmp_path / "ws"))
    assert (code, "Did you mean model?" in err) == (4, True)


def test_check_of_a_card_follows_the_parents_in_the_workspace(tmp_path: Path, place: list[str]) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\nbase_model: meta-llama/Llama-2-7b-hf\n---\n")
    found = json.loads(ok("check", str(tmp_path / "README.md"), *place, "--format", "json", code=1))
    assert (found["verdict"], found["findings"][0]["code"]) == ("conflict", "CG205")
    assert "llama2" in found["alternatives"]


# ---- compat, license, explain, lineage, query, validate, export ------------


def test_compat_reads_the_same_way_and_sets_the_exit_code() -> None:
    text = ok("compat", "llama2", "--via", "finetune", "--to", "apache-2.0", code=1)
    assert "CONFLICT" in text
    assert text.index(" law ") < text.index(" reading ")
    ok("compat", "llama2", "--via", "finetune", "--to", "apache-2.0", "--fail-on", "never")
    assert json.loads(ok("compat", "mit", "--via", "copy", "--to", "mit", "-f", "json"))["verdict"] == "conditional"


def test_a_batch_is_answered_line_by_line_in_order(tmp_path: Path) -> None:
    lines: list[Any] = [
        {"id": "a", "upstream": ["mit"], "via": "finetune", "downstream": ["mit"]},
        "no json",
        {"id": "c", "upstream": ["nope"], "via": "finetune", "downstream": ["mit"]},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n\n")
    answers = [json.loads(x) for x in ok("compat", "--batch", str(path), "--format", "jsonl").splitlines()]
    assert [a["verdict"] for a in answers] == ["conditional", "unknown", "unknown"]
    assert answers[0]["id"] == "a"
    assert "line 2" in answers[1]["error"]
    assert "'nope'" in answers[2]["error"]


def test_license_show_list_and_compare() -> None:
    assert "must" in ok("license", "show", "Apache License 2.0")
    assert json.loads(ok("license", "show", "gemma", "-f", "json"))["id"] == "gemma"
    assert len(json.loads(ok("license", "list", "-f", "json"))) == len(Library.load().licenses)
    assert "CC-BY-4.0" in ok("license", "list", "-f", "csv")
    assert "llama3.3" in ok("license", "list")
    assert "network copyleft" in ok("license", "compare", "gpl-3.0", "agpl-3.0")
    assert json.loads(ok("license", "compare", "mit", "mit", "-f", "json"))["rows"] == {}


@pytest.mark.parametrize("code", codes())
def test_every_code_is_explained(code: str) -> None:
    found = json.loads(ok("explain", code.lower(), "-f", "json"))
    assert found["message"].endswith(".")
    assert code in ok("explain", code)


def test_explain_lists_all_codes() -> None:
    assert len(json.loads(ok("explain", "-f", "json"))) == len(codes())
    assert "CG204" in ok("explain")


def test_lineage_shows_ancestors_with_licenses(place: list[str]) -> None:
    text = ok("lineage", CONFLICT, *place)
    assert "inferred from tags) ←" in text
    found = json.loads(ok("lineage", CONFLICT, *place, "-f", "json"))
    assert found["root"] == CONFLICT
    assert any(n["encumbrances"] for n in found["nodes"])
    assert "exact" in ok("lineage", "--stats", *place)


def test_query_lists_and_answers(place: list[str]) -> None:
    assert "conflicts" in ok("query")
    rows = json.loads(ok("query", "adoption", *place, "-f", "json"))
    assert rows[0]["works"] >= rows[-1]["works"]
    assert ok("query", "license-facts", "-p", "license=mit", *place, "-f", "csv").startswith("license,fact,value")
    assert len(ok("query", "adoption", *place, "-f", "jsonl").splitlines()) == len(rows)
    assert "rows" in ok("query", "adoption", *place)


PLAIN = """
@prefix cg: <https://w3id.org/clausegraph/ns#> .
@prefix license: <https://w3id.org/clausegraph/license/> .
@prefix : <https://example.org/> .
:base a cg:Model ; cg:declaredLicense license:gpl-3.0 .
:tuned a cg:Model ; cg:finetunes :base ; cg:declaredLicense license:mit .
"""


def test_validate_judges_a_file_of_others(tmp_path: Path) -> None:
    path = tmp_path / "theirs.ttl"
    path.write_text(PLAIN)
    found = json.loads(ok("validate", str(path), "-f", "json", code=1))
    assert not found["conforms"]
    assert {"CG204"} <= {r["code"] for r in found["results"] if r["severity"] == "Violation"}
    assert "share-alike" in ok("validate", str(path), code=1)
    path.write_text(PLAIN.replace("license:mit", "license:gpl-3.0"))
    assert "conforms" in ok("validate", str(path))


def test_the_plain_files_do_the_same_without_our_code(tmp_path: Path) -> None:
    """What the documentation promises: pyshacl, the generated files, and nothing else."""
    generated = ROOT / "ontology" / "generated"
    theirs = Graph().parse(data=PLAIN, format="turtle").serialize(format="nt", encoding="utf-8")
    (tmp_path / "both.nt").write_bytes((generated / "library.nt").read_bytes() + theirs)
    command = [str(Path(sys.executable).parent / "pyshacl"), "-a", "-it", "-s", str(generated / "all-shapes.ttl")]
    done = subprocess.run([*command, str(tmp_path / "both.nt")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be carried by the declared license" in done.stdout


@pytest.mark.parametrize("what", ["nquads", "report", "situations"])
def test_export_writes_a_file(what: str, place: list[str], tmp_path: Path) -> None:
    ok("export", what, "--to", str(tmp_path / "out"), *place)
    assert (tmp_path / "out").stat().st_size > 1000


def test_export_writes_folders(place: list[str], tmp_path: Path) -> None:
    ok("export", "tables", "--to", str(tmp_path / "tables"), *place)
    assert (tmp_path / "tables" / "findings.parquet").exists()
    ok("export", "ontology", "--to", str(tmp_path / "plain"))
    assert (tmp_path / "plain" / "ontology" / "generated" / "all-shapes.ttl").exists()


def test_ontology_build_finds_everything_current() -> None:
    result = RUNNER.invoke(app, ["ontology", "build", "--check"])
    assert result.exit_code == 0, result.stderr
    assert "current" in result.stderr
    assert len(FILES) == 16


# ---- exit codes ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["compat", "mit"], 2, "compat needs UP, --via and --to"),
        (["compat", "mit", "--via", "copy", "--to", "mit", "--assume", "moon=full"], 2, "does not know 'moon'"),
        (["compat", "mit", "--via", "copy", "--to", "mit", "--assume", "commercial=maybe"], 2, "takes a boolean"),
        (["compat", "mit", "--via", "copy", "--to", "mit", "--data-version", "1999.1"], 2, "not 1999.1"),
        (["license", "compare", "mit"], 2, "two to 4"),
        (["compat", "--batch", "nowhere.jsonl"], 3, "nowhere.jsonl"),
        (["validate", "nowhere.ttl"], 3, "there is no such file"),
        (["validate", "x.jsonld"], 3, "files of this kind are not read"),
        (["license", "show", "mti"], 4, "Did you mean mit"),
        (["explain", "CG999"], 4, "CG999"),
        (["compat", "mit", "--via", "borrow", "--to", "mit"], 4, "reuse relation"),
        (["query", "nonsense"], 4, "nonsense"),
    ],
)
def test_an_error_has_its_exit_code_and_says_what_to_do(
    arguments: list[str], code: int, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, err = fails(capsys, monkeypatch, *arguments)
    assert (found, part in err) == (code, True), err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["audit"], 2),
        (["check", "a/b"], 4),
        (["choose", "a/b"], 4),
        (["lineage", "a/b"], 2),
        (["query", "adoption"], 2),
    ],
)
def test_an_empty_workspace_teaches_the_next_step(
    command: list[str],
    expected: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, err = fails(capsys, monkeypatch, *command, "--workspace", str(tmp_path / "none"))
    assert code == expected
    assert "clausegraph load SOURCE" in err


def test_an_unknown_artifact_suggests_the_nearest(
    place: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, err = fails(capsys, monkeypatch, "check", "openai-comunity/gtp2", *place)
    assert code == 4
    assert "openai-community/gpt2" in err


def test_an_internal_error_is_called_a_bug(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import clausegraph.cli.compat as module

    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(module, "Compat", broken)
    code, err = fails(capsys, monkeypatch, "compat", "mit", "--via", "copy", "--to", "mit")
    assert code == 6
    assert "this is a bug" in err


def test_no_color_where_it_is_not_wanted(place: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in ok("check", CONFLICT, *place, code=1)


def test_a_new_audit_is_what_queries_see_and_a_quote_in_the_path_stays_text(tmp_path: Path) -> None:
    where = ["--workspace", str(tmp_path / "it's mine")]
    ok("load", str(sample_file()), *where)
    before = len(json.loads(ok("query", "conflicts", *where, "-f", "json")))
    ok("audit", *where, "--reading", "strict", "-f", "json", code=1)
    assert len(json.loads(ok("query", "conflicts", *where, "-f", "json"))) > before
