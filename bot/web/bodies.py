"""How long a request's body may be, and how long it may take to come."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Allowance:
    """The most that a body may have, in bytes, and the time that it may take."""

    size: int
    seconds: float


USUAL = Allowance(size=64 * 1024, seconds=20)


class BodyLimit:
    """Refuses a body beyond its allowance, whatever the request says about its length; `special` is by path."""

    def __init__(self, app: ASGIApp, special: Mapping[str, Allowance]) -> None:
        self.app = app
        self._special = special

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        allowance = self._special.get(scope["path"], USUAL)
        if int(Headers(scope=scope).get("content-length", 0)) > allowance.size:
            await PlainTextResponse(_too_large(allowance), status_code=413)(scope, receive, send)
        else:
            await self.app(scope, _within(allowance, receive), send)


def _within(allowance: Allowance, receive: Receive) -> Receive:
    """`receive` as an application may use it. Raises HTTPException, which becomes the answer."""
    deadline = asyncio.get_running_loop().time() + allowance.seconds
    size, is_complete = 0, False

    async def receive_a_part() -> Message:
        nonlocal size, is_complete
        if is_complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "The request took too long to arrive.", {"Connection": "close"}) from None
        size += len(message.get("body", b""))
        if size > allowance.size:
            raise HTTPException(413, _too_large(allowance))
        is_complete = not message.get("more_body", False)
        return message

    return receive_a_part


def _too_large(allowance: Allowance) -> str:
    return f"A request may have {allowance.size} bytes at most."
