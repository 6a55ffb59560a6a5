"""The explorer in a real browser: what people look at, click and type, by eye, by keyboard and on a phone."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support import browsing, serving
from tests.support.browsing import Visit
from tests.support.paths import ROOT

pytestmark = pytest.mark.skipif(browsing.CHROMIUM is None, reason="needs Chromium (Debian: chromium)")
WEB = ROOT / "clausegraph" / "server" / "pages" / "static" / "web"
#: Pages, and whether one of them draws.
PAGES = (
    "/",
    "/search?q=gpl",
    "/licenses",
    "/license/llama2",
    "/compare?id=mit&id=gpl-3.0",
    "/artifact/fourth/unrail",
    "/choose",
    "/choose?work=fourth/unrail&wish=mit",
    "/compose?with=artifact-m&with=open",
    "/what-if?of=gpl-3.0&via=merge&kind=model&license=mit",
    "/hub",
    "/artifacts",
    "/artifacts?kind=model&verdict=conflict",
    "/atlas",
    "/questions",
    "/query/conflicts",
    "/ask?example=terms",
    "/ns",
    "/kind/non-commercial",
    "/restriction/malware_cyber",
    "/nothing/here",
)
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[str]:
    with serving.server(workspace.folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium() as found:
        yield found


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Visit]:
    with browsing.visiting(browser, server) as found:
        yield found
        found.quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_asks_anybody_else_or_says_an_error(browser: Any, server: str, scheme: str) -> None:
    faults = {}
    pages = PAGES if scheme == "light" else PAGES[::3]
    for address, visit, status in browsing.touring(browser, server, pages, color_scheme=scheme):
        assert status == (404 if address == "/nothing/here" else 200)
        faults[address] = visit.faults()
        if status == 404:
            visit.said.clear()  # the browser itself names a page that is not there
    assert {address: found for address, found in faults.items() if found} == {}
    assert len(faults) == len(pages)


def test_pages_fit_a_phone_and_twice_the_size(browser: Any, server: str) -> None:
    twice = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
    for how, pages in (({"viewport": PHONE}, PAGES), (twice, PAGES[::3])):
        for address, visit, status in browsing.touring(browser, server, pages, **how):
            wide = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{address} is {wide} pixels too wide at {how}"
            if status == 404:
                visit.said.clear()


def test_the_search_box_finds_a_misspelled_license_while_one_types(visit: Visit) -> None:
    visit.go("/")
    box = visit.page.get_by_role("combobox", name="Search")
    box.press_sequentially("creatvml openrail")
    option = visit.page.get_by_role("option").first
    option.wait_for()
    assert "creativeml-openrail-m" in visit.page.get_by_role("listbox").inner_text()
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert visit.page.get_by_role("listbox").count() == 0
    box.fill("")
    box.press_sequentially("apache license 2.0")
    visit.page.get_by_role("option", name="apache-2.0").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    visit.page.wait_for_url(re.compile("/license/apache-2.0$"))
    assert visit.page.locator("h1").inner_text() == "Apache License 2.0"


def test_a_lineage_is_drawn_and_expands(visit: Visit) -> None:
    visit.go("/artifact/fourth/unrail")
    drawn = visit.page.locator("[data-lineage][data-drawn]")
    drawn.wait_for()
    assert drawn.get_attribute("data-works") == "2"
    visit.page.get_by_label("Work", exact=True).select_option("acme/rail")
    more = visit.page.get_by_role("button", name=re.compile("show more children"))
    count = int(re.search(r"/ ([\d,]+)\)", more.inner_text())[1])  # type: ignore[index]  # the label has it
    more.click()
    visit.page.locator(f"[data-works='{1 + count}']").wait_for()
    assert "solid" not in visit.page.locator(".legend").inner_text()
    assert "finetune" in visit.page.locator(".legend").inner_text()


def test_the_path_of_a_clause_that_binds_is_shown_in_the_drawing(visit: Visit) -> None:
    visit.go("/artifact/fourth/unrail")
    visit.page.locator("[data-lineage][data-drawn]").wait_for()
    button = visit.page.get_by_role("button", name="show the path in the drawing").first
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert visit.page.locator("[data-lineage]").get_attribute("data-path") == "1"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_an_assumption_changes_what_the_page_says(visit: Visit) -> None:
    visit.go("/artifact/fourth/unrail")
    before = visit.page.locator("main").inner_text()
    visit.page.get_by_label("distributed").select_option("false")
    visit.page.get_by_role("button", name="Judge again").click()
    visit.page.wait_for_url(re.compile("distributed=false"))
    assert visit.page.locator("main").inner_text() != before
    visit.page.go_back()
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.locator(".answer").inner_text() in before


def test_a_recipe_is_built_to_a_conflict_and_back(visit: Visit) -> None:
    visit.go("/what-if")
    visit.page.get_by_label("made from 1").fill("gpl-3.0")
    visit.page.get_by_label("how 1").select_option("merge")
    visit.page.get_by_label("under").fill("apache-2.0")
    visit.page.get_by_label("and I").select_option("share")
    visit.page.get_by_role("button", name="Judge").click()
    visit.page.locator(".answer .verdict.conflict").wait_for()
    visit.page.get_by_label("under").fill("gpl-3.0")
    visit.page.get_by_role("button", name="Judge").click()
    visit.page.locator(".answer .verdict:not(.conflict)").wait_for()
    assert "via: merge" in visit.page.locator("pre").inner_text()


def test_a_composed_license_is_read_and_downloaded(visit: Visit, tmp_path: Path) -> None:
    visit.go("/compose")
    for name in ("artifact-m", "open"):
        visit.page.locator(f"input[value={name}]").check()
    visit.page.get_by_role("button", name="Compose").click()
    visit.page.get_by_role("heading", name="Model sheet").wait_for()
    with visit.page.expect_download() as loading:
        visit.page.get_by_role("link", name="license.ttl").click()
    loading.value.save_as(tmp_path / "license.ttl")
    from clausegraph.library import Library
    from clausegraph.library.extend import extend

    known = Library.load()
    found = extend(known, [tmp_path / "license.ttl"]).licenses
    assert ["OpenRAILLicense" in found[new].families for new in found.keys() - known.licenses.keys()] == [True]


def test_an_example_query_is_taken_changed_and_asked(visit: Visit) -> None:
    visit.go("/ask")
    visit.page.get_by_label("Begin with").select_option("terms")
    visit.page.get_by_role("button", name="Take it").click()
    visit.page.locator(".editor[data-ready]").wait_for()
    visit.page.locator(".CodeMirror").click()
    visit.page.keyboard.press("Control+End")
    visit.page.keyboard.type("\nLIMIT 3")
    visit.page.keyboard.press("Control+Enter")
    visit.page.get_by_role("heading", name="3 rows").wait_for()


def test_the_editor_completes_the_terms_of_this_server(visit: Visit) -> None:
    visit.go("/ask")
    visit.page.locator(".editor[data-ready]").wait_for()
    visit.page.locator(".CodeMirror").click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("PREFIX cg: <https://w3id.org/clausegraph/ns#>\nSELECT * WHERE { ?a a cg:Lic")
    visit.page.keyboard.press("Control+Space")
    visit.page.locator(".CodeMirror-hint", has_text="License").first.wait_for()


def test_works_are_narrowed_down_step_by_step_and_the_way_back_works(visit: Visit) -> None:
    visit.go("/artifacts")
    everything = visit.page.locator("h1").inner_text()
    visit.page.locator(".facets").get_by_role("link", name="conflict", exact=True).click()
    visit.page.locator(".facets").get_by_role("link", name="mit", exact=True).click()
    assert visit.page.url.endswith("/artifacts?verdict=conflict&license=mit")
    assert visit.page.get_by_role("link", name="fourth/unrail").count() == 1
    visit.page.get_by_role("link", name="take away").first.click()
    visit.page.go_back()
    visit.page.go_back()
    visit.page.go_back()
    assert visit.page.locator("h1").inner_text() == everything


def test_the_charts_and_the_atlas_are_drawn(visit: Visit) -> None:
    visit.go("/hub")
    assert visit.page.locator("figure[data-drawn]").count() == visit.page.locator("figure[data-spec]").count() == 2
    visit.go("/atlas")
    visit.page.locator("[data-atlas][data-drawn]").wait_for()
    visit.page.get_by_label("Find a work").fill("acme/rail")
    visit.page.get_by_role("button", name="Show").click()
    visit.page.locator(".chosen a", has_text="acme/rail").wait_for()


def test_everything_but_the_drawings_works_without_javascript(browser: Any, server: str) -> None:
    with browsing.visiting(browser, server, java_script_enabled=False) as visit:
        visit.go("/artifact/fourth/unrail")
        assert "the tables below say the same" in visit.page.locator("noscript").inner_text()
        visit.page.get_by_role("searchbox").fill("creatvml openrail m")
        visit.page.get_by_role("button", name="Find").click()
        visit.page.get_by_role("link", name="creativeml-openrail-m").click()
        assert "CreativeML" in visit.page.locator("h1").inner_text()
        visit.quiet()


def test_a_keyboard_reaches_the_content_at_once_and_every_field(visit: Visit) -> None:
    visit.go("/what-if")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    fields = visit.page.locator("main input, main select, main button").count()
    reached = set()
    for _ in range(fields + 30):
        visit.page.keyboard.press("Tab")
        reached.add(visit.page.evaluate("[...document.querySelectorAll('main *')].indexOf(document.activeElement)"))
    assert len(reached - {-1}) >= fields


def test_a_page_without_a_drawing_has_little_javascript(visit: Visit) -> None:
    for address in ("/", "/license/llama2", "/compare?id=mit&id=gpl-3.0", "/artifacts", "/what-if"):
        visit.go(address)
        loaded = visit.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
        scripts = [WEB / name.rpartition("/")[2] for name in loaded if name.endswith(".js")]
        assert 0 < sum(len(gzip.compress(script.read_bytes())) for script in scripts) <= 100_000


def test_hostile_names_are_text_while_one_types(browser: Any, server: str) -> None:
    with browsing.visiting(browser, server) as visit:
        hostile = '<img src=x onerror="document.title=1">'
        hit = {"sort": "model", "name": hostile, "href": "/artifact/x", "about": hostile}
        visit.page.route("**/search?q=*", lambda route: route.fulfill(json={"query": "", "hits": [hit]}))
        visit.go("/")
        visit.page.get_by_role("combobox").press_sequentially("abc")
        visit.page.get_by_role("option").first.wait_for()
        assert hostile in visit.page.get_by_role("option").inner_text()
        assert visit.page.locator("#found img").count() == 0
        visit.quiet()


def test_the_scripts_that_ship_name_whose_work_they_hold() -> None:
    notices = (WEB / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    packages = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in packages.items():
        assert f"{name} {version} (" in notices


def test_a_thousand_hostile_names_are_drawn_and_listed_as_text(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    random = Random(8)
    # what a name may not hold is refused when it is loaded; these are what is left to try
    parts = (
        "javascript:document.title=1//",
        "&lt;script&gt;",
        "%7B%7B7*7",
        "'onload='1",
        "\u202e",
        "(')",
    )
    names = [f"urn:{n}:{''.join(random.choices(parts, k=3))}" for n in range(998)]
    names += ["javascript:document.title=1", "urn:" + "x" * 10_000]
    root = {"kind": "model", "id": "good/root", "license": ["cc-by-nc-4.0"], "created": "2024-01-01"}
    parents = [{"id": "good/root", "kind": "model", "via": "finetune"}]
    hostile = {"license": ["other"], "license_name": "<script>document.title=1</script>", "parents": parents}
    works = [{"kind": "model", "id": name} | hostile for name in names]
    (folder / "works.jsonl").write_text("\n".join(json.dumps(work) for work in (root, *works)), encoding="utf-8")
    workspace = Workspace(folder / "ws")
    assert load(workspace, str(folder / "works.jsonl"), date="2024-11-21").source.artifacts > 900
    with serving.server(workspace.folder) as server, browsing.visiting(browser, server) as visit:
        for address in ("/artifacts", "/artifact/good/root", "/atlas", "/search?q=script", "/hub"):
            visit.go(address)
            assert visit.page.title() != "1"
            assert visit.page.locator("main script, main img").count() == 0
        visit.go("/artifact/good/root")
        visit.page.locator("[data-lineage][data-drawn]").wait_for()
        visit.page.get_by_role("button", name=re.compile("show more children")).click()
        visit.page.locator("[data-works='31']").wait_for()
        visit.quiet()
