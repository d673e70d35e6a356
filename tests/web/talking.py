"""What a borrower does in a browser, and what is kept of how it looked."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

PICTURES = Path(".respite/checks/pictures")


def say(page: Page | FrameLocator, text: str) -> None:
    draft = page.locator("#draft")
    draft.fill(text)
    draft.press("Enter")


def wait_until(page: Page, has_come_true: Callable[[], bool]) -> None:
    """Go on once something is true of the server, while the page goes on, too."""
    while not has_come_true():
        page.wait_for_timeout(20)


def expect_delivery(bubble: Locator, words: str) -> None:
    """What a bubble says of its delivery: it has the words for every state, of which one at a time is shown."""
    expect(bubble).to_contain_text(words, use_inner_text=True)


def take_picture(page: Page, name: str) -> None:
    """Keep a picture among those that a run of the checks leaves behind."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{re.sub(r'[^A-Za-z0-9-]+', '-', name)}.png")
