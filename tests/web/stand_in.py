"""A small stand-in for the application: it keeps one conversation in memory and answers by keyword."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from bot.web.entries import Author, ChatEntry
from bot.web.rendering import render_message, render_page, render_typing
from respite.store.demo_book import DemoBorrower
from respite.support.messages import Button, Card
from tests.web import samples

STATIC = Path(__file__).parents[2] / "bot" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
DEMO = (
    DemoBorrower("Li Na", "138 0000 0001", "one instalment 17 days past due"),
    DemoBorrower("Wang Wei", "138 0000 0002", "three loans, all on time"),
    DemoBorrower("Chen Jing", "138 0000 0003", "a plan already booked"),
)

CARDS: dict[str, Callable[[str], Card]] = {"plans": samples.plans, "schedule": samples.schedule}


@dataclass
class StandIn:
    """What the page talks to, and what a test may look at or set."""

    language: str = "en"
    entries: list[ChatEntry] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    acknowledges: bool = True
    answers: bool = True
    demo: tuple[DemoBorrower, ...] = ()

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_middleware(GZipMiddleware, minimum_size=500)
        app.mount("/static", StaticFiles(directory=STATIC))

        @app.middleware("http")
        async def secured(request: Request, proceed: Any) -> Response:
            response: Response = await proceed(request)
            response.headers["Content-Security-Policy"] = POLICY
            return response

        @app.get("/", response_class=HTMLResponse)
        async def page() -> str:
            cursor = self.entries[-1].id if self.entries else 0
            return render_page(self.language, self.entries, cursor, self.demo)

        @app.post("/language")
        async def change_language(request: Request) -> RedirectResponse:
            self.language = parse_qs((await request.body()).decode())["language"][0]
            return RedirectResponse("/", status_code=303)

        @app.websocket("/chat")
        async def chat(socket: WebSocket, after: int) -> None:
            await socket.accept()
            self.sockets.append(socket)
            for missed in [entry for entry in self.entries if entry.id > after]:
                await socket.send_text(render_message(missed, self.language))
            try:
                while True:
                    await self.hear(socket, await socket.receive_json())
            except WebSocketDisconnect:
                self.sockets.remove(socket)

        return app

    async def hear(self, socket: WebSocket, message: dict[str, Any]) -> None:
        del message["headers"]
        known = [entry for entry in self.entries if entry.client_id == message["client_id"]]
        self.received.append(message)
        if not self.acknowledges:
            return
        if known:
            await socket.send_text(render_message(known[0], self.language))
            return
        text = message.get("text") or f"pressed {message.get('button') or message['request']}"
        await self.add(text, "borrower", client_id=message["client_id"])
        if self.answers:
            await self.broadcast(render_typing(True, self.language))
            await asyncio.sleep(0.1)
            await self.broadcast(render_typing(False, self.language))
            make_card = CARDS.get(text)
            card = make_card(self.language) if make_card else None
            await self.add(f"You said: {text}", card=card, buttons=samples.replies(self.language))

    async def add(
        self,
        text: str,
        author: Author = "bot",
        card: Card | None = None,
        buttons: tuple[Button, ...] = (),
        client_id: str | None = None,
    ) -> None:
        entry = samples.entry(len(self.entries) + 1, text, author, card, buttons, client_id)
        self.entries.append(entry)
        await self.broadcast(render_message(entry, self.language))

    async def broadcast(self, fragment: str) -> None:
        for socket in self.sockets:
            await socket.send_text(fragment)
