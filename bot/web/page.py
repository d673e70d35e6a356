"""The borrower's page, and the choice of its language."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.channels.webchat import WebChat, chat_key, new_token
from bot.texts import LANGUAGES
from bot.web.access import Pass, acting_chat, chat_token, keep_chat
from bot.web.entries import Change
from bot.web.forms import chosen, done
from bot.web.languages import preferred_language
from bot.web.looks import look_of
from bot.web.refusals import Refusal
from bot.web.rendering import render_page
from bot.web.security import comes_from_our_page

COME_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Respite</title>'
NO_STORE = {"Cache-Control": "no-store"}
SHORT_KEY = 8
CHOOSE_ON_OUR_PAGE = "Choose a language on the chat page."

router = APIRouter()


@router.get("/")
async def page(request: Request) -> HTMLResponse:
    """The page with what stands in the chat; a new visitor gets a chat of their own."""
    known = chat_token(request)
    if known is None and request.headers.get("sec-fetch-site") == "cross-site":
        return HTMLResponse(COME_AGAIN)  # a link on another site brings no strict cookie, our own page does
    token = known or new_token()
    change = await _history(request, token)
    look = look_of(request, change.language)
    html = render_page(change, look, chat=chat_key(token)[:SHORT_KEY])
    response = HTMLResponse(html, headers=NO_STORE)
    if known is None:
        keep_chat(response, token, request)
    return response


@router.post("/language")
async def change_language(request: Request, chat_pass: Pass) -> Response:
    """Go on in another language, and show the page in it."""
    language = await chosen(request, "language")
    if not comes_from_our_page(request) or language not in LANGUAGES:
        raise Refusal(400, CHOOSE_ON_OUR_PAGE)
    chat: WebChat = request.app.state.chat
    token = None if chat_pass else chat_token(request)
    conversation_id = await chat.open(token, language) if token else await acting_chat(request, chat_pass)
    await chat.change_language(conversation_id, language)
    return done(request)


async def _history(request: Request, token: str) -> Change:
    chat: WebChat = request.app.state.chat
    conversation_id = await chat.find(token)
    if conversation_id:
        return await chat.history(conversation_id)
    return Change(entries=[], cursor=0, language=preferred_language(request))
