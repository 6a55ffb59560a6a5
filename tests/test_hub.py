"""The real Hub of July 2024: the numbers that were found there by other means, and a whole audit."""

import gzip
import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shifty
from rdflib import Graph

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.queries import bind, find
from clausegraph.store.adoption import adoption
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.validation.audit import AuditResult, audit
from clausegraph.validation.shacl import results
from clausegraph.validation.shapes import license_types, shapes_graph
from clausegraph.workspace.duck import parquet
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.reasoning.test_situations import by_situation, singly
from tests.support import serving
from tests.support.paths import ROOT

pytestmark = pytest.mark.hub
#: Of so many records one is in the graph that is asked here.
EVERY = 6


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
    assert repairs == {
        "exact": 104_737,
        "legacy_name": 16_451,
        "case": 700,
        "renamed": 0,
        "no_artifact": 5,  # cards whose base is "None", which a model of that name would else have taken
        "form": 2,  # ids with a space of another width before them, which were gone
        "gone": 4_090,
        "self_loop": 665,
        "circle": 19,
    }


def test_license_tags_and_references_of_datasets_are_counted(hub: Workspace, library: Library) -> None:
    connection = Catalogue(hub, library).connection
    tags = connection.execute("SELECT kind, sum(len(licenses)) FROM artifacts GROUP BY kind ORDER BY kind").fetchall()
    assert tags == [("dataset", 48_543), ("model", 287_167)]
    found = connection.execute(
        "SELECT repair, count(*) FROM refs WHERE parent_kind = 'dataset' GROUP BY repair ORDER BY repair"
    ).fetchall()
    assert dict(found) == {
        "case": 75,
        "exact": 66_010,
        "form": 6,  # addresses of data sets, also of a branch or the viewer, which were gone
        "gone": 12_775,  # nine fewer, and four more of one list of five names
        "legacy_name": 34_040,  # three addresses of data sets by their name alone
        "no_artifact": 7_515,
        "self_loop": 4,
    }


#: Sources with how many artifacts they hold, and how many of their records cannot be read.
OTHERS = {
    "hf_model_info_2024-07_names_0-9_q.jsonl.gz": (8_650, 0),
    "hf_models_2022-02-21_full_with_cards_frontmatter.jsonl.gz": (29_422, 10),
    "hf_family_trees_2025-04.jsonl.gz": (2_057, 0),
    "eval_card_registry/hub_stats_frozen_2026-05.parquet": (4_167, 0),
    "eval_card_registry/hub_stats_frozen_2026-05.jsonl.gz": (4_167, 0),
    "eval_card_registry/curated_parents.yaml": (2_962, 4),
    "ecosystem_graphs/all_assets.csv": (639, 0),
    "ecosystem_graphs/assets_yaml.tar.gz": (639, 0),
    "data_provenance/data_summaries_and_constants.tar.gz": (2_312, 0),
    "peatmoss/mapping.csv": (9_465, 3),
    "peatmoss/all_gh_licenses.json.gz": (36_874, 10),
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_real_source_is_loaded_or_quarantined_with_a_reason(name: str, shared: Path, tmp_path: Path) -> None:
    done = load(Workspace(tmp_path / "ws"), str(shared / "hub" / name))
    assert (done.source.artifacts, done.source.rejected) == OTHERS[name]
    if done.quarantine:
        assert all(json.loads(line)["reason"] for line in done.quarantine.read_text().splitlines())


def test_what_the_hub_resolved_in_2026_is_set_beside_the_cards(shared: Path, library: Library, tmp_path: Path) -> None:
    """The data folder counts that cards and the Hub agree for 87.4 % of base models."""
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(shared / "hub/eval_card_registry/hub_stats_frozen_2026-05.parquet"))
    connection = Catalogue(workspace, library).connection
    row = connection.execute(
        """SELECT count(*) FILTER (dropped), count(*), count(*) FILTER (repair = 'renamed') FROM refs
        WHERE place = 'card' AND parent_kind = 'model' AND stated != ''"""
    ).fetchone()
    assert row == (388, 5_508, 69)  # four cards name bases under a second spelling of the key


def test_a_table_and_its_json_lines_give_the_same(shared: Path, tmp_path: Path) -> None:
    found = []
    for suffix in ("parquet", "jsonl.gz"):
        workspace = Workspace(tmp_path / suffix)
        load(workspace, str(shared / f"hub/eval_card_registry/hub_stats_frozen_2026-05.{suffix}"))
        tables = [pq.read_table(workspace.tables(t)[0]).to_pylist() for t in ("artifacts", "references", "statements")]
        found.append([sorted(map(str, rows)) for rows in tables])
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def audited(hub: Workspace, library: Library) -> AuditResult:
    return audit(hub, library)


def test_the_whole_hub_is_audited(audited: AuditResult) -> None:
    result = audited
    assert result.artifacts == 935_000
    assert sum(result.verdicts.values()) == result.artifacts > result.encumbered > 100_000
    assert result.situations < 10_000
    assert result.verdicts["conflict"] > 1_000


def test_random_artifacts_give_what_their_situations_give(
    hub: Workspace, audited: AuditResult, library: Library
) -> None:
    """Seven hundred artifacts by themselves: some of all, most of those on which something lies."""
    catalogue = Catalogue(hub, library)
    held = parquet(audited.folder / "encumbered.parquet")
    rows = catalogue.connection.execute(
        f"""(SELECT kind, id FROM artifacts ORDER BY hash(id) LIMIT 200) UNION (SELECT kind, id FROM artifacts
        WHERE n IN (SELECT artifact FROM {held}) ORDER BY hash(id, 'other') LIMIT 550) ORDER BY ALL"""
    ).fetchall()
    addresses = [address(kind, id_) for kind, id_ in rows]
    assert len(addresses) >= 700
    one, other = singly(catalogue, addresses), by_situation(hub, catalogue, addresses)
    assert one == other
    assert len(one) > 700


def test_two_shacl_engines_agree_on_every_situation_of_the_hub(audited: AuditResult, library: Library) -> None:
    data = Graph().parse(audited.folder / "situations.nt", format="nt")
    _, report, _ = shifty.validate(data + license_types(library), shapes_graph(), infer=False)
    theirs = {(r.focus, r.code, r.path, r.value, r.severity) for r in results(report)}
    ours = Graph().parse(audited.folder / "report.ttl")
    assert {(r.focus, r.code, r.path, r.value, r.severity) for r in results(ours)} == theirs
    assert len(theirs) > 10_000


@pytest.mark.parametrize(
    ("artifact", "declared", "verdict"),
    [
        ("meta-llama/Llama-2-7b-hf", "llama2", "conditional"),
        ("TheBloke/Llama-2-7B-Chat-GGUF", "llama2", "conditional"),
        ("bigscience/bloomz-560m", "bigscience-bloom-rail-1.0", "compatible"),
        ("mlabonne/NeuralBeagle14-7B", "cc-by-nc-4.0", "unknown"),
    ],
)
def test_well_known_artifacts_get_their_verdict(
    hub: Workspace, library: Library, artifact: str, declared: str, verdict: str
) -> None:
    found = Catalogue(hub, library).check(artifact, Assumptions(library))
    assert (str(found.declared), found.verdict) == (declared, verdict)


def test_the_figures_of_loading_are_those_that_were_measured() -> None:
    figures = json.loads((ROOT / "benchmarks" / "loads.json").read_text())
    text = (ROOT / "benchmarks" / "README.md").read_text()
    for name, found in figures.items():
        row = f"| {name} | {found['artifacts']:,} | {found['references']:,} | {found['rejected']:,} | "
        assert row + f"{found['seconds']} s | {found['peak_rss_mb']} MB |" in text
    hub = [found for name, found in figures.items() if name.startswith("list dump")]
    assert sum(found["seconds"] for found in hub) <= 20
    assert max(found["peak_rss_mb"] for found in hub) <= 2000
    small, large = (found["peak_rss_mb"] for name, found in figures.items() if name.startswith("live Hub"))
    assert large <= 1.2 * small, "memory stays flat"


@pytest.fixture(scope="module")
def part(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Every sixth record of the dumps: the graph of all of them is counted in `benchmarks/verdicts.py`."""
    folder = tmp_path_factory.mktemp("part")
    workspace = Workspace(folder / "ws")
    for name in ("hf_models_2024-07-11.jsonl.gz", "hf_datasets_2024-07-09.jsonl.gz"):
        with gzip.open(shared / "hub" / name) as lines, gzip.open(folder / name, "wb", compresslevel=1) as kept:
            kept.writelines(islice(lines, 0, None, EVERY))
        load(workspace, str(folder / name))
    return workspace


@pytest.fixture(scope="module")
def groups(part: Workspace, library: Library) -> Embedded:
    """The graph of a part of the snapshot, as the server opens it."""
    return Embedded(open_store(part, library))


def test_the_graph_counts_the_verdicts_as_the_audit_does(groups: Embedded, part: Workspace, library: Library) -> None:
    counted = Counter[str]()
    for _, verdict, works in groups.select(bind(find("verdicts"), {}, library))[1]:
        counted[verdict] += works
    assert counted == audit(part, library).verdicts
    assert sum(counted.values()) > 150_000


def test_nothing_is_compatible_that_declares_no_license(audited: AuditResult, hub: Workspace, library: Library) -> None:
    """The Hub of July 2024 holds 447,089 models without a declaration; none of them is green."""
    silent = (
        Catalogue(hub, library)
        .connection.execute(
            f"""SELECT a.kind, count(*) FILTER (s.verdict IN ('compatible', 'conditional')), count(*)
        FROM artifacts a JOIN {parquet(audited.folder / "in_situation.parquet")} i USING (n)
        JOIN {parquet(audited.folder / "situations.parquet")} s ON s.situation = i.situation
        WHERE len(a.licenses) = 0 AND a.kind = 'model' GROUP BY a.kind"""
        )
        .fetchall()
    )
    ((_, green, models),) = silent
    assert green == 0
    assert models > 440_000


@pytest.fixture(scope="module")
def cards(shared: Path) -> list[tuple[str, frozenset[str]]]:
    """Year of creation and license tags of the models of the part, read from the dump by other means."""
    found = []
    with gzip.open(shared / "hub" / "hf_models_2024-07-11.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, EVERY):
            record = json.loads(line)
            tags = frozenset(t.removeprefix("license:") for t in record["tags"] if t.startswith("license:"))
            found.append((record["createdAt"][:4], tags))
    return found


def test_licenses_are_counted_as_the_tags_of_the_hub_count_them(
    groups: Embedded, cards: list[tuple[str, frozenset[str]]], library: Library
) -> None:
    counted = Counter(id_ for _, tags in cards for tag in tags for id_ in library.names.declared([tag]).ids)
    found = adoption(groups, library, kind="model")
    assert found.total == len(cards) > 120_000
    assert found.licensed == sum(1 for _, tags in cards if tags) > 40_000
    exact = {row["license"]: row["count"] for row in found.by_license if row["license"] != "other"}
    assert exact == {name: counted[name] for name in exact}
    assert len(exact) > 30
    assert adoption(groups, library, kind="model", before="2023-01-01").total == sum(y < "2023" for y, _ in cards)


def test_the_share_of_behavioral_use_licenses_rose_with_the_years(
    groups: Embedded, cards: list[tuple[str, frozenset[str]]], library: Library
) -> None:
    """Counted again from the tags, with the families of the library."""
    rail = {i for i, found in library.licenses.items() if "ResponsibleAILicense" in (*found.families, *found.shared)}
    works, licensed = Counter[str](), Counter[str]()
    for year, tags in cards:
        licensed[year] += bool(tags)
        works[year] += any(library.names.declared([tag]).ids & rail for tag in tags)
    columns, rows = groups.select(bind(find("behavioral-use-over-time"), {"length": "4", "kind": "model"}, library))
    assert columns == ("period", "family", "works", "licensed", "ofLicensed")
    ours = {row[0]: row[2:4] for row in rows if row[1].endswith("#ResponsibleAILicense")}
    assert ours == {year: (works[year], licensed[year]) for year in ("2022", "2023", "2024")}
    shares = {row[0]: row[4] for row in rows if row[1].endswith("#ResponsibleAILicense")}
    assert shares == {year: round(100 * works[year] / licensed[year], 2) for year in ours}
    assert shares["2022"] < shares["2024"] < shares["2023"]


def test_license_changes_along_the_lineage_add_up(groups: Embedded, part: Workspace, library: Library) -> None:
    """The figures of parent and child, from the statistics of the lineage and from the graph."""
    numbers = Catalogue(part, library).statistics()
    _, rows = groups.select(bind(find("license-drift"), {"upstreamKind": "model"}, library))
    found = Counter[str]()
    for _, change, edges in rows:
        found[change] += edges
    assert sum(found.values()) == numbers["edges"] > 3_000
    assert min(found[change] for change in ("changed", "dropped", "added", "neither", "kept")) > 10
    assert found["kept"] + found["changed"] == numbers["both_licensed"]
    changed = groups.select(bind(find("license-changes"), {"upstreamKind": "model"}, library))[1]
    assert sum(row[2] for row in changed) == numbers["license_changed"]


# ---- the explorer ------------------------------------------------------------


def test_a_large_part_of_the_hub_is_explored_in_a_browser(part: Workspace, groups: Embedded, library: Library) -> None:
    from tests.support import browsing  # skips by itself where there is no Playwright

    if browsing.CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: chromium)")
    connection = Catalogue(part, library).connection
    ((works,),) = connection.execute("SELECT count(*) FROM artifacts").fetchall()
    ((kind, id_, children),) = connection.execute(
        """SELECT a.kind, a.id, count(DISTINCT e.child) AS children FROM edges e JOIN artifacts a ON a.n = e.parent
        WHERE a.kind = 'model' GROUP BY ALL ORDER BY children DESC, id LIMIT 1"""
    ).fetchall()
    assert children > 30
    pages = ("/", "/search?q=zephyr", "/artifacts?license=llama2&verdict=conflict", "/hub", "/license/gemma", "/ask")
    with (
        serving.server(part.folder) as server,
        browsing.chromium() as browser,
        browsing.visiting(browser, server) as visit,
    ):
        for page in pages:
            assert visit.go(page).status == 200
            assert visit.faults() == []
        assert visit.page.goto(visit.base + "/artifacts").status == 200
        assert visit.page.locator("h1").inner_text() == f"{works:,} artifacts"
        visit.go(f"/artifact/{address(kind, id_)}")
        visit.page.locator("[data-lineage][data-drawn]").wait_for()
        assert visit.page.locator("h2#children").inner_text() == f"What is made from it ({children})"
        visit.page.get_by_role("button", name=f"show more children (15 / {children})").click()
        visit.page.locator("[data-works='31']").wait_for()
        visit.go("/atlas")
        visit.page.locator("[data-atlas][data-drawn]").wait_for()
        visit.quiet()
