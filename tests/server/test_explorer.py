"""The explorer without JavaScript: every page, its twins, its links, hostile names, and what people do with it."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

pytest.importorskip("fastapi", reason="the explorer needs the extra [server]")

from starlette.testclient import TestClient

from clausegraph.ground import namespaces as ns
from clausegraph.library import Library
from clausegraph.server.limits import Limits
from clausegraph.server.pages.hub import heat_map, years
from clausegraph.server.pages.rendering import POLICY, environment
from clausegraph.server.pages.search import search_artifacts, search_library
from clausegraph.server.state import State, open_state
from clausegraph.workspace.folder import Workspace
from tests.support.running import ok
from tests.support.serving import answering

PAGE = {"Accept": "text/html"}
EMPTY = {"meta", "link", "input", "br", "hr", "img", "meter"}
PAGES = (
    "/",
    "/search?q=gpl",
    "/search?q=nothing+like+it+at+all",
    "/licenses",
    "/licenses?family=OpenRAILLicense",
    "/license/llama2",
    "/license/gpl-3.0?via=merge",
    "/license/openrail",
    "/compare?id=mit&id=gpl-3.0&id=gemma",
    "/artifact/acme/rail",
    "/artifact/fourth/unrail?commercial=true&reading=strict",
    "/choose",
    "/choose?works=model&purposes=restricted",
    "/choose?works=model&purposes=every&sharing=nothing",
    "/choose?work=fourth/unrail&wish=mit&prefer=open-source",
    "/compose",
    "/compose?with=artifact-m&with=open&name=Acme",
    "/what-if",
    "/what-if?of=gpl-3.0&via=merge&kind=model&license=mit",
    "/hub",
    "/hub?kind=model",
    "/artifacts",
    "/artifacts?kind=model&license=llama2&verdict=conflict",
    "/artifacts?family=OpenRAILLicense&relation=finetune&year=2024",
    "/atlas",
    "/questions",
    "/query/conflicts",
    "/query/work?work=acme/rail&ask=1",
    "/ask?example=terms",
    "/ask?query=SELECT+%2A+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+2",
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe",
    "a" * 10_000,
    "'; DROP TABLE artifacts; --",
    "&lt;b&gt; & <b>",
    "\x00\x07",
)


class Reader(HTMLParser):
    """Reads a page: what is nested, linked, loaded and labelled, and the text that a person sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        inside = "label" in self.open
        if tag not in EMPTY or tag == "meter":
            self.open.append(tag)
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)
        if tag == "script":
            self.loads.append(found.get("src") or "")
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag == "link":
            self.loads.append(found.get("href") or "")
        if tag == "label" and "for" in found:
            self.labels.add(found["for"] or "")
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden" and not inside:
            self.fields.append(found)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def state(workspace: Workspace, library: Library) -> State:
    return open_state(workspace.folder, library, Limits())


@pytest.fixture(scope="module")
def client(state: State) -> Iterator[TestClient]:
    with answering(state, headers=PAGE) as found:
        yield found


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_loads_nothing_from_elsewhere_and_can_be_used_by_everyone(
    client: TestClient, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"] == POLICY
    page = Reader(answer.text)
    assert page.inline == []
    assert all(load.startswith("/static/") for load in page.loads)
    assert page.headings.count("h1") == 1
    unlabelled = [f for f in page.fields if f.get("id") not in page.labels and not f.get("aria-label")]
    assert unlabelled == []
    assert "Not legal advice" in page.text
    assert client.get("/api/health").json()["data_version"] in page.text


def test_every_link_leads_somewhere(client: TestClient) -> None:
    seen: dict[str, int] = {}
    queue = list(PAGES)
    while queue and len(seen) < 400:
        address = queue.pop(0)
        if address in seen:
            continue
        answer = client.get(address, follow_redirects=False)
        seen[address] = answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html") and len(seen) < 60:
            for link in Reader(answer.text).links:
                target = urlsplit(urljoin(f"http://here{address}", link))
                if target.netloc == "here":
                    queue.append(target.path + (f"?{target.query}" if target.query else ""))
    assert len(seen) >= 300
    assert {address: status for address, status in seen.items() if status not in (200, 303)} == {}


def test_every_spelling_leads_to_the_page_and_what_is_not_here_names_the_nearest(client: TestClient) -> None:
    moved = client.get("/license/Apache License 2.0", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (303, "/license/apache-2.0")
    capitals = client.get("/artifact/ACME/rail", follow_redirects=False)
    assert (capitals.status_code, capitals.headers["location"]) == (303, "/artifact/acme/rail")
    for address, near in (
        ("/license/mti", "mit"),
        ("/artifact/acme/rial", "acme/rail"),
        ("/query/conflict", "conflicts"),
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert near in Reader(answer.text).text
        assert client.get(address, headers={"Accept": "application/json"}).json()["status"] == 404
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/hub?kind=song").status_code == 404
    assert client.get("/license/mit?via=marry").status_code == 404


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text_everywhere(client: TestClient, name: str) -> None:
    for address, key in (
        ("/search", "q"),
        ("/choose", "work"),
        ("/compose", "name"),
        ("/compose", "like"),
        ("/compare", "id"),
        ("/what-if", "license"),
        ("/ask", "query"),
        ("/query/work", "work"),
        ("/artifact/acme/rail", "region"),
        ("/license/mit", "via"),
    ):
        answer = client.get(address, params={key: name, "of": "mit", "kind": "model", "ask": "1"})
        assert answer.status_code in (200, 303, 400, 404, 422), (address, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            assert Reader(answer.text).inline == []
            assert "49" not in answer.text or "7*7" not in name or "{{ 7*7 }}" in Reader(answer.text).text


def test_a_thousand_hostile_names_stay_text_in_the_templates() -> None:
    from random import Random

    random = Random(8)
    template = environment().get_template("search.html")
    common = {"path": "/", "query": "", "data_version": "1", "snapshot": "s"}
    for _ in range(1000):
        name = "".join(
            random.choices(["<", ">", '"', "'", "&", "{{", "}}", "script", "/", "\u202e", " on=", "x"], k=20)
        )
        hits = [{"sort": name, "name": name, "href": f"/artifact/{name}", "about": name}]
        page = Reader(template.render(common | {"found": name, "hits": hits}))
        assert page.inline == []
        assert name in page.text


def test_the_page_of_the_ontology_has_every_term_with_its_definition(client: TestClient) -> None:
    page = Reader(client.get("/ns").text)
    rows = client.get("/query/terms?ask=1&format=json").json()
    own = [row for row in rows["rows"] if row[0].startswith(ns.CG)]
    assert len(own) > 300
    assert [row[0] for row in own if row[2] not in page.text or row[3] not in page.text] == []


def test_a_thing_shows_what_is_said_of_it_and_where_it_is_named(client: TestClient) -> None:
    page = Reader(client.get("/kind/non-commercial").text)
    assert "non-commercial limit" in page.text
    assert "Where it is named" in page.text
    assert any(link.startswith("/license/") for link in page.links)
    assert client.get("/kind/nothing-like-it").status_code == 404


# ---- what people do ----------------------------------------------------------


def test_search_finds_by_any_spelling_by_a_part_and_by_a_mistake(state: State, library: Library) -> None:
    for text, name in (("Apache License 2.0", "apache-2.0"), ("CC BY SA 4", "cc-by-sa-4.0"), ("agpl", "agpl-3.0")):
        assert name in [hit.name for hit in search_library(library, text)]
    assert search_library(library, "creatvml openrail m")[0].sort == "license"
    assert {hit.sort for hit in search_library(library, "malware")} == {"restriction"}
    with state.catalogue() as catalogue:
        assert search_artifacts(catalogue, "acme/rail")[0].name == "acme/rail"
        assert search_artifacts(catalogue, "acme/ril")
        assert search_artifacts(catalogue, "  ") == []


def test_an_assumption_changes_the_verdict(client: TestClient) -> None:
    def verdict(**given: str) -> Any:
        return client.get("/artifact/acme/rail.json", params=given).json()["verdict"]

    checked = {verdict(), verdict(distributed="false"), verdict(reading="strict")}
    assert checked <= {"compatible", "conditional", "conflict", "unknown"}
    page = Reader(client.get("/artifact/acme/rail?distributed=false&reading=strict").text)
    assert "Judge again" in page.text
    assert client.get("/artifact/acme/rail?commercial=perhaps").status_code == 400


def test_a_recipe_goes_to_a_conflict_and_back(client: TestClient) -> None:
    start = "/what-if?of=gpl-3.0&via=merge&kind=model&of=mit&via=finetune&kind=model&policy=share"
    bad = client.get(f"{start}&license=apache-2.0")
    assert "conflict" in Reader(bad.text).text
    assert "ask the licensor for permission" in Reader(bad.text).text
    good = Reader(client.get(f"{start}&license=gpl-3.0").text).text
    assert "conditional" in good
    assert "clausegraph check recipe.yaml" in good
    assert client.get("/what-if?of=no/such&via=merge&kind=model").status_code == 400


def test_the_recipe_that_is_shown_gives_the_verdict_that_is_shown(client: TestClient, tmp_path: Any) -> None:
    address = "/what-if?of=gpl-3.0&via=merge&kind=model&license=mit&policy=sell"
    page = client.get(address)
    yaml = Reader(page.text).text.split("recipe.yaml")[1].split("clausegraph check")[0].strip()
    (tmp_path / "recipe.yaml").write_text(yaml)
    checked = ok("check", str(tmp_path / "recipe.yaml"), "-w", str(tmp_path / "none"), "-f", "json", code=1)
    assert json.loads(checked)["verdict"] == client.get(f"{address}&format=json").json()["verdict"]


def test_the_questions_lead_to_a_license_step_by_step(client: TestClient) -> None:
    address = "/choose"
    for _ in range(12):
        page = Reader(client.get(address).text)
        steps = [link for link in page.links if link.startswith("/choose?") and link.count("=") > address.count("=")]
        if not steps:
            break
        address = steps[0]
    compose = next(link for link in page.links if link.startswith("/compose?"))
    assert client.get(compose).status_code == 200


def test_a_composed_license_is_downloaded_as_the_command_writes_it(client: TestClient, tmp_path: Any) -> None:
    query = "with=artifact-m&with=open&set-law=the+law+of+Spain&name=Acme"
    ok(
        "compose",
        "--with",
        "artifact-m",
        "--with",
        "open",
        "--set",
        "law=the law of Spain",
        "--name",
        "Acme",
        "-o",
        str(tmp_path),
    )
    page = client.get(f"/compose?{query}")
    files = [link for link in Reader(page.text).links if link.startswith("/compose/")]
    assert len(files) == 7
    for link in files:
        name = urlsplit(link).path.rpartition("/")[2]
        assert client.get(link).content == (tmp_path / name).read_bytes(), name
    assert "clausegraph compose" in Reader(page.text).text
    refused = client.get("/compose?with=artifact-m&with=share-alike&with=no-derivatives")
    assert refused.status_code == 400
    assert "contradict each other" in Reader(refused.text).text


def test_the_page_for_queries_runs_what_the_endpoint_runs_and_refuses_what_it_refuses(client: TestClient) -> None:
    assert "no SELECT" in Reader(client.get("/ask", params={"query": "ASK { ?s ?p ?o }"}).text).text
    for text, status in (
        ("DELETE WHERE { ?s ?p ?o }", 403),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", 403),
        ("SELECT * {", 400),
        ("ASK { ?s ?p ?o }", 400),
    ):
        assert client.get("/ask", params={"query": text}).status_code == status


def test_a_question_without_a_limit_is_given_one_that_is_told(client: TestClient) -> None:
    cut = Reader(client.get("/ask", params={"query": "SELECT * { ?s ?p ?o }"}).text).text
    assert "1000 rows" in cut
    assert "it was given one" in cut
    whole = Reader(client.get("/ask", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1200"}).text).text
    assert "1200 rows" in whole
    assert "it was given one" not in whole


def test_the_map_of_conflicts_has_the_works_of_every_pair_and_darker_for_more() -> None:
    pairs = [("a", "x", 1000), ("a", "y", 10), ("b", "x", 1)]
    found = heat_map(pairs)
    assert found["columns"] == ["x", "y"]
    assert [row["license"] for row in found["rows"]] == ["a", "b"]
    cells = {row["license"]: row["cells"] for row in found["rows"]}
    assert [works for works, _ in cells["a"]] == [1000, 10]
    assert cells["a"][0][1] > cells["a"][1][1] > cells["b"][0][1] > cells["b"][1][1] == 0
    assert heat_map([]) == {"columns": [], "rows": []}


def test_years_add_up_to_the_months() -> None:
    months = [
        {"month": "2023-01", "license": "mit", "works": 2},
        {"month": "2023-12", "license": "gpl-3.0", "works": 1},
    ]
    found = years([*months, {"month": "2024-02", "license": "mit", "works": 4}])
    assert [(row["year"], row["works"], row["first"]) for row in found] == [
        ("2023", 3, [("mit", 2), ("gpl-3.0", 1)]),
        ("2024", 4, [("mit", 4), ("gpl-3.0", 0)]),
    ]
