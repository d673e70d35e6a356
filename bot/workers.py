"""Work on many conversations at once, and in each of them on one thing after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import Context

import structlog
from sqlalchemy.orm import Session
from tenacity import RetryCallState, retry, wait_exponential

from bot.transactions import from_store

LOOK_EVERY_SECONDS = 1
LONGEST_WAIT_SECONDS = 2

log = structlog.get_logger()


class Workers:
    """One worker for each conversation that has work; `work` does all that there is, and is called again if it fails.

    `find_work` names the conversations in which some is left, whoever left it: this process before it was started
    anew, or another one that has died.
    """

    def __init__(self, work: Callable[[str], Awaitable[None]], find_work: Callable[[Session], Sequence[str]]) -> None:
        self._work = work
        self._find_work = find_work
        self._woken: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self.are_stopping = False

    async def start(self) -> None:
        self._looking = asyncio.create_task(self._look_for_work())

    async def stop(self, patience: float = 0) -> None:
        """Begin nothing more, and leave off after `patience` seconds; what is not done yet stays stored."""
        self.are_stopping = True
        if self._looking:
            self._looking.cancel()
        if self._workers:
            await asyncio.wait(self._workers.values(), timeout=patience)
        for worker in self._workers.values():
            worker.cancel()
        await asyncio.gather(*self._workers.values(), *filter(None, [self._looking]), return_exceptions=True)

    def wake(self, conversation_id: str) -> None:
        """Have the work in a conversation done, again if it is being done."""
        if self.are_stopping:
            return
        self._woken.add(conversation_id)
        if conversation_id not in self._workers:
            self._workers[conversation_id] = asyncio.create_task(self._serve(conversation_id), context=Context())

    async def _serve(self, conversation_id: str) -> None:
        structlog.contextvars.bind_contextvars(conversation=conversation_id)
        while conversation_id in self._woken and not self.are_stopping:
            self._woken.discard(conversation_id)
            await self._work_until_done(conversation_id)
        del self._workers[conversation_id]

    @retry(wait=wait_exponential(multiplier=0.1, max=LONGEST_WAIT_SECONDS), before_sleep=lambda state: _log(state))
    async def _work_until_done(self, conversation_id: str) -> None:
        await self._work(conversation_id)

    async def _look_for_work(self) -> None:
        while True:
            with suppress(Exception):  # no database: its users say so, and it is looked for again
                for conversation_id in await from_store(self._find_work):
                    self.wake(conversation_id)
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def _log(state: RetryCallState) -> None:
    assert state.outcome is not None
    error = state.outcome.exception()
    log.warning("tried again", conversation=state.args[1], reason=type(error).__name__, attempt=state.attempt_number)
