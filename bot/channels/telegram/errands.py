"""What is done on Telegram beside the messages: nothing depends on it, and nobody waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Errands:
    """Runs errands beside everything else; one that fails is logged and forgotten."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_run(errand))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _run(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except Exception as error:
        log.warning("errand failed", reason=type(error).__name__)
