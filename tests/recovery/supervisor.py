"""Programs that are started again at once whenever they end, as the supervisor of an operating system does."""

import asyncio
import os
import signal
import time
from contextlib import suppress

import httpx

from respite.cli.programs import Program
from tests.recovery.losing import LosingProxy

LOOK_EVERY_SECONDS = 0.02
SECONDS_TO_START = 120


class Supervised:
    """One program, over and over. `ready` is set while it answers, and while a `proxy` in front of it listens."""

    def __init__(self, program: Program, proxy: LosingProxy | None = None) -> None:
        self.program = program
        self.proxy = proxy
        self.ready = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process_id(self) -> int:
        assert self._process
        return self._process.pid

    async def run(self) -> None:
        """Keep the program running until this is cancelled, and kill it then."""
        while True:
            self._process = await self._start()
            waiting = asyncio.create_task(self._wait_until_it_answers())
            try:
                await self._process.wait()
            except asyncio.CancelledError:
                self.kill()
                await self._process.wait()
                raise
            finally:
                waiting.cancel()
                self._leave()

    def kill(self) -> None:
        """End the program as `kill -9` does: it can do nothing about it."""
        self._leave()
        with suppress(ProcessLookupError):
            if self._process:
                os.kill(self._process.pid, signal.SIGKILL)

    def _leave(self) -> None:
        self.ready.clear()
        if self.proxy:
            self.proxy.leave()

    async def _start(self) -> asyncio.subprocess.Process:
        assert self.program.log
        self.program.log.parent.mkdir(parents=True, exist_ok=True)
        with self.program.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *self.program.command,
                env=self.program.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        async with httpx.AsyncClient(trust_env=False) as http:
            while not await self._answers(http):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{self.program.name} did not answer. Its log is {self.program.log}.")
                await asyncio.sleep(LOOK_EVERY_SECONDS)
        if self.proxy:
            await self.proxy.listen()
        self.ready.set()

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        with suppress(httpx.TransportError):
            return (await http.get(self.program.health)).is_success
        return False
