"""Many transactions at once from one event loop."""

import asyncio
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.transactions import at_once, from_store, in_store, with_book
from respite.store.models import Conversation
from tests.databases import ON_POSTGRESQL

pytestmark = pytest.mark.usefixtures("session_factory")


@ON_POSTGRESQL
async def test_a_book_of_record_that_keeps_many_waiting_keeps_no_writer_waiting() -> None:
    answers = threading.Event()
    asking = [asyncio.create_task(with_book(lambda _: answers.wait(10))) for _ in range(100)]
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        assert await in_store(lambda session: session.scalars(select(Conversation.id)).all()) == []
    answers.set()
    assert all(await asyncio.gather(*asking))


@ON_POSTGRESQL
async def test_however_many_write_read_and_ask_a_process_can_say_that_it_lives() -> None:
    may_go_on = threading.Event()

    def hold(session: Session) -> None:
        session.connection()
        may_go_on.wait(10)

    busy = [asyncio.create_task(run(hold)) for run in (in_store, from_store, with_book) for _ in range(20)]
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        assert await at_once(lambda session: session.scalars(select(Conversation.id)).all()) == []
    may_go_on.set()
    await asyncio.gather(*busy)


async def test_writers_who_wait_for_their_turn_keep_no_reader_waiting() -> None:
    may_go_on, writing = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def write_slowly(session: Session) -> None:
        session.connection()
        loop.call_soon_threadsafe(writing.set)
        may_go_on.wait(10)

    async with asyncio.timeout(10):
        writers = [asyncio.create_task(in_store(write_slowly)) for _ in range(100)]
        await writing.wait()
        assert await from_store(lambda session: session.scalars(select(Conversation.id)).all()) == []
        may_go_on.set()
        await asyncio.gather(*writers)
