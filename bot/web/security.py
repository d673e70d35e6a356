"""What every answer of the web application promises to browsers, and what it refuses to take in."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """Adds HEADERS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a request whose body is longer than LARGEST_BODY or of unknown length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_too_large(Headers(scope=scope)):
            refusal = PlainTextResponse(f"A request may have {LARGEST_BODY} bytes at most.", status_code=413)
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def comes_from_our_page(connection: HTTPConnection) -> bool:
    """Whether a browser says that a page of this very host made the request."""
    return urlsplit(connection.headers.get("origin", "")).netloc == connection.headers.get("host")


def address_of(connection: HTTPConnection) -> str | None:
    """The internet address that a request came from; behind a proxy, the one that the trusted proxy names."""
    return connection.client and connection.client.host


def _is_too_large(headers: Headers) -> bool:
    if "transfer-encoding" in headers:
        return True
    return int(headers.get("content-length", 0)) > LARGEST_BODY
