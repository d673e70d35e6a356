"""Signs that somebody is writing: told at once, kept for seconds, and nowhere else."""

import asyncio

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import WebChat
from bot.doorbell import Doorbell
from bot.typing import Typing
from respite.clock import utc_now
from respite.staff.accounts import Profile, actor_of, add
from respite.staff.roles import StaffRole
from respite.support.ownership import change_owner
from tests.channels.conftest import Borrowers, NewHub
from tests.databases import ON_POSTGRESQL


def take_over(conversation_id: str, session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        lin = add(session, "lin", Profile("Lin", StaffRole.AGENT), "system", utc_now())
        change_owner(session, conversation_id, "bot", actor_of(lin))


async def until(is_so, seconds: float = 10) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_a_borrower_sees_which_member_of_staff_is_writing(
    borrowers: Borrowers, session_factory: sessionmaker[Session]
) -> None:
    conversation_id = borrowers.join()
    take_over(conversation_id, session_factory)
    chat = WebChat(borrowers.hub, borrowers.hub._clock)

    changes = chat.changes(conversation_id, 0)
    assert (await anext(changes)).typist == ""
    await borrowers.hub.note_typing(conversation_id, "staff", True)
    assert (await anext(changes)).typist == "Lin"
    await borrowers.hub.note_typing(conversation_id, "staff", False)
    assert (await anext(changes)).typist == ""


async def test_staff_see_that_the_borrower_is_writing_once_they_have_the_conversation(
    borrowers: Borrowers, session_factory: sessionmaker[Session]
) -> None:
    conversation_id = borrowers.join()
    chat = WebChat(borrowers.hub, borrowers.hub._clock)
    await chat.write(conversation_id, True)
    assert not borrowers.hub.typing.is_writing(conversation_id, "borrower")

    take_over(conversation_id, session_factory)
    await chat.write(conversation_id, True)

    await until(lambda: borrowers.hub.typing.is_writing(conversation_id, "borrower"))


@ON_POSTGRESQL
async def test_every_process_on_postgresql_is_told(new_hub: NewHub, borrowers: Borrowers) -> None:
    other, conversation_id = await new_hub(), borrowers.join()

    async with asyncio.timeout(10):
        while not other.typing.is_writing(conversation_id, "staff"):  # it may not have begun to listen yet
            await borrowers.hub.note_typing(conversation_id, "staff", True)
            await asyncio.sleep(0.05)


async def test_a_sign_fades_by_itself_and_a_new_one_makes_it_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.typing.LASTS_SECONDS", 0.2)
    rung: list[str] = []
    typing = Typing(rung.append)

    typing.begin("a", "staff")
    [first] = typing._fading["a"].values()
    typing.begin("a", "staff")
    [second] = typing._fading["a"].values()
    assert typing.is_writing("a", "staff")
    assert first.cancelled()
    assert second.when() >= first.when()
    await until(lambda: not typing.is_writing("a", "staff"))

    assert rung == ["a", "a"]


def test_whoever_overhears_hears_every_bell_and_that_some_were_missed() -> None:
    bell, heard = Doorbell(), list[str | None]()
    with bell.overhearing(heard.append):
        bell.ring("a")
        bell.ring_all()
    bell.ring("b")

    assert heard == ["a", None]


def test_what_staff_have_read_is_news_for_the_queue_and_not_for_the_chat() -> None:
    bell, heard = Doorbell(), list[str | None]()
    with bell.overhearing(heard.append), bell.listening("a") as rung:
        bell.murmur("a")
        assert not rung.is_set()

    assert heard == ["a"]
