"""A real browser against a real server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.channels.servers import Server
from tests.web.stand_in import StandIn

CHROMIUM = Path("/usr/bin/chromium")
MISSING = f"The browser tests need Chromium at {CHROMIUM}: install it (Debian: apt-get install chromium)."
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("RESPITE_REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def hub() -> StandIn:
    return StandIn()


@pytest.fixture
def server(hub: StandIn) -> Iterator[Server]:
    server = Server(hub.app(), {"timeout_graceful_shutdown": 1})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A phone-sized page whose console stays clean: nothing breaks, nothing offends the security policy."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    yield page
    context.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """A lost connection is reported by the browser and by htmx; the tests lose it on purpose."""
    return message.type == "error" and "WebSocket" not in message.text and "htmx:ws:error" not in message.text
