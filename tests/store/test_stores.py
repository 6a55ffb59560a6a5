"""The same questions have the same answers in other stores: the Oxigraph server and Virtuoso, both real and running."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import NetworkError, UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.queries import find
from clausegraph.store.endpoint import Endpoint
from clausegraph.store.library_store import fill_library
from clausegraph.store.nquads import write_quads
from clausegraph.store.push import BATCH, INDEX, Push, Target
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support import asked, stores
from tests.support.running import ok

oxigraph = pytest.param(
    "oxigraph", marks=pytest.mark.skipif(not stores.OXIGRAPH, reason="needs the Oxigraph server (PyPI: oxigraph)")
)
virtuoso = pytest.param(
    "virtuoso", marks=pytest.mark.skipif(not stores.VIRTUOSO, reason="needs Virtuoso (Debian: virtuoso-opensource)")
)
STORES = {"oxigraph": stores.oxigraph, "virtuoso": stores.virtuoso}


def start(name: str, folder: Path) -> AbstractContextManager[stores.Store]:
    folder.mkdir()
    return STORES[name](folder)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return asked.workspace(tmp_path_factory.mktemp("stores") / "ws")


@pytest.fixture(scope="module", params=[oxigraph, virtuoso])
def store(
    request: pytest.FixtureRequest,
    workspace: Workspace,
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[stores.Store]:
    with start(request.param, tmp_path_factory.mktemp(request.param) / "s") as running, stores.signed(running):
        Push(workspace, library, Target(running.endpoint, running.graph_store, None), lambda _: None).run()
        yield running


def test_every_query_has_the_same_rows_in_another_store(store: stores.Store, library: Library) -> None:
    endpoint = Endpoint(store.endpoint)
    different = [
        f"{name}{'+' if whole else ''}"
        for name, whole in asked.cases()
        if asked.text(*asked.ask(endpoint, find(name), whole, library))
        != asked.expected(name, whole).read_text(encoding="utf-8")
    ]
    assert different == []


def test_the_command_line_asks_another_store(store: stores.Store, workspace: Workspace) -> None:
    here = ok("adoption", "-w", str(workspace.folder), "-f", "json")
    there = ok("adoption", "--endpoint", store.endpoint, "-f", "json")
    assert json.loads(there) == json.loads(here)
    rows = ok("query", "licenses-by-family", "-p", "family=OpenRAILLicense", "--endpoint", store.endpoint, "-f", "csv")
    assert "bigscience-openrail-m" in rows
    kept = ok("adherence", "--endpoint", store.endpoint, "--snapshot", "current", "-f", "csv")
    assert kept.startswith("license,all,carried")


def test_a_snapshot_that_is_not_there_is_told(store: stores.Store) -> None:
    with pytest.raises(UnknownIdentifier, match="has current"):
        Endpoint(store.endpoint, "2019")


def test_nothing_is_pushed_twice(store: stores.Store, workspace: Workspace, library: Library) -> None:
    done = Push(workspace, library, Target(store.endpoint, None, store.update), lambda _: None).run()
    assert (done.triples, done.batches, done.removed) == (0, 0, ())
    assert Endpoint(store.endpoint).graphs == done.graphs


def test_what_is_pushed_is_what_is_in_the_graph(
    store: stores.Store, workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    quads = write_quads(workspace, library, tmp_path / "graph.nq")
    mine = {quad.triple for quad in ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS)}
    filled = ox.Store()
    fill_library(filled)
    endpoint = Endpoint(store.endpoint)
    graphs, endpoint.graphs = endpoint.graphs, ()
    for graph, size in zip(graphs, (len({q.triple for q in filled}), len(mine)), strict=True):
        _, rows = endpoint.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        assert rows == [(size,)]


def _small() -> list[ox.Quad]:
    """Return a graph in the place of the library, for what does not ask what stands in it."""
    node = ox.NamedNode(ns.LICENSE + "mit")
    return [ox.Quad(node, ox.NamedNode(f"urn:p{n}"), ox.Literal(f'é " \\ {n}\n')) for n in range(5_000)]


@pytest.mark.parametrize("name", [oxigraph, virtuoso])
@pytest.mark.parametrize("way", ["store", "update"])
def test_a_push_that_was_stopped_goes_on_and_readers_never_see_half(
    name: str, way: str, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clausegraph.store.push.BATCH", 2_000)
    monkeypatch.setattr("clausegraph.store.push.fill_library", lambda store: store.extend(_small()))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(asked.WORKS / "works.jsonl"))
    count = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?work <{ns.CG}declaredLicense> ?license ; <{ns.CG}name> ?name }}"
    with start(name, tmp_path / "s") as running, stores.signed(running):

        def push() -> Push:
            place = (running.graph_store, None) if way == "store" else (None, running.update)
            return Push(workspace, library, Target(running.endpoint, *place), lambda _: None)

        sent = 0
        add = Target.add

        def failing(self: Target, graph: str, lines: list[str]) -> None:
            nonlocal sent
            sent += 1
            if sent == 2:
                raise NetworkError("the line is cut")
            add(self, graph, lines)

        monkeypatch.setattr(Target, "add", failing)
        with pytest.raises(NetworkError):
            push().run()
        assert Endpoint(running.endpoint).snapshots() == {}, "the index names nothing before all is there"
        sent = 2
        first = push().run()
        assert first.batches == 3, "the first of the batches was there"
        assert Endpoint(running.endpoint).select(count)[1] == [(18,)]
        # another state of the same snapshot: readers see the old one until the index is replaced
        load(workspace, str(asked.WORKS / "catalogue.jsonl"))
        seen: list[object] = []
        replace = Target.replace

        def watched(self: Target, graph: str, lines: list[str]) -> None:
            seen.append(Endpoint(running.endpoint).graphs)
            replace(self, graph, lines)

        monkeypatch.setattr(Target, "replace", watched)
        second = push().run()
        assert seen == [first.graphs]
        assert second.graphs[0] == first.graphs[0]
        assert second.removed == (first.graphs[1],)
        endpoint = Endpoint(running.endpoint)
        assert endpoint.graphs == second.graphs
        _, rows = endpoint.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        ours = {g for (g,) in rows if g.startswith(ns.GRAPH)}
        assert (ours | set(endpoint.graphs)) - {INDEX + "current"} == set(endpoint.graphs)
    assert BATCH == 20_000


@pytest.mark.parametrize("name", [oxigraph])
def test_two_snapshots_lie_side_by_side(
    name: str, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clausegraph.store.push.fill_library", lambda store: store.extend(_small()))
    with start(name, tmp_path / "s") as running, stores.signed(running):
        target = Target(running.endpoint, running.graph_store, None)
        for snapshot, file in (("2022", "works.jsonl"), ("2024", "catalogue.jsonl")):
            workspace = Workspace(Path(f"{tmp_path / 'ws'}@{snapshot}"))
            load(workspace, str(asked.WORKS / file))
            Push(workspace, library, target, lambda _: None).run()
        assert list(Endpoint(running.endpoint).snapshots()) == ["2024", "2022"], "the last comes first"
        (old,), (new,) = (Endpoint(running.endpoint, s).select(_WORKS)[1] for s in ("2022", None))
        assert (old, new) == ((17,), (1,))


_WORKS = f"SELECT (COUNT(DISTINCT ?work) AS ?n) WHERE {{ ?work <{ns.CG}name> ?name }}"


def test_bad_addresses_and_credentials_are_told(
    library: Library, sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="http or https"):
        Endpoint("ftp://example.org/sparql")
    with pytest.raises(NetworkError, match="does not answer"):
        Endpoint(f"http://127.0.0.1:{stores.free_port()}/query")
    with pytest.raises(UsageError, match="either --store URL"):
        Target("http://127.0.0.1:1/query", None, None)
    monkeypatch.setenv("CLAUSEGRAPH_ENDPOINT_AUTH", "kerberos")
    with pytest.raises(UsageError, match="basic or digest"):
        Endpoint("http://127.0.0.1:1/query")


@pytest.mark.skipif(not stores.VIRTUOSO, reason="needs Virtuoso (Debian: virtuoso-opensource)")
def test_a_store_that_asks_who_writes_is_understood(
    sample: Workspace, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "PASSWORD", "AUTH"):
        monkeypatch.delenv(f"CLAUSEGRAPH_ENDPOINT_{name}", raising=False)
    with start("virtuoso", tmp_path / "s") as running:
        public = running.endpoint.removesuffix("-auth")
        with pytest.raises(NetworkError, match="CLAUSEGRAPH_ENDPOINT_USER"):
            Push(sample, library, Target(public, running.graph_store, None), lambda _: None).run()
        with pytest.raises(NetworkError, match="who you are"):
            Endpoint(running.endpoint)


@pytest.mark.skipif(not stores.OXIGRAPH, reason="needs the Oxigraph server (PyPI: oxigraph)")
def test_a_push_from_the_command_line_says_what_it_did(sample: Workspace, tmp_path: Path) -> None:
    with start("oxigraph", tmp_path / "s") as running:
        place = ["-w", str(sample.folder), "--endpoint", running.endpoint]
        done = json.loads(ok("push", *place, "--store", running.graph_store, "-f", "json"))
        assert done["snapshot"] == "current"
        assert done["triples"] > 300_000
        again = json.loads(ok("push", *place, "--update", running.update, "-f", "json"))
        assert (again["triples"], again["graphs"]) == (0, done["graphs"])
