"""Hearing of conversations that have changed: from every process on PostgreSQL, from this one on SQLite."""

import asyncio
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import make_url
from tenacity import retry, wait_exponential

from respite.store.announcements import CHANNEL, Hear, listen_here
from respite.store.session import FOUND_DEAD, store


class News:
    """Calls `hear` in this event loop for every change; `missed_some` after a time in which none could be heard."""

    def __init__(self, hear: Hear, missed_some: Callable[[], None]) -> None:
        self._hear = hear
        self._missed_some = missed_some
        self._listening: asyncio.Task[None] | None = None
        self._listen_no_more: Callable[[], None] = lambda: None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        if store().kw["bind"].dialect.name == "postgresql":
            self._listening = asyncio.create_task(self._listen())
        else:
            self._listen_no_more = listen_here(lambda *news: loop.call_soon_threadsafe(self._hear, *news))

    async def stop(self) -> None:
        self._listen_no_more()
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    @retry(wait=wait_exponential(multiplier=0.1, max=2))
    async def _listen(self) -> None:
        async with await _connect() as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._missed_some()
            async for notification in connection.notifies():
                channel, _, conversation_id = notification.payload.partition(":")
                self._hear(channel, conversation_id)


async def _connect() -> psycopg.AsyncConnection:
    engine = store().kw["bind"]
    arguments, options = engine.dialect.create_connect_args(make_url(engine.url))
    return await psycopg.AsyncConnection.connect(*arguments, **options | FOUND_DEAD, autocommit=True)
