"""The benchmarks as a product: the page says what was measured, the bars are met, and what is made up looks real."""

import json
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.paths import ROOT

#: Bars that are not met yet, with where that is said.
MISSED = {"slowest shipped query over the whole Hub"}


def module(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return __import__(name)
    finally:
        sys.path.pop(0)


BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_what_a_benchmark_imports_of_ours_is_there(path: Path) -> None:
    """Also what it starts by `python -m`, and what code in a text of it imports."""
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r'"-m", "(tests\.[\w.]+|clausegraph[\w.]*)"', text):
        assert find_spec(name), name
    for name, imported in re.findall(r"^ *from ((?:tests|clausegraph)[\w.]*) import ([\w, ]+)", text, re.MULTILINE):
        found = import_module(name)
        for one in (part.split()[0] for part in imported.split(",")):
            assert hasattr(found, one) or find_spec(f"{name}.{one}"), f"{name}: {one}"


def test_the_explorer_meets_its_bars_and_the_page_says_what_was_measured() -> None:
    found = json.loads((ROOT / "benchmarks" / "explorer.json").read_text())
    paint = max(found["first_paint_ms"].values())
    text = (ROOT / "benchmarks" / "README.md").read_text()
    for bar, unit, value in (
        (5, "s", found["start_seconds"]),
        (200, "ms", found["artifact_p95_ms"]),
        (500, "ms", found["facets_p95_ms"]),
        (100, "ms", found["search_p95_ms"]),
        (1_500, "ms", paint),
    ):
        assert value <= bar
        assert f"| {bar:,} {unit} | {value} {unit} |" in text
    assert f"| | {found['readers_100_pages_per_second']} |" in text
    assert found["first_hub_ms"] <= 1_500
    assert f"is answered in {found['first_hub_ms']} ms" in text


@pytest.fixture(scope="module")
def report() -> ModuleType:
    return module("report")


@pytest.fixture(scope="module")
def measured() -> dict[str, object]:
    found: dict[str, object] = json.loads((ROOT / "benchmarks" / "results.json").read_text())
    return found


def test_the_page_shows_what_was_measured(report: ModuleType, measured: dict[str, object]) -> None:
    assert (ROOT / "benchmarks" / "report.md").read_text() == report.page(measured)
    charts = {p.name: p.read_text() for p in (ROOT / "benchmarks").glob("*.svg")}
    assert set(charts) == {"phases.svg", "ratios.svg"}
    assert all(f"peer: {peer}" in charts["ratios.svg"] for _, peer in report.PEERS.values())
    assert len(re.findall(r'd="M[\d.,]+h[1-9][\d.]*v18h', charts["ratios.svg"])) == len(report.PEERS), "a bar each"


def test_all_bars_are_met_but_those_that_the_page_on_measuring_names(
    report: ModuleType, measured: dict[str, object]
) -> None:
    assert {bar.work for bar in report.BARS if not bar.met(measured)} == MISSED
    text = (ROOT / "benchmarks" / "README.md").read_text()
    assert all(work in text for work in MISSED)


def test_results_that_are_faster_by_a_trick_would_not_count(measured: dict[str, dict[str, dict[str, object]]]) -> None:
    """Both sides of a comparison found the same, and Spark what DuckDB found."""
    assert measured["peers"]["closing"]["found"] == measured["peers"]["closing"]["constructed"]
    assert measured["peers"]["look_up"]["same"] is True
    assert measured["spark"]["1"]["findings"] == measured["spark"]["2"]["findings"]
    assert measured["spark"]["1"]["findings"] == measured["hub"]["audit"]["findings"]


def test_memory_grows_slower_than_the_hub(measured: dict[str, dict[str, dict[str, float]]]) -> None:
    hub, synthetic = measured["hub"]["audit"], measured["synthetic"]["audit"]
    assert synthetic["artifacts"] == 5_000_000
    assert synthetic["peak_rss_mb"] / hub["peak_rss_mb"] < synthetic["artifacts"] / hub["artifacts"]


def test_a_ratio_that_lost_more_than_a_fifth_is_a_regression(report: ModuleType) -> None:
    before = {"ratios": {"loading": 1.0, "closing": 20.0, "gone": 5.0}}
    now = {"ratios": {"loading": 0.81, "closing": 15.9, "new": 1.0}}
    assert report.regressions(before, now) == ["closing: 15.90 times the peer's speed, 20.00 before"]
    assert report.regressions({}, now) == []


def test_figures_that_pages_give_are_those_that_were_measured(
    report: ModuleType, measured: dict[str, dict[str, dict[str, float]]]
) -> None:
    text = (ROOT / "docs" / "scale.md").read_text()
    spark = measured["spark"]
    for value in (
        f"{measured['hub']['audit_seconds']:.0f} s",
        f"{measured['hub']['audit']['peak_rss_mb'] / 1000:.1f} GB",
        f"{measured['synthetic']['audit_seconds']:.0f} s",
        f"{measured['synthetic']['audit']['peak_rss_mb'] / 1000:.1f} GB",
        f"{measured['synthetic']['load_seconds']:.0f} s",
        f"{spark['1']['seconds']:.0f} s",
        f"{spark['2']['seconds']:.0f} s",
        f"{measured['peers']['loading']['quads'] / 1e6:.1f} million",
    ):
        assert value in text, value


def test_a_synthetic_hub_is_the_same_each_time_and_has_what_the_real_one_has(library: Library, tmp_path: Path) -> None:
    synthetic = module("synthetic")
    found = json.loads((ROOT / "benchmarks" / "distributions.json").read_text())
    for name in ("a", "b"):
        synthetic.Maker(20_000, found).write(tmp_path / name)
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == ["datasets_2024-07-11.jsonl", "models_2024-07-11.jsonl"]
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)
    workspace = Workspace(tmp_path / "ws")
    loaded = [load(workspace, str(tmp_path / "a" / f)).source for f in files]
    assert sum(s.artifacts for s in loaded) == 20_000
    assert not any(s.rejected for s in loaded)
    catalogue = Catalogue(workspace, library)
    numbers = catalogue.statistics()
    assert all(numbers["by_repair"][r] > 0 for r in ("exact", "legacy_name", "case", "gone", "self_loop"))
    assert set(numbers["by_relation"]) == {"adapter", "finetune", "merge", "quantize"}
    assert numbers["license_changed"] > 100
    several = catalogue.connection.execute(
        "SELECT max(c) FROM (SELECT count(DISTINCT parent) AS c FROM edges WHERE relation = 'merge' GROUP BY child)"
    ).fetchall()
    assert several[0][0] > 1


def test_the_shares_of_the_synthetic_hub_are_those_of_the_real_one(
    measured: dict[str, dict[str, dict[str, dict[str, float]]]],
) -> None:
    """Conflicts and unknown verdicts per artifact differ by less than half between the two."""
    hub, synthetic = measured["hub"]["audit"], measured["synthetic"]["audit"]
    for verdict in ("conflict", "unknown", "conditional"):
        shares = [one["verdicts"][verdict] / float(one["artifacts"]) for one in (hub, synthetic)]
        assert 0.5 < shares[0] / shares[1] < 2, verdict
