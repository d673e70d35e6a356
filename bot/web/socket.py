"""The sockets that keep a chat up to date: frames in, HTML fragments out."""

import asyncio

import structlog
from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from bot.channels.frames import ChatPass, Seen, Writing, from_page
from bot.channels.history import ChatEndedError
from bot.channels.webchat import WebChat
from bot.flooding import SLOWED_BY_SECONDS
from bot.incoming import Receipt
from bot.telemetry.figures import OPEN_SOCKETS
from bot.web.access import chat_token
from bot.web.entries import Cursor
from bot.web.languages import preferred_language
from bot.web.looks import look_in_frame, look_of
from bot.web.rate_limit import TOO_MANY, RequestLimit
from bot.web.rendering import Look, render_message, render_typing, render_ways_out
from bot.web.security import address_of, comes_from_our_page

BAD_FRAME = 4400
NO_CHAT = 4401
ANOTHER_VIEW = 4205
"""What the page shows is not what this chat is now: the page is to be loaded anew."""
SECONDS_FOR_A_PASS = 10

log = structlog.get_logger()
router = APIRouter()


@router.websocket("/chat")
async def talk(socket: WebSocket, after: Cursor = 0, view: str = "") -> None:
    """The socket of our own page. `after` is the id of the last entry that it has, `view` what it shows of the chat."""
    if not comes_from_our_page(socket):
        await socket.close()
        return
    await socket.accept()
    if token := chat_token(socket):
        chat: WebChat = socket.app.state.chat
        language = preferred_language(socket)
        await _talk(socket, await chat.open(token, language), after, view, look_of(socket, language))
    else:
        await socket.close(NO_CHAT)


@router.websocket("/embedded/chat")
async def talk_in_frame(socket: WebSocket, after: Cursor = 0, view: str = "") -> None:
    """The socket of a page in a frame, which sends its pass first: no cookie is looked at, and no log holds a pass."""
    if not comes_from_our_page(socket):
        await socket.close()
        return
    await socket.accept()
    if conversation_id := await _shown_pass(socket):
        await _talk(socket, conversation_id, after, view, look_in_frame(socket))
    else:
        await socket.close(NO_CHAT)


async def _shown_pass(socket: WebSocket) -> str | None:
    chat: WebChat = socket.app.state.chat
    try:
        async with asyncio.timeout(SECONDS_FOR_A_PASS):
            first = ChatPass.model_validate_json(await socket.receive_text())
    except (TimeoutError, ValidationError, KeyError, WebSocketDisconnect):
        return None
    return await chat.find_by_pass(first.chat_pass)


async def _talk(socket: WebSocket, conversation_id: str, after: int, view: str, look: Look) -> None:
    try:
        with OPEN_SOCKETS.track_inprogress():
            async with asyncio.TaskGroup() as tasks:
                showing = tasks.create_task(_show(socket, conversation_id, after, view, look))
                await _listen(socket, conversation_id)
                showing.cancel()
    except* WebSocketDisconnect:
        log.info("page gone", conversation=conversation_id)


async def _listen(socket: WebSocket, conversation_id: str) -> None:
    chat: WebChat = socket.app.state.chat
    limit: RequestLimit = socket.app.state.request_limit
    while True:
        try:
            frame = from_page.validate_json(await socket.receive_text())
        except (ValidationError, KeyError):  # KeyError: bytes in the place of text
            await socket.close(BAD_FRAME)
            return
        if not await limit.allows_frame(conversation_id):
            await socket.close(TOO_MANY)
            return
        if isinstance(frame, Seen):
            await chat.see(conversation_id, frame.seen)
        elif isinstance(frame, Writing):
            await chat.write(conversation_id, frame.writing)
        elif await chat.receive(conversation_id, frame, address_of(socket)) == Receipt.SLOWED:
            await asyncio.sleep(SLOWED_BY_SECONDS)


async def _show(socket: WebSocket, conversation_id: str, after: int, view: str, look: Look) -> None:
    chat: WebChat = socket.app.state.chat
    writing, is_personal = (False, ""), None
    try:
        async for change in chat.changes(conversation_id, after):
            view = view or change.view
            if change.view != view:
                break
            for entry in change.entries:
                await socket.send_text(render_message(entry, change.language))
            if (change.answering, change.typist) != writing:
                writing = change.answering, change.typist
                await socket.send_text(render_typing(change.answering, change.language, change.typist))
            if change.is_personal != is_personal:
                is_personal = change.is_personal
                await socket.send_text(render_ways_out(change, look))
    except ChatEndedError:
        log.info("chat left", conversation=conversation_id)
    await socket.close(ANOTHER_VIEW)
