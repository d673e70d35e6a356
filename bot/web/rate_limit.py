"""How many requests one internet address may make in a minute."""

from limits import RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from bot.web.security import address_of
from respite.settings import Settings

TRY_AGAIN_SECONDS = 60
TOO_MANY = 1013
"""The close code `try again later` (RFC 6455): the page connects anew by itself."""


class RateLimit:
    """Refuses the requests of an address that makes too many; opening a socket is one request."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._limit = RateLimitItemPerMinute(settings.requests_a_minute)
        self._counter = MovingWindowRateLimiter(storage_from_string(settings.rate_limit_storage))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or await self._is_within(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(TOO_MANY)(scope, receive, send)
        else:
            await _too_many()(scope, receive, send)

    async def _is_within(self, connection: HTTPConnection) -> bool:
        return await self._counter.hit(self._limit, address_of(connection) or "unknown")


def _too_many() -> PlainTextResponse:
    return PlainTextResponse(
        "Too many requests. Please wait a minute.", status_code=429, headers={"Retry-After": str(TRY_AGAIN_SECONDS)}
    )
