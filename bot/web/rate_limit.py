"""How much one internet address may ask for in a minute, and how much may be said in one chat."""

from limits import RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from bot.texts import translate
from bot.web.languages import preferred_language
from bot.web.security import address_of, comes_from_telegram
from respite.settings import Settings

TRY_AGAIN_SECONDS = 60
WAIT = "Too many requests. Please wait a minute."
TOO_MANY = 1013
"""The close code `try again later` (RFC 6455): the page connects anew by itself."""


class RequestLimit:
    """Counts what an address asks for, which is requests and sockets opened, and what a chat's sockets say.

    Telegram, which calls for all its users from a few addresses, is not limited. Whoever floods a chat leaves those who
    share their address, as in an office, alone.
    """

    def __init__(self, settings: Settings) -> None:
        self._telegram_secret = settings.telegram_secret
        self._limit = RateLimitItemPerMinute(settings.requests_a_minute)
        self._counter = MovingWindowRateLimiter(storage_from_string(settings.rate_limit_storage))

    async def allows(self, connection: HTTPConnection) -> bool:
        """Whether one more from its address is within the limit; it is counted then."""
        if comes_from_telegram(connection, self._telegram_secret):
            return True
        return await self._counter.hit(self._limit, "address", address_of(connection) or "unknown")

    async def allows_frame(self, conversation_id: str) -> bool:
        """Whether one more frame on a chat's sockets is within the limit; it is counted then."""
        return await self._counter.hit(self._limit, "conversation", conversation_id)


class RateLimit:
    """Refuses the requests of an address that makes too many. What is below a path of `free` does not count."""

    def __init__(self, app: ASGIApp, limit: RequestLimit, free: tuple[str, ...] = ()) -> None:
        self.app = app
        self._limit = limit
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_free = scope["type"] == "lifespan" or scope["path"].startswith(self._free)
        if is_free or await self._limit.allows(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(TOO_MANY)(scope, receive, send)
        else:
            await _too_many(preferred_language(HTTPConnection(scope)))(scope, receive, send)


def _too_many(language: str) -> PlainTextResponse:
    return PlainTextResponse(
        translate(language, WAIT), status_code=429, headers={"Retry-After": str(TRY_AGAIN_SECONDS)}
    )
