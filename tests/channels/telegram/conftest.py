"""A bot on a Telegram of our own, in front of a hub on a real store."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from telegram import Bot

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.chats import CHANNEL
from bot.channels.telegram.connection import connect
from bot.channels.telegram.limits import Pace
from bot.hub import Hub
from respite.clock import Clock
from respite.identity.verification import sign_out, vouched_for
from respite.settings import Settings
from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.support.conversations import address_key, find_conversation
from tests.channels.conftest import BUSINESS_DATE, NewHub, WallClock
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.channels.telegram.people import Person, Update

ANSWER_SECONDS = 3


@pytest.fixture(scope="module")
def running_api() -> Iterator[BotApi]:
    api = BotApi()
    api.server.start()
    yield api
    api.server.stop()


@pytest.fixture
def api(running_api: BotApi) -> BotApi:
    """A Bot API to which nothing has been said yet."""
    running_api.forget()
    return running_api


@pytest.fixture
def telegram_settings(api: BotApi) -> Settings:
    return Settings(telegram_token=SecretStr(TOKEN), telegram_api_url=api.server.url)


@pytest.fixture
async def connection(telegram_settings: Settings) -> AsyncIterator[Bot]:
    bot = connect(telegram_settings, ANSWER_SECONDS)
    yield bot
    await bot.shutdown()


@pytest.fixture
def clock(wall_clock: WallClock) -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"), BUSINESS_DATE, wall_clock)


@pytest.fixture
def quick() -> Pace:
    """As fast as the machine can."""
    return Pace(a_chat_every_seconds=0.001, all_every_seconds=0.001)


@dataclass
class Running:
    """The channel as it runs, what it has been told, and what is in the store."""

    channel: Telegram
    hub: Hub
    api: BotApi
    session_factory: sessionmaker[Session]

    async def take(self, *updates: Update) -> None:
        """Have updates taken in, as when Telegram calls us, one after the other."""
        for update in updates:
            await self.channel.receive(update)

    async def replies(self, person: Person, count: int) -> list[str]:
        """The first texts that somebody was sent."""
        return await self.api.until(lambda: len(texts := self.api.texts(person.id)) >= count and texts)

    def conversation(self, person: Person) -> Conversation:
        with self.session_factory() as session:
            found = find_conversation(session, CHANNEL, address_key(CHANNEL, str(person.id)))
            assert found is not None
            return found

    def sign_in(self, person: Person, borrower_id: int, clock: Clock) -> None:
        with self.session_factory.begin() as session:
            vouched_for(session, self.conversation(person).id, borrower_id, clock.now())

    def sign_out(self, person: Person, clock: Clock) -> None:
        with self.session_factory.begin() as session:
            sign_out(session, self.conversation(person).id, clock.now())

    def inbox(self, person: Person) -> list[InboxMessage]:
        return self._rows(InboxMessage, person)

    def outbox(self, person: Person) -> list[OutboxMessage]:
        """What is sent or to be sent to somebody."""
        return [row for row in self._rows(OutboxMessage, person) if row.author != "borrower"]

    def _rows(self, table: Any, person: Person) -> list[Any]:
        conversation_id = self.conversation(person).id
        with self.session_factory() as session:
            return list(session.scalars(select(table).where(table.conversation_id == conversation_id)))


@pytest.fixture
async def run(
    api: BotApi,
    telegram_settings: Settings,
    clock: Clock,
    quick: Pace,
    new_hub: NewHub,
    session_factory: sessionmaker[Session],
) -> AsyncIterator[Callable[[], Awaitable[Running]]]:
    """Starts the bot, each time as a process of its own would."""
    channels = []

    async def run() -> Running:
        channels.append(Telegram(telegram_settings, clock, quick, ANSWER_SECONDS))
        hub = await new_hub(channels[-1].sender)
        await channels[-1].start(hub)
        return Running(channels[-1], hub, api, session_factory)

    yield run
    for channel in channels:
        await channel.stop()
        await channel.close()


@pytest.fixture
async def telegram(run: Callable[[], Awaitable[Running]]) -> Running:
    """The bot, polling a Telegram to which a test can also go round: by `take`."""
    return await run()


@pytest.fixture
def ann() -> Person:
    return Person(71)


@pytest.fixture
def bo() -> Person:
    return Person(72, "zh-hans")
