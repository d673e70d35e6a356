"""A wire between a browser and a server that a test can cut, silence and mend."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 64 * 1024


class Wire:
    """Carries connections to a port of this machine."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_whole = True
        self._passes = asyncio.Event()
        self._do(self._open())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        """End every connection, and let none through."""
        self._do(self._cut())

    def silence(self) -> None:
        """Carry nothing, while both ends take the wire for whole."""
        self._do(self._set_passing(False))

    def mend(self) -> None:
        """Let new connections through. What a silenced one carried is lost with it."""
        if not self._passes.is_set():
            self.cut()
        self._is_whole = True
        self._do(self._set_passing(True))

    def close(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _do(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=5)  # type: ignore[arg-type]

    async def _open(self) -> None:
        self._passes.set()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]

    async def _set_passing(self, passes: bool) -> None:
        if passes:
            self._passes.set()
        else:
            self._passes.clear()

    async def _cut(self) -> None:
        self._is_whole = False
        for writer in list(self._writers):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        ends = {writer, far_writer}
        self._writers |= ends
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))
        self._writers -= ends
        for end in ends:
            end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            await self._passes.wait()
            writer.write(piece)
            await writer.drain()
        writer.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    yield wire
    wire.close()
