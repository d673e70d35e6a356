"""How the pages look and read: to whoever cannot see them, in the dark, in Chinese, on a small screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from respite.clock import utc_now
from respite.store.models import StaffMember
from respite.store.session import transaction
from respite.support.cases import open_case
from respite.support.conversations import locked_conversation
from respite.support.notes import add_note
from respite.support.outbox import add_line
from tests.databases import ON_SQLITE
from tests.web.staff.conftest import Member
from tests.web.staff.handoff.conftest import Open
from tests.web.staff.handoff.talking import Chat, items, open_conversation, reply, until_ready

pytestmark = ON_SQLITE


NOTHING_FADES = """() => document.getAnimations().every(
  (each) => each.playState === "finished" || each.effect.getComputedTiming().iterations === Infinity
)"""


def offences(page: Page) -> list[str]:
    page.wait_for_function(NOTHING_FADES)
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.fixture
def busy(chat: Chat, wei: Member) -> Chat:
    """A borrower with loans, a dispute, a note and a message that may be lost, who waits."""
    chat.sign_in()
    with transaction() as session:
        open_case(session, chat.conversation_id, "dispute", "I paid on the 3rd.", utc_now())
        add_line(session, locked_conversation(session, chat.conversation_id), "Lost", utc_now()).state = "unknown"
        add_note(session, chat.conversation_id, session.get_one(StaffMember, wei.id), "Calls at night", utc_now())
    chat.ask_for_person("distress")
    return chat


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_as: Open, wei: Member, busy: Chat, scheme: str) -> None:
    page = open_as(wei, "/queue", color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("button", name="Everybody who waits").click()
    expect(page.locator(".queue tbody tr")).to_have_count(1)
    found = {"queue": offences(page)}
    page.get_by_role("button", name="Claim").click()
    until_ready(page)
    expect(page.locator(".file-section").first).to_be_visible()
    reply(page, "Hello")
    expect(items(page, "staff")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    found["conversation"] = offences(page)
    page.get_by_role("button", name="Plan desk").click()
    page.get_by_label("New due date").fill("2026-12-20")
    page.get_by_role("button", name="Quote", exact=True).click()
    expect(page.locator(".comparison")).to_be_visible()
    found["plan desk"] = offences(page)
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".q-transition--scale-enter-active, .q-transition--fade-enter-active")).to_have_count(0)
    found["dialog"] = offences(page)
    for path in ("cases", "replies", "approvals", "deliveries"):
        page.goto(f"{page.url.split('/staff')[0]}/staff/{path}")
        expect(page.locator(".console")).to_be_visible()
        if path == "cases":
            page.locator(".case-line").click()
            expect(page.get_by_label("Answer", exact=True)).to_be_visible()
        found[path] = offences(page)

    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_conversation_fits_the_screen_and_only_its_parts_scroll(
    open_as: Open, wei: Member, busy: Chat, width: int
) -> None:
    page = open_as(wei, viewport={"width": width, "height": 800})
    open_conversation(page, busy.conversation_id)
    expect(page.locator(".file-section").first).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('main').scrollHeight <= innerHeight")
    box = page.locator(".composer").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 800


def test_in_chinese_nothing_stays_english(open_as: Open, wei: Member, busy: Chat) -> None:
    with transaction() as session:
        session.get_one(StaffMember, wei.id).interface_language = "zh-Hans"
    page = open_as(wei, "/queue")
    page.get_by_role("button", name="所有等待").click()
    expect(page.locator(".queue tbody tr")).to_contain_text("情绪困扰")
    page.get_by_role("button", name="接入").click()
    page.wait_for_url("**/conversations/*")
    expect(page.get_by_role("textbox", name="回复")).to_be_enabled()
    expect(page.locator(".file-summary")).to_contain_text("逾期")

    kept = {"Mei Chen", "Wei", "EN", "Web", "DEMO"}
    said = page.locator(".talk-head, .talk-own, .composer, .file-section summary").all_inner_texts()
    words = {word for text in said for word in text.split() if word.isascii() and word.isalpha()}
    assert words - {part for name in kept for part in name.split()} <= {"Enter", "Shift"}


def test_a_lost_connection_and_a_store_that_does_not_answer_are_said(
    open_as: Open, wei: Member, busy: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_as(wei, "/queue")
    expect(page.get_by_role("button", name="Everybody who waits")).to_be_visible()

    def unreachable(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("bot.web.staff.pages.queue.board.open_requests", unreachable)
    busy.say("anybody there")

    expect(page.get_by_text("The queue cannot be read just now; it comes back by itself.")).to_be_visible()
    monkeypatch.undo()
    expect(page.get_by_text("The queue cannot be read just now; it comes back by itself.")).to_have_count(0)
