"""The borrower's page: one HTML page, the socket that keeps it up to date, and the choice of its language."""

import asyncio
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from bot.channels.webchat import Change, Frame, WebChat, new_token
from bot.texts import LANGUAGES
from bot.web.entries import Cursor
from bot.web.rendering import render_message, render_page, render_typing, render_ways_out
from bot.web.security import address_of, comes_from_our_page
from respite.languages import to_traditional, written_in
from respite.settings import Settings
from respite.store.demo_book import DemoBorrower, demo_borrowers

COOKIE = "respite_chat"
NO_CHAT = 4401
BAD_FRAME = 4400
TRADITIONAL = frozenset({"Hant", "TW", "HK", "MO"})
COME_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Respite</title>'

log = structlog.get_logger()
router = APIRouter()


@router.get("/")
async def page(request: Request) -> HTMLResponse:
    """The page with what stands in the chat; a new visitor gets a chat of their own."""
    token = request.cookies.get(COOKIE)
    if token is None and request.headers.get("sec-fetch-site") == "cross-site":
        return HTMLResponse(COME_AGAIN)  # a link on another site brings no strict cookie, our own page does
    history = await _history(request, token)
    visitors = _demo_borrowers(request.app.state.settings, history.language)
    html = render_page(history.language, history.entries, history.cursor, visitors, history.is_personal)
    response = HTMLResponse(html, headers={"Cache-Control": "no-store"})
    if token is None:
        keep_chat(response, new_token(), request)
    return response


def keep_chat(response: Response, token: str, request: Request) -> None:
    """Let the browser keep a chat's token where no script can read it."""
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure)


async def _history(request: Request, token: str | None) -> Change:
    chat: WebChat = request.app.state.chat
    conversation_id = token and await chat.find(token)
    if conversation_id:
        return await chat.history(conversation_id)
    return Change(entries=[], cursor=0, language=preferred_language(request), answering=False, is_personal=False)


def _demo_borrowers(settings: Settings, language: str) -> list[DemoBorrower]:
    if not settings.demo:
        return []
    visitors = [DemoBorrower(*visitor) for visitor in demo_borrowers(written_in(language))]
    if language != "zh-Hant":
        return visitors
    return [visitor._replace(what_to_try=to_traditional(visitor.what_to_try)) for visitor in visitors]


@router.post("/language")
async def change_language(request: Request) -> Response:
    """Go on in another language, and show the page in it."""
    token = request.cookies.get(COOKIE)
    chosen = parse_qs((await request.body()).decode()).get("language", [""])[0]
    if not comes_from_our_page(request) or token is None or chosen not in LANGUAGES:
        return PlainTextResponse("Choose a language on the chat page.", status_code=400)
    chat: WebChat = request.app.state.chat
    await chat.change_language(await chat.open(token, chosen), chosen)
    return RedirectResponse("/", status_code=303)


@router.websocket("/chat")
async def talk(socket: WebSocket, after: Cursor = 0) -> None:
    """Frames in, HTML fragments out; `after` is the id of the last entry that the page has."""
    if not comes_from_our_page(socket):
        await socket.close()
        return
    await socket.accept()
    token = socket.cookies.get(COOKIE)
    if token is None:
        await socket.close(NO_CHAT)
        return
    chat: WebChat = socket.app.state.chat
    conversation_id = await chat.open(token, preferred_language(socket))
    try:
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(_show(socket, chat, conversation_id, after))
            await _listen(socket, chat, conversation_id)
            showing.cancel()
    except* WebSocketDisconnect:
        log.info("page gone", conversation=conversation_id)


async def _listen(socket: WebSocket, chat: WebChat, conversation_id: str) -> None:
    while True:
        try:
            frame = Frame.model_validate_json(await socket.receive_text())
        except ValidationError:
            await socket.close(BAD_FRAME)
            return
        await chat.receive(conversation_id, frame, address_of(socket))


async def _show(socket: WebSocket, chat: WebChat, conversation_id: str, after: int) -> None:
    typing, is_personal = False, None
    async for change in chat.changes(conversation_id, after):
        for entry in change.entries:
            await socket.send_text(render_message(entry, change.language))
        if change.answering != typing:
            typing = change.answering
            await socket.send_text(render_typing(typing, change.language))
        if change.is_personal != is_personal:
            is_personal = change.is_personal
            await socket.send_text(render_ways_out(is_personal, change.language))


def preferred_language(connection: HTTPConnection) -> str:
    """The first of our languages that the browser asks for; English when it asks for none of them."""
    asked = connection.headers.get("accept-language", "").split(",")
    return next((language for language in map(_our_language, asked) if language), "en")


def _our_language(tag: str) -> str | None:
    spoken, *rest = tag.partition(";")[0].strip().split("-")
    if spoken == "zh":
        return "zh-Hant" if TRADITIONAL.intersection(rest) else "zh-Hans"
    return "en" if spoken == "en" else None
