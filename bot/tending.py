"""Seeing to the queue for a person every few seconds, so that nobody in it is forgotten."""

import asyncio

import structlog

from bot.transactions import in_store
from respite.clock import Clock
from respite.policies.load import policy
from respite.support.tending import tend_queue

SECONDS_BETWEEN_ROUNDS = 3

log = structlog.get_logger()


class Tending:
    """One round after another; several processes do not get in each other's way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def start(self) -> None:
        self._going_round = asyncio.create_task(self._go_round())

    async def stop(self) -> None:
        self._going_round.cancel()
        await asyncio.gather(self._going_round, return_exceptions=True)

    async def _go_round(self) -> None:
        while True:
            try:
                await in_store(lambda session: tend_queue(session, policy(), self._clock.now()))
            except Exception as error:  # no database: its users say so, and the next round may find it
                log.warning("the queue was not tended", reason=type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
