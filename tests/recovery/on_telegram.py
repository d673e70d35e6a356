"""A borrower on Telegram, which hands over their messages again until somebody says that one was taken."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import httpx
from sqlalchemy import select

from bot.channels.telegram.chats import CHANNEL
from respite.store.models import InboxMessage, OutboxMessage
from respite.store.session import reading
from respite.support.conversations import address_key
from tests.channels.telegram.look_alike import BotApi
from tests.channels.telegram.people import Person, Update
from tests.recovery.borrowers import AGAIN_AFTER_SECONDS, PATIENCE_SECONDS, Borrower, NotAnsweredError, Sent

LOOK_EVERY_SECONDS = 0.1
ON_THE_WAY = ("pending", "sending")


@dataclass(kw_only=True)
class OnTelegram(Borrower):
    """`web` are the addresses that Telegram calls with the `secret`; none where it is asked for updates."""

    telegram: BotApi
    web: Sequence[str]
    secret: str
    channel = CHANNEL

    def __post_init__(self) -> None:
        self.person = Person(self.number)
        self.chat_key = address_key(CHANNEL, str(self.number))

    async def hand_in(self, text: str, button: str) -> str:
        update = self.person.presses(button) if button else self.person.says(text)
        if self.web:
            await self._call(update)
        else:
            self.telegram.updates.append(update)
        return str(update["update_id"])

    async def wait_for_answers(self, said: Sequence[Sent]) -> None:
        """Until nothing of the conversation is left to be done, as the store has it."""
        answers, deadline = 0, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            settled, sent = await asyncio.to_thread(self._progress, said)
            if sent > answers:
                answers = sent
                self.note_answer()
            if settled:
                return
        raise NotAnsweredError(f"{said[0].step.name} by {self.conversation_id}")

    async def _call(self, update: Update) -> None:
        """Call one web process or another until one has taken an update, as Telegram does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
            while time.monotonic() < deadline:
                with suppress(httpx.TransportError):
                    url = f"{self.chance.choice(self.web)}/telegram/updates"
                    if (await http.post(url, json=update)).is_success:
                        return
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
        raise NotAnsweredError("No web process takes updates.")

    def _progress(self, said: Sequence[Sent]) -> tuple[bool, int]:
        """Whether all of it was taken in, answered and sent, and how many answers were sent so far."""
        inbox = select(InboxMessage).where(InboxMessage.conversation_id == self.conversation_id)
        outbox = select(OutboxMessage).where(OutboxMessage.conversation_id == self.conversation_id)
        with reading() as session:
            received, written = session.scalars(inbox).all(), session.scalars(outbox).all()
        taken_in = {row.external_id.rpartition(":")[2] for row in received}
        waits = any(row.state == "pending" for row in received) or any(row.state in ON_THE_WAY for row in written)
        return {sent.id for sent in said} <= taken_in and not waits, sum(row.state not in ON_THE_WAY for row in written)
