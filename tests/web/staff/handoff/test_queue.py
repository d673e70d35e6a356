"""The queue in a real browser: its order, claiming, who is told what, and that it changes by itself."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from bot.web.staff.pages.queue.board import Board
from respite.clock import utc_now
from respite.policies.load import policy
from respite.staff.roles import StaffRole
from respite.store.announcements import announce
from respite.store.models import Conversation, StaffMember, StaffPresence
from respite.store.session import reading, transaction
from respite.support.conversations import open_conversation as begin_chat
from respite.support.handoffs import request_handoff
from respite.support.takeover import claim as take
from respite.support.vulnerability import Vulnerability, raise_flag
from tests.databases import ON_SQLITE
from tests.web.staff.conftest import Member, add
from tests.web.staff.handoff.conftest import Open
from tests.web.staff.handoff.talking import Chat, claim, handoff_of, items, line_of

pytestmark = ON_SQLITE


def waiting(reason: str = "asked", key: str = "a chat", language: str = "en") -> str:
    """The id of a conversation without a page that waits for a person."""
    with transaction() as session:
        conversation_id = begin_chat(session, "web", key, language, utc_now()).id
        request_handoff(session, conversation_id, reason, utc_now())
        return conversation_id


def test_who_asks_for_a_person_stands_in_the_queue_at_once_and_the_most_urgent_first(desk: Page) -> None:
    expect(desk.get_by_text("Nobody waits for you")).to_be_visible()

    waiting("asked", "first")
    expect(desk.get_by_text("Asked for a person")).to_be_visible()
    waiting("identity", "second", "zh-Hant")

    desk.get_by_role("button", name="Everybody who waits").click()
    lines = desk.locator(".queue tbody tr")
    expect(lines).to_have_count(2)
    waiting("distress", "third")
    expect(lines.first).to_contain_text("Distress")
    expect(lines.first).to_contain_text("Urgent")
    expect(lines.first.locator(".timer.due")).to_have_text(re.compile(r"4:[0-5]\d"))
    expect(desk.locator(".queue")).to_contain_text("Traditional Chinese")


def test_the_wait_counts_on_and_nothing_moves(desk: Page) -> None:
    waiting()
    line = line_of(desk)
    timer = line.locator("td").nth(4).locator(".timer")
    expect(timer).to_have_text(re.compile(r"\d:\d\d"))
    shown, before = timer.inner_text(), line.bounding_box()
    expect(timer).not_to_have_text(shown)

    assert line.bounding_box() == before


def test_keys_walk_through_the_queue_and_claim(desk: Page, chat: Chat) -> None:
    waiting(key="another")
    chat.ask_for_person()
    expect(desk.locator(".queue tbody tr")).to_have_count(2)
    expect(desk.locator(".queue .timer.due").first).to_have_text(re.compile(r"\d"))

    for key in ("j", "j", "j", "k", "j"):
        desk.keyboard.press(key)
    expect(desk.locator(".queue tbody tr").nth(1).get_by_role("button", name="Claim")).to_be_focused()
    desk.keyboard.press("Enter")

    desk.wait_for_url(f"**/conversations/{chat.conversation_id}")
    expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()


def test_a_claim_that_lost_says_who_has_it(open_as: Open, lin: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = waiting()
    desk = open_as(lin, "/queue")
    expect(line_of(desk)).to_have_count(1)
    monkeypatch.setattr(Board, "tell", lambda board: None)  # the page has not heard of it yet
    grace = add("grace", "Grace", StaffRole.AGENT)
    with transaction() as session:
        take(session, conversation_id, session.get_one(StaffMember, grace.id), utc_now())

    line_of(desk).get_by_role("button", name="Claim").click()

    expect(desk.get_by_text("Grace has this conversation already.")).to_be_visible()
    assert desk.url.endswith("/queue")


def test_what_somebody_else_claims_leaves_the_queue_of_everybody(open_as: Open, lin: Member, wei: Member) -> None:
    waiting()
    first, second = open_as(lin, "/queue"), open_as(wei, "/queue")
    expect(line_of(second)).to_have_count(1)

    claim(first)

    expect(second.get_by_text("Nobody waits for you")).to_be_visible()
    second.get_by_role("button", name="Being helped").click()
    expect(line_of(second)).to_contain_text("Lin")


def test_a_supervisor_steps_in_and_the_member_can_write_no_more(
    open_as: Open, desk: Page, wei: Member, chat: Chat
) -> None:
    chat.ask_for_person()
    page = claim(desk)
    boss = open_as(wei, "/queue")
    boss.get_by_role("button", name="Being helped").click()
    line_of(boss).get_by_role("button", name="Step in").click()

    expect(page.get_by_role("textbox", name="Reply")).to_be_disabled()
    expect(page.locator(".talk-head")).to_contain_text("With Wei")
    expect(chat.page.get_by_text("Wei has joined and takes over from Lin.")).to_be_visible()


def test_an_agent_is_offered_no_way_to_step_in(open_as: Open, lin: Member) -> None:
    conversation_id = waiting()
    grace = add("grace", "Grace", StaffRole.AGENT)
    with transaction() as session:
        take(session, conversation_id, session.get_one(StaffMember, grace.id), utc_now())
    desk = open_as(lin, "/queue")
    desk.get_by_role("button", name="Being helped").click()

    expect(line_of(desk).get_by_role("link", name="Open")).to_be_visible()
    expect(desk.get_by_role("button", name="Step in")).to_have_count(0)


def test_own_conversations_say_what_is_unread(desk: Page, chat: Chat, open_as: Open, lin: Member) -> None:
    chat.ask_for_person()
    claim(desk)
    expect(items(desk, "bot")).to_have_count(1)
    desk.get_by_role("link", name="Queue").click()
    own = desk.locator(".own-line")
    expect(own).to_have_count(1)
    expect(own.locator(".badge")).to_have_count(0)

    chat.say("are you there")
    chat.say("please")

    expect(own.locator(".badge")).to_have_text(re.compile(r"2\s*unread"))
    expect(desk).to_have_title("(2) Queue · Lantern Instalments")


def test_who_needs_care_is_marked_and_who_wishes_a_call_waits_at_the_end(desk: Page, chat: Chat) -> None:
    borrower_id = chat.sign_in()
    chat.ask_for_person()
    other = waiting(key="a call")
    with transaction() as session:
        raise_flag(session, borrower_id, Vulnerability.HEALTH, actor="bot", policy=policy(), now=utc_now())
        handoff = session.merge(handoff_of(other))
        handoff.callback_at, handoff.due_at = datetime(2100, 1, 15, tzinfo=UTC), datetime(2000, 1, 15, tzinfo=UTC)
        announce(session, session.get_one(Conversation, other))
    chat.say("thank you")

    lines = desk.locator(".queue tbody tr")
    expect(lines.first.locator(".badge.care")).to_have_text("Handle with care: Health")
    expect(lines.nth(1)).to_contain_text("2100")


def test_whoever_takes_a_break_is_seen_to(desk: Page, lin: Member) -> None:
    switch = desk.get_by_role("switch", name="I take conversations")
    expect(switch).to_be_checked()

    desk.keyboard.press("t")

    expect(switch).not_to_be_checked()
    expect(desk.locator(".at-work")).to_contain_text("on a break")
    with reading() as session:
        assert session.get_one(StaffPresence, lin.id).takes_conversations is False


class TestAutomaticAssignment:
    @pytest.fixture
    def rules(self) -> dict[str, object]:
        return {"assignment": "automatic"}

    def test_whoever_is_there_is_given_what_waits_and_sees_it(self, desk: Page, chat: Chat) -> None:
        chat.ask_for_person()

        expect(desk.locator(".own-line")).to_contain_text("New")
        expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()
