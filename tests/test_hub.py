"""The real Hub of July 2024: the numbers that were found there by other means, and a whole audit."""

import json
from pathlib import Path

import pytest

from clausegraph.audit import audit
from clausegraph.catalogue import Catalogue
from clausegraph.conditions import Assumptions
from clausegraph.library import Library
from clausegraph.load import load
from clausegraph.workspace import Workspace

from .conftest import ROOT

pytestmark = pytest.mark.hub


@pytest.fixture(scope="module")
def hub(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("hub") / "ws")
    for name in ("hf_models_2024-07-11.jsonl.gz", "hf_datasets_2024-07-09.jsonl.gz"):
        load(workspace, str(shared / "hub" / name))
    return workspace


def test_every_record_is_loaded(hub: Workspace) -> None:
    assert [(s.artifacts, s.rejected) for s in hub.sources()] == [(760_000, 0), (175_000, 0)]


def test_references_are_repaired_as_the_data_folder_counts_them(hub: Workspace, library: Library) -> None:
    numbers = Catalogue(hub, library).statistics()
    repairs = numbers["by_repair"]
    assert numbers["references"] == 126_650
    assert repairs["self_loop"] == 665
    shares = {k: round(100 * repairs[k] / numbers["references"], 1) for k in ("exact", "gone", "case")}
    assert shares == {"exact": 82.7, "gone": 3.2, "case": 0.6}
    assert round(100 * repairs["legacy_name"] / numbers["references"]) == 13


def test_the_whole_hub_is_audited(hub: Workspace, library: Library) -> None:
    result = audit(hub, library)
    assert result.artifacts == 935_000
    assert sum(result.verdicts.values()) == result.encumbered > 100_000
    assert result.situations < 10_000
    assert result.verdicts["conflict"] > 1_000


@pytest.mark.parametrize(
    ("artifact", "declared", "verdict"),
    [
        ("meta-llama/Llama-2-7b-hf", "llama2", "compatible"),
        ("TheBloke/Llama-2-7B-Chat-GGUF", "llama2", "conditional"),
        ("bigscience/bloomz-560m", "bigscience-bloom-rail-1.0", "compatible"),
        ("mlabonne/NeuralBeagle14-7B", "cc-by-nc-4.0", "conflict"),
    ],
)
def test_well_known_artifacts_get_their_verdict(
    hub: Workspace, library: Library, artifact: str, declared: str, verdict: str
) -> None:
    found = Catalogue(hub, library).check(artifact, Assumptions(library))
    assert (str(found.declared), found.verdict) == (declared, verdict)


def test_the_figures_in_the_benchmarks_are_those_that_were_measured() -> None:
    figures = json.loads((ROOT / "benchmarks" / "results.json").read_text())
    text = (ROOT / "benchmarks" / "README.md").read_text()
    hub = figures["whole_hub"]
    queries = hub["query_seconds_with_start"].values()
    for value in (
        f"{hub['load_and_audit_seconds']} s | 60 s",
        f"{hub['load_seconds']} s",
        f"{hub['audit_seconds']} s",
        f"{hub['audit']['peak_rss_mb']:.0f} MB | 4,000 MB",
        f"{hub['audit']['situations']:,}",
        f"{max(hub['check_seconds'].values())} s | 2 s",
        f"{figures['sample_demo_seconds']} s | 5 s",
        f"{figures['compat_cases_per_second']:,} | 1,000",
        f"{figures['recipe_1000_steps_seconds']} s | 1 s",
        f"{hub['store_build_seconds']} s to write",
        f"from {min(queries)} s to {max(queries)} s",
    ):
        assert value in text, value
    assert hub["load_and_audit_seconds"] <= 60
    assert hub["audit"]["peak_rss_mb"] <= 4000
