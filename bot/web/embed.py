"""The chat in a frame of the lender's page: no cookie, no storage. docs/web-chat.md tells the lender how."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, Field

from bot.channels.webchat import WebChat
from bot.web.access import ActingChat, Pass
from bot.web.assets import FOLDER
from bot.web.entries import Change
from bot.web.languages import our_language, preferred_language
from bot.web.looks import embedders, look_in_frame
from bot.web.page import NO_STORE
from bot.web.rendering import Scheme, render_entries, render_page
from bot.web.security import comes_from_our_page, content_policy
from respite.clock import Clock
from respite.identity.lender_tokens import LenderTokenError
from respite.identity.passes import chat_pass as pass_to
from respite.identity.passes import ticket
from respite.settings import Settings

FOR_OTHER_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}
NOWHERE = "No page may show this chat in a frame. Set RESPITE_EMBED_ORIGINS to the origins of those that may."

log = structlog.get_logger()
router = APIRouter()


class Arrival(BaseModel):
    """Who opens the chat in a frame: whom the lender's token names, or, without one, nobody knows yet."""

    token: Annotated[str | None, Field(max_length=4000)] = None
    language: str = "en"


class Wanted(BaseModel):
    path: Annotated[str, Field(max_length=200)]


@router.get("/embed.js")
async def script() -> FileResponse:
    """What the lender's page loads: it draws the button and the frame."""
    return FileResponse(FOLDER / "embed.js", headers={"Cache-Control": "public, max-age=300", **FOR_OTHER_SITES})


@router.get("/embedded")
async def frame(request: Request, lang: str = "", scheme: Annotated[Scheme, Query()] = "light dark") -> HTMLResponse:
    """The page for a frame, which knows nobody yet."""
    allowed = embedders(request)
    if not allowed:
        raise HTTPException(404, NOWHERE)
    language = our_language(lang) or preferred_language(request)
    look = look_in_frame(request, scheme)
    headers = {"Content-Security-Policy": content_policy(allowed), **NO_STORE, **FOR_OTHER_SITES}
    return HTMLResponse(render_page(Change([], 0, language), look), headers=headers)


@router.post("/embedded/chats")
async def open_chat(request: Request, arrival: Arrival, chat_pass: Pass) -> dict[str, Any]:
    """A pass to a chat, with what stands in it: to the chat of an earlier pass, of a borrower, or to a new one."""
    if not comes_from_our_page(request):
        raise HTTPException(400, "The chat is opened by its own page only.")
    chat: WebChat = request.app.state.chat
    settings: Settings = request.app.state.settings
    clock: Clock = request.app.state.clock
    language = our_language(arrival.language) or "en"
    if chat_pass:
        conversation_id = await chat.find_by_pass(chat_pass.credentials)
        if conversation_id is None:
            raise HTTPException(401, "This pass opens no chat any more.")
    else:
        try:
            conversation_id = await chat.open_in_frame(language, arrival.token, settings)
        except LenderTokenError as error:
            log.warning("lender token refused", reason=str(error))
            raise HTTPException(403, str(error)) from None
    change = await chat.history(conversation_id)
    return {
        "chat_pass": pass_to(conversation_id, clock.now()),
        "language": change.language,
        "entries": render_entries(change),
        "after": change.cursor,
        "view": change.view,
        "seen": change.read_up_to,
        "is_expired": change.is_expired,
    }


@router.post("/embedded/tickets")
async def give_ticket(request: Request, wanted: Wanted, conversation_id: ActingChat) -> dict[str, str]:
    """A ticket with which a link fetches one document of the chat, once and within a minute."""
    clock: Clock = request.app.state.clock
    return {"ticket": ticket(conversation_id, wanted.path, clock.now())}
