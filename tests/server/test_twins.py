"""The twins of a page: the same address answers as a page, as JSON and as Turtle, and all three say the same."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

pytest.importorskip("fastapi", reason="the explorer needs the extra [server]")

import shifty
from rdflib import DCTERMS, QB, RDF, RDFS, SH, VOID, Graph, URIRef
from starlette.testclient import TestClient

from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import iri_of
from clausegraph.library import Library
from clausegraph.server.limits import Limits
from clausegraph.server.state import open_state
from clausegraph.validation.shacl import results
from clausegraph.validation.shapes import CG, license_types, shapes_graph
from clausegraph.workspace.folder import Workspace
from tests.support.running import ok
from tests.support.serving import answering


@pytest.fixture(scope="module")
def client(workspace: Workspace, library: Library) -> Iterator[TestClient]:
    with answering(open_state(workspace.folder, library, Limits()), headers={"Accept": "text/html"}) as found:
        yield found


def test_a_page_and_its_twins_say_the_same(client: TestClient) -> None:
    known = json.loads(ok("license", "show", "llama2", "-f", "json"))
    assert client.get("/license/llama2.json").json() == known
    assert client.get("/license/llama2", headers={"Accept": "application/json"}).json() == known
    assert "cg:hasClause" in client.get("/license/llama2.ttl").text
    assert "cg:hasClause" in client.get("/license/llama2", headers={"Accept": "text/turtle"}).text
    check = client.get("/artifact/fourth/unrail.json").json()
    assert check["verdict"] == client.get("/api/check", params={"subject": "fourth/unrail"}).json()["verdict"]
    assert check["verdict"] in client.get("/artifact/fourth/unrail").text
    assert "cg:declaredLicense" in client.get("/artifact/acme/rail.ttl").text
    row = client.get("/choose?work=acme/rail&format=json").json()
    assert [r["license"] for r in row["licenses"]]
    assert client.get("/hub?format=json").json()["works"] > 300
    assert client.get("/query/conflicts?format=json").json()["rows"]


ASSUMED = ("", "commercial=true", "commercial=false", "reading=strict", "monthly_active_users=800000000")


@pytest.mark.parametrize("given", ASSUMED)
@pytest.mark.parametrize("work", ["fourth/unrail", "acme/rail", "datasets/rajpurkar/squad"])
def test_a_page_and_its_twins_are_judged_under_the_same_assumptions(
    work: str, given: str, client: TestClient, library: Library
) -> None:
    address = f"/artifact/{work}"
    check = client.get(f"{address}.json?{given}").json()
    breaches = {f["clause"] for f in check["findings"] if f["code"].startswith("CG2")}
    shown = client.get(f"{address}?{given}").text
    assert f'class="verdict {check["verdict"]}"' in shown
    for graph in (
        Graph().parse(data=client.get(f"{address}.ttl?{given}").text),
        Graph().parse(data=client.get(f"{address}?{given}", headers={"Accept": "text/turtle"}).text),
    ):
        (situation,) = graph.objects(URIRef(iri_of(work)), CG.situation)
        assert [str(v) for v in graph.objects(situation, CG.verdict)] == [check["verdict"]]
        kinds = {URIRef(kind.breaches) for kind in library.kinds.values() if kind.breaches}
        assert {str(o) for _, p, o in graph.triples((situation, None, None)) if p in kinds} == breaches


def test_an_assumption_changes_all_three_twins(client: TestClient) -> None:
    address, found = "/artifact/mlabonne/NeuralBeagle14-7B", []
    for value in ("true", "false"):
        turtle = Graph().parse(data=client.get(f"{address}.ttl?commercial={value}").text)
        found.append(client.get(f"{address}.json?commercial={value}").json()["verdict"])
        assert [str(verdict) for verdict in turtle.objects(None, CG.verdict)] == found[-1:]
    assert len(set(found)) == 2


def test_what_a_page_shows_of_licenses_and_works_is_there_in_turtle_too(client: TestClient) -> None:
    def graph(address: str) -> Graph:
        answers = [client.get(f"{address}&format=ttl"), client.get(address, headers={"Accept": "text/turtle"})]
        assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == ["text/turtle"] * 2
        return Graph().parse(data=answers[0].text, format="turtle")

    named = {"/compare?id=mit&id=gpl-3.0": "license/gpl-3.0", "/choose?": "question/works"}
    for address, name in named.items():
        assert any(str(subject).endswith(name) for subject in graph(address).subjects()), address
    assert any("LicenseRef" in str(value) for value in graph("/compose?with=artifact-m&with=open").objects())
    assert len(graph("/choose?work=acme/rail")) > 3
    assert len(graph("/license/mit?via=merge")) > 10
    families = graph("/licenses?family=OpenRAILLicense")
    assert len(set(families.subjects(CG.hasClause))) == len(
        client.get("/licenses?family=OpenRAILLicense&format=json").json()
    )
    asked_for = set(graph("/questions?").subjects(RDF.type, SH.SPARQLExecutable))
    assert {one["name"] for one in client.get("/questions?format=json").json()} == {ns.local(str(s)) for s in asked_for}
    assert (None, RDF.type, VOID.Dataset) in graph("/?")


def test_what_is_found_and_what_is_chosen_is_there_in_turtle_too(client: TestClient) -> None:
    for address, part in (("/search?q=rail", "hits"), ("/artifacts?kind=model&license=llama2", "works")):
        said = client.get(address, headers={"Accept": "application/json"}).json()[part]
        things = {hit["iri"] for hit in said} if part == "hits" else {iri_of(row["id"]) for row in said["rows"]}
        assert len(things) > 3
        turtle = client.get(address, headers={"Accept": "text/turtle"}).text
        assert {str(s) for s in Graph().parse(data=turtle).subjects() if isinstance(s, URIRef)} >= things
    assert client.get("/artifacts?license=nothing&format=ttl").status_code == 200


def test_the_old_address_of_the_list_leads_to_the_new_one_with_all_that_was_chosen(client: TestClient) -> None:
    answer = client.get("/works?kind=model&license=llama2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/artifacts?kind=model&license=llama2")
    assert client.get("/works", follow_redirects=False).headers["location"] == "/artifacts"


def test_the_shapes_find_in_a_planned_work_what_the_page_finds(client: TestClient, library: Library) -> None:
    shapes, found = shapes_graph() + license_types(library), set[str]()
    for license_ in ("mit", "gpl-3.0", "llama2"):
        rows = "".join(
            f"&of={up}&via={via}&kind=model" for up, via in (("gpl-3.0", "merge"), ("acme/rail", "finetune"))
        )
        address = f"/what-if?license={license_}{rows}"
        check = client.get(f"{address}&format=json").json()
        work = Graph().parse(data=client.get(f"{address}&format=ttl").text)
        _, report, _ = shifty.validate(work + license_types(library), shapes, infer=False)
        codes = {row.code for row in results(report)}
        assert codes == {finding["code"] for finding in check["findings"]}
        assert [str(v) for v in work.objects(None, CG.verdict)] == [check["verdict"]]
        found |= codes
    assert found


def test_the_counts_of_the_hub_are_well_formed_data_cubes(client: TestClient) -> None:
    """With the rules of https://www.w3.org/TR/vocab-data-cube/#wf-rules that apply: 1 to 4, 11, 12 and 14."""
    page = client.get("/hub?kind=model&format=json").json()
    cubes = Graph().parse(data=client.get("/hub?kind=model&format=ttl").text)
    sizes = {}
    for data in cubes.subjects(RDF.type, QB.DataSet):
        (structure,) = cubes.objects(data, QB.structure)
        parts = list(cubes.objects(structure, QB.component))
        dimensions = [d for part in parts for d in cubes.objects(part, QB.dimension)]
        (measure,) = [m for part in parts for m in cubes.objects(part, QB.measure)]
        assert all((d, RDF.type, QB.DimensionProperty) in cubes and (d, RDFS.range, None) in cubes for d in dimensions)
        observations = list(cubes.subjects(QB.dataSet, data))
        keys = [tuple(cubes.value(one, d, any=False) for d in dimensions) for one in observations]
        assert len(set(keys)) == len(keys)
        assert all(value is not None for key in keys for value in key)
        counts = [int(str(cubes.value(one, measure, any=False))) for one in observations]
        title = str(cubes.value(data, DCTERMS.title))
        sizes[title] = (len(counts), sum(counts))
        assert [ns.local(str(kind)) for kind in cubes.objects(data, CG.artifactKind)] == ["model"] * (title != "kind")
    expected = {name: (len(rows), sum(n for _, n in rows)) for name, rows in page["facets"].items()}
    for title, rows in (("breached clauses", page["clauses"]), ("conflicting licenses", page["pairs"])):
        expected[title] = (len(rows), sum(row[-1] for row in rows))
    assert sizes == expected


def test_a_kind_of_artifact_narrows_everything_on_the_page_of_the_hub(client: TestClient) -> None:
    everything = client.get("/hub?format=json").json()
    kinds = dict(everything["facets"]["kind"])
    parts = [client.get(f"/hub?kind={kind}&format=json").json() for kind in kinds]
    assert len(kinds) > 1
    assert [part["works"] for part in parts] == list(kinds.values())
    for name in ("license", "family", "verdict", "finding", "relation", "year"):
        together = Counter[str]()
        for part in parts:
            together.update(dict(part["facets"][name]))
        assert together == Counter(dict(everything["facets"][name])), name
    for name in ("pairs", "clauses"):
        rows = Counter[tuple[str, ...]]()
        for part in parts:
            rows.update({tuple(row[:-1]): row[-1] for row in part[name]})
        assert rows == Counter({tuple(row[:-1]): row[-1] for row in everything[name]})
    months = [sum(row["all"] for row in client.get(f"/hub/adherence?kind={k}").json()) for k in ("", *kinds)]
    assert months[0] == sum(months[1:]) > 0
