"""Attacks on a server of ours on loopback, each in bounded time.

`python -m tests.support.attack [WORKSPACE]` prints a table. Without a workspace the works of the tests are served. Each
attack says what it tried, how often, and what came of it.
"""

import contextlib
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx

from tests.support import asked
from tests.support.serving import server

#: Seconds in which an honest page must be there, whatever else goes on; a quiet machine takes a third of one.
HONEST = 2.0
PAGES = (
    "",
    "license/mit",
    "licenses",
    "search?q=llama",
    "compare?id=mit&id=gpl-3.0",
    "ns.ttl",
    "works",
    "hub",
    "kind/share-alike",
)
DIRECT = {"Content-Type": "application/sparql-query"}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h }"


@dataclass(frozen=True)
class Found:
    """What came of an attack."""

    attack: str
    tries: int
    result: str
    held: bool


class Listener:
    """Somebody elsewhere, who counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                found, _ = self._socket.accept()
                self.came += 1
                found.close()

    def close(self) -> None:
        """Listen no longer."""
        self._socket.close()


def federation(port: int) -> list[str]:
    """Return spellings of SERVICE that all mean a request to a port of this machine, where they mean anything."""
    at, base = f"http://127.0.0.1:{port}/", f"PREFIX x: <http://127.0.0.1:{port}/> PREFIX : <http://127.0.0.1:{port}/> "
    heads = [
        f"SERVICE <{at}>",
        f"service<{at}>",
        f"SeRvIcE\t\n<{at}>",
        f"SERVICE SILENT <{at}>",
        f"SERVICESILENT<{at}>",
        f"SERVICE#x\n<{at}>",
        f"SERVICE#>\n<{at}>",
        f"SERVICE#x\nSILENT#y\r<{at}>",
        "SERVICE x:b",
        "SERVICEx:b",
        "SERVICE:x",
        "SERVICE :",
        "SERVICESILENTx:b",
        "SERVICE SILENT:b",
        f"BIND(<{at}> AS ?y) SERVICE ?y",
        f"BIND(<{at}> AS ?y) SERVICE?y",
        f"VALUES ?y {{ <{at}> }} SERVICE SILENT $y",
        f"BIND(IRI('{at}') AS ?y) SERVICE ?y",
        f"FILTER(1<2)SERVICE#>\n<{at}>",
        f"FILTER(1<2)SERVICE<{at}>",
        f"?p ?q 1.SERVICE<{at}>",
        f"?p ?q true.SERVICE<{at}>",
        f"?p ?q 'x'SERVICE<{at}>",
        f"?p ?q 'it\\'s'SERVICE<{at}>",
        f"?p ?q '\\u0027' . SERVICE <{at}>",
        f"?p ?q '''a'b''c'''@en.SERVICE<{at}>",
        f"?p ?q '#' . SERVICE <{at}>",
        f"?p ?q <x:#> . SERVICE <{at}>",
        f"?p ?q _:b.SERVICE<{at}>",
        f"?p ?q x:a\\#b . SERVICE <{at}>",
        f"?p x:q%23 1 SERVICE <{at}>",
        f"OPTIONAL{{SERVICE<{at}>{{?s ?p ?o}}}} SERVICE <{at}>",
        f"\\u0053ERVICE <{at}>",
        f"SERV\\u0049CE <{at}>",
        f"SERVICE <http://127.0.0.1:{port}\\u002F>",
        f"SERVICE <http://localhost:{port}/>",
        f"SERVICE <http://[::ffff:127.0.0.1]:{port}/>",
        f"LATERAL {{ SERVICE <{at}> {{ ?s ?p ?o }} }} SERVICE <{at}>",
        f"FILTER EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} SERVICE <{at}>",
        f"{{ SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }} SERVICE <{at}>",
    ]
    found = [f"{base}SELECT * {{ {head}{{ ?s ?p ?o }} }}" for head in heads]
    found += [
        f"{base}PREFIX SERVICE: <{at}> SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
        f"{base}ASK {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
        f"{base}ASK {{ SERVICEx:b{{ ?s ?p ?o }} }}",
        f"{base}CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
        f"{base}DESCRIBE ?s {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
        f"{base}SELECT (EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} AS ?x) {{}}",
        f"{base}SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }} LIMIT 1",
    ]
    return found


def updates(port: int) -> list[str]:
    """Return updates, some of which would make a request."""
    at = f"http://127.0.0.1:{port}/"
    return [
        f"LOAD <{at}>",
        f"LOAD SILENT <{at}> INTO GRAPH <urn:g>",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
        "PREFIX x: <urn:x> DELETE WHERE { ?s ?p ?o }",
        "# SELECT\nDROP ALL",
        "CLEAR ALL",
        f"SELECT * {{}} ; LOAD <{at}>",
    ]


def _question(text: str, way: str) -> Callable[[httpx.Client], httpx.Response]:
    if way == "POST /sparql":
        return lambda client: client.post("sparql", content=text.encode(), headers=DIRECT)
    return lambda client: client.get(way.removeprefix("GET /"), params={"query": text})


def requests_elsewhere(root: str) -> Found:
    """Every spelling of SERVICE and of LOAD, by each address that takes a query: nobody comes."""
    listener, wrong, tries = Listener(), [], 0
    texts = federation(listener.port) + updates(listener.port)
    ways = ("GET /sparql", "POST /sparql", "GET /ask")
    jobs = [(text, way) for text in texts for way in ways]
    with httpx.Client(base_url=root, timeout=60) as client, ThreadPoolExecutor(4) as threads:
        for (text, way), answer in zip(jobs, threads.map(lambda job: _question(*job)(client), jobs), strict=True):
            tries += 1
            if answer.status_code not in (400, 403):
                wrong.append(f"{answer.status_code} {way} {text[-60:]}")
    listener.close()
    result = f"{listener.came} requests left the server; {len(wrong)} not refused {wrong[:3] if wrong else ''}"
    return Found("SERVICE and LOAD", tries, result.strip(), not listener.came and not wrong)


def datasets(root: str) -> Found:
    """`FROM` means what it says, and no file is read."""
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    cases = {
        "FROM <urn:none>": True,
        "FROM<file:///etc/passwd>": True,
        "FROM NAMED <urn:none>": True,
        "# FROM <urn:none>\n": False,
    }
    wrong = []
    with httpx.Client(base_url=root, timeout=60) as client:
        for clause, empty in cases.items():
            answer = client.get("sparql", params={"query": count.format(clause), "format": "csv"})
            if answer.status_code != 200 or (answer.text.split()[1] == "0") is not empty:
                wrong.append(f"{clause.strip()}: {answer.text[:40]!r}")
    return Found("FROM and FROM NAMED", len(cases), "; ".join(wrong) or "as they say", not wrong)


def long_texts(root: str) -> Found:
    """Texts that are slow to read for who reads them badly: they are refused, and a page is there meanwhile."""
    size = 190_000
    texts = [
        'SELECT "' + '\\"' * (size // 2),
        "SELECT * { " + "<a" * (size // 2),
        "SELECT * { ?s ?p " + "'" * size,
        "SELECT * " + "{" * size,
        "ASK { FILTER(" + "(" * size,
        "SELECT * { " + "SERVICE " * (size // 8),
        "SELECT * " + "FROM <a:b> " * (size // 11),
        "#" * size,
    ]
    with httpx.Client(base_url=root, timeout=60) as client, ThreadPoolExecutor(len(texts)) as threads:
        jobs = [threads.submit(_question(text, "POST /sparql"), client) for text in texts]
        jobs += [threads.submit(client.get, f"license/{'license-' * 7_000}", timeout=60)]
        slowest = _slowest_page(root, lambda: all(job.done() for job in jobs), 20)
        statuses = sorted({job.result().status_code for job in jobs})
    result = f"slowest page {slowest:.2f} s; answered {statuses}"
    return Found("long texts", len(jobs), result, slowest < HONEST and max(statuses) < 500)


def siege(root: str) -> Found:
    """Sixty hostile queries, twenty slow questions and four hundred half-sent requests: pages are there in time."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(_half_sent(root)) for _ in range(400)]
        client = stack.enter_context(httpx.Client(base_url=root, timeout=90, limits=httpx.Limits(max_connections=200)))
        threads = stack.enter_context(ThreadPoolExecutor(80))
        jobs = [threads.submit(_status, client, SLOW.replace("n)", f"n{n})"), "POST /sparql") for n in range(60)]
        jobs += [threads.submit(_status, client, SLOW.replace("n)", f"m{n})"), "GET /ask") for n in range(20)]
        slowest = _slowest_page(root, lambda: all(job.done() for job in jobs), 12)
        for line in held:
            line.close()
        statuses = sorted({job.result() for job in jobs})
    result = f"slowest page {slowest:.2f} s; questions answered {statuses}"
    return Found("siege", 480, result, slowest < HONEST and set(statuses) <= {200, 413, 429, 503, 504})


def _status(client: httpx.Client, text: str, way: str) -> int:
    """Return the status of an answer; a server that closes a connection which asks nothing yet counts as busy."""
    try:
        return _question(text, way)(client).status_code
    except httpx.TransportError:
        return 503


def _slowest_page(root: str, done: Callable[[], bool], seconds: float) -> float:
    """Return how long the slowest of the honest pages took, asked in turn until all is done or time is up."""
    slowest, end = 0.0, time.monotonic() + seconds
    time.sleep(0.5)
    asked_once = False
    while not asked_once or (not done() and time.monotonic() < end):
        for page in PAGES:
            start = time.monotonic()
            answer = httpx.get(root + page, timeout=60, headers={"Accept": "text/html"}, follow_redirects=True)
            slowest = max(slowest, time.monotonic() - start if answer.status_code == 200 else 60.0)
        asked_once = True
    return slowest


@contextlib.contextmanager
def _half_sent(root: str, first: bytes = b"") -> Iterator[socket.socket]:
    place = urlsplit(root)
    with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=30) as line:
        line.sendall(first + b"GET /license/mit HTT")
        yield line


def held_connections(root: str) -> Found:
    """Connections that ask once and send half of a second request are closed, and so are those that never ask."""
    whole = b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(_half_sent(root, whole)) for _ in range(40)]
        lines += [stack.enter_context(_half_sent(root)) for _ in range(40)]
        start = time.monotonic()
        for line in lines:
            line.settimeout(25)
            with contextlib.suppress(ConnectionResetError):
                while line.recv(65_536):
                    pass
        seconds = time.monotonic() - start
    return Found("half-sent requests", len(lines), f"all closed after {seconds:.0f} s", seconds < 20)


def parameters(root: str) -> Found:
    """Parameters that are many, long, or no text: told in one shape, and never a fault of the server."""
    long, digits = "x" * 20_000, "9" * 5_000
    addresses = [
        *(f"{page}?{'a=b&' * 600}" for page in ("choose", "compose", "compose/LICENSE.md", "what-if", "works", "ask")),
        *(f"artifact/acme/rail?from={digits}&format={kind}" for kind in ("json", "html")),
        *(f"{page}={digits}" for page in ("works?from", "lineage?work=acme/rail&from", "api/query/adoption?limit")),
        *(
            f"{page}={long}"
            for page in ("search?q", "compare?id", "what-if?of", "choose?work", "hub?kind", "works?kind")
        ),
        *(f"{page}{long}" for page in ("license/", "artifact/", "kind/", "api/license/", "api/lineage/", "query/")),
        *(f"{page}=%00%ff%fe" for page in ("search?q", "compare?id", "works?license", "what-if?of", "resource?iri")),
        *(f"{page}=MIT OR (AND GPL-3.0)" for page in ("compare?id", "what-if?via=finetune&kind=model&of", "search?q")),
        "api/compat?upstream=MIT OR (AND GPL-3.0)&via=finetune&downstream=mit",
        "api/compat?upstream=" + " AND ".join(f"(MIT OR GPL-{n}.0)" for n in range(60)) + "&via=train&downstream=mit",
        "api/check?subject=acme/rail&assume=" + "[" * 400,
        "%00",
        "%ff",
        "license/%00",
        "resource?iri=%00",
        "query/%2e%2e",
        "static/%2e%2e/%2e%2e/pages.py",
    ]
    wrong = []
    with httpx.Client(base_url=root, timeout=60) as client:
        for address in addresses:
            for accept in ("text/html", "application/json", "text/turtle"):
                answer = client.get(address, headers={"Accept": accept})
                if answer.status_code >= 500:
                    wrong.append(f"{answer.status_code} {address[:60]}")
        chain = [{"make": "m0", "from": [{"work": "w", "via": "train"}]}]
        chain += [{"make": f"m{n}", "from": [{"work": f"m{n - 1}", "via": "finetune"}]} for n in range(1, 11_000)]
        recipe = {"works": {"w": {"kind": "dataset", "license": "mit"}}, "steps": chain}
        answer = client.post("api/check", json=recipe)
        if answer.status_code != 413:
            wrong.append(f"{answer.status_code} a recipe of 11,000 steps")
    result = f"{len(wrong)} faults {wrong[:3] if wrong else ''}".strip()
    return Found("parameters", 3 * len(addresses) + 1, result, not wrong)


def names_of_others(root: str) -> Found:
    """What a request says of the server's address is not written into answers."""
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;for=1.2.3.4"}
    places = ("sparql", ".well-known/void", "", "license/mit", "api/openapi.json")
    wrong = [place for place in places if "evil.example" in httpx.get(root + place, headers=evil, timeout=60).text]
    return Found("names of others", len(places), f"written into {wrong}" if wrong else "not written", not wrong)


ATTACKS = (requests_elsewhere, datasets, parameters, names_of_others, long_texts, siege, held_connections)


def run(root: str) -> Iterator[Found]:
    """Yield what comes of each attack on a server."""
    for attack in ATTACKS:
        yield attack(root)


def main() -> int:
    """Attack a server of ours and print a table."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        place = Path(sys.argv[1]) if len(sys.argv) > 1 else asked.workspace(Path(folder) / "ws").folder
        with server(place) as root:
            print(f"{'attack':24}{'tries':>7}{'seconds':>9}  result")
            start = time.monotonic()
            for found in run(root):
                seconds, start = time.monotonic() - start, time.monotonic()
                mark = "✓" if found.held else "✗"
                print(f"{found.attack:24}{found.tries:7}{seconds:9.1f}  {mark} {found.result}", flush=True)
                failed = failed or not found.held
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
