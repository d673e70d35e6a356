"""The channel as a whole: introduced to Telegram when it starts, then polling or being called."""

import asyncio
from typing import Any

import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.helpers import create_deep_linked_url
from tenacity import retry, retry_if_exception_type, retry_if_not_exception_type, wait_exponential

from bot.channels.telegram.connection import ANSWER_SECONDS, connect
from bot.channels.telegram.errands import Errands
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.menu import Menu
from bot.channels.telegram.polling import poll, say_what_is_tried_again
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.sending import TelegramSender
from bot.channels.telegram.updates import KINDS, read_update
from bot.hub import Hub
from respite.clock import Clock
from respite.settings import Settings

REJECTED_TOKEN = (
    "Telegram does not know RESPITE_TELEGRAM_TOKEN, so nothing comes from there and nothing goes there. "
    "Copy the token from @BotFather, and start the web application again."
)
REJECTED_WEBHOOK = (
    "Telegram does not take RESPITE_TELEGRAM_WEBHOOK_URL: %s. Change it and start the web application again."
)

log = structlog.get_logger()


class Telegram:
    """One bot, for borrowers in private chats. Raises TelegramSettingsError when it could not work."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        pace: Pace | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._bot = connect(settings, answer_seconds)
        self._menu = Menu(self._bot)
        self._errands = Errands()
        self._name: str | None = None
        self.sender = TelegramSender(self._bot, pace or Pace(), clock)

    async def start(self, hub: Hub) -> None:
        """Begin to hand over to the hub what comes. Telegram need not be within reach yet."""
        self._receiver = Receiver(self._bot, hub, self._clock, self._menu, self._errands)
        self._working = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Hand nothing over any more; what is not stored yet comes again."""
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)
        await self._errands.stop()

    async def close(self) -> None:
        """End the connections, once nothing is sent any more either."""
        await self._bot.shutdown()

    async def receive(self, update: Any) -> None:
        """Take in an update with which Telegram calls us. Raises MalformedUpdateError, or SQLAlchemyError."""
        if read := read_update(update, self._bot):
            await self._receiver.take(read)

    @property
    def is_introduced(self) -> bool:
        """Whether Telegram has told the bot's name, so that there are links to it."""
        return self._name is not None

    def link(self, token: str | None = None) -> str:
        """The address of an introduced bot; with the token of a link it signs its borrower in there."""
        assert self._name is not None
        return create_deep_linked_url(self._name, token)

    async def _work(self) -> None:
        try:
            await self._introduce()
            if self._settings.telegram_mode == "polling":
                await poll(self._bot, self._receiver)
        except InvalidToken:
            log.error(REJECTED_TOKEN)
        except BadRequest as error:
            log.error(REJECTED_WEBHOOK % error.message)

    @retry(
        retry=retry_if_exception_type(TelegramError) & retry_if_not_exception_type((InvalidToken, BadRequest)),
        wait=wait_exponential(multiplier=0.5, max=30),
        before_sleep=say_what_is_tried_again,
    )
    async def _introduce(self) -> None:
        """Learn the bot's name, set its menu, and say how updates are to come. What waits at Telegram is kept."""
        await self._bot.initialize()
        self._name = self._bot.username
        await self._menu.set_for_all()
        if self._settings.telegram_mode == "polling":
            await self._bot.delete_webhook()
            return
        assert self._settings.telegram_secret is not None
        await self._bot.set_webhook(
            str(self._settings.telegram_webhook_url),
            secret_token=self._settings.telegram_secret.get_secret_value(),
            allowed_updates=KINDS,
        )
