"""Real servers on real ports: one for any application, and a small stand-in for Rasa."""

import asyncio
import socket
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from starlette.types import ASGIApp

Turn = dict[str, Any]
Reply = dict[str, Any]
STARTED_WITHIN = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


class StandInRasa:
    """Speaks the hub's protocol, remembers what it was told, and answers as a test tells it to."""

    def __init__(self) -> None:
        app = FastAPI()
        app.get("/webhooks/hub/")(self._alive)
        app.post("/webhooks/hub/turn")(self._take_turn)
        self.server = Server(app)
        self.turns: list[Turn] = []
        self.traces: list[str | None] = []
        self.delay = 0.0
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
        self.turns.append(turn)
        self.traces.append(request.headers.get("traceparent"))
        response.headers["Server-Timing"] = f"actions;dur={self.milliseconds_in_actions}"
        await asyncio.sleep(self.delay)
        if self.fails_with:
            raise HTTPException(self.fails_with)
        return {"messages": self.answer(_told(turn))}


def _told(turn: Turn) -> str:
    return str(turn.get("payload") or turn["text"])
