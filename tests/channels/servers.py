"""Real servers on real ports: one for any application, and a small stand-in for Rasa."""

import asyncio
import random
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from starlette.types import ASGIApp

Turn = dict[str, Any]
Reply = dict[str, Any]
STARTED_WITHIN = 10

PORTS = range(11_000, 32_000)
"""Browsers refuse one below these, and those above the system gives to whoever asks for any."""

_untried = iter(random.SystemRandom().sample(PORTS, len(PORTS)))


def free_port() -> int:
    """A port that nobody has. None is given twice."""
    for port in _untried:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


class Server:
    """An application on a port of this machine, to be started and stopped as often as a test wants."""

    def __init__(self, app: ASGIApp, options: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.app = app
        self.options = options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = uvicorn.Server(uvicorn.Config(self.app, port=self.port, log_config=None, **self.options))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        for _ in range(STARTED_WITHIN * 100):
            if self._server.started:
                return
            threading.Event().wait(0.01)
        raise TimeoutError("the server did not start")

    @property
    def is_stopping(self) -> bool:
        return self._server.should_exit

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


class StandInRasa:
    """Speaks the hub's protocol, remembers what it was told, and answers as a test tells it to.

    A turn that it `holds` is answered once it does so no more.
    """

    def __init__(self) -> None:
        app = FastAPI()
        app.get("/webhooks/hub/")(self._alive)
        app.post("/webhooks/hub/turn")(self._take_turn)
        self.server = Server(app)
        self.turns: list[Turn] = []
        self.traces: list[str | None] = []
        self.delay = 0.0
        self.holds: Callable[[str], bool] = lambda told: False
        self.milliseconds_in_actions = 0.0
        self.fails_with: int | None = None
        self.answer: Callable[[str], list[Reply]] = lambda told: [{"text": f"You said: {told}"}]

    @property
    def was_told(self) -> list[str]:
        return [_told(turn) for turn in self.turns]

    async def asked(self, times: int = 1) -> None:
        """Wait until it was asked so often."""
        while len(self.turns) < times:
            await asyncio.sleep(0.01)

    async def _alive(self) -> str:
        return "ok"

    async def _take_turn(self, turn: Turn, request: Request, response: Response) -> dict[str, list[Reply]]:
        fails_with, delay = self.fails_with, self.delay
        self.turns.append(turn)
        self.traces.append(request.headers.get("traceparent"))
        response.headers["Server-Timing"] = f"actions;dur={self.milliseconds_in_actions}"
        await asyncio.sleep(delay)
        while self.holds(_told(turn)) and not self.server.is_stopping:
            await asyncio.sleep(0.01)
        if fails_with:
            raise HTTPException(fails_with)
        return {"messages": self.answer(_told(turn))}


def _told(turn: Turn) -> str:
    return str(turn.get("payload") or turn["text"])
