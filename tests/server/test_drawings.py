"""What the explorer draws and counts: works by facets, lineages around a work, families in the atlas."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("fastapi", reason="the explorer needs the extra [server]")

import httpx2 as httpx
from starlette.testclient import TestClient

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.server.limits import Limits
from clausegraph.server.pages.atlas import _roots, atlas
from clausegraph.server.pages.facets import FACETS, Facets, facets_context
from clausegraph.server.pages.hub import counts_context, declarations, months, years
from clausegraph.server.pages.lineage import CHILDREN, drawing, openness_keys, openness_of
from clausegraph.server.state import State, open_state
from clausegraph.store.adoption import adoption
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.workspace.folder import Workspace
from tests.support import serving
from tests.support.serving import answering


@pytest.fixture(scope="module")
def state(workspace: Workspace, library: Library) -> State:
    return open_state(workspace.folder, library, Limits())


@pytest.fixture(scope="module")
def client(state: State) -> Iterator[TestClient]:
    with answering(state) as found:
        yield found


@pytest.fixture
def catalogue(state: State) -> Iterator[Catalogue]:
    with state.catalogue() as found:
        yield found


# ---- facets ------------------------------------------------------------------------


def test_facets_count_what_the_queries_count(catalogue: Catalogue, workspace: Workspace, library: Library) -> None:
    graph = Embedded(open_store(workspace, library))
    counted = adoption(graph, library)
    facets = {name: dict(Facets(catalogue, {}).count(name)) for name in FACETS}
    assert facets["license"] | {"none": 0} == {row["license"]: row["count"] for row in counted.by_license} | {"none": 0}
    for kind in (None, "model"):
        page, asked_for = counts_context(catalogue, kind), adoption(graph, library, kind=kind)
        assert (page["works"], page["licensed"]) == (asked_for.total, asked_for.licensed)
    families = {row["family"]: row["count"] for row in counted.by_family}
    assert {name: facets["family"][name] for name in families} == families
    verdicts = "PREFIX cg: <https://w3id.org/clausegraph/ns#> SELECT ?v (COUNT(?w) AS ?n)"
    rows = graph.select(f"{verdicts} {{ ?w cg:situation/cg:verdict ?v }} GROUP BY ?v")
    assert facets["verdict"] == {verdict.rpartition("/")[2]: works for verdict, works in rows[1]}


def test_months_and_years_by_license_are_those_of_the_query(
    catalogue: Catalogue, workspace: Workspace, library: Library
) -> None:
    graph = Embedded(open_store(workspace, library))
    for kind in (None, "model"):
        counted = adoption(graph, library, kind=kind, by="month").by_month or ()
        plain = [{key: row[key] for key in ("month", "license", "works")} for row in counted]
        assert sorted(declarations(catalogue, kind), key=str) == sorted(plain, key=str)
        assert years(declarations(catalogue, kind)) == years(plain)


@pytest.mark.parametrize("pair", list(combinations(FACETS, 2)))
def test_what_is_chosen_twice_over_is_what_both_choices_have(catalogue: Catalogue, pair: tuple[str, str]) -> None:
    one, other = pair
    everything = Facets(catalogue, {})
    for value, _ in everything.count(one)[:3]:
        within = dict(Facets(catalogue, {one: value}).count(other))
        for another, works in list(within.items())[:3]:
            both = Facets(catalogue, {one: value, other: another}).rows(0)
            assert both["count"] == works
            assert dict(Facets(catalogue, {other: another}).count(one))[value] == works


def test_a_choice_narrows_the_works_and_never_its_own_facet(catalogue: Catalogue) -> None:
    everything = facets_context(catalogue, {}, 0)
    for facet in everything["facets"]:
        value, works = facet["values"][0]
        chosen = facets_context(catalogue, {facet["name"]: value}, 0)
        assert chosen["works"]["count"] == works <= everything["works"]["count"]
        again = next(f for f in chosen["facets"] if f["name"] == facet["name"])
        assert again["values"] == facet["values"]
    assert facets_context(catalogue, {"license": "no-such-license"}, 0)["works"]["rows"] == []


def test_pages_of_works_hold_every_work_once(client: TestClient) -> None:
    seen: list[str] = []
    while True:
        found = client.get("/artifacts", params={"format": "json", "from": len(seen)}).json()["works"]
        if not found["rows"]:
            break
        seen += [row["id"] for row in found["rows"]]
    assert len(seen) == len(set(seen)) == found["count"]


# ---- lineages ----------------------------------------------------------------------


def test_a_drawing_has_the_ancestors_the_children_and_how_each_edge_is_known(catalogue: Catalogue) -> None:
    found = drawing(catalogue, "acme/rail", "all", 0)
    names = {node["id"] for node in found["nodes"]}
    assert found["root"] == "acme/rail"
    assert {"fourth/unrail", "other/kept", "other/dropped"} <= names
    edge = next(e for e in found["edges"] if e["child"] == "fourth/unrail" and e["parent"] == "acme/rail")
    assert (edge["relation"], edge["basis"], edge["repair"]) == ("finetune", "declared", "exact")
    assert all(e["child"] in names and e["parent"] in names for e in found["edges"])
    node = next(n for n in found["nodes"] if n["id"] == "acme/rail")
    assert (node["openness"], node["href"]) == ("behavioral_use", "/artifact/acme/rail")
    assert node["children"] == len({e["child"] for e in found["edges"] if e["parent"] == "acme/rail"})


def test_a_drawing_has_all_ancestors_that_the_lineage_names(catalogue: Catalogue) -> None:
    for work in ("fourth/unrail", "third/clash", "mlabonne/NeuralBeagle14-7B"):
        ancestors = {node["id"] for node in catalogue.lineage(work)["nodes"]}
        assert ancestors <= {node["id"] for node in drawing(catalogue, work, "all", 0)["nodes"]}
        parents = {p["id"] for p in catalogue.lineage(work)["nodes"][0]["parents"]}
        assert {node["id"] for node in drawing(catalogue, work, "up", 0)["nodes"]} == parents | {work}


def test_children_come_in_parts_and_none_is_lost(catalogue: Catalogue) -> None:
    seen: set[str] = set()
    start = 0
    while True:
        found = drawing(catalogue, "acme/rail", "down", start)
        more = {node["id"] for node in found["nodes"]} - {"acme/rail"}
        if not more:
            break
        assert not more & seen
        assert len(more) <= CHILDREN
        seen |= more
        start = found["next"]
    assert len(seen) == next(n["children"] for n in found["nodes"] if n["id"] == "acme/rail")


def test_what_cannot_be_drawn_is_told(client: TestClient, catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="all, up, down"):
        drawing(catalogue, "acme/rail", "sideways", 0)
    with pytest.raises(UnknownIdentifier):
        drawing(catalogue, "acme/ril-not-here", "all", 0)


def test_the_errors_of_a_drawing_are_json(client: TestClient) -> None:
    assert client.get("/lineage?work=acme/rail&way=sideways").json()["status"] == 400
    unknown = client.get("/lineage?work=acme/nothing")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown")
    assert client.get("/lineage?work=acme/rail&from=-1").status_code == 200


def test_every_license_has_one_class_to_be_drawn_by(library: Library) -> None:
    keys = openness_keys(library)
    expressions = [library.names.declared([id_]) for id_ in library.licenses]
    assert {openness_of(library, e) for e in expressions} <= set(keys)
    assert openness_of(library, library.names.declared(["apache-2.0", "cc-by-nc-4.0"])) == "unknown"
    assert openness_of(library, library.names.declared(["mit", "apache-2.0"])) == "open_source"


# ---- the atlas ---------------------------------------------------------------------


def test_the_atlas_places_each_work_under_a_parent_that_is_there(catalogue: Catalogue) -> None:
    found = atlas(catalogue)
    works = found["works"]
    assert len({len(column) for column in works.values()}) == 1
    assert len(set(works["id"])) == len(works["id"])
    for n, parent in enumerate(works["parent"]):
        assert parent == -1 or works["id"][parent] in {
            p["id"] for p in catalogue.lineage(works["id"][n])["nodes"][0]["parents"]
        }
    assert works["parent"].count(-1) == found["families"]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=13))
def test_every_work_has_one_topmost_work_also_on_a_circle(above: dict[int, int]) -> None:
    above = {child: parent for child, parent in above.items() if child != parent}
    roots = _roots(above)
    assert roots.keys() == {*above, *above.values()}
    for child, parent in above.items():
        assert roots[child] == roots[parent]
    for root in roots.values():
        assert roots[root] == root
        if root in above:  # only a circle has no top
            n, seen = above[root], {root}
            while n not in seen:
                seen.add(n)
                n = above[n]
            assert n == root == min(seen)


# ---- charts and readers ------------------------------------------------------------


def test_the_data_of_the_charts_has_every_month_of_every_license(client: TestClient) -> None:
    rows = client.get("/hub/adoption").json()
    whole = {(row["month"], row["license"]) for row in rows}
    assert len(whole) == len(rows) == len({m for m, _ in whole}) * len({name for _, name in whole})
    assert {"month", "all", "carried", "dropped"} <= client.get("/hub/adherence").json()[0].keys()
    assert client.get("/hub/nothing").status_code == client.get("/hub/adoption?kind=nothing").status_code == 404


def test_months_add_up_and_what_is_rare_is_told_together() -> None:
    rows = [{"month": "2024-01", "license": f"l{n}", "works": 10 - n} for n in range(9)]
    found = months(rows)
    assert sum(row["works"] for row in found) == sum(row["works"] for row in rows)
    assert {row["license"] for row in found} == {*(f"l{n}" for n in range(6)), "others"}


def test_a_person_gets_a_page_and_a_program_gets_json_for_the_same_error(client: TestClient) -> None:
    for address in ("/no/such/page", "/resource", "/api/check?id=no/such"):
        program = client.get(address)
        person = client.get(address, headers={"Accept": "text/html"})
        assert program.status_code == person.status_code >= 400
        assert program.json()["status"] == program.status_code
        assert "Not legal advice" in person.text


def test_a_hundred_readers_at_once_all_get_their_page(workspace: Workspace) -> None:
    pages = ("/", "/license/gpl-3.0", "/artifact/acme/rail", "/artifacts?kind=model", "/hub", "/lineage?work=acme/rail")
    many = httpx.Limits(max_connections=100)
    with (
        serving.server(workspace.folder) as address,
        httpx.Client(base_url=address, timeout=120, limits=many) as client,
        ThreadPoolExecutor(100) as readers,
    ):

        def read(number: int) -> Any:
            return client.get(pages[number % len(pages)]).status_code

        assert set(readers.map(read, range(150))) == {200}
