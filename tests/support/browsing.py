"""A real browser, Debian's Chromium, that keeps what a page says to its console and whom it asks."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright (PyPI: playwright)")

CHROMIUM = shutil.which("chromium")
#: WebGL without a graphics card, and no sandbox within a sandbox.
_OPTIONS = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
#: Faults that keep people out; the lesser ones are matters of taste.
_SERIOUS = ("serious", "critical")


@dataclass
class Visit:
    """A page of the browser at a server, with what it said and whom it asked meanwhile."""

    page: Any
    base: str
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, address: str) -> Any:
        """Open an address and wait until nothing more is asked."""
        answer = self.page.goto(self.base + address)
        self.page.wait_for_load_state("networkidle")
        return answer

    def faults(self) -> list[str]:
        """Return the serious faults of accessibility of the page that is shown."""
        self.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]

    def quiet(self) -> None:
        """Say that nothing was an error and that nobody else was asked."""
        assert self.said == []
        assert self.elsewhere == []


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Run the browser while the block runs."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_OPTIONS))
        yield browser
        browser.close()


@contextlib.contextmanager
def visiting(browser: Any, server: str, **how: Any) -> Iterator[Visit]:
    """Open a fresh window at a server, for a person who has never been there."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | how)
    visit = Visit(context.new_page(), server.rstrip("/"))
    visit.page.set_default_timeout(30_000)
    visit.page.on("console", lambda m: m.type in ("error", "warning") and visit.said.append(m.text))
    visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
    context.on("request", lambda r: r.url.startswith(visit.base) or visit.elsewhere.append(r.url))
    try:
        yield visit
    finally:
        context.close()


def touring(
    browser: Any, server: str, addresses: Sequence[str], at_once: int = 4, **how: Any
) -> Iterator[tuple[str, Visit, int]]:
    """Open addresses, a few at once in windows of their own, and yield each with its window and status.

    A page is shown once nothing was asked for half a second; windows that wait together wait once. At the end every
    window was quiet.
    """
    with contextlib.ExitStack() as stack:
        visits = [stack.enter_context(visiting(browser, server, **how)) for _ in range(at_once)]
        for together in batched(addresses, at_once):
            opened = [(a, v, v.page.goto(v.base + a).status) for a, v in zip(together, visits, strict=False)]
            for address, visit, status in opened:
                visit.page.wait_for_load_state("networkidle")
                yield address, visit, status
        for visit in visits:
            visit.quiet()


def batched(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield values in groups of a size; Python has it from 3.12 on."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
