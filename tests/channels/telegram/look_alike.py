"""A Bot API server of our own: takes what Telegram takes, refuses what it refuses, and fails when it is told to."""

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.channels.servers import Server

TOKEN = "4242:a-token-that-must-never-be-logged"
BOT = {"id": 4242, "is_bot": True, "first_name": "Respite", "username": "respite_bot"}
TAGS = {"b", "i", "blockquote"}
LONGEST = {"text": 4096, "caption": 1024}
LONGEST_CALLBACK = 64
MOMENT = 0.01

Params = dict[str, Any]


@dataclass
class Call:
    """A request that was accepted, with its files by field."""

    method: str
    params: Params
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def chat(self) -> int:
        return int(self.params["chat_id"])

    @property
    def text(self) -> str:
        return str(self.params.get("text", ""))

    @property
    def keyboard(self) -> list[Params]:
        """The buttons below a message, from top to bottom."""
        rows = json.loads(self.params.get("reply_markup", '{"inline_keyboard": []}'))["inline_keyboard"]
        return [button for row in rows for button in row]


@dataclass(frozen=True)
class Failure:
    """How a request fails: before it is accepted, or after."""

    kind: Literal["refuse", "drop after accepting", "delay after accepting"]
    status: int = 400
    description: str = ""
    retry_after: float | None = None
    seconds: float = 0


def too_many(seconds: float) -> Failure:
    return Failure("refuse", 429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def refused(description: str = "Bad Request: chat not found") -> Failure:
    return Failure("refuse", 400, description)


BLOCKED = Failure("refuse", 403, "Forbidden: bot was blocked by the user")
BROKEN = Failure("refuse", 500, "Internal Server Error")
LOST = Failure("drop after accepting")


def slow(seconds: float) -> Failure:
    return Failure("delay after accepting", seconds=seconds)


class BotApi:
    """Remembers what it accepted, in order. `fail` says what becomes of the next requests for a method."""

    def __init__(self) -> None:
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )
        self.server = Server(_WithTransport(app))
        self.forget()

    def forget(self) -> None:
        """Be as on the first day."""
        self.calls: list[Call] = []
        self.updates: list[Params] = []
        self.acknowledged = 0
        self.files: dict[str, bytes] = {}
        self.downloads: list[str] = []
        self.in_any_order: Callable[[list[Params]], list[Params]] = lambda updates: updates
        self._failures: defaultdict[tuple[str, int | None], list[Failure]] = defaultdict(list)
        self._message_ids = itertools.count(1)

    def fail(self, method: str, *failures: Failure, chat: int | None = None) -> None:
        self._failures[method, chat].extend(failures)

    def called(self, *methods: str) -> list[Call]:
        return [call for call in list(self.calls) if call.method in methods]

    def sent_to(self, chat: int) -> list[Call]:
        """Texts, pictures and documents in a chat."""
        return [call for call in self.called("sendMessage", "sendPhoto", "sendDocument") if call.chat == chat]

    def texts(self, chat: int) -> list[str]:
        return [call.text for call in self.sent_to(chat) if call.method == "sendMessage"]

    async def until(self, is_so: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait until something is so, and return it."""
        async with asyncio.timeout(seconds):
            while not (found := is_so()):
                await asyncio.sleep(MOMENT)
        return found

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        call = await _read(request)
        if call.method == "getUpdates":
            return await self._get_updates(call.params)
        failure = self._next_failure(call)
        if failure and failure.kind == "refuse":
            return _error(failure.status, failure.description, failure.retry_after)
        if mistake := _mistake(call):
            return _error(400, f"Bad Request: {mistake}")
        self.calls.append(call)
        if failure and failure.kind == "drop after accepting":
            request.scope["transport"].abort()
        if failure:
            await asyncio.sleep(failure.seconds)
        return JSONResponse({"ok": True, "result": self._result(call)})

    def _next_failure(self, call: Call) -> Failure | None:
        chat = int(call.params["chat_id"]) if "chat_id" in call.params else None
        for waiting in (self._failures[call.method, chat], self._failures[call.method, None]):
            if waiting:
                return waiting.pop(0)
        return None

    async def _get_updates(self, params: Params) -> Response:
        """As Telegram does: what is below the offset is forgotten, what is not is told again."""
        failure = self._next_failure(Call("getUpdates", {}))
        if failure:
            return _error(failure.status, failure.description, failure.retry_after)
        self.acknowledged = max(self.acknowledged, int(params.get("offset", 0)))
        self.updates = [update for update in self.updates if update["update_id"] >= self.acknowledged]
        if not self.updates:
            await asyncio.sleep(MOMENT)
        return JSONResponse({"ok": True, "result": self.in_any_order(list(self.updates))})

    def _result(self, call: Call) -> Any:
        match call.method:
            case "getMe":
                return BOT
            case "getFile":
                file_id = call.params["file_id"]
                size = len(self.files[file_id])
                return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": file_id}
            case "sendMessage" | "sendPhoto" | "sendDocument" | "editMessageReplyMarkup":
                chat = {"id": call.chat, "type": "private"}
                return {"message_id": next(self._message_ids), "date": 0, "chat": chat}
        return True

    async def _download(self, request: Request) -> Response:
        path = request.path_params["path"]
        self.downloads.append(path)
        return Response(self.files[path])


class _WithTransport:
    """Lets an application cut the connection of a request."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["transport"] = send.__self__.transport  # type: ignore[attr-defined]
        await self._app(scope, receive, send)


class Markup(HTMLParser):
    """The text of a message as Telegram reads its HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.mistake = "", [], ""
        self.feed(markup)
        self.close()
        if self.open:
            self.mistake = "can't parse entities: can't find end tag"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.mistake = f"can't parse entities: unsupported start tag {tag}"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistake = "can't parse entities: unexpected end tag"

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markup: str) -> str:
    """What a borrower reads of a message."""
    return Markup(markup).text


def _mistake(call: Call) -> str:
    """What Telegram would refuse a request for."""
    for name, longest in LONGEST.items():
        markup = Markup(call.params.get(name, ""))
        if call.params.get("parse_mode") == "HTML" and markup.mistake:
            return markup.mistake
        if len(markup.text.encode("utf-16-le")) // 2 > longest:
            return f"{name} is too long"
    if call.method == "sendMessage" and not shown(call.text).strip():
        return "message text is empty"
    if any(len(button["callback_data"].encode()) > LONGEST_CALLBACK for button in call.keyboard):
        return "BUTTON_DATA_INVALID"
    return ""


async def _read(request: Request) -> Call:
    call = Call(request.path_params["method"], dict(request.query_params))
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, str):
                call.params[name] = value
            else:
                call.files[name] = (value.filename or "", await value.read())
    return call


def _error(status: int, description: str, retry_after: float | None = None) -> Response:
    content: Params = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        content["parameters"] = {"retry_after": retry_after}
    return JSONResponse(content, status_code=status)
