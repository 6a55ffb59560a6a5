"""Measures the explorer on the whole Hub: its server's answers, and what a browser says of its pages.

`python benchmarks/explorer.py WORKSPACE` takes a workspace in which the Hub of July 2024 was loaded and whose store is
built. It needs Chromium and Playwright, and writes `explorer.json`.
"""

import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.library import Library
from clausegraph.workspace.folder import Workspace

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.support import browsing, serving  # noqa: E402  (the server and browser of the tests, which are not installed)

RESULTS = HERE / "explorer.json"
#: Works of which a page is asked: the most reused ones, which have the longest pages.
WORKS = 100
SEARCHES = ("ze", "zephyr", "mistral-7b", "creatvml openrail", "llama", "gpl", "squad", "no such thing at all")
CHOICES = ("", "kind=model", "license=llama2", "family=OpenRAILLicense&verdict=conflict", "relation=merge&year=2024")
PAGES = ("/", "/license/llama2", "/artifact/mistralai/Mistral-7B-v0.1", "/artifacts", "/hub", "/atlas", "/ask")


def seconds(address: str, media: str = "text/html") -> float:
    """Return how long an answer took."""
    start = time.perf_counter()
    with urlopen(Request(address, headers={"Accept": media}), timeout=60) as answer:
        answer.read()
        assert answer.status == 200
    return time.perf_counter() - start


def high(found: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return round(1000 * statistics.quantiles(found, n=20)[-1])


def measure(folder: Path) -> dict[str, object]:
    """Return the figures of a server over a workspace."""
    catalogue = Catalogue(Workspace(folder), Library.load())
    rows = catalogue.ask(
        f"""SELECT a.id FROM edges e JOIN artifacts a ON a.n = e.parent WHERE a.kind = 'model'
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {WORKS}"""
    )
    works = [work for (work,) in rows]
    start = time.perf_counter()
    with serving.server(folder) as address:
        base = address.rstrip("/")
        seconds(f"{base}/")
        figures: dict[str, object] = {"start_seconds": round(time.perf_counter() - start, 2)}
        figures["first_hub_ms"] = round(1000 * seconds(f"{base}/hub"))
        seconds(f"{base}/works")
        figures["artifact_p95_ms"] = high([seconds(f"{base}/artifact/{work}") for work in works])
        figures["lineage_p95_ms"] = high([seconds(f"{base}/lineage?work={w}", "application/json") for w in works])
        figures["facets_p95_ms"] = high([seconds(f"{base}/artifacts?{choice}") for choice in CHOICES * 5])
        asked = [f"{base}/search?q={text.replace(' ', '+')}" for text in SEARCHES for _ in range(5)]
        figures["search_p95_ms"] = high([seconds(found, "application/json") for found in asked])
        with ThreadPoolExecutor(100) as readers:
            start = time.perf_counter()
            list(readers.map(seconds, [base + PAGES[n % len(PAGES)] for n in range(300)]))
            figures["readers_100_pages_per_second"] = round(300 / (time.perf_counter() - start), 1)
        with browsing.chromium() as browser:
            figures["first_paint_ms"] = {page: paint(browser, base, page) for page in PAGES}
    return figures


def paint(browser: object, base: str, address: str) -> int:
    """Return when a page was first painted, in milliseconds, the median of three fresh windows."""
    found = []
    for _ in range(3):
        with browsing.visiting(browser, base) as visit:
            visit.go(address)
            found.append(visit.page.evaluate("performance.getEntriesByType('paint')[0].startTime"))
    return round(statistics.median(found))


if __name__ == "__main__":
    measured = measure(Path(sys.argv[1]))
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=1))
