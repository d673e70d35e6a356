"""How many files are on their way at once, in either direction: each is held in memory until it has arrived."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Send

from bot.web.refusals import Refusal

AT_ONCE = 16
AT_ONCE_FROM_AN_ADDRESS = 4
PIECE = 64 * 1024
SECONDS_TO_READ = 300
BUSY = "Many files are on their way just now. Please try again in a minute."

log = structlog.get_logger()


class Transfers:
    """The files that are on their way, by address."""

    def __init__(self) -> None:
        self._going: Counter[str | None] = Counter()

    def going(self) -> int:
        return self._going.total()

    @contextmanager
    def one_more(self, address: str | None) -> Iterator[None]:
        """Be one of them. Raises Refusal where there are as many as there may be."""
        if self.going() >= AT_ONCE or self._going[address] >= AT_ONCE_FROM_AN_ADDRESS:
            raise Refusal(503, BUSY)
        self._going[address] += 1
        try:
            yield
        finally:
            self._going[address] -= 1
            self._going += Counter()  # forgets those with nothing on its way


class Download(StreamingResponse):
    """A file in pieces, each sent when the reader has room for it; one who reads too slowly does not get the rest."""

    def __init__(self, content: bytes, media_type: str, headers: dict[str, str], until_done: ExitStack) -> None:
        pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
        super().__init__(pieces, media_type=media_type, headers={"Content-Length": str(len(content)), **headers})
        self._until_done = until_done

    async def stream_response(self, send: Send) -> None:
        with self._until_done:
            try:
                async with asyncio.timeout(SECONDS_TO_READ):
                    await super().stream_response(send)
            except TimeoutError:
                log.warning("a file was not read in time")
