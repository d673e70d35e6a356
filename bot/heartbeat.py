"""Saying that this process is alive, so that nobody else takes up what it is doing."""

import asyncio
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.transactions import at_once, in_store
from respite.clock import Clock
from respite.store import processes

BEAT_SECONDS = 1


class Heartbeat:
    """One living process; `process_id` names it once it has started."""

    process_id: str

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def start(self) -> None:
        self.process_id = await in_store(lambda session: processes.begin(session, self._clock.now()))
        self._beating = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        with suppress(SQLAlchemyError):
            await in_store(lambda session: processes.end(session, self.process_id))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(SQLAlchemyError):
                await at_once(lambda session: processes.stay_alive(session, self.process_id, self._clock.now()))
