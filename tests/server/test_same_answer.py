"""One address, one answer: as a page, as JSON and as Turtle, and under the assumptions that the address names."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest

pytest.importorskip("fastapi", reason="the explorer needs the extra [server]")

from rdflib import RDF, Graph, URIRef
from starlette.routing import Route
from starlette.testclient import TestClient

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.choosing.choose import choose
from clausegraph.ground.addresses import iri_of
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.server.limits import Limits
from clausegraph.server.linked import Linked
from clausegraph.server.pages.routes_read import Pages
from clausegraph.server.state import State, open_state
from clausegraph.validation.shapes import CG
from clausegraph.workspace.folder import Workspace
from tests.support.serving import answering

WORK = "mlabonne/NeuralBeagle14-7B"
#: A planned work over a license that allows no commercial use.
PLANNED = "/what-if?of=cc-by-nc-4.0&via=finetune&kind=model&license=cc-by-nc-4.0"
GIVEN = ("", "commercial=true", "commercial=false", "reading=strict", "reading=lenient", "distributed=false")
#: Pages that judge nothing: what somebody assumes changes none of their answers. A test counts that none is missing.
UNJUDGED = {
    "/": "/",
    "/search": "/search?q=rail",
    "/licenses": "/licenses?family=OpenRAILLicense",
    "/license/{name}": "/license/cc-by-nc-4.0",
    "/compare": "/compare?id=mit&id=gpl-3.0",
    "/artifacts": "/artifacts?kind=model&license=llama2",
    "/choose": "/choose?works=data",
    "/compose": "/compose?with=artifact-m&with=open",
    "/hub": "/hub?kind=model",
    "/questions": "/questions",
    "/query/{name}": "/query/conflicts?ask=1",
    "/{path}": "/kind/share-alike",
}
#: Pages that judge under what the address assumes, and addresses that have no twins: each with its reason.
OTHERS = {
    "/artifact/{address}": "test_twins.py holds all three, and the next test below an assumption that changes them",
    "/what-if": "below",
    "/ask": "a form for a query that somebody writes; its twin is /sparql",
    "/works": "leads to /artifacts",
    "/lineage": "the data of a drawing; always JSON",
    "/atlas": "the data of a drawing beside a page",
    "/hub/{name}": "the data of a chart; always JSON",
    "/compose/{name}": "a file to download",
}


@pytest.fixture(scope="module")
def state(workspace: Workspace, library: Library) -> State:
    return open_state(workspace.folder, library, Limits())


@pytest.fixture(scope="module")
def client(state: State) -> Iterator[TestClient]:
    with answering(state, headers={"Accept": "text/html"}) as found:
        yield found


def at(address: str, given: str) -> str:
    """Return an address with assumptions."""
    return f"{address}{'&' if '?' in address else '?'}{given}" if given else address


def words(page: str) -> str:
    """Return what a page says, without its markup and the addresses in it."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)))


def twin(client: TestClient, address: str, media: str) -> str:
    answer = client.get(address, headers={"Accept": media})
    assert answer.status_code == 200, address
    assert answer.headers["content-type"].partition(";")[0].replace("ld+", "") == media, address
    return answer.text


def triples(turtle: str) -> Counter[str]:
    """Return the triples of a text; nodes without a name are all called alike."""
    lines = Graph().parse(data=turtle, format="turtle").serialize(format="nt").splitlines()
    return Counter(re.sub(r"_:\w+", "_:x", line) for line in lines)


def test_every_kind_of_page_is_held(state: State) -> None:
    linked = Linked(state, lambda *_: None)  # type: ignore[arg-type, return-value]
    pages = {one.path.replace(":path", "") for one in Pages(state, linked).routes() if isinstance(one, Route)}
    assert pages | {"/{path}"} == UNJUDGED.keys() | OTHERS.keys()


@pytest.mark.parametrize("given", ["commercial=true", "reading=strict"])
@pytest.mark.parametrize("address", UNJUDGED.values())
def test_an_assumption_changes_no_answer_of_a_page_that_judges_nothing(
    address: str, given: str, client: TestClient
) -> None:
    with_it, without = at(address, given), address
    assert twin(client, with_it, "application/json") == twin(client, without, "application/json")
    assert triples(twin(client, with_it, "text/turtle")) == triples(twin(client, without, "text/turtle"))
    assert words(client.get(at(address, given)).text) == words(client.get(address).text)


@pytest.mark.parametrize("given", GIVEN)
def test_a_planned_work_is_judged_alike_on_the_page_in_json_and_in_turtle(given: str, client: TestClient) -> None:
    check = client.get(at(PLANNED, given) + "&format=json").json()
    page = client.get(at(PLANNED, given)).text
    assert f'class="verdict {check["verdict"]}"' in page
    graph = Graph().parse(data=twin(client, at(PLANNED, given), "text/turtle"))
    assert [str(verdict) for verdict in graph.objects(None, CG.verdict)] == [check["verdict"]]
    assert check["reading"] == (given.partition("=")[2] if given.startswith("reading") else "open")


def test_what_only_one_knows_changes_all_three_answers_on_a_planned_work(client: TestClient) -> None:
    verdicts = {}
    for given in ("commercial=true", "commercial=false"):
        json_, page = client.get(at(PLANNED, given) + "&format=json").json(), client.get(at(PLANNED, given)).text
        graph = Graph().parse(data=twin(client, at(PLANNED, given), "text/turtle"))
        assert "commercial = " + given.partition("=")[2] in words(page)
        assert [str(verdict) for verdict in graph.objects(None, CG.verdict)] == [json_["verdict"]]
        verdicts[given] = json_["verdict"]
    assert verdicts["commercial=true"] == "conflict"
    assert verdicts["commercial=false"] != "conflict"


@pytest.mark.parametrize("given", GIVEN)
def test_the_licenses_over_a_work_are_those_under_the_assumptions_of_the_address(
    given: str, client: TestClient, workspace: Workspace, library: Library
) -> None:
    address = at(f"/choose?work={WORK}", given)
    rows = client.get(f"{address}&format=json").json()["licenses"]
    possible = [row["license"] for row in rows if row["answer"].startswith("possible")]
    pairs, reading = (
        ([], given.partition("=")[2]) if given.startswith("reading") else ([given] if given else [], "open")
    )
    assumptions, _ = Assumptions.of_pairs(library, pairs, reading)
    assert possible == [c.license.id for c in choose(Catalogue(workspace, library).subject(WORK, assumptions)).possible]
    assert f"{len(possible)} possible" in words(client.get(address).text)
    graph = Graph().parse(data=twin(client, address, "text/turtle"))
    (situation,) = graph.objects(URIRef(iri_of(WORK)), CG.situation)
    check = client.get(at(f"/artifact/{WORK}.json", given)).json()
    assert [str(verdict) for verdict in graph.objects(situation, CG.verdict)] == [check["verdict"]]
    assert (URIRef(iri_of(WORK)), RDF.type, None) in graph


def test_the_page_of_an_artifact_leads_to_its_licenses_under_the_same_assumptions(client: TestClient) -> None:
    page = client.get(f"/artifact/{WORK}?commercial=true&reading=strict").text
    (link,) = re.findall(r'href="(/choose\?[^"]*)"', page)
    assert {"commercial=true", "reading=strict"} <= set(unescape(link).partition("?")[2].split("&"))
    there = client.get(unescape(link)).text
    assert "commercial = true; contested law: strict" in words(there)
    assert '<input type="hidden" name="commercial" value="true">' in there


@pytest.mark.parametrize("address", [f"/artifact/{WORK}", f"/choose?work={WORK}", PLANNED])
def test_a_value_that_an_assumption_cannot_have_is_told(address: str, client: TestClient) -> None:
    answer = client.get(at(address, "commercial=maybe"))
    assert answer.status_code == 400
    assert "takes a boolean" in words(answer.text)
