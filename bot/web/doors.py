"""The ways in and out that are no message: a link from the lender's app, and signing out."""

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.channels.webchat import WebChat, new_token
from bot.web.access import ActingChat, forget_chat, keep_chat
from bot.web.forms import chosen, done
from bot.web.languages import preferred_language
from bot.web.looks import look_of
from bot.web.page import COME_AGAIN, NO_STORE
from bot.web.rendering import render_dead_link
from respite.identity.lender_tokens import LenderTokenError

log = structlog.get_logger()
router = APIRouter()


@router.get("/enter")
async def enter(request: Request, token: str = "") -> HTMLResponse:
    """A new chat for the borrower whom the lender's token names; whoever was signed in here before is not any more."""
    chat: WebChat = request.app.state.chat
    language, chat_token = preferred_language(request), new_token()
    try:
        await chat.enter(chat_token, language, token, request.app.state.settings)
    except LenderTokenError as error:
        log.warning("lender token refused", reason=str(error))
        return HTMLResponse(render_dead_link(language, look_of(request, language)), status_code=403)
    response = HTMLResponse(COME_AGAIN, headers=NO_STORE)
    keep_chat(response, chat_token, request)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, conversation_id: ActingChat) -> Response:
    """Leave the chat here, or on every device; the page then begins a new one."""
    chat: WebChat = request.app.state.chat
    await chat.sign_out(conversation_id, everywhere=await chosen(request, "where") == "everywhere")
    response = done(request)
    forget_chat(response, request)
    return response
