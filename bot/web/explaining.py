"""Why a request was refused: on a page in the borrower's language for who opened an address, in JSON for a script."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from bot.channels.webchat import WebChat
from bot.web.access import chat_token
from bot.web.languages import preferred_language
from bot.web.looks import look_of
from bot.web.page import NO_STORE
from bot.web.refusals import Refusal
from bot.web.rendering import render_refusal

NOTHING_HERE = "There is nothing at this address. You can go on in the chat."
UNKNOWN_ADDRESS = (HTTPStatus.NOT_FOUND.phrase, HTTPStatus.METHOD_NOT_ALLOWED.phrase)


async def explain(request: Request, refused: HTTPException) -> Response:
    """The answer to a request that was refused."""
    refusal = _for_a_reader(refused)
    if refusal and "text/html" in request.headers.get("accept", ""):
        answer: Response = await _page(request, refusal)
    else:
        answer = await http_exception_handler(request, refused)
    answer.headers.update(NO_STORE)
    return answer


def _for_a_reader(refused: HTTPException) -> Refusal | None:
    """What a borrower is told; nothing where only programs ask."""
    if refused.detail in UNKNOWN_ADDRESS:
        return Refusal(refused.status_code, NOTHING_HERE)
    return refused if isinstance(refused, Refusal) else None


async def _page(request: Request, refusal: Refusal) -> HTMLResponse:
    chat: WebChat = request.app.state.chat
    language = await chat.language_of(chat_token(request) or "") or preferred_language(request)
    html = render_refusal(refusal.reason_in(language), language, look_of(request, language))
    return HTMLResponse(html, refusal.status_code)
