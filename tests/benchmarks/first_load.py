"""How soon the borrower's page can be used in Chromium, and how many bytes that takes.

`python -m tests.benchmarks.first_load --visits 20` starts the web application on a store of its own and visits its
page again and again, each time with a browser that has kept nothing, and again with one that has been there. A page
can be used as soon as its script has run, because what is sent from then on is not lost; it is connected once its
socket is open. `--slowness 4` makes the browser's processor as slow as a cheap phone's. Prints medians.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from bot.channels.webchat import CHANNEL, chat_key, new_token
from bot.web.access import COOKIE
from respite.clock import utc_now
from respite.store.models import OutboxMessage
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from respite.support.messages import Message
from tests.channels.servers import free_port
from tests.web import samples
from tests.web.conftest import ARGUMENTS, CHROMIUM

NOTE_WHEN = """
  new MutationObserver(() => {
    const state = document.getElementById("chat")?.dataset.connection;
    if (state) window.usable ??= performance.now();
    if (state === "open") window.connected ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-connection"] });
"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Visit:
    """Milliseconds since the visitor asked for the page, and the bytes of everything that was loaded for it."""

    painted: float
    usable: float
    connected: float
    loaded: int


@contextmanager
def web_application(home: Path) -> Iterator[str]:
    """The address of the web application as a process of its own, with a store of its own."""
    port = free_port()
    os.environ |= {"RESPITE_HOME": str(home), "RESPITE_DEMO": "1", "RESPITE_WEB_PORT": str(port)}
    os.environ["RESPITE_REQUESTS_A_MINUTE"] = str(10**9)
    subprocess.run([sys.executable, "-m", "respite.cli", "migrate"], check=True, stdout=subprocess.DEVNULL)
    with (home / "web.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot.web"], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        while not is_alive(url):
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def is_alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False


def long_chat() -> str:
    """The token of a chat with one of every card."""
    token, now = new_token(), utc_now()
    with transaction() as session:
        chat = open_conversation(session, CHANNEL, chat_key(token), "en", now)
        for entry in samples.conversation():
            message = entry.message or Message(text=entry.text, files=entry.files)
            row = OutboxMessage(conversation_id=chat.id, author=entry.author, message=message.model_dump_json())
            row.owner_version, row.state, row.created_at = 1, "sent", now
            session.add(row)
    return token


def visit(page: Page, url: str, slowness: float) -> Visit:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    page.add_init_script(NOTE_WHEN)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(url)
    expect(page.locator("#chat")).to_have_attribute("data-connection", "open")
    page.wait_for_load_state("networkidle")
    usable, connected = page.evaluate("() => [window.usable, window.connected]")
    seen = Visit(page.evaluate(PAINTED), usable, connected, sum(size for size in sizes if size > 0))
    page.close()
    return seen


def row(name: str, visits: list[Visit]) -> tuple[str, ...]:
    times = (median(getattr(each, name) for each in visits) for name in ("painted", "usable", "connected"))
    return (name, *(f"{milliseconds:.0f}" for milliseconds in times), f"{median(each.loaded for each in visits):,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=20)
    parser.add_argument("--slowness", type=float, default=1)
    arguments = parser.parse_args()
    table = Table("Page", "painted ms", "usable ms", "connected ms", "bytes loaded")
    with (
        tempfile.TemporaryDirectory() as home,
        web_application(Path(home)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        kept = {"name": COOKIE, "value": long_chat(), "url": url}

        def come(context: BrowserContext) -> Visit:
            return visit(context.new_page(), url, arguments.slowness)

        def come_again(has_chat: bool) -> tuple[Visit, Visit]:
            context = browser.new_context()
            if has_chat:
                context.add_cookies([kept])  # type: ignore[list-item]
            visits = come(context), come(context)
            context.close()
            return visits

        come_again(has_chat=False)
        for name, has_chat in (("empty", False), ("with one of every card", True)):
            first, second = zip(*(come_again(has_chat) for _ in range(arguments.visits)), strict=True)
            table.add_row(*row(f"{name}, first visit", list(first)))
            table.add_row(*row(f"{name}, second visit", list(second)))
        browser.close()
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
