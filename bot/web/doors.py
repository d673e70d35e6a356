"""The ways in and out that are no message: a link from the lender's app, and signing out."""

from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.channels.webchat import WebChat, new_token
from bot.web.page import COME_AGAIN, COOKIE, keep_chat, preferred_language
from bot.web.rendering import render_dead_link
from bot.web.security import comes_from_our_page
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
        return HTMLResponse(render_dead_link(language), status_code=403)
    response = HTMLResponse(COME_AGAIN, headers={"Cache-Control": "no-store"})
    keep_chat(response, chat_token, request)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Leave the chat here, or on every device; the page then begins a new one."""
    token = request.cookies.get(COOKIE)
    if not comes_from_our_page(request):
        return PlainTextResponse("Sign out on the chat page.", status_code=400)
    where = parse_qs((await request.body()).decode()).get("where", ["here"])[0]
    chat: WebChat = request.app.state.chat
    if token and (conversation_id := await chat.find(token)):
        await chat.sign_out(conversation_id, everywhere=where == "everywhere")
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response
