"""How many borrowers one web process holds: its memory for a socket, and how fast it answers meanwhile.

`python -m tests.benchmarks.sockets` starts the bot on a store of its own, opens a thousand sockets, has fifty borrowers
talk over theirs, and then lets clients connect that read nothing and answer no ping, wave after wave, as a phone does
that has left the network. `--option loop=asyncio` tries another option of uvicorn; `--json` keeps the figures.
"""

import argparse
import asyncio
import json
import resource
import secrets
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bot.web.access import COOKIE
from respite.clock import utc_now
from respite.store.session import transaction
from respite.support.conversations import locked_conversation
from respite.support.outbox import add_line
from tests.benchmarks.load import QUESTIONS, Chat, signed_in_chats, strangers_chats
from tests.databases import SQLiteFolder
from tests.recovery.installation import Installation, installed

WEB = "The web application"
FILES = 20_000
OPENED_AT_ONCE = 50
THINKING_SECONDS = (1.0, 3.0)
ENTRIES = 100
WORDS = "What was said in this chat some time ago, long enough to be worth sending. " * 4
SMALL_BUFFER = 4096
SECONDS_TO_SETTLE = 2
KILOBYTES = 1024
MILLISECONDS = 1000

console = Console(highlight=False)


@dataclass
class Report:
    """Memory in kilobytes, times in milliseconds."""

    options: dict[str, Any]
    sockets: int
    kilobytes_before: float = 0.0
    kilobytes_open: float = 0.0
    kilobytes_after_talk: float = 0.0
    processor_share: float = 0.0
    answers: list[float] = field(default_factory=list)
    waves: list[float] = field(default_factory=list)

    @property
    def kilobytes_a_socket(self) -> float:
        return (self.kilobytes_open - self.kilobytes_before) / self.sockets


def kilobytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / KILOBYTES


@asynccontextmanager
async def open_socket(url: str, chat: Chat) -> AsyncIterator[ClientConnection]:
    """The socket of a page that shows a chat."""
    address = f"{url.replace('http', 'ws', 1)}/chat?after=0"
    cookie = {"Cookie": f"{COOKIE}={chat.token}", "Accept-Language": chat.language}
    async with connect(address, origin=Origin(url), additional_headers=cookie, compression=None, proxy=None) as socket:
        yield socket


async def open_many(stack: AsyncExitStack, url: str, chats: Sequence[Chat]) -> list[ClientConnection]:
    gate = asyncio.Semaphore(OPENED_AT_ONCE)

    async def open_one(chat: Chat) -> ClientConnection:
        async with gate:
            return await stack.enter_async_context(open_socket(url, chat))

    return list(await asyncio.gather(*map(open_one, chats)))


async def talk(socket: ClientConnection, until: float, chance: Random) -> list[float]:
    """Ask one question after the other, with a pause for thought, and return how long each answer took."""
    taken: list[float] = []
    for question in cycle(chance.sample(QUESTIONS, len(QUESTIONS))):
        await _read_on(socket, chance.uniform(*THINKING_SECONDS))
        if time.monotonic() > until:
            return taken
        began = time.perf_counter()
        await socket.send(json.dumps({"client_id": secrets.token_hex(8), "text": question}))
        while "entry bot" not in str(await socket.recv()):
            pass
        taken.append((time.perf_counter() - began) * MILLISECONDS)
    raise AssertionError


async def _read_on(socket: ClientConnection, seconds: float) -> None:
    """Take in the rest of an answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                await socket.recv()


async def connect_and_read_nothing(url: str, chat: Chat) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that asks for a long history and never takes it, and never answers a ping."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=SMALL_BUFFER)
    key = secrets.token_urlsafe(16)
    lines = [
        "GET /chat?after=0 HTTP/1.1",
        f"Host: {place.netloc}",
        f"Origin: {url}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}==",
        "Sec-WebSocket-Version: 13",
        f"Cookie: {COOKIE}={chat.token}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    return reader, writer


def give_history(chats: Sequence[Chat]) -> None:
    with transaction() as session:
        for chat in chats:
            conversation = locked_conversation(session, chat.id)
            for _ in range(ENTRIES):
                add_line(session, conversation, WORDS, utc_now())


async def open_now(url: str) -> float:
    async with httpx.AsyncClient(trust_env=False) as http:
        exposition = (await http.get(f"{url}/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(exposition)}
    return families["respite_open_sockets"].samples[0].value


async def measure(installation: Installation, options: argparse.Namespace) -> Report:
    [url] = installation.web
    web = psutil.Process(installation.programs[WEB].process_id)
    report = Report(dict(options.option), options.sockets)
    borrowers = signed_in_chats(options.borrowers)
    readers = strangers_chats(options.sockets - options.borrowers)
    async with AsyncExitStack() as warm:
        await open_many(warm, url, strangers_chats(OPENED_AT_ONCE))
    await asyncio.sleep(SECONDS_TO_SETTLE)
    report.kilobytes_before = kilobytes(web)
    async with AsyncExitStack() as stack:
        talking = await open_many(stack, url, borrowers)
        await open_many(stack, url, readers)
        await asyncio.sleep(SECONDS_TO_SETTLE)
        report.kilobytes_open = kilobytes(web)
        web.cpu_percent()
        until = time.monotonic() + options.seconds
        taken = await asyncio.gather(*(talk(socket, until, Random(place)) for place, socket in enumerate(talking)))
        report.processor_share = web.cpu_percent()
        report.answers = [each for of_one in taken for each in of_one]
        report.kilobytes_after_talk = kilobytes(web)
    await until_closed(url)
    silent = strangers_chats(options.silent)
    give_history(silent)
    for _ in range(options.waves):
        connections = await asyncio.gather(*(connect_and_read_nothing(url, chat) for chat in silent))
        await until_closed(url)
        report.waves.append(kilobytes(web))
        for _, writer in connections:
            writer.transport.abort()
    return report


async def until_closed(url: str) -> None:
    await asyncio.sleep(SECONDS_TO_SETTLE)
    while await open_now(url):
        await asyncio.sleep(1)


def show(report: Report) -> None:
    percentiles = statistics.quantiles(report.answers, n=100, method="inclusive")
    table = Table("", "", title=" ".join(f"{name}={value}" for name, value in report.options.items()))
    table.add_row("sockets open", str(report.sockets))
    table.add_row("web process before, MB", f"{report.kilobytes_before / KILOBYTES:.0f}")
    table.add_row("memory a socket, KB", f"{report.kilobytes_a_socket:.0f}")
    table.add_row("web process after the talk, MB", f"{report.kilobytes_after_talk / KILOBYTES:.0f}")
    table.add_row("answers", str(len(report.answers)))
    table.add_row("answer, median ms", f"{percentiles[49]:.0f}")
    table.add_row("answer, p95 ms", f"{percentiles[94]:.0f}")
    table.add_row("web process, share of one core", f"{report.processor_share:.0f} %")
    waves = " ".join(f"{each / KILOBYTES:.0f}" for each in report.waves)
    table.add_row("web process after each wave of silent clients, MB", waves)
    console.print(table)


def option(text: str) -> tuple[str, Any]:
    """`name=value`; a value that is JSON, such as true or 20, is read as such."""
    name, _, value = text.partition("=")
    return name, json.loads(value) if value[:1] in "tfn0123456789" else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=1000, help="sockets open at once (%(default)s)")
    parser.add_argument("--borrowers", type=int, default=50, help="of which so many talk (%(default)s)")
    parser.add_argument("--seconds", type=float, default=40, help="for how long (%(default)s)")
    parser.add_argument("--silent", type=int, default=200, help="clients of a wave that read nothing (%(default)s)")
    parser.add_argument("--waves", type=int, default=4, help="how many waves (%(default)s)")
    parser.add_argument("--option", type=option, action="append", default=[], help="an option of uvicorn")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(_measure(Path(folder), options))
    show(report)
    if options.json:
        options.json.write_text(json.dumps(asdict(report), indent=2) + "\n")


async def _measure(home: Path, options: argparse.Namespace) -> Report:
    async with installed(home, SQLiteFolder(home), web_processes=1, server_options=dict(options.option)) as running:
        return await measure(running, options)


if __name__ == "__main__":
    main()
