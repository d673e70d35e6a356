"""A real browser against a real server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.channels.servers import Server
from tests.web.stand_in import StandIn

expect.set_options(timeout=20_000)

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


def require_chromium() -> Path:
    """The browser, or the end of a test that cannot do without it."""
    if not CHROMIUM.exists():
        if os.environ.get("RESPITE_REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return CHROMIUM


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
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
    """What the tests bring about on purpose, the browser and htmx report: lost connections and refused files."""
    on_purpose = ("WebSocket", "htmx:ws:error", "ERR_CONNECTION_REFUSED", "status of 403", "status of 503", "Framing")
    is_on_purpose = any(words in message.text for words in on_purpose)
    is_refused_document = "status of 404" in message.text and "/plans/" in message.location["url"]
    return message.type == "error" and not is_on_purpose and not is_refused_document


@pytest.fixture
def open_page(page: Page, server: Server) -> Callable[[], Page]:
    """Opens the page, or opens it anew, and waits until it is connected."""

    def open_it() -> Page:
        page.goto(server.url)
        expect(page.locator("#chat")).to_have_attribute("data-connection", "open")
        return page

    return open_it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last: Playwright keeps an event loop running, in which no asynchronous test can start."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
