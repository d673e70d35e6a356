"""What every answer of the web application promises to browsers, and how it knows who asks."""

import hmac
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HTTPS_ONLY = "max-age=31536000"


def content_policy(frame_ancestors: Sequence[str] = ("'none'",)) -> str:
    """The policy of a page that only the pages of `frame_ancestors` (origins) may show in a frame."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self' https://t.me; base-uri 'none'; frame-ancestors {' '.join(frame_ancestors)}"
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """Adds HEADERS to every answer that does not bring its own, as a mounted application may."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def comes_from_our_page(connection: HTTPConnection) -> bool:
    """Whether a browser says that a page of this very host made the request."""
    return connection.headers.get("origin", "").partition("://")[2] == connection.headers.get("host")


def comes_from_telegram(connection: HTTPConnection, secret: SecretStr | None) -> bool:
    """Whether a request shows the secret that only Telegram was told."""
    shown = connection.headers.get("x-telegram-bot-api-secret-token", "")
    return secret is not None and hmac.compare_digest(shown.encode(), secret.get_secret_value().encode())


def address_of(connection: HTTPConnection) -> str | None:
    """The internet address that a request came from; behind a proxy, the one that the trusted proxy names."""
    return connection.client and connection.client.host
