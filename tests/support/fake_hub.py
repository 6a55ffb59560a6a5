"""A Hub on loopback: answers in the shapes that the Hub's API was recorded with, and misbehaves when told to.

Run as a script (`python -m tests.support.fake_hub MODELS`) it serves that many models and prints its address.
"""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

_SERVED = [["api", "models"], ["api", "datasets"], ["api", "spaces"]]
DATE = "Thu, 23 Jul 2026 12:00:00 GMT"


def model(number: int, parents: int = 1) -> dict[str, Any]:
    """Return the item of a made-up model; most derive from the one before."""
    id_ = f"org-{number % 97}/model-{number}"
    item: dict[str, Any] = {
        "_id": f"{number:024x}",
        "id": id_,
        "tags": ["license:mit"],
        "downloads": number % 1000,
        "createdAt": "2024-01-01T00:00:00.000Z",
        "private": False,
        "gated": False,
        "cardData": {"license": "mit"},
    }
    if number and parents:
        base = f"org-{(number - 1) % 97}/model-{number - 1}"
        item["tags"] += [f"base_model:{base}", f"base_model:finetune:{base}"]
        item["cardData"]["base_model"] = base
        item["baseModels"] = {"relation": "finetune", "models": [{"_id": "0", "id": base}]}
    return item


class FakeHub:
    """What the server holds, and what it is to do wrong: `faults` maps the number of a request to a fault.

    Faults are `429`, `500`, `cut` (the body ends too early), `garbage`, `slow`, `drop`, `html`, `huge` (a body without
    end), `away` (it redirects to another host), `loop` (it redirects to itself) and `silent` (it never answers).
    """

    def __init__(self, models: list[dict[str, Any]] | int = 0, datasets: list[dict[str, Any]] | None = None) -> None:
        self.size = models if isinstance(models, int) else len(models)
        self.models = models
        self.datasets = datasets or []
        self.renamed: dict[str, str] = {}
        self.gone: dict[str, int] = {}
        self.revisions: dict[tuple[str, str], dict[str, Any]] = {}
        self.faults: dict[int, str] = {}
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()

    def item(self, number: int) -> dict[str, Any]:
        return model(number) if isinstance(self.models, int) else self.models[number]

    def find(self, id_: str) -> dict[str, Any] | None:
        assert not isinstance(self.models, int)
        return next((m for m in [*self.models, *self.datasets] if m["id"] == id_), None)


def handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if urlsplit(self.path).path.split("/")[1:3] not in _SERVED:
                self.answer({"error": "no such page"}, 404)  # the client library asks for more than we do
                return
            with hub.lock:
                number = len(hub.seen)
                hub.seen.append(self.path)
                hub.headers.append(dict(self.headers))
            fault = hub.faults.get(number)
            if fault == "429":
                extra = {"RateLimit": '"api";r=0;t=0', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
                self.answer({"error": "too many"}, 429, extra)
            elif fault == "500":
                self.answer({"error": "internal"}, 500)
            elif fault == "drop":
                self.close_connection = True
                self.connection.close()
            elif fault in ("html", "huge", "away", "loop", "silent"):
                self.misbehave(fault)
            else:
                if fault == "slow":
                    time.sleep(0.5)
                self.route(fault)

        def misbehave(self, fault: str) -> None:
            self.close_connection = True
            if fault == "silent":
                time.sleep(30)
            elif fault in ("away", "loop"):
                self.answer({}, 302, {"Location": "http://127.0.0.2:9/" if fault == "away" else self.path})
            else:
                self.send_response_only(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<html>Sign in</html>")
                with suppress(OSError):
                    while fault == "huge":
                        self.wfile.write(b" " * 1_000_000)

        def route(self, fault: str | None) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            names = parts.path.strip("/").split("/", 2)
            if len(names) == 2:
                self.listing(names[1], query, fault)
                return
            id_, _, revision = names[2].partition("/revision/")
            if revision:
                found = hub.revisions.get((id_, revision))
                self.answer(found or {"error": "no such revision"}, 200 if found else 404)
            elif id_ in hub.renamed:
                self.answer({}, 307, {"Location": f"/api/{names[1]}/{hub.renamed[id_]}?{parts.query}"})
            elif id_ in hub.gone:
                status = hub.gone[id_]
                code = {401: "RepoNotFound", 404: "RepoNotFound", 403: "GatedRepo"}.get(status, "Other")
                self.answer({"error": code}, status, {"X-Error-Code": code, "X-Error-Message": code})
            else:
                found = hub.find(id_)
                if found is None:
                    self.answer({"error": "no"}, 404, {"X-Error-Code": "RepoNotFound"})
                else:
                    self.answer(found)

        def listing(self, what: str, query: dict[str, list[str]], fault: str | None) -> None:
            limit = int(query.get("limit", ["1000"])[0])
            start = int(query.get("cursor", ["0"])[0])
            filters = [f for one in query.get("filter", []) for f in one.split(",")]
            author = query.get("author", [""])[0]
            if what == "models" and isinstance(hub.models, int):
                items = [hub.item(n) for n in range(start, min(start + limit, hub.size))]
                total = hub.size
            else:
                pool = {"models": hub.models, "datasets": hub.datasets}.get(what, [])
                assert isinstance(pool, list)
                fitting = [
                    m
                    for m in pool
                    if all(f in m["tags"] for f in filters) and (not author or m["id"].startswith(author + "/"))
                ]
                items, total = fitting[start : start + limit], len(fitting)
            extra = {}
            if start + limit < total:
                following = {**{k: v for k, v in query.items() if k != "cursor"}, "cursor": [str(start + limit)]}
                address = f"http://{self.headers['Host']}/api/{what}?{urlencode(following, doseq=True)}"
                extra["Link"] = f'<{address}>; rel="next"'
            self.answer(items, 200, extra, fault)

        def answer(
            self, value: Any, status: int = 200, extra: dict[str, str] | None = None, fault: str | None = None
        ) -> None:
            body = json.dumps(value).encode()
            self.send_response_only(status)
            self.send_header("Date", DATE)
            self.send_header("Content-Type", "application/json")
            size = len(body)
            if fault == "garbage":
                body = body[: len(body) // 2]
                size = len(body)
            self.send_header("Content-Length", str(size))
            for name, text in (extra or {}).items():
                self.send_header(name, text)
            self.end_headers()
            if fault == "cut":
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            else:
                self.wfile.write(body)

    return Handler


@contextmanager
def serving(hub: FakeHub) -> Iterator[str]:
    """Serve on loopback and yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(hub))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with serving(FakeHub(int(sys.argv[1]))) as url:
        print(url, flush=True)
        threading.Event().wait()
