"""A borrower who was away for long is signed out before anything is answered or shown."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import CHANNEL, WebChat, chat_key, new_token
from bot.web.access import COOKIE
from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.policies.load import policy
from respite.store.models import AuditEntry, Conversation, Plan
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.channels.conftest import Borrowers, WallClock
from tests.channels.servers import StandInRasa
from tests.unit.plans import desk

MINUTES = policy().identity.idle_minutes
AMOUNT = "You owe 1,100.32."
SIGNED_OUT = f"nothing was written here for {MINUTES} minutes"


@pytest.fixture
async def chat(
    borrowers: Borrowers, rasa: StandInRasa, mei: int, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> str:
    """A conversation in which Mei is signed in and has been told what she owes."""
    conversation_id = borrowers.join()
    with session_factory.begin() as session:
        vouched_for(session, conversation_id, mei, wall_clock.now)
    rasa.answer = lambda told: [{"text": AMOUNT}]
    await borrowers.say(conversation_id, "what do I owe?")
    assert AMOUNT in [entry.text for entry in await borrowers.see(conversation_id)]
    return conversation_id


def is_signed_in(session_factory: sessionmaker[Session], chat: str) -> bool:
    with session_factory() as session:
        return session.get_one(Conversation, chat).signed_in_borrower is not None


async def test_whoever_writes_in_time_stays_signed_in(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    for _ in range(3):
        wall_clock.move(minutes=MINUTES)
        await borrowers.say(chat, "and when?")
        await borrowers.see(chat)
    assert is_signed_in(session_factory, chat)


async def test_a_message_after_a_long_pause_finds_the_borrower_signed_out_and_they_are_told(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    was_signed_in: list[bool] = []

    def answer(told: str) -> list[dict[str, str]]:
        was_signed_in.append(is_signed_in(session_factory, chat))
        return [{"text": "Please send your phone number."}]

    rasa.answer = answer
    wall_clock.move(minutes=MINUTES, seconds=1)
    await borrowers.say(chat, "what do I owe?")
    seen = await borrowers.see(chat)
    assert [(entry.author, SIGNED_OUT in entry.text) for entry in seen] == [
        ("system", True),
        ("borrower", False),
        ("bot", False),
    ]
    assert was_signed_in == [False]


async def test_a_page_that_is_opened_after_a_long_pause_shows_nothing_of_before(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    wall_clock.move(minutes=MINUTES, seconds=1)
    [line] = await borrowers.history(chat)
    assert (line.author, SIGNED_OUT in line.text) == ("system", True)
    assert not is_signed_in(session_factory, chat)


async def test_it_is_said_once_however_often_the_page_is_opened(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    wall_clock.move(minutes=MINUTES, seconds=1)
    for _ in range(3):
        seen = await borrowers.history(chat)
    assert len(seen) == 1
    with session_factory() as session:
        ended = session.scalars(select(AuditEntry).where(AuditEntry.action == "idle_signed_out")).all()
    assert len(ended) == 1


async def test_reading_alone_keeps_nobody_signed_in(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    for _ in range(4):
        wall_clock.move(minutes=MINUTES / 3)
        await borrowers.history(chat)
    assert not is_signed_in(session_factory, chat)


async def test_an_open_page_is_told_to_begin_anew_though_nothing_comes(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.webchat.SECONDS_A_MINUTE", 0.001)
    async with aclosing(WebChat(borrowers.hub, borrowers.hub._clock).changes(chat, 0)) as changes:
        shown = (await anext(changes)).view
        wall_clock.move(minutes=MINUTES, seconds=1)
        async with asyncio.timeout(5):
            while (await anext(changes)).view == shown:
                pass


async def test_who_waits_for_staff_is_not_signed_out(
    chat: str, borrowers: Borrowers, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    with session_factory.begin() as session:
        session.execute(update(Conversation).values(owner="staff:7"))
    wall_clock.move(hours=2)
    assert AMOUNT in [entry.text for entry in await borrowers.history(chat)]


async def test_the_line_is_in_the_borrowers_language(
    borrowers: Borrowers, mei: int, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    conversation_id = borrowers.join("zh-Hant")
    with session_factory.begin() as session:
        vouched_for(session, conversation_id, mei, wall_clock.now)
    wall_clock.move(minutes=MINUTES, seconds=1)
    [line] = await borrowers.history(conversation_id)
    assert f"這裡已有{MINUTES}分鐘沒有新訊息" in line.text


async def test_a_document_is_not_given_to_an_unattended_screen(store_url: str, browser: httpx.AsyncClient) -> None:
    reference = desk.consent(desk.quote_restructuring(desk.lend("late"))).plan.reference
    token = new_token()
    with transaction() as session:
        borrower = session.scalars(select(Plan).where(Plan.reference == reference)).one().loan.borrower
        opened = open_conversation(session, CHANNEL, chat_key(token), "en", utc_now())
        vouched_for(session, opened.id, borrower.id, utc_now())
    browser.cookies.set(COOKIE, token)
    path = f"/plans/{reference}/confirmation.pdf"
    assert (await browser.get(path)).status_code == 200
    with transaction() as session:
        ago = utc_now() - timedelta(minutes=MINUTES, seconds=1)
        session.execute(update(Conversation).where(Conversation.id == opened.id).values(verified_at=ago))
    assert (await browser.get(path)).status_code == 404
