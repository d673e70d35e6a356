"""A small stand-in for the application: it keeps one conversation in memory and answers by keyword."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.web.app import SMALLEST_COMPRESSED
from bot.web.assets import Assets, assets_path
from bot.web.entries import Author, Change, ChatEntry
from bot.web.rendering import Look, render_message, render_page, render_typing
from bot.web.security import content_policy
from respite.store.demo_book import DemoBorrower
from respite.support.messages import Button, Card, File
from tests.web import samples

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
    seen: list[int] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    answers_files_with: int = 202
    files_at_once: int = 0
    most_files_at_once: int = 0
    read_up_to: int = 0
    is_personal: bool = False
    is_expired: bool = False
    look: Look = field(default_factory=Look)
    theme: str = ""
    chat: str = "a-chat"
    sockets: list[WebSocket] = field(default_factory=list)
    acknowledges: bool = True
    answers: bool = True

    @property
    def change(self) -> Change:
        return Change(
            self.entries,
            cursor=self.entries[-1].id if self.entries else 0,
            language=self.language,
            is_personal=self.is_personal,
            is_expired=self.is_expired,
            view="a-view",
            read_up_to=self.read_up_to,
        )

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED)
        app.mount(assets_path(), Assets())

        @app.middleware("http")
        async def secured(request: Request, proceed: Any) -> Response:
            response: Response = await proceed(request)
            response.headers["Content-Security-Policy"] = content_policy()
            return response

        @app.get("/", response_class=HTMLResponse)
        async def page() -> str:
            return render_page(self.change, self.look, self.chat)

        @app.get("/theme.css")
        async def theme() -> Response:
            return Response(self.theme, media_type="text/css")

        @app.post("/files")
        async def take_file(request: Request, client_id: str) -> Response:
            self.files_at_once += 1
            self.most_files_at_once = max(self.most_files_at_once, self.files_at_once)
            name, content = unquote(request.headers["x-file-name"]), await request.body()
            await asyncio.sleep(0.1)
            self.files_at_once -= 1
            if self.answers_files_with == 202:
                self.files[name] = content
                kept = File(id="f" * 32, name=name, media_type="application/pdf", size=len(content))
                await self.add(name, "borrower", client_id=client_id, files=(kept,))
            return Response(status_code=self.answers_files_with)

        @app.post("/language")
        async def change_language(request: Request) -> RedirectResponse:
            self.language = parse_qs((await request.body()).decode())["language"][0]
            return RedirectResponse("/", status_code=303)

        @app.websocket("/chat")
        async def chat(socket: WebSocket, after: int) -> None:
            self.loop = asyncio.get_running_loop()
            self.sockets.append(socket)
            await socket.accept()
            for missed in [entry for entry in self.entries if entry.id > after]:
                await socket.send_text(render_message(missed, self.language))
            try:
                while True:
                    await self.hear(socket, await socket.receive_json())
            except WebSocketDisconnect:
                self.sockets.remove(socket)

        return app

    def at_once(self, deed: Coroutine[Any, Any, None]) -> None:
        """Have something done on the server, which is in another thread than the test."""
        asyncio.run_coroutine_threadsafe(deed, self.loop).result()

    async def hang_up(self, code: int) -> None:
        for socket in list(self.sockets):
            await socket.close(code)

    async def hear(self, socket: WebSocket, message: dict[str, Any]) -> None:
        if "seen" in message:
            self.seen.append(message["seen"])
            return
        if "writing" in message:
            return
        del message["headers"]
        known = [entry for entry in self.entries if entry.client_id == message["client_id"]]
        self.received.append(message)
        if not self.acknowledges:
            return
        if known:
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
        files: tuple[File, ...] = (),
    ) -> None:
        entry = samples.entry(len(self.entries) + 1, text, author, card, buttons, client_id, files)
        self.entries.append(entry)
        await self.broadcast(render_message(entry, self.language))

    async def broadcast(self, fragment: str) -> None:
        for socket in list(self.sockets):
            with suppress(WebSocketDisconnect, RuntimeError):  # a page that has just come or gone
                await socket.send_text(fragment)
