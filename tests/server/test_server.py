"""The server: SPARQL 1.1 Protocol, JSON API and linked data, as clients meet them over HTTP."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import jsonschema
import pyoxigraph as ox
import pytest

from clausegraph.ground import namespaces as ns
from clausegraph.library import Library
from clausegraph.library.queries import bind, find, queries
from clausegraph.server.negotiation import SHORT, choose
from clausegraph.server.worker import GRAPHS, RESULTS
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Endpoint
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support import asked
from tests.support.paths import ROOT
from tests.support.running import fails, ok
from tests.support.serving import server

SCHEMAS = ROOT / "clausegraph" / "schemas"
ASK = "ASK { ?s ?p ?o }"
SELECT = f"SELECT ?license WHERE {{ ?license a <{ns.CG}OpenRAILLicense> }} ORDER BY ?license LIMIT 2"
#: Licenses whose clauses make them open RAIL: commerce is free, and restrictions of use are passed on.
OPEN_RAIL = 17
CONSTRUCT = f"CONSTRUCT {{ ?s a <urn:c> }} WHERE {{ ?s a <{ns.CG}OpenRAILLicense> }}"


@pytest.fixture(scope="module")
def root(workspace: Workspace) -> Iterator[str]:
    with server(workspace.folder) as address:
        yield address


@pytest.fixture(scope="module")
def client(root: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=root, timeout=60) as found:
        yield found


def error(answer: httpx.Response, status: int, code: str) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    found = answer.json()
    assert found["status"] == status
    assert found["error"]["code"] == code
    assert found["error"]["message"]
    return dict(found["error"])


# ---- the protocol ----------------------------------------------------------


def test_a_query_goes_by_get_by_form_and_by_direct_post(client: httpx.Client) -> None:
    answers = [
        client.get("sparql", params={"query": SELECT}),
        client.post("sparql", data={"query": SELECT}),
        client.post("sparql", content=SELECT, headers={"Content-Type": "application/sparql-query; charset=utf-8"}),
    ]
    assert len({a.text for a in answers}) == 1
    assert [a.headers["content-type"] for a in answers] == ["application/sparql-results+json"] * 3
    assert len(answers[0].json()["results"]["bindings"]) == 2


@pytest.mark.parametrize("media", RESULTS)
def test_rows_come_in_every_format(client: httpx.Client, media: str) -> None:
    answer = client.get("sparql", params={"query": SELECT}, headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    assert "aipubs-open-rail-m-1.0" in answer.text
    assert "apache-2.0" not in answer.text


@pytest.mark.parametrize("media", GRAPHS)
def test_triples_come_in_every_format(client: httpx.Client, media: str) -> None:
    answer = client.get("sparql", params={"query": CONSTRUCT}, headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    assert len(list(ox.parse(answer.content, format=GRAPHS[media]))) == OPEN_RAIL


@pytest.mark.parametrize("short", ["json", "xml", "csv", "tsv"])
def test_a_format_can_be_named_in_the_address(client: httpx.Client, short: str) -> None:
    answer = client.get("sparql", params={"query": SELECT, "format": short})
    assert answer.headers["content-type"].startswith(SHORT[short])


def test_the_better_liked_format_is_taken() -> None:
    offered = tuple(RESULTS)
    assert choose("text/csv;q=0.9, application/sparql-results+xml;q=1.0", offered) == offered[1]
    assert choose("*/*", offered) == choose(None, offered) == offered[0]
    assert choose("text/*", offered) == "text/csv"
    assert choose("text/csv;q=0, image/png", offered) is None
    assert choose("text/html, */*;q=0.1", offered) == offered[0]


def test_a_format_that_there_is_not_is_refused(client: httpx.Client) -> None:
    error(client.get("sparql", params={"query": SELECT}, headers={"Accept": "image/png"}), 406, "no-such-format")
    error(client.get("sparql", params={"query": ASK, "format": "csv"}), 406, "no-such-format")


def test_the_dataset_of_the_protocol_is_kept_to(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def rows(**more: str) -> int:
        answer = client.get("sparql", params={"query": count, "format": "csv", **more})
        return int(answer.text.splitlines()[1])

    inferred = rows(**{"default-graph-uri": ns.GRAPH + "inferred"})
    assert 0 < inferred < rows()
    assert rows(**{"named-graph-uri": ns.GRAPH + "inferred"}) == 0
    assert rows(**{"default-graph-uri": "urn:nothing"}) == 0


def test_the_service_describes_itself_and_its_data(client: httpx.Client, root: str) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = list(ox.parse(client.get("sparql").content, format=ox.RdfFormat.TURTLE))
    assert {t.object.value for t in said if t.predicate.value == sd + "feature"} == {sd + "UnionDefaultGraph"}
    assert {t.object.value for t in said if t.predicate.value == sd + "endpoint"} == {root + "sparql"}
    named = {t.object.value for t in said if t.predicate.value == sd + "name"}
    assert ns.GRAPH + "library" in named
    void = list(ox.parse(client.get(".well-known/void").content, format=ox.RdfFormat.TURTLE))
    size = "http://rdfs.org/ns/void#triples"
    sizes = {t.subject.value: int(t.object.value) for t in void if t.predicate.value == size}
    assert set(sizes) == named | {root + ".well-known/void#dataset"}
    for graph in named:
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        answer = client.get("sparql", params={"query": query, "format": "csv"})
        assert int(answer.text.splitlines()[1]) == sizes[graph]


def test_editors_find_the_queries(client: httpx.Client) -> None:
    triples = list(ox.parse(client.get(".well-known/sparql-examples").content, format=ox.RdfFormat.TURTLE))
    assert sum(t.predicate.value == ns.SH + "select" for t in triples) == len(queries())


def test_any_page_may_ask(client: httpx.Client) -> None:
    answer = client.get("sparql", params={"query": ASK}, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked_first = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert client.options("sparql", headers=asked_first).status_code == 200


@pytest.mark.parametrize("name", queries())
def test_every_query_has_its_rows_through_the_server(name: str, client: httpx.Client, library: Library) -> None:
    answer = client.get(f"api/query/{name}", params=asked.params(find(name), False))
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(asked.expected(name, False).read_text(encoding="utf-8"))))
    found = answer.json()
    assert [found["columns"], *([asked.plain(v) for v in row] for row in found["rows"])] == rows


def test_the_command_line_asks_our_own_server(root: str, workspace: Workspace) -> None:
    arguments = ("query", "conflicts", "-p", "atLeast=100", "-f", "csv")
    assert ok(*arguments, "--endpoint", root + "sparql") == ok(*arguments, "-w", str(workspace.folder))


# ---- what is refused -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "service-refused"),
        ("SELECT * { { SELECT * { SERVICE SILENT ?x { { SERVICE <u:x> { ?s ?p ?o } } } } } }", "service-refused"),
        ("select*{service<u:x>{?s ?p ?o}}", "service-refused"),
        ("SELECT * { ?s ?p true.SERVICE <u:x> { } }", "service-refused"),
        ("SELECT * { ?s ?p '\\u0027' SERVICE <u:x> { } ?a ?b '\\u0027' }", "service-refused"),
        ("SELECT * { ?s <u:a> '#' . SERVICE <u:x> { } }", "service-refused"),
        ("INSERT DATA { <u:a> <u:b> <u:c> }", "update-refused"),
        ("PREFIX x: <u:x> DELETE WHERE { ?s ?p ?o }", "update-refused"),
        ("LOAD <http://127.0.0.1:1/>", "update-refused"),
        ("# SELECT\nDROP ALL", "update-refused"),
    ],
)
def test_federation_and_updates_are_refused(client: httpx.Client, text: str, code: str) -> None:
    error(client.post("sparql", data={"query": text}), 403, code)
    error(client.post("sparql", content=text, headers={"Content-Type": "application/sparql-query"}), 403, code)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service <u:SERVICE> 'SERVICE LOAD' } # SERVICE",
        'PREFIX SERVICE: <u:> ASK { SERVICE:LOAD SERVICE:INSERT """a " SERVICE"""@SERVICE }',
        "ASK { ?s <u:p#INSERT> 'it\\'s SERVICE' }",
    ],
)
def test_a_word_counts_only_where_it_is_a_keyword(client: httpx.Client, text: str) -> None:
    assert client.get("sparql", params={"query": text}).status_code == 200


def test_updates_are_refused_by_parameter_and_by_media_type(client: httpx.Client) -> None:
    update = "CLEAR ALL"
    error(client.post("sparql", data={"update": update}), 403, "update-refused")
    direct = {"Content-Type": "application/sparql-update"}
    error(client.post("sparql", content=update, headers=direct), 403, "update-refused")
    assert client.put("sparql", content="").status_code == 405
    assert client.delete("sparql").status_code == 405


def test_what_cannot_be_understood_is_told(client: httpx.Client) -> None:
    assert "expected" in error(client.get("sparql", params={"query": "SELECT * {"}), 400, "malformed-query")["message"]
    error(client.get("sparql", params={"query": "hello"}), 400, "malformed-query")
    error(client.post("sparql", data={}), 400, "malformed-query")
    error(client.post("sparql", content="{}", headers={"Content-Type": "application/json"}), 415, "media-type")
    error(client.get("sparql", params=[("query", ASK), ("query", ASK)]), 400, "malformed-query")
    error(client.get("sparql", params={"query": ASK, "default-graph-uri": "not an iri"}), 400, "malformed-request")
    wrong = {"Content-Type": "application/sparql-query"}
    error(client.post("sparql", content=b"\xff\xfe", headers=wrong), 400, "malformed-query")
    error(client.get("sparql", params={"query": "ASK {} \x00"}), 400, "malformed-query")
    # keywords have no escapes in the grammar of the store, so that this is no SERVICE
    escaped = "SELECT * { \\u0053ERVICE <u:x> { } }"
    error(client.get("sparql", params={"query": escaped}), 400, "malformed-query")


# ---- the API ---------------------------------------------------------------


def schema(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_the_api_answers_as_the_command_line_does(client: httpx.Client, workspace: Workspace) -> None:
    place = ["-w", str(workspace.folder), "-f", "json"]
    work = "fourth/unrail"
    checked = client.get("api/check", params={"subject": work, "assume": "commercial=true"}).json()
    assert checked == json.loads(ok("check", work, "-a", "commercial=true", "--fail-on", "never", *place))
    jsonschema.validate(checked, schema("check"))
    case = {"upstream": ["gpl-3.0"], "via": "finetune", "downstream": ["mit"]}
    by_get, by_post = client.get("api/compat", params=case).json(), client.post("api/compat", json=case).json()
    assert by_get == by_post
    assert by_get["verdict"] == "conflict"
    jsonschema.validate(by_get, schema("compat"))
    shown = client.get("api/license/Apache License 2.0").json()
    assert shown == json.loads(ok("license", "show", "apache-2.0", "-f", "json"))
    assert client.get(f"api/lineage/{work}").json() == json.loads(ok("lineage", work, *place))
    assert client.get("api/adoption?kind=model&before=2024-01-01").json() == json.loads(
        ok("adoption", "--kind", "model", "--before", "2024-01-01", *place)
    )
    assert (
        client.get("api/adherence?by=relation&kind=model").json()["rows"]
        == json.loads(ok("adherence", "--by", "relation", "--kind", "model", *place))["rows"]
    )
    assert client.get("api/finding/CG204").json()["code"] == "CG204"
    assert {row["id"] for row in client.get("api/license").json()} >= {"mit", "gemma"}
    assert client.get("api/health").json()["snapshot"] == "current"


def test_a_recipe_is_judged(client: httpx.Client) -> None:
    recipe = {
        "works": {"corpus": {"kind": "dataset", "license": "montreal-data-license-2021"}},
        "steps": [{"make": "final", "kind": "model", "license": "mit", "from": [{"work": "corpus", "via": "train"}]}],
        "publish": {"work": "final", "policy": "sell", "form": "weights"},
    }
    answer = client.post("api/check", json=recipe).json()
    assert answer["verdict"] == "conflict"
    jsonschema.validate(answer, schema("recipe"))
    error(client.post("api/check", json={"steps": "none"}), 400, "usage")


def test_what_the_api_does_not_know_is_told_with_the_nearest(client: httpx.Client) -> None:
    assert "gemma" in error(client.get("api/license/gema"), 404, "unknown")["message"]
    assert "acme/rail" in error(client.get("api/check?subject=acme/rial"), 404, "unknown")["message"]
    assert "conflicts" in error(client.get("api/query/conflict"), 404, "unknown")["message"]
    error(client.get("api/lineage/no/such"), 404, "unknown")
    error(client.get("api/check"), 422, "invalid")
    error(client.get("api/check?subject=acme/rail&assume=commercial"), 400, "usage")
    error(client.get("api/check?subject=acme/rail&reading=loose"), 422, "invalid")
    error(client.get("api/query/adoption?limit=many"), 400, "usage")
    error(client.get("api/query/carriers"), 400, "usage")
    error(client.get("api/nothing"), 404, "http")
    error(client.post("api/compat", content="{", headers={"Content-Type": "application/json"}), 422, "invalid")


def test_the_openapi_document_names_every_address_and_the_published_schemas(client: httpx.Client) -> None:
    found = client.get("api/openapi.json").json()
    assert set(found["paths"]) >= {"/api/check", "/api/compat", "/api/license/{spelling}", "/api/lineage/{address}"}
    assert {path.stem for path in SCHEMAS.glob("*.json")} <= set(found["components"]["schemas"])
    text = json.dumps(found)
    assert "#/$defs/" not in text


# ---- linked data -----------------------------------------------------------


@pytest.mark.parametrize("media", GRAPHS)
def test_a_license_is_served_in_every_format(client: httpx.Client, media: str) -> None:
    answer = client.get("license/mit", headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    said = {
        t.subject.value for t in ox.parse(answer.content, format=GRAPHS[media]) if isinstance(t.subject, ox.NamedNode)
    }
    assert {ns.LICENSE + "mit", ns.LICENSE + "mit#2-notice"} <= said


def test_an_address_can_name_its_format_and_another_spelling_leads_on(client: httpx.Client) -> None:
    assert client.get("license/gpl-3.0.ttl").headers["content-type"].startswith("text/turtle")
    assert client.get("license/gpl-3.0").headers["content-type"].startswith("text/html")
    moved = client.get("license/GPL-3.0-only", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (303, "/license/gpl-3.0")
    assert client.get("ns.ttl").text.count("a owl:Class") > 40


def test_the_address_of_every_license_answers(client: httpx.Client, library: Library) -> None:
    for found in library.licenses.values():
        address = found.iri.removeprefix(ns.BASE)
        assert client.get(address).status_code == 200, found.id
        if address != f"license/{found.id}":
            assert client.get(f"license/{found.id}", follow_redirects=True).status_code == 200, found.id
    error(client.get("api/no-such-address"), 404, "http")


def test_artifacts_clauses_terms_and_situations_have_addresses(client: httpx.Client) -> None:
    turtle = {"Accept": "text/turtle"}
    assert "cg:declaredLicense" in client.get("artifact/acme/rail", headers=turtle).text
    assert client.get("artifact/datasets/acme/study.ttl").status_code == 200
    rows = client.get("api/query/work?work=fourth/unrail").json()
    assert rows["rows"][0][2] == "conflict"
    situations = f"SELECT ?s WHERE {{ ?s a <{ns.CG}Situation> }} LIMIT 1"
    iri = client.get("sparql", params={"query": situations, "format": "csv"}).text.split()[1]
    assert client.get(iri.removeprefix(ns.BASE), headers=turtle).status_code == 200
    clause = client.get("resource", params={"iri": ns.LICENSE + "mit#2-notice"}, headers=turtle)
    assert "cg:section" in clause.text
    for space, name in (("kind", "share-alike"), ("relation", "finetune"), ("query", "conflicts")):
        assert client.get(f"{space}/{name}", headers=turtle).status_code == 200
    error(client.get("artifact/no/such", headers={"Accept": "application/json"}), 404, "unknown")
    error(client.get("resource"), 400, "malformed-request")
    error(client.get("resource", params={"iri": "a b> <"}), 400, "malformed-request")


def test_a_page_shows_names_as_text(client: httpx.Client) -> None:
    page = client.get("resource", params={"iri": "urn:<script>alert(1)</script>"})
    assert page.status_code == 400
    shown = client.get("license/mit")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert shown.text.count("<script") == shown.text.count('<script type="module" src="/static/') == 1
    assert "Not legal advice" in shown.text


# ---- a workspace that changes ----------------------------------------------


def test_what_is_loaded_while_the_server_runs_is_served(tmp_path: Path, library: Library) -> None:
    changing = Workspace(tmp_path / "ws")
    load(changing, str(asked.WORKS / "catalogue.jsonl"), date="2024-11-21")
    with server(changing.folder) as address, httpx.Client(base_url=address, timeout=60) as http:
        error(http.get("api/check", params={"subject": "acme/rail"}), 404, "unknown")
        load(changing, str(asked.WORKS / "works.jsonl"), date="2024-11-22")
        assert http.get("api/check", params={"subject": "acme/rail"}).status_code == 200
        open_store(changing, library)
        assert http.get("api/query/work?work=acme/rail").json()["rows"]


# ---- starting --------------------------------------------------------------


def test_the_server_needs_something_to_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = fails(capsys, monkeypatch, "serve", "-w", str(tmp_path / "nothing"), "--port", "0")
    assert code == 2
    assert "clausegraph load" in said


def test_a_port_that_is_taken_is_told(
    root: str, workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = root.rstrip("/").rsplit(":", 1)[1]
    code, said = fails(capsys, monkeypatch, "serve", "-w", str(workspace.folder), "--port", port)
    assert code == 2
    assert "Take another --port" in said


def test_the_endpoint_is_one_of_many(root: str, library: Library) -> None:
    graph = Endpoint(root + "sparql")
    assert graph.graphs == ()
    columns, rows = graph.select(bind(find("thresholds"), {"count": "700000001"}, library))
    assert "exceeded" in columns
    assert any(row[0].endswith("/llama2") for row in rows)
