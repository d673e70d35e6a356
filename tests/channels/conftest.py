"""A hub on a real store, with a stand-in for Rasa on a real port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import WebChat
from bot.delivery import Sender
from bot.hub import Hub
from bot.incoming import Incoming
from bot.rasa_client import RasaClient
from bot.web.__main__ import SERVER_OPTIONS
from bot.web.app import create_app
from bot.web.entries import ChatEntry
from respite.clock import Clock
from respite.identity.codes import OneTimeCode
from respite.settings import Settings
from respite.store.encryption import cipher
from respite.store.models import Borrower
from respite.store.session import store
from respite.support.conversations import open_conversation
from tests.channels.servers import Server, StandInRasa, free_port

NewHub = Callable[..., Awaitable[Hub]]
BUSINESS_DATE = date(2026, 11, 22)
PHONE = "+8613800000001"


@dataclass
class WallClock:
    """A clock that a test sets."""

    now: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Phone:
    """Where one-time codes arrive."""

    codes: list[str] = field(default_factory=list)

    def __call__(self, code: OneTimeCode) -> None:
        self.codes.append(code.code)


@dataclass
class Borrowers:
    """Borrowers talking to one hub, each in a conversation of their own."""

    hub: Hub
    session_factory: sessionmaker[Session]

    def join(self, language: str = "en") -> str:
        with self.session_factory.begin() as session:
            return open_conversation(session, "web", uuid4().hex, language, datetime.now(UTC)).id

    async def say(self, conversation_id: str, text: str, external_id: str | None = None) -> None:
        await self.hub.receive(Incoming(conversation_id, external_id or uuid4().hex, text=text))

    async def press(self, conversation_id: str, reference: str) -> None:
        await self.hub.receive(Incoming(conversation_id, uuid4().hex, button=reference))

    async def see(self, conversation_id: str) -> list[ChatEntry]:
        """What stands in the chat once nothing more is being answered, and every code is sent."""
        async for change in WebChat(self.hub, self.hub._clock).changes(conversation_id, 0):
            if not change.answering:
                break
        await asyncio.gather(*self.hub._errands)
        return await self.history(conversation_id)

    async def history(self, conversation_id: str) -> list[ChatEntry]:
        """What stands in the chat now."""
        return (await WebChat(self.hub, self.hub._clock).history(conversation_id)).entries

    async def answers(self, conversation_id: str, count: int = 0) -> list[str]:
        """What the bot has answered once nothing more is being answered, and that many answers are there."""
        async for _ in WebChat(self.hub, self.hub._clock).changes(conversation_id, 0):
            answers = [entry.text for entry in await self.see(conversation_id) if entry.author == "bot"]
            if len(answers) >= count:
                return answers
        raise AssertionError

    async def die(self) -> None:
        """End the hub as a killed process ends: it says nothing to anybody."""
        await self.stop_beating()
        await self.hub._turns.stop()
        await self.hub._dispatch._workers.stop()

    async def stop_beating(self) -> None:
        self.hub._heartbeat._beating.cancel()


@pytest.fixture
def rasa(session_factory: sessionmaker[Session]) -> Iterator[StandInRasa]:
    stand_in = StandInRasa()
    stand_in.server.start()
    yield stand_in
    stand_in.server.stop()


@pytest.fixture
def wall_clock() -> WallClock:
    return WallClock()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
async def new_hub(rasa: StandInRasa, wall_clock: WallClock, phone: Phone) -> AsyncIterator[NewHub]:
    """Starts hubs, each as a process of its own would."""
    clock = Clock(ZoneInfo("Asia/Shanghai"), BUSINESS_DATE, wall_clock)
    clients, hubs = [], []

    async def make(*senders: Sender) -> Hub:
        clients.append(RasaClient(rasa.server.url, secret="of this test"))
        hubs.append(hub := Hub(clients[-1], clock, "CN", phone, senders))
        listens = asyncio.Event()
        with hub.bell.overhearing(lambda _: listens.set()):
            await hub.start()
            if store().kw["bind"].dialect.name == "postgresql":
                await listens.wait()
        return hub

    yield make
    for hub in hubs:
        await hub.stop()
    for client in clients:
        await client.close()


@pytest.fixture
def web_settings() -> dict[str, Any]:
    """The settings in which a module's web application differs from a demonstration's."""
    return {}


@pytest.fixture
def web(rasa: StandInRasa, tmp_path: Path, web_settings: dict[str, Any]) -> Iterator[Server]:
    """The web application of a demonstration, on a real port."""
    ports = {"rasa_port": rasa.server.port, "actions_port": free_port()}
    server = Server(create_app(Settings(demo=True, home=tmp_path, **ports, **web_settings)), SERVER_OPTIONS)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def browser(web: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=web.url, trust_env=False, headers={"Origin": web.url}) as client:
        yield client


@pytest.fixture
async def borrowers(new_hub: NewHub, session_factory: sessionmaker[Session]) -> Borrowers:
    return Borrowers(await new_hub(), session_factory)


@pytest.fixture
def mei(session_factory: sessionmaker[Session]) -> int:
    """A borrower who can sign in with PHONE."""
    with session_factory.begin() as session:
        borrower = Borrower(
            reference="B-MEI",
            name="Chen Mei",
            phone=PHONE,
            phone_index=cipher().blind_index(PHONE),
            language="zh-Hans",
        )
        session.add(borrower)
        session.flush()
        return borrower.id
