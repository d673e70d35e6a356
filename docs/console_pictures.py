"""Pictures of the console for staff: every page and state, by day in English and by night in Chinese."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize

from respite.clock import utc_now
from respite.policies.load import policy
from respite.settings import settings
from respite.staff.demo import add_demo_staff
from respite.staff.demo_queue import add_demo_queue
from respite.store.encryption import cipher
from respite.store.models import OutboxMessage
from respite.store.session import store, transaction
from respite.support.circumstances import Circumstances
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot

STATES = Path(".respite/screenshots")
SCREEN: ViewportSize = {"width": 1280, "height": 800}
WITHIN, BEYOND = "2026-12-20", "2027-02-20"
"""A day until which an agent may defer, and one for which somebody else is asked."""

NOTE = "Wants 60 days until the new job starts."


class Look(NamedTuple):
    """How a member sees the console, whom they talk to, and the words by which the parts of a page are found there."""

    name: str
    scheme: str
    language: str
    borrower: str
    words: dict[str, str]


LOOKS = (
    Look("light-en", "light", "en", "Emma Hughes", {}),
    Look(
        "dark-zh",
        "dark",
        "zh-Hans",
        "曹志强",
        {
            "Everybody who waits": "所有等待",
            "Plan desk": "方案台",
            "New due date": "新到期日",
            "Quote": "试算",
            NOTE: "新工作一月开始，需要约60天。",
        },
    ),
)


def take_console_pictures(browser: Browser, bot: RunningBot, pictures: Path) -> None:
    """All of them into STATES, and those of the README into `pictures` as well."""
    STATES.mkdir(parents=True, exist_ok=True)
    for earlier in STATES.glob("*.png"):
        earlier.unlink()
    os.environ |= bot.environment
    for remembered in (settings, policy, cipher, store):
        remembered.cache_clear()
    with transaction() as session:
        add_demo_staff(session, utc_now())
        add_demo_queue(session, Circumstances(policy(), BUSINESS_DATE, utc_now()))
    for look in LOOKS:
        _work_through_the_day(_sign_in(browser, bot, look, "lin"), bot, look)
        _look_around(_sign_in(browser, bot, look, "wei"), bot, look)
    for name in ("queue", "conversation"):
        (pictures / f"{name}-en-GB.png").write_bytes((STATES / f"{name}-light-en.png").read_bytes())


def _sign_in(browser: Browser, bot: RunningBot, look: Look, member: str) -> Page:
    """A page of the console, in a browser of its own."""
    context = browser.new_context(
        viewport=SCREEN,
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale="en-GB" if look.language == "en" else "zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{bot.url}/staff/sign-in")
    _take(page, look, "sign-in")
    page.locator(f"aside form:has(input[value={member}]) button").click()
    page.locator(".console").wait_for()
    if look.language != "en":
        page.locator(f".tools [lang={look.language}]").click()
        page.locator(f".tools [lang={look.language}][aria-pressed=true]").wait_for()
    return page


def _take(page: Page, look: Look, name: str) -> None:
    page.wait_for_timeout(350)
    page.screenshot(path=STATES / f"{name}-{look.name}.png")


def _work_through_the_day(page: Page, bot: RunningBot, look: Look) -> None:
    """Look at the queue, claim, talk and quote."""

    def take(name: str) -> None:
        _take(page, look, name)

    def word(text: str) -> str:
        return look.words.get(text, text)

    page.goto(f"{bot.url}/staff/queue")
    page.get_by_role("button", name=word("Everybody who waits")).click()
    page.get_by_role("link", name=look.borrower).wait_for()
    take("queue")
    page.keyboard.press("3")
    take("queue-empty")
    page.keyboard.press("2")
    _lose_connection(page, "queue-reconnecting", take)
    page.get_by_role("link", name=look.borrower).click()
    page.locator(".log .item").first.wait_for()
    take("conversation-locked")
    page.keyboard.press("a")
    page.locator(".composer textarea:enabled").wait_for()
    _talk(page, take, word)
    page.keyboard.press("?")
    take("keys")
    page.goto(f"{bot.url}/staff/approvals")
    take("denied")
    page.context.close()


def _look_around(page: Page, bot: RunningBot, look: Look) -> None:
    """The other pages, as a supervisor has them."""
    for path in ("cases", "approvals", "deliveries", "replies", "reports", "account"):
        page.goto(f"{bot.url}/staff/{path}")
        page.locator(".state-loading").first.wait_for(state="detached")
        if path == "cases":
            page.locator(".case-line").first.click()
        _take(page, look, path)
    page.context.close()


def _talk(page: Page, take: Callable[[str], None], word: Callable[[str], str]) -> None:
    """What a conversation looks like while somebody works in it."""
    field = page.locator(".composer textarea")
    field.fill("/")
    take("conversation-ready-replies")
    field.fill("/greeting")
    field.press("Enter")
    page.wait_for_function("/^[^/]/.test(document.querySelector('.composer textarea').value)")
    field.press("Enter")
    page.locator(".item.staff:not(.outgoing)").wait_for()
    field.press("Escape")
    page.keyboard.press("n")
    field.fill(word(NOTE))
    take("conversation-note-being-written")
    field.press("Enter")
    page.locator(".item.note").wait_for()
    take("conversation")
    _fail_the_last_message()
    page.reload()
    page.locator(".item.failed").wait_for()
    take("conversation-failed-message")
    _lose_connection(page, "conversation-reconnecting", take)
    page.keyboard.press("p")
    for day, name in ((WITHIN, "plan-desk"), (BEYOND, "plan-desk-beyond-authority")):
        page.get_by_label(word("New due date")).fill(day)
        page.get_by_role("button", name=word("Quote"), exact=True).click()
        page.locator(".comparison, .refused").first.wait_for()
        take(name)
    page.locator(".refused textarea").fill(word(NOTE))
    page.locator(".refused .button").click()
    page.locator(".refused").wait_for(state="detached")
    for key, name in (("x", "passing-on"), ("e", "giving-back"), ("v", "care"), ("o", "outreach")):
        page.keyboard.press(key)
        page.get_by_role("dialog").wait_for()
        take(name)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")


def _lose_connection(page: Page, name: str, take: Callable[[str], None]) -> None:
    page.evaluate("window.socket.disconnect()")
    take(name)
    page.evaluate("window.socket.connect()")
    page.wait_for_timeout(500)


def _fail_the_last_message() -> None:
    """As if the channel had refused what a member sent last."""
    with transaction() as session:
        sent = session.query(OutboxMessage).filter(OutboxMessage.author.startswith("staff:"))
        message = sent.order_by(OutboxMessage.id.desc()).first()
        assert message
        message.state, message.error = "failed", "The channel refused it."
