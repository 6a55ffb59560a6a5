"""What the repository promises about itself: no license in Python, true documents, small modules."""

import ast
import json
import re
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph
from typer.testing import CliRunner

from clausegraph.cli import whole_app
from clausegraph.library import Library
from clausegraph.library.names import UNDECLARED, UNDETERMINED
from clausegraph.library.queries import queries
from clausegraph.library.read import read_all
from clausegraph.reasoning.outcome_json import READINGS
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.validation.plain_files import validate_file
from clausegraph.workspace.sample import sample_file
from tests.support.fake_hub import FakeHub, serving
from tests.support.paths import ROOT

LIBRARY = Library.load()
SOURCES = sorted([*(ROOT / "clausegraph").rglob("*.py"), *(ROOT / "loaders").rglob("*.py")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _strings(path: Path) -> set[str]:
    """Return the string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_license_clause_or_kind_stands_in_python(path: Path) -> None:
    allowed = {UNDETERMINED, UNDECLARED, "unknown"}  # two nodes for missing values, and a verdict
    ids = {i for i in LIBRARY.licenses if i not in allowed} | {f"CG{n}" for n in range(200, 500)}
    spdx = {f.spdx_id for f in LIBRARY.licenses.values() if f.spdx_id}
    # words of the contract or of English that happen to be names of kinds
    kinds = set(LIBRARY.kinds) - {"license-copy"} - {"naming", "notice", "display", "hosting", "competition"}
    found = {s for s in _strings(path) if s in ids | spdx | kinds}
    examples = {"llama2", "gpl-3.0"} if path.parts[-2:] in {("cli", "demo.py"), ("cli", "compat.py")} else set()
    assert found - examples == set()
    for text in _strings(path):
        assert not re.search(r"#\d[\w.]*-(share-alike|flow-down|non-commercial)", text)


def test_modules_are_small() -> None:
    lengths = [len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES]
    assert max(lengths) <= 350
    assert statistics.median(lengths) <= 110


def test_functions_are_short_and_say_what_they_return() -> None:
    lengths = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.returns is not None or "type: ignore" in path.read_text(), f"{path}: {node.name}"
                lengths.append((node.end_lineno or 0) - node.lineno + 1)
    lengths.sort()
    assert lengths[int(len(lengths) * 0.9)] <= 40
    assert lengths[-1] <= 50


#: Words of nobody's vocabulary, each with the one that the field has.
WORDS = {
    "lies on": "encumbers",
    "circle of": "cycle of",
    "lying": "held",
    "surroundings": "context",
    "who asks": "client",
    "what is said of": "description of",
    "mend": "fix",
    "sort of": "kind of",
}


def test_docstrings_speak_the_words_of_the_field() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = " ".join((ast.get_docstring(node) or "").lower().split())
                found = [word for word in WORDS if re.search(rf"\b{word}\b", text)]
                assert not found, f"{path}: {found[0]!r} is {WORDS[found[0]]!r} here"


def test_importing_does_no_work() -> None:
    code = "import sys, clausegraph; print(sum(m.startswith(('ibis', 'pyshacl', 'rdflib')) for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


# ---- documents -------------------------------------------------------------


def test_the_numbers_in_the_readme_are_true() -> None:
    licenses = [f for f in LIBRARY.licenses.values() if f.status == "License"]
    assert f"{len(licenses)} licenses and {len(LIBRARY.licenses) - len(licenses)} nodes" in README
    count = len(sample_file().read_text(encoding="utf-8").splitlines())
    assert f"sample of {count} well-known artifacts" in README
    assert f"The {len(queries())} questions" in README
    assert 250 <= count <= 400


def test_the_numbers_in_the_changelog_are_true() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    licenses = [f for f in LIBRARY.licenses.values() if f.status == "License"]
    read = [f for f in licenses if f.verified]
    found = [f for f in licenses if f.scancode_key and not f.verified]
    assert f"{len(licenses)} licenses with their clauses and sections; {len(read)} of them read" in text
    assert f"{len(found)} more, a test finds the words" in text
    assert f"Nodes for {len(LIBRARY.licenses) - len(licenses)} values" in text
    assert f"{len(LIBRARY.releases)} releases in which code and weights" in text
    unknown = list(read_all().typed("KnownUnknown"))
    assert f"{len(unknown)} license names that occur on the Hub" in text
    assert f"### Data {LIBRARY.data_version}" in text
    assert f"- {len(queries())} queries in" in text


def _commands(text: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = [line.removeprefix("$ ").split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("clausegraph ")]


def test_the_commands_in_the_readme_run_in_their_order_on_a_fresh_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is there but the examples of the repository, and a model of the reader's own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "my-model").mkdir()
    (tmp_path / "my-model" / "README.md").write_text("---\nlicense: mit\n---\n")
    commands = _commands(README)
    assert len(commands) >= 20
    for command in commands:
        done = CliRunner().invoke(whole_app(), shlex.split(command)[1:])
        assert done.exit_code in (0, 1), f"{command}: {done.output}{done.exception!r}"
        assert not isinstance(done.exception, Exception) or done.exit_code == 1


def test_the_commands_in_the_page_on_loading_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq

    from tests.loaders.test_neighbours import CROISSANT, SPDX, bom

    text = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    record = {"id": "openai-community/gpt2", "modelId": "x", "tags": ["license:mit"]}
    Path("hf_models.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    pq.write_table(pa.table({"id": ["a/b"], "tags": [["license:mit"]]}), "models-2026-05.parquet")
    Path("cards/acme/chat").mkdir(parents=True)
    Path("cards/acme/chat/README.md").write_text("---\nlicense: mit\n---\n")
    component = {"type": "machine-learning-model", "name": "chat"}
    for name, value in (("sbom.spdx", SPDX), ("bom", bom(components=[component])), ("croissant", CROISSANT)):
        Path(f"{name}.json").write_text(json.dumps(value))
    Path("recipe.yaml").write_text("works: {base: {license: mit}}\nsteps: []\n")
    commands = _commands(text)
    assert len(commands) == 10
    with serving(FakeHub([record])) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        for command in commands:
            done = CliRunner().invoke(whole_app(), shlex.split(command)[1:])
            assert done.exit_code in (0, 1), f"{command}: {done.output}{done.exception!r}"
    assert not list(Path(".clausegraph").glob("sources/*/quarantine.jsonl"))


def test_the_commands_in_the_page_on_choosing_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "choosing.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("recipe.yaml").write_text("works: {base: {license: mit}}\n")
    composed = ""
    for command in _commands(text):
        command = command.replace("acme-openrail-dm-DIGEST", composed)
        done = CliRunner().invoke(whole_app(), shlex.split(command)[1:])
        assert done.exit_code in (0, 1), f"{command}: {done.output}{done.exception!r}"
        assert not isinstance(done.exception, Exception) or done.exit_code == 1
        if command.endswith("--output acme-license"):
            composed = json.loads(Path("acme-license/composition.json").read_text())["id"]
            assert len(list(Path("acme-license").iterdir())) == 8


def test_the_numbers_in_the_page_on_choosing_are_true() -> None:
    from clausegraph.composing.kit import load_kit

    text = (ROOT / "docs" / "choosing.md").read_text(encoding="utf-8")
    kit = load_kit()
    assert f"the {len(kit.provisions)} provisions of the generator, and all {len(kit.restrictions)} categories" in text


def test_the_page_on_loading_names_every_code_and_repair() -> None:
    from clausegraph.loaders.records import REPAIRS

    from clausegraph.workspace import data_findings

    text = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
    assert all(code in text for code in data_findings.CODES)
    assert all(f"| {repair} |" in text for repair in REPAIRS)
    count = len(list((ROOT / "tests" / "mistakes").glob("*/case.json")))
    assert f"shows {count} mistakes" in text


def test_the_transcript_in_the_readme_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = re.search(r"\$ clausegraph (check .*?)\n(.*?)```", README, re.DOTALL)
    assert block
    monkeypatch.chdir(ROOT)
    arguments = [*shlex.split(block[1]), "--workspace", str(tmp_path / "none")]
    done = CliRunner().invoke(whole_app(), arguments, env={"COLUMNS": "80"})
    assert block[2].splitlines() == [line.rstrip() for line in done.stdout.splitlines()]


def test_the_page_on_judging_names_every_verdict_and_reason() -> None:
    text = (ROOT / "docs" / "judging.md").read_text(encoding="utf-8")
    rows = [line.strip(" |").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    told = {row[0]: row[1:] for row in rows}
    for reason in LIBRARY.reasons.values():
        code, _, act = told[reason.label]
        assert code == (reason.code or "of the clause"), reason.name
        assert act == reason.settled_by, reason.name
    words = {word for row in rows for word in row[0].split()}
    assert {verdict.name for verdict in Verdict} <= words
    assert {f"`{status}`" for status in READINGS} <= words


def test_the_mistakes_in_the_page_on_plain_files_are_answered_as_it_says(tmp_path: Path) -> None:
    """Each row has a graph of its own, and all are validated together, since that takes seconds."""
    text = (ROOT / "docs" / "plain-files.md").read_text(encoding="utf-8")
    heads = re.search(r"```turtle\n(@prefix.*?)\n\n(.*?)```", text, re.DOTALL)
    assert heads
    mistakes = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ") and "`:" in row]
    assert len(mistakes) == 9
    graph = Graph()
    for number, written in enumerate([heads[2], *(row[1].strip("`") for row in mistakes)]):
        graph.parse(data=heads[1].replace("example.org/", f"example.org/{number}/") + "\n" + written, format="turtle")
    graph.serialize(tmp_path / "theirs.ttl", format="turtle")
    report = validate_file(tmp_path / "theirs.ttl")
    found: dict[str, set[str]] = {}
    for result in report.results:
        found.setdefault(result.focus.removeprefix("https://example.org/"), set()).add(result.code)
    assert found["0/tuned"] == {"CG204"}
    for number, (mistake, _, answer) in enumerate(mistakes, 1):
        for work in ("base", "tuned"):
            said = re.search(rf"{work}: ([^;]*)", answer)
            codes = set(said[1].split(", ")) if said else set()
            assert found.get(f"{number}/{work}", set()) == codes, f"{mistake}: {work}"
    assert [term.rpartition("#")[2] for term in report.strange] == ["fineTunes"]


def test_the_python_in_the_readme_runs() -> None:
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})


def test_docstring_examples_run() -> None:
    import doctest
    import importlib

    tried = 0
    for path in SOURCES:
        if ">>>" in path.read_text(encoding="utf-8"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts if parts[0] == "clausegraph" else ("clausegraph", *parts)).removesuffix(".__init__")
            result = doctest.testmod(importlib.import_module(name))
            assert result.failed == 0, name
            tried += result.attempted
    assert tried >= 6


def test_the_documents_link_to_files_that_exist() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path}: {link}"


def test_the_paths_to_which_contributors_are_sent_exist() -> None:
    for page in ("CONTRIBUTING.md", "docs/architecture.md", "docs/testing.md", "docs/situations.md"):
        for path in re.findall(r"`([\w.-]+(?:/[\w.-]*)+)`", (ROOT / page).read_text(encoding="utf-8")):
            found = (ROOT / path).exists() or (ROOT / "clausegraph" / path).exists()
            assert found or "NAME" in path, f"{page}: {path}"


def test_the_wheel_has_every_package() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "clausegraph").rglob("__init__.py")}
    apart = {f"clausegraph.{name}" for name in ("loaders", "ontology", "shapes", "queries")}
    assert set(project["tool"]["setuptools"]["packages"]) - apart == found - {"clausegraph.workspace.sample"}


def test_generated_files_say_so() -> None:
    for path in (ROOT / "ontology" / "generated").iterdir():
        if path.suffix != ".jsonld":
            start = '{"note":"GENERATED' if path.suffix == ".json" else "# GENERATED"
            assert path.read_text(encoding="utf-8").startswith(start), path
