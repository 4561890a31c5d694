"""A real browser: Debian's Chromium, headless, that may speak to the server on this machine and to nobody else.

What a page writes to its console, scripts that fail and requests to elsewhere are kept, and fail the test at its end.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

WIDE, PHONE = 1280, 360
_HEIGHT = 900
_MILLISECONDS = 30_000
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_AXE = Path(__file__).parent.parent / "gate" / "node_modules" / "axe-core" / "axe.min.js"
_SERIOUS = {"serious", "critical"}
_AT_REST = """async () => {
    const passing = document.getAnimations().filter(each => isFinite(each.effect.getComputedTiming().endTime));
    await Promise.allSettled(passing.map(each => each.finished));
}"""


def find_browser() -> str | None:
    """Chromium as the system has it; no browser is ever fetched."""
    return shutil.which("chromium")


def find_axe() -> Path | None:
    """axe-core, as `npm ci` in tests/gate laid it down; None where it is missing."""
    return _AXE if _AXE.is_file() else None


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """One visit with a fresh browser profile, and what must not have happened in it."""

    context: BrowserContext
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("console", lambda told: self.faults.append(f"console {told.type}: {told.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.goto(self.address + path)
        return page

    def answer(self, route: Route) -> None:
        """Let a request go to our own server only."""
        if route.request.url.startswith((self.address + "/", "blob:", "data:")):
            route.fallback()
        else:
            self.faults.append(f"request to {route.request.url}")
            route.abort()


@contextmanager
def visit(browser: Browser, address: str, *, width: int = WIDE) -> Iterator[Visit]:
    """A visit to the server at `address`; faultless, or the test fails."""
    context = browser.new_context(viewport={"width": width, "height": _HEIGHT}, locale="vi-VN")
    context.set_default_timeout(_MILLISECONDS)
    made = Visit(context, address)
    context.route("**/*", made.answer)
    yield made
    context.close()
    assert made.faults == []


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody from using the page, once it rests.

    A button just pressed still fades from one colour to another: its contrast in between is nobody's.
    """
    page.evaluate(_AT_REST)
    page.evaluate(_AXE.read_text("utf-8"))
    found: list[Any] = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in _SERIOUS
        for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels of the page stick out at its right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    """The name and the content of the file that a button or link gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def checked(page: Page, line: str | re.Pattern[str]) -> None:
    """Wait until the page has checked what stands in it and says so."""
    page.locator("[data-state-line]").get_by_text(line).wait_for()
