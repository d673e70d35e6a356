"""What a first visit costs a cheap phone, and whom it asks."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from bot.web.assets import FOLDER
from bot.web.rendering import MODULES, Look
from tests.channels.servers import Server
from tests.web import samples
from tests.web.stand_in import StandIn
from tests.web.talking import say

FIRST_LOAD_LIMIT = 30_000
FRAME_LIMIT = 30 * 1024
EMBED_LIMIT = 4_500


def first_load(page: Page, address: str) -> dict[str, int]:
    """Every resource that is loaded for a page from the network, and its bytes there."""
    sizes: dict[str, int] = {}

    def note(request: Request) -> None:
        size = request.sizes()["responseBodySize"]
        if size > 0:  # what the browser has kept comes with none
            sizes[request.url.rpartition("/")[2]] = size

    page.on("requestfinished", note)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.close()
    return sizes


def test_the_first_load_is_small(browser: Browser, server: Server) -> None:
    sizes = first_load(browser.new_page(), server.url)

    assert sizes.keys() == {
        "",
        "chat.css",
        "dark.css",
        "icon.svg",
        "htmx.js",
        "chat.js",
        *(f"{name}.js" for name in MODULES),
    }
    assert sum(sizes.values()) < FIRST_LOAD_LIMIT, sizes


def test_it_is_small_in_a_frame_too(browser: Browser, server: Server, hub: StandIn) -> None:
    hub.look = Look(embedders=("https://lender.example",))
    sizes = first_load(browser.new_page(), server.url)

    assert "frame.js" in sizes
    assert sum(sizes.values()) < FRAME_LIMIT, sizes


def test_what_the_lenders_page_loads_of_it_is_smaller_still() -> None:
    assert len(gzip.compress((FOLDER / "embed.js").read_bytes())) < EMBED_LIMIT


def test_a_second_visit_loads_the_page_alone(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    first_load(context.new_page(), server.url)
    again = first_load(context.new_page(), server.url)
    context.close()

    assert again.keys() == {""}


@pytest.mark.parametrize("has_history", [True, False])
def test_the_page_asks_nobody_else_and_keeps_nothing_in_the_browser(
    open_page: Callable[[], Page], page: Page, hub: StandIn, server: Server, has_history: bool
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    hub.entries = samples.conversation() if has_history else []
    open_page()
    say(page, "hello")
    expect(page.locator(".entry.bot").last).to_contain_text("You said: hello")

    assert all(url.startswith((server.url, server.url.replace("http", "ws"))) for url in asked)
    assert page.context.cookies() == []
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
