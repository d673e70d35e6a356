"""Borrowers who talk to an installation that is being harmed, and insist until they are heard."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select

from bot.turns import AWAY, AWAY_UNSURE
from respite.clock import utc_now
from respite.policies.load import policy
from respite.store.models import OutboxMessage
from respite.store.session import reading, transaction
from respite.support.conversations import open_conversation
from respite.support.messages import Message, PlansCard
from tests.conversations.borrowers import add_borrower
from tests.conversations.running_bot import BUSINESS_DATE
from tests.recovery.script import AFTER_SIGNING_IN, SIGN_IN, Step

PATIENCE_SECONDS = 300
"""Much longer than a row of outages that each strike the same turn: whoever has waited so long is never answered."""

AGAIN_AFTER_SECONDS = 0.1
CODE_SECONDS = 4
MOST_CODES = 5
PAUSE_SECONDS = 0.2
NEW_CODE = Step("gives the phone number again", "phone")


class NotAnsweredError(Exception):
    """A borrower has waited for PATIENCE_SECONDS, or was answered with something else than what they need."""


@dataclass
class Sent:
    """One message of a borrower, under the id by which it is taken once. Times are of the monotonic clock."""

    step: Step
    id: str
    sent_at: float
    answered_at: float | None = None


@dataclass
class Borrower(ABC):
    """One borrower in one chat. `note_answer` is called whenever they see an answer."""

    home: Path
    number: int
    chance: Random
    note_answer: Callable[[], None]
    sent: list[Sent] = field(default_factory=list)
    is_finished: bool = False

    channel: str = field(init=False)
    chat_key: str = field(init=False)

    async def talk(self) -> None:
        """Hold the whole conversation. Raises NotAnsweredError."""
        await asyncio.to_thread(self._be_lent_to)
        await self._sign_in()
        for together in AFTER_SIGNING_IN:
            await self._say(*together)
        self.is_finished = True

    @abstractmethod
    async def hand_in(self, text: str, button: str) -> str:
        """Send a text, or press a button by its reference, until somebody says that it was taken; returns its id."""

    @abstractmethod
    async def wait_for_answers(self, said: Sequence[Sent]) -> None:
        """Return once all messages are answered. Raises NotAnsweredError."""

    def _be_lent_to(self) -> None:
        with transaction() as session:
            borrower = add_borrower(session, "due_soon", policy(), BUSINESS_DATE)
            self.phone = borrower.phone
            self.conversation_id = open_conversation(session, self.channel, self.chat_key, "en", utc_now()).id

    async def _sign_in(self) -> None:
        asks, gives_number, types_code = SIGN_IN
        await self._say(asks)
        for attempt in range(MOST_CODES):
            known = len(self._codes())
            await self._say(gives_number if attempt == 0 else NEW_CODE)
            if await self._code_comes(known):
                await self._say(types_code)
                return
        raise NotAnsweredError("No code came.")

    def _codes(self) -> list[str]:
        sent = self.home / "demo-codes.txt"
        lines = sent.read_text().splitlines() if sent.exists() else []
        return [line.split()[-1] for line in lines if f" {self.conversation_id[:8]} " in line]

    async def _code_comes(self, known: int) -> bool:
        """Whether a code arrives: what is sent beside a turn is lost with the process that was sending it."""
        deadline = time.monotonic() + CODE_SECONDS
        while time.monotonic() < deadline:
            if len(self._codes()) > known:
                return True
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
        return False

    async def _say(self, *steps: Step) -> None:
        said = []
        for step in steps:
            began = time.monotonic()
            said.append(Sent(step, await self.hand_in(*await self._content(step)), began))
        self.sent += said
        await self.wait_for_answers(said)
        for sent in said:
            sent.answered_at = time.monotonic()
        await asyncio.sleep(self.chance.uniform(0, PAUSE_SECONDS))

    async def _content(self, step: Step) -> tuple[str, str]:
        """The text of a step, and the button that it presses."""
        match step.kind:
            case "phone":
                return self.phone, ""
            case "code":
                return self._codes()[-1], ""
            case "first plan":
                return "", await asyncio.to_thread(self._first_plan)
            case "text":
                return step.text, ""

    def _first_plan(self) -> str:
        """The reference of the button that chooses the first plan on the card."""
        query = select(OutboxMessage.message).where(OutboxMessage.conversation_id == self.conversation_id)
        with reading() as session:
            for row in session.scalars(query):
                if isinstance(card := Message.model_validate_json(row).card, PlansCard):
                    return card.options[0].choose.reference
        raise NotAnsweredError("No plan was offered.")


def is_answer(author: str, text: str) -> bool:
    """Whether a message answers another one: that Rasa is away does not."""
    return author == "bot" and text not in (AWAY, AWAY_UNSURE)
