"""What runs a stranger's query has no network; what a query uses is said by the parser that runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from clausegraph.server.sealing import BROKEN, can_seal
from clausegraph.server.worker import run
from clausegraph.store import parsing
from clausegraph.store.endpoint import Embedded
from tests.support.attack import Listener, federation, updates

ON_LINUX = pytest.mark.skipif(not can_seal(), reason="needs Linux with seccomp on x86-64 or ARM64")
#: Runs some Python in a process that was closed off, or in one that was not.
_CLOSED = "from clausegraph.server.sealing import seal; seal();"
_ASK = "import pyoxigraph as ox, sys; print(list(ox.Store().query(sys.argv[1])))"


def process(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)


# ---- no network ------------------------------------------------------------


@ON_LINUX
@pytest.mark.parametrize("silent", ["", "SILENT "])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_closed_process_ends_before_a_request_leaves_it(silent: str, host: str) -> None:
    listener = Listener()
    query = f"SELECT * {{ SERVICE {silent}<http://{host}:{listener.port}/> {{ ?s ?p ?o }} }}"
    assert process(_CLOSED + _ASK, query).returncode == BROKEN
    assert listener.came == 0
    process(_ASK, query)  # the same query, in a process that is not closed
    assert listener.came > 0
    listener.close()


@ON_LINUX
@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import os; os.execv('/bin/true', ['true'])",
        "import ctypes; ctypes.CDLL(None).syscall(425, 8, 0)",
        "import threading, socket; t = threading.Thread(target=socket.socket); t.start(); t.join()",
    ],
    ids=["socket", "pair", "unix", "names", "program", "io_uring", "thread"],
)
def test_no_way_to_the_network_is_left(program: str) -> None:
    assert process(_CLOSED + program).returncode == BROKEN
    assert process(program).returncode in (0, 1)


@ON_LINUX
def test_a_closed_process_still_answers() -> None:
    answered = process(_CLOSED + _ASK, "SELECT ?x { BIND(1 AS ?x) }")
    assert (answered.returncode, answered.stdout.count("QuerySolution")) == (0, 1)


@ON_LINUX
def test_a_worker_says_that_it_is_closed_and_how_it_ends_when_it_is_not_asked_to_refuse(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "store"))
    job = {"store": str(tmp_path / "store"), "query": "ASK {}", "media": {"boolean": "application/sparql-results+json"}}
    worker = subprocess.run(
        [sys.executable, "-m", "clausegraph.server.worker", "500000000", "1000000"],
        input=json.dumps(job) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    sealed, head = worker.stdout.splitlines()[:2]
    assert json.loads(sealed) == {"sealed": True}
    assert json.loads(head.partition("}")[0] + "}")["media"] == "application/sparql-results+json"


# ---- what a query uses -----------------------------------------------------

NO_SERVICE = [
    "ASK { ?service <u:SERVICE> 'SERVICE LOAD' } # SERVICE",
    'PREFIX SERVICE: <u:> ASK { SERVICE:LOAD SERVICE:INSERT """a " SERVICE"""@SERVICE }',
    "PREFIX service: <u:> SELECT ?service { ?service service:service _:service . FILTER(1<2) }",
    "SELECT * { ?s <u:p#SERVICE> ?o } # SERVICE <u:x> {",
]


@pytest.mark.parametrize("text", federation(1))
def test_every_spelling_of_service_is_found_or_is_no_query(text: str) -> None:
    assert _is_no_query(text) or parsing.uses(text, "service")


@pytest.mark.parametrize("text", NO_SERVICE)
def test_a_word_that_is_no_keyword_is_not_found(text: str) -> None:
    assert not parsing.uses(text, "service")
    parsing.form(text)


@pytest.mark.parametrize("text", updates(1))
def test_every_update_is_told_from_a_query(text: str) -> None:
    assert _is_no_query(text)
    assert parsing.is_update(text) or text.startswith("SELECT")


def test_an_update_is_never_run_to_find_out_that_it_is_one() -> None:
    listener = Listener()
    assert parsing.is_update(f"LOAD <http://127.0.0.1:{listener.port}/>")
    assert listener.came == 0
    listener.close()


@pytest.mark.parametrize("text", ["", "hello", "SELECT * {", "PREFIX x: <u:>", "# DROP ALL", "INSERT INTO x"])
def test_what_is_neither_query_nor_update_is_neither(text: str) -> None:
    assert _is_no_query(text)
    assert not parsing.is_update(text)


WORDS = st.sampled_from(
    ["FROM", "from", "NAMED", "?from", "<u:from>", "'FROM <u:g>'", "#FROM\n", "WHERE", "*", "{", "}"]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, max_size=12))
def test_a_dataset_is_found_where_another_parser_finds_one(words: list[str]) -> None:
    """Against the parser of rdflib, on queries that both take."""
    text = "SELECT " + " ".join(words)
    if _is_no_query(text):
        return
    try:
        tree = prepareQuery(text).algebra
    except Exception:
        return
    assert parsing.names_dataset(text) == bool(tree.get("datasetClause"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <u:g> { ?s ?p ?o }", True),
        ("SELECT * FROM NAMED <u:g> { ?s ?p ?o }", True),
        ("SELECT (1 AS ?from)FROM<u:g>{}", True),
        ("ASK FROM <u:g> {}", True),
        ("CONSTRUCT { ?s ?p ?o } FROM <u:g> { ?s ?p ?o }", True),
        ("DESCRIBE <u:x> FROM <u:g>", True),
        ("PREFIX from: <u:> SELECT ?from { ?from from:from 'FROM <u:g>' } # FROM <u:g>", False),
        ("SELECT * { ?s ?p ?o }", False),
    ],
)
def test_a_dataset_is_found_in_every_form(text: str, named: bool) -> None:
    assert parsing.names_dataset(text) is named


def test_from_means_what_it_says_and_without_it_all_graphs_are_asked() -> None:
    store = ox.Store()
    a, b = ox.NamedNode("u:a"), ox.NamedNode("u:b")
    store.extend([ox.Quad(a, a, a, a), ox.Quad(b, b, b, b)])

    def rows(query: str) -> int:
        return len(Embedded(store).select(query)[1])

    assert rows("SELECT * { ?s ?p ?o }") == 2
    assert rows("SELECT * FROM <u:a> { ?s ?p ?o }") == 1
    assert rows("SELECT * FROM <u:a> FROM <u:b> { ?s ?p ?o }") == 2
    assert rows("SELECT * FROM <u:none> { ?s ?p ?o }") == 0
    assert rows("SELECT * FROM NAMED <u:a> { ?s ?p ?o }") == 0
    assert rows("SELECT * FROM NAMED <u:a> { GRAPH ?g { ?s ?p ?o } }") == 1


@pytest.mark.parametrize(
    ("query", "rows", "limit"),
    [
        ("SELECT * { ?s ?p ?o }", 2, 2),
        ("SELECT * { ?s ?p ?o } # all of them", 2, 2),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s OFFSET 4", 1, 2),
        ("SELECT * { ?s ?p ?o } LIMIT 4", 4, None),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 4 } }", 2, 2),
        ("SELECT * { ?s ?p ?o } VALUES ?s { <u:1> }", 1, None),
        ("ASK { ?s ?p ?o }", None, None),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", None, None),
    ],
)
def test_a_select_without_a_limit_is_given_one_and_nothing_else_is(query: str, rows: int, limit: int | None) -> None:
    store = ox.Store()
    store.extend(ox.Quad(n, n, n) for n in (ox.NamedNode(f"u:{n}") for n in range(5)))
    json_, triples = "application/sparql-results+json", "application/n-triples"
    job: dict[str, Any] = {"query": query, "media": {"rows": json_, "boolean": json_, "triples": triples}, "limit": 2}
    head, data = run(store, job, 1_000_000)
    assert head["limit"] == limit
    if rows is not None:
        assert len(json.loads(data)["results"]["bindings"]) == rows
    elif head["media"] == triples:
        assert len(data.splitlines()) == 5


def _is_no_query(text: str) -> bool:
    try:
        parsing.parsed(text)
    except SyntaxError:
        return True
    except OSError:  # an ASK with SERVICE that is no more closed here
        return False
    return False
