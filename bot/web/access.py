"""Which chat a request speaks for: by cookie on our own page, by pass in a frame, by ticket for one download."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.channels.webchat import WebChat
from bot.idle import sign_out_before_reading
from bot.transactions import in_store
from bot.web.refusals import Refusal
from bot.web.security import comes_from_our_page
from respite.clock import Clock
from respite.identity.passes import redeem_ticket

COOKIE = "respite_chat"
COOKIE_ON_HTTPS = f"__Host-{COOKIE}"
"""With this prefix no other host of the same domain can set it, which browsers allow on https only."""

NOT_OUR_PAGE = "This can be done on the chat page only."
NOT_OPEN = "This chat is not open any more. Open it again to go on."

Pass = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def cookie_name(connection: HTTPConnection) -> str:
    return COOKIE_ON_HTTPS if connection.url.scheme in ("https", "wss") else COOKIE


def chat_token(connection: HTTPConnection) -> str | None:
    """The token of the chat that this browser keeps."""
    return connection.cookies.get(cookie_name(connection))


def keep_chat(response: Response, token: str, request: Request) -> None:
    """Let the browser keep a chat's token where no script can read it."""
    name = cookie_name(request)
    response.set_cookie(name, token, httponly=True, samesite="strict", secure=name == COOKIE_ON_HTTPS)


def forget_chat(response: Response, request: Request) -> None:
    name = cookie_name(request)
    response.delete_cookie(name, httponly=True, samesite="strict", secure=name == COOKIE_ON_HTTPS)


async def acting_chat(request: Request, chat_pass: Pass) -> str:
    """The conversation in which a page does something. Raises Refusal for any other page than ours."""
    if not comes_from_our_page(request):
        raise Refusal(400, NOT_OUR_PAGE)
    chat: WebChat = request.app.state.chat
    if chat_pass:
        conversation_id = await chat.find_by_pass(chat_pass.credentials)
    else:
        token = chat_token(request)
        conversation_id = token and await chat.find(token)
    if not conversation_id:
        raise Refusal(401, NOT_OPEN)
    return conversation_id


async def reading_chat(request: Request, ticket: str = "") -> str | None:
    """The conversation whose documents a link may fetch; None for a stranger. A ticket is used up.

    Whoever was away for long is signed out first.
    """
    clock: Clock = request.app.state.clock
    chat: WebChat = request.app.state.chat
    if ticket:
        found = await in_store(lambda session: redeem_ticket(session, ticket, request.url.path, clock.now()))
    else:
        found = await chat.find(chat_token(request) or "")
    if found:
        await sign_out_before_reading(found, clock.now())
    return found


ActingChat = Annotated[str, Depends(acting_chat)]
ReadingChat = Annotated[str | None, Depends(reading_chat)]
