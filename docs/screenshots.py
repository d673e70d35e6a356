"""`make screenshots`: hold conversations with the running bot in Chromium, work on the console, and keep pictures."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, ViewportSize, sync_playwright

from docs.console_pictures import take_console_pictures
from respite.store.demo_book import demo_borrowers
from tests.conversations.running_bot import RunningBot, running_bot
from tests.opening_hours import write_policy
from tests.web.conftest import ARGUMENTS, CHROMIUM

PICTURES = Path(__file__).parent / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 860}


class Visit(NamedTuple):
    """One demo borrower's conversation, and what it is held on. `choice` is the button of the plan looked at."""

    locale: str
    viewport: ViewportSize
    borrower: int
    question: str
    choice: str | None = None


VISITS = (
    Visit("en-GB", DESKTOP, 0, "I can't pay this month", "See this plan"),
    Visit("zh-CN", PHONE, 1, "手机那笔下个月10号还可以吗"),
)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_bot(Path(home), {"RESPITE_POLICY": str(_policy(Path(home)))}) as bot,
        sync_playwright() as playwright,
    ):
        subprocess.run([sys.executable, "-m", "respite.cli", "seed"], env=bot.environment, check=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for visit in VISITS:
            context = browser.new_context(viewport=visit.viewport, locale=visit.locale, reduced_motion="reduce")
            hold_conversation(context.new_page(), bot, visit)
        take_console_pictures(browser, bot, PICTURES)
        browser.close()


def _policy(home: Path) -> Path:
    """A lender whose desk is open, and where nobody is given a conversation before the picture is taken."""
    write_policy(home / "policy.yml", assignment="by_hand")
    return home / "policy.yml"


def hold_conversation(page: Page, bot: RunningBot, visit: Visit) -> None:
    """Ask, sign in, choose, read the terms; a picture of the beginning, of the answer and of the terms."""
    page.goto(bot.url)
    page.locator("#chat[data-connection=open]").wait_for()
    take(page, visit, "welcome")
    say(page, visit.question)
    say(page, demo_borrowers("en")[visit.borrower].phone)
    say(page, latest_code(bot))
    if visit.choice:
        take(page, visit, "answer")
        page.get_by_role("button", name=visit.choice).first.click()
        wait_for_answer(page)
    take(page, visit, "review")


def say(page: Page, text: str) -> None:
    page.locator("#draft").fill(text)
    page.locator("#draft").press("Enter")
    wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    page.wait_for_timeout(300)
    page.locator("#typing .typing").wait_for(state="detached")
    page.wait_for_timeout(300)


def latest_code(bot: RunningBot) -> str:
    return (bot.home / "demo-codes.txt").read_text().split()[-1]


def take(page: Page, visit: Visit, step: str) -> None:
    page.screenshot(path=PICTURES / f"{step}-{visit.locale}.png")


if __name__ == "__main__":
    main()
