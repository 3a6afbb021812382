"""Debian's Chromium at the real server: what a person at the front desk sees and types."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from schemas.users import Role
from tests.flows.prefect_server import free_port
from tests.web.studio import PASSWORD, Studio, open_studio, scratch

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PATIENCE_MS = 60_000  # ends a test that would never end; Playwright's own 5 s pass on a busy machine
START_S = 60.0
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 800}
ZOOMED = {"width": 640, "height": 430}  # what a page has of WIDE at 200%
# WCAG 2.2 at the levels A and AA, as axe names its rules.
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class FrontDesk:
    """A studio served on a port of its own, and windows at it."""

    studio: Studio
    browser: Browser
    address: str
    windows: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def window(self, scheme: str = "light", size: dict[str, int] | None = None) -> Page:
        """A new window with nobody signed in; errors of its scripts are collected."""
        context = self.browser.new_context(
            base_url=self.address,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport=size or WIDE,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.windows.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        return page

    def person(self, name: str = "kim", role: Role = Role.REVIEWER, **window: object) -> Page:
        """A window with somebody signed in."""
        if name not in self.studio.people:
            self.studio.add_user(name, role)
            self.studio.people.append(name)
        page = self.window(**window)  # type: ignore[arg-type]
        page.goto("/login")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    def _hear(self, message: object) -> None:
        text, kind = getattr(message, "text", ""), getattr(message, "type", "")
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)


@contextmanager
def serving(browser: Browser, **desk: object) -> Iterator[FrontDesk]:
    """The real server over a new record; whatever its pages' scripts complained of fails the test."""
    port = free_port()
    with scratch() as folder, open_studio(folder, port=port, **desk) as studio, _listening(studio, port):
        opened = FrontDesk(studio, browser, f"http://127.0.0.1:{port}")
        try:
            yield opened
            assert opened.complaints == []
        finally:
            for window in opened.windows:
                window.close()


@contextmanager
def _listening(studio: Studio, port: int) -> Iterator[None]:
    config = uvicorn.Config(studio.app, host="127.0.0.1", port=port, log_level="error", server_header=False)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + START_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def violations(page: Page) -> list[str]:
    """What axe finds on the page, each with its place."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(LEVELS)}}).response["violations"]
    return [f"{violation['id']}: {node['html'][:160]}" for violation in results for node in violation["nodes"]]
