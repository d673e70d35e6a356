"""`python -m tests.benchmarks.console`: many members of staff on the console of one process, and borrowers who wait.

Every member has the page of the queue open over a real connection. Each claims a conversation, opens its page, and
both sides write; what is timed is what a person waits for: from the click until the page is told to go on, and from
one side's Enter until the other side's page has the words. `--database-url` measures on PostgreSQL.
"""

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import socketio
from rich.console import Console as Terminal
from rich.table import Table

from bot.channels.webchat import CHANNEL, chat_key
from bot.web.staff.cookies import COOKIE as STAFF_COOKIE
from respite.clock import utc_now
from respite.settings import settings
from respite.staff import accounts, sessions
from respite.staff.accounts import Profile
from respite.staff.roles import StaffRole
from respite.staff.sessions import Place
from respite.store import migrations
from respite.store.session import store, transaction
from respite.support.conversations import open_conversation
from respite.support.handoffs import request_handoff
from tests.benchmarks.processes import megabytes
from tests.channels.servers import StandInRasa, free_port
from tests.opening_hours import write_policy

ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
CLIENT = re.compile(r"'client_id': '([0-9a-f-]{36})'")
ESCAPES = {"&#36;": "$", "&#96;": "`", "&gt;": ">", "&lt;": "<", "&amp;": "&"}
REASONS = ("asked", "complaint", "dispute", "not_understood", "beyond_authority", "distress")
SOCKET_PATH = "/staff/_nicegui_ws/socket.io"
EVERYTHING_IS_THERE = r"\"isSynced\":true"
SECONDS_TO_WAIT = 60

Take = Callable[[str], None]


class Json:
    """What the sockets are to read and write with, so that this program is not what is measured."""

    loads = staticmethod(orjson.loads)

    @staticmethod
    def dumps(value: object, **_: object) -> str:
        return orjson.dumps(value).decode()


@dataclass(frozen=True)
class Pace:
    """Within how many seconds everybody begins, how many messages each side writes, and how long each takes over one.

    Messages take between half and one and a half of `seconds_a_message`.
    """

    seconds_to_begin: float
    turns: int
    seconds_a_message: float

    async def begin(self) -> None:
        await asyncio.sleep(random.uniform(0, self.seconds_to_begin))

    async def write(self) -> None:
        await asyncio.sleep(random.uniform(0.5, 1.5) * self.seconds_a_message)


@dataclass
class Measured:
    """Seconds, by what was waited for."""

    claims: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    to_borrower: list[float] = field(default_factory=list)
    to_staff: list[float] = field(default_factory=list)


@dataclass
class StaffPage:
    """An open page of the console, as a browser has it: its socket, and the listeners of its parts."""

    socket: socketio.AsyncClient
    client_id: str
    elements: dict[str, Any]
    hear: list[Take] = field(default_factory=list)

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, path: str, token: str) -> "StaffPage":
        headers = {"Cookie": f"{STAFF_COOKIE}={token}", "Origin": url}
        async with http.get(f"{url}/staff{path}", headers=headers) as answer:
            html = await answer.text()
        found = ELEMENTS.search(html)
        client = CLIENT.search(html)
        assert found, html[:500]
        assert client, html[:500]
        text = found[1]
        for escape, character in ESCAPES.items():
            text = text.replace(escape, character)
        page = cls(socketio.AsyncClient(reconnection=False, json=Json), client[1], orjson.loads(text))
        for name in ("update", "run_javascript", "open", "notify"):
            page.socket.on(name, partial(page._take, name))
        own = f"client_id={client[1]}&document_id={uuid4()}&tab_id={uuid4()}"
        address = f"{url}?{own}&next_message_id=0&implicit_handshake=true"
        await page.socket.connect(
            address, headers, transports=["websocket"], socketio_path=SOCKET_PATH, wait_timeout=SECONDS_TO_WAIT
        )
        return page

    async def act(self, tag: str, event: str, argument: object) -> None:
        """Do on a part of the page, named by its tag, what a browser tells the server of."""
        key, element = next((key, each) for key, each in self.elements.items() if each["tag"] == tag)
        listener = next(each for each in element["events"] if each["type"] == event)
        told = {"id": int(key), "client_id": self.client_id, "listener_id": listener["listener_id"]}
        await self.socket.emit("event", told | {"args": [orjson.dumps(argument).decode()]})

    async def until(self, text: str, do: Awaitable[None]) -> float:
        """The seconds from doing something until the page is sent something with `text`."""
        return await _until(text, self.hear, do)

    async def close(self) -> None:
        await self.socket.disconnect()

    async def _take(self, name: str, message: dict[str, Any]) -> None:
        if self.hear:
            words = orjson.dumps(message).decode()
            for take in tuple(self.hear):
                take(f"{name} {words}")


@dataclass
class BorrowerPage:
    """A borrower's open page."""

    socket: aiohttp.ClientWebSocketResponse
    hear: list[Take] = field(default_factory=list)

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, token: str) -> "BorrowerPage":
        headers = {"Cookie": f"respite_chat={token}", "Origin": url}
        page = cls(await http.ws_connect(f"{url}/chat?after=0", headers=headers))
        page.reading = asyncio.create_task(page._read())  # type: ignore[attr-defined]
        return page

    async def say(self, text: str) -> None:
        await self.socket.send_json({"client_id": uuid4().hex, "text": text})

    async def until(self, text: str, do: Awaitable[None]) -> float:
        return await _until(text, self.hear, do)

    async def _read(self) -> None:
        async for message in self.socket:
            for take in tuple(self.hear):
                take(message.data)


async def _until(text: str, hear: list[Take], do: Awaitable[None]) -> float:
    arrived = asyncio.Event()

    def take(words: str) -> None:
        if text in words:
            arrived.set()

    hear.append(take)
    began = time.perf_counter()
    try:
        async with asyncio.timeout(SECONDS_TO_WAIT):
            await do
            await arrived.wait()
    finally:
        hear.remove(take)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Installation:
    """Who works here, by the token of their session, and who waits, by conversation and token of its page."""

    staff: Sequence[str]
    waiting: Sequence[tuple[str, str]]


def fill(staff: int, waiting: int) -> Installation:
    """A store with members of staff, and with conversations that wait for them."""
    now = utc_now()
    with transaction() as session:
        profiles = [Profile(f"Member {number}", StaffRole.AGENT, skills=()) for number in range(staff)]
        members = [
            accounts.add(session, f"member-{number}", each, "system", now) for number, each in enumerate(profiles)
        ]
        tokens = [sessions.begin(session, member, Place("benchmark"), now) for member in members]
    conversations = []
    with transaction() as session:
        for number in range(waiting):
            token = uuid4().hex
            language = ("en", "zh-Hans", "zh-Hant")[number % 3]
            conversation = open_conversation(session, CHANNEL, chat_key(token), language, now)
            request_handoff(session, conversation.id, REASONS[number % len(REASONS)], now)
            conversations.append((conversation.id, token))
    return Installation(tokens, conversations)


async def measure(url: str, there: Installation, pace: Pace) -> Measured:
    """Have everybody come to work, claim and talk."""
    measured = Measured()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        desks = []
        for token in there.staff:
            desks.append(await StaffPage.open(http, url, "/queue", token))
        chosen = random.Random(2026).sample(there.waiting, len(desks))
        work = [
            _work(http, url, token, desk, conversation, pace, measured)
            for token, desk, conversation in zip(there.staff, desks, chosen, strict=True)
        ]
        await asyncio.gather(*work)
    return measured


async def _work(
    http: aiohttp.ClientSession,
    url: str,
    token: str,
    desk: StaffPage,
    conversation: tuple[str, str],
    pace: Pace,
    measured: Measured,
) -> None:
    """One member's hour, shortened: claim, read, and write to and fro."""
    conversation_id, borrower_token = conversation
    await pace.begin()
    going_on = f'open {{"path":"/conversations/{conversation_id}"'
    measured.claims.append(await desk.until(going_on, desk.act("nicegui-queue", "claim", conversation_id)))
    began = time.perf_counter()
    await desk.close()
    page = await StaffPage.open(http, url, f"/conversations/{conversation_id}", token)
    await page.until(EVERYTHING_IS_THERE, page.act("nicegui-thread", "sync", 0))
    measured.openings.append(time.perf_counter() - began)
    borrower = await BorrowerPage.open(http, url, borrower_token)
    for _ in range(pace.turns):
        await pace.write()
        words = _new_words()
        said = {"clientId": uuid4().hex, "text": words}
        measured.to_borrower.append(await borrower.until(words, page.act("nicegui-thread", "send", said)))
        await pace.write()
        words = _new_words()
        measured.to_staff.append(await page.until(words, borrower.say(words)))
    await borrower.socket.close()
    await page.close()


def _new_words() -> str:
    """Something that was never said before; no digits, which might be taken for an account number."""
    return "said " + "".join(random.choices("abcdefghij", k=24))


def report(measured: Measured, process: subprocess.Popen[bytes], seconds: float) -> None:
    table = Table("What is waited for", "times", "median ms", "p95 ms")
    for name, found in (
        ("a claim, until the page goes on", measured.claims),
        ("opening the conversation, until its thread is there", measured.openings),
        ("a message, from the console to the borrower", measured.to_borrower),
        ("a message, from the borrower to the console", measured.to_staff),
    ):
        median, tail = statistics.median(found), statistics.quantiles(found, n=20)[-1]
        table.add_row(name, str(len(found)), f"{median * 1000:.0f}", f"{tail * 1000:.0f}")
    terminal = Terminal()
    terminal.print(table)
    terminal.print(f"The web application uses {megabytes(process.pid):.0f} MB; it took {seconds:.0f} s in all.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--staff", type=int, default=200)
    parser.add_argument("--waiting", type=int, default=2000)
    parser.add_argument("--begin", type=float, default=120, help="seconds within which everybody claims (%(default)s)")
    parser.add_argument("--turns", type=int, default=5, help="messages of each side in a conversation (%(default)s)")
    parser.add_argument("--pause", type=float, default=20, help="seconds that each takes over one (%(default)s)")
    parser.add_argument("--database-url", default="", help="an empty database; SQLite in a new folder if absent")
    chosen = parser.parse_args()
    pace = Pace(chosen.begin, chosen.turns, chosen.pause)
    with tempfile.TemporaryDirectory() as home:
        rasa, port = StandInRasa(), free_port()
        rasa.server.start()
        write_policy(Path(home) / "policy.yml", assignment="by_hand", silent_minutes=60)
        os.environ |= {
            "RESPITE_HOME": home,
            "RESPITE_POLICY": str(Path(home) / "policy.yml"),
            "RESPITE_DEMO": "1",
            "RESPITE_WEB_PORT": str(port),
            "RESPITE_RASA_PORT": str(rasa.server.port),
            "RESPITE_REQUESTS_A_MINUTE": str(10**9),
            "RESPITE_MESSAGES_A_MINUTE": str(10**9),
        } | ({"RESPITE_DATABASE_URL": chosen.database_url} if chosen.database_url else {})
        settings.cache_clear()
        migrations.upgrade(store().kw["bind"])
        there = fill(chosen.staff, chosen.waiting)
        process = subprocess.Popen([sys.executable, "-m", "bot.web"], stdout=subprocess.DEVNULL)
        try:
            began = time.perf_counter()
            asyncio.run(_measure_once_ready(f"http://127.0.0.1:{port}", there, pace, process, began))
        finally:
            process.terminate()
            process.wait(timeout=30)
            rasa.server.stop()


async def _measure_once_ready(
    url: str, there: Installation, pace: Pace, process: subprocess.Popen[bytes], began: float
) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{url}/healthz"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
    report(await measure(url, there, pace), process, time.perf_counter() - began)


if __name__ == "__main__":
    main()
