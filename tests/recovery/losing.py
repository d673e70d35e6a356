"""A connection between two programs that loses an answer now and then: what was asked was done, and nobody is told."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

METHODS = (b"GET ", b"POST ")
PIECE = 64 * 1024


class LosingProxy:
    """Stands on `port` in front of a program on `target_port` of this machine, while it listens.

    `request` is how one begins whose answer may be lost, such as b"POST /webhook".
    """

    def __init__(self, port: int, target_port: int, request: bytes) -> None:
        self._port = port
        self._target_port = target_port
        self._request = request
        self._losses = 0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self._port)

    def leave(self) -> None:
        """Refuse connections, and cut those that there are, as a program does that has died."""
        if self._server:
            self._server.close()
        for writer in tuple(self._connections):
            writer.transport.abort()

    def lose_next(self) -> None:
        """Cut the connection on which the next answer comes, before it arrives."""
        self._losses += 1

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        with suppress(ConnectionError):
            connection = Connection(
                self, reader, writer, *await asyncio.open_connection("127.0.0.1", self._target_port)
            )
            await connection.copy()
        writer.transport.abort()
        self._connections.discard(writer)

    def is_lost(self, request: bytes, answer: bytes) -> bool:
        """Whether an answer is the one to be lost."""
        is_lost = self._losses > 0 and request.startswith(self._request) and answer.startswith(b"HTTP/1.1 200")
        self._losses -= is_lost
        return is_lost


@dataclass
class Connection:
    """One connection through the proxy. Requests come one after the other, each begins a piece."""

    proxy: LosingProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    target_reader: asyncio.StreamReader
    target_writer: asyncio.StreamWriter
    request: bytes = b""

    async def copy(self) -> None:
        forth = asyncio.create_task(self._copy_requests())
        try:
            while answer := await self.target_reader.read(PIECE):
                if self.proxy.is_lost(self.request, answer):
                    break
                self.writer.write(answer)
                await self.writer.drain()
        finally:
            forth.cancel()
            self.target_writer.transport.abort()

    async def _copy_requests(self) -> None:
        while piece := await self.reader.read(PIECE):
            if piece.startswith(METHODS):
                self.request = piece
            self.target_writer.write(piece)
            await self.target_writer.drain()
        self.target_writer.transport.abort()
