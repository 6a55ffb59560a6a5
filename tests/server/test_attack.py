"""The attacks of `python -m tests.support.attack`, in their short form, and a stranger's words on every page."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.routing import Route
from starlette.testclient import TestClient

from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.server.app import create
from clausegraph.server.limits import Limits
from clausegraph.server.linked import Linked
from clausegraph.server.pages.drawings import Drawings
from clausegraph.server.pages.routes_read import Pages
from clausegraph.server.protocol import LIMIT
from clausegraph.server.state import State, open_state
from clausegraph.workspace.folder import Workspace
from tests.support import attack
from tests.support.serving import answering, server


@pytest.fixture(scope="module")
def root(workspace: Workspace) -> Iterator[str]:
    with server(workspace.folder, "--timeout", "2", "--public-url", "https://licenses.example/") as address:
        yield address


@pytest.mark.parametrize("name", [one.__name__ for one in attack.ATTACKS])
def test_an_attack_is_held(name: str, root: str) -> None:
    found = getattr(attack, name)(root)
    assert found.tries > 0
    assert found.held, found.result


# ---- what is told ----------------------------------------------------------


def test_a_limit_that_the_server_sets_is_told_in_a_header(root: str) -> None:
    every, some = "SELECT * { ?s a ?o }", "SELECT * { ?s a ?o } LIMIT 5"
    assert httpx.get(root + "sparql", params={"query": every, "format": "csv"}).headers[LIMIT] == str(Limits().rows)
    assert LIMIT not in httpx.get(root + "sparql", params={"query": some}).headers


def test_a_question_that_is_stopped_has_the_same_status_on_a_page(root: str) -> None:
    for address in ("sparql", "ask"):
        answer = httpx.get(root + address, params={"query": attack.SLOW}, timeout=60)
        assert answer.status_code == 504
        assert "stopped after" in answer.text


def test_answers_write_the_public_address_of_the_server(root: str) -> None:
    said = httpx.get(root + "sparql", headers={"Host": "evil.example"}).text
    assert "<https://licenses.example/sparql>" in said
    assert "https://licenses.example/.well-known/void" in httpx.get(root + ".well-known/void").text


def test_without_a_public_address_only_names_of_this_machine_are_written(state: State) -> None:
    with answering(state) as client:
        for host, written in (("localhost:9", "http://localhost:9/sparql"), ("127.0.0.1", "http://127.0.0.1/sparql")):
            assert f"<{written}>" in client.get("/sparql", headers={"Host": host}).text
        assert "evil" not in client.get("/sparql", headers={"Host": "evil.example"}).text


# ---- every page, any words -------------------------------------------------


@pytest.fixture(scope="module")
def state(workspace: Workspace, library: Library) -> State:
    return open_state(workspace.folder, library, Limits())


#: The parameters of pages; a test counts that no page is missing.
PARAMETERS = {
    "/": (),
    "/search": ("q",),
    "/licenses": ("family",),
    "/license/{name}": ("via", "format"),
    "/compare": ("id", "all"),
    "/artifact/{address}": ("reading", "from", "commercial", "region", "monthly_active_users", "format"),
    "/artifacts": ("kind", "license", "family", "verdict", "finding", "relation", "year", "from", "format"),
    "/works": ("kind", "from"),
    "/lineage": ("work", "way", "from"),
    "/atlas": ("format",),
    "/choose": ("work", "wish", "prefer", "format"),
    "/compose": ("with", "name", "like", "format"),
    "/compose/{name}": ("with", "name"),
    "/what-if": ("of", "via", "kind", "license", "made", "policy", "form", "format"),
    "/hub": ("kind", "format"),
    "/hub/{name}": ("kind",),
    "/questions": ("format",),
    "/query/{name}": ("ask", "work", "license", "format"),
    "/ask": ("query", "example"),
    "/resource": ("iri", "format"),
    "/{path}": ("format",),
}


def test_every_page_is_asked(state: State) -> None:
    linked = Linked(state, lambda *_: None)  # type: ignore[arg-type, return-value]
    pages = {one.path.replace(":path", "") for one in Pages(state, linked).routes() if isinstance(one, Route)}
    assert pages <= PARAMETERS.keys()
    assert Drawings(state, linked).routes()


def _described(path: str, names: tuple[str, ...]) -> dict[str, Any]:
    text = {"type": "string", "maxLength": 300}
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": text | {"minLength": 1}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    return {
        "get": {
            "parameters": [*in_path, *({"name": name, "in": "query", "schema": text} for name in names)],
            "responses": {"default": {"description": "A page, or what is wrong."}},
        }
    }


@pytest.mark.parametrize("path", PARAMETERS)
def test_no_words_make_a_page_fail(path: str, root: str) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "pages", "version": "1"},
        "paths": {path: _described(path, PARAMETERS[path])},
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=root)
    (operation,) = [found.ok() for found in schema.get_all_operations()]

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def holds(case: schemathesis.Case) -> None:
        answer = case.call(timeout=60, headers={"Accept": "text/html"})
        assert answer.status_code < 500 or answer.status_code in (503, 504), case
        assert "Traceback" not in answer.text

    holds()


def test_a_fault_of_the_server_is_told_in_the_one_shape(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with answering(state, raise_server_exceptions=False) as client:
        monkeypatch.setattr(state.library.names, "resolve", broken)
        monkeypatch.setattr(type(state.library), "license", broken)
        answer = client.get("/api/license/mit")
    assert answer.status_code == 500
    assert (answer.json()["status"], answer.json()["error"]["code"]) == (500, "internal")


# ---- starting and stopping -------------------------------------------------


def test_while_the_graph_is_made_a_page_says_how_far_it_is(state: State) -> None:
    with answering(state) as client:
        assert client.get("/").status_code == 200
        state.step = "loading the store"
        page = client.get("/license/mit", headers={"Accept": "text/html"})
        told = client.get("/api/health", headers={"Accept": "application/json"})
        state.step = None
    assert page.status_code == 503
    assert "loading the store" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert page.headers["retry-after"] == "2"
    assert (told.status_code, told.json()["error"]["code"]) == (503, "preparing")
    assert "loading the store" in told.json()["error"]["message"]


def test_what_goes_wrong_while_the_graph_is_made_is_told(
    state: State, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[BaseException | None] = []

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("clausegraph.server.state.open_store", broken)
    with TestClient(create(open_state(state.workspace.folder, library, Limits()), done.append)) as client:
        while not done:
            time.sleep(0.01)
        assert client.get("/").status_code == 503
    assert str(done[0]) == "the disk is full"


def test_the_port_is_taken_before_anything_is_made_and_a_stop_is_heeded(workspace: Workspace, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clausegraph", "serve", "-w", str(workspace.folder), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    first, second = process.stderr.readline(), process.stderr.readline()
    address = re.search(r"(http://\S+/)", first)
    assert address is not None
    assert "preparing" in first
    assert f"listening on {address[1]}" in second
    slow = subprocess.Popen(
        [sys.executable, "-c", f"import httpx2; httpx2.get('{address[1]}sparql', params={{'query': {attack.SLOW!r}}})"],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in (0, -signal.SIGTERM)
    assert time.monotonic() - start < 15
    slow.wait(20)
    workers = [p for p in Path("/proc").glob("[0-9]*/stat") if _parent(p) == process.pid]
    assert workers == []


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def test_an_address_that_is_none_is_told(workspace: Workspace, library: Library) -> None:
    with pytest.raises(UsageError, match="--public-url takes"):
        open_state(workspace.folder, library, Limits(), "licenses.example")


def test_a_system_that_cannot_close_processes_off_serves_this_machine_only(state: State) -> None:
    from clausegraph.server.running import _unsealed

    state.questions.unsealed = "no seccomp here"
    assert _unsealed(state, "127.0.0.1") is None
    assert _unsealed(state, "localhost") is None
    assert "127.0.0.1 only" in str(_unsealed(state, "0.0.0.0"))
    state.questions.unsealed = None
    assert _unsealed(state, "0.0.0.0") is None
