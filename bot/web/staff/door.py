"""The door of the console: nobody gets at a page or its socket without a good session.

NiceGUI's own files are everybody's; they hold nothing of this installation.
"""

import secrets
from urllib.parse import urlencode

from nicegui.version import __version__ as nicegui_version
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from bot.transactions import from_store
from bot.web.security import comes_from_our_page
from bot.web.staff import cookies
from bot.web.staff.console import PATH, Console
from bot.web.staff.visits import Visit, arriving
from respite.staff import sessions

LIBRARIES = f"{PATH}/_nicegui/{nicegui_version}/"
SIGN_IN = f"{PATH}/sign-in"
NOT_SIGNED_IN = 4401
COME_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0"><title>Respite</title>'


class StaffDoor:
    """Lets signed-in members in, sends others to sign in, and says what a page may do in the browser."""

    def __init__(self, app: ASGIApp, console: Console) -> None:
        self.app = app
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"].startswith(LIBRARIES):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visit = await self._visit(connection)
        if visit is None:
            refusal = WebSocketClose(NOT_SIGNED_IN) if scope["type"] == "websocket" else _to_sign_in(connection)
            await refusal(scope, receive, send)
            return
        before = arriving.set(visit)
        try:
            await self.app(scope, receive, _with_policy(send))
        finally:
            arriving.reset(before)

    async def _visit(self, connection: HTTPConnection) -> Visit | None:
        token = cookies.token_of(connection)
        if not token or (connection.scope["type"] == "websocket" and not comes_from_our_page(connection)):
            return None
        console = self._console
        found = await from_store(lambda session: sessions.find(session, token, console.lifetime, console.clock.now()))
        return Visit.of(found) if found else None


def _to_sign_in(connection: HTTPConnection) -> Response:
    """Where to sign in, and where to go on afterwards."""
    came_by_a_link = connection.headers.get("sec-fetch-site") == "cross-site"
    if came_by_a_link and not cookies.token_of(connection):
        return HTMLResponse(COME_AGAIN)  # a link on another site brings no strict cookie, our own page does
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'to': connection.url.path})}", status_code=303)


def _with_policy(send: Send) -> Send:
    """`send` for pages whose scripts are ours: NiceGUI writes some into the page, which are named by a nonce.

    It also evaluates what the server sends over the socket, and sets styles in place.
    """
    nonce = secrets.token_urlsafe(16)
    start: Message | None = None
    body = bytearray()

    async def send_with_policy(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_page(message):
            start = message
        elif start is None:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                marked = bytes(body).replace(b"<script", f'<script nonce="{nonce}"'.encode())
                headers = MutableHeaders(scope=start)
                headers["Content-Length"] = str(len(marked))
                headers["Content-Security-Policy"] = content_policy(nonce)
                await send(start)
                await send({"type": "http.response.body", "body": marked})

    return send_with_policy


def _is_page(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def content_policy(nonce: str) -> str:
    """What a page of the console may load and run, and that nobody may frame it."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
