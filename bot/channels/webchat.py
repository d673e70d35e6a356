"""The web channel: chats named by a secret token, frames from the page, and what stands in a chat."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import buttons_of, with_buttons
from bot.hub import Hub, from_store, in_store
from bot.inbox import Incoming
from bot.web.entries import Author, ChatEntry
from respite.clock import Clock
from respite.identity.lender_tokens import redeem
from respite.identity.links import close
from respite.settings import Settings
from respite.store.models import ButtonPress, Conversation, InboxMessage, OutboxMessage
from respite.support.conversations import find_conversation, open_conversation, recent_messages
from respite.support.messages import Button, Message

CHANNEL = "web"
TOKEN_BYTES = 16
AUTHORS: dict[str, Author] = {"borrower": "borrower", "bot": "bot", "system": "system"}


class Frame(BaseModel):
    """What a page sends: a text, a button's reference or a request; under one id it is taken once."""

    client_id: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,60}$", default_factory=lambda: uuid4().hex)]
    text: str = ""
    button: Annotated[str, Field(max_length=32)] = ""
    request: Literal["", "person"] = ""

    @model_validator(mode="after")
    def says_one_thing(self) -> "Frame":
        if [bool(self.text.strip()), bool(self.button), bool(self.request)].count(True) != 1:
            raise ValueError("send one of text, button and request")
        return self


@dataclass(frozen=True)
class Change:
    """What is new in a chat above one cursor, the next cursor, and whether an answer is being written.

    `is_personal` says whether the chat is a borrower's, signed in or not, or still a stranger's.
    """

    entries: list[ChatEntry]
    cursor: int
    language: str
    answering: bool
    is_personal: bool


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def chat_key(token: str) -> str:
    """What the store keeps of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


class WebChat:
    """Chats on the web page. Whoever holds a chat's token is the one who talks in it."""

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub = hub
        self._clock = clock

    async def find(self, token: str) -> str | None:
        """The id of the token's conversation, if one was ever begun."""
        conversation = await from_store(lambda session: find_conversation(session, CHANNEL, chat_key(token)))
        return conversation.id if conversation else None

    async def open(self, token: str, language: str) -> str:
        """The id of the token's conversation, begun in `language` when there was none."""
        if known := await self.find(token):
            return known
        conversation = await in_store(
            lambda session: open_conversation(session, CHANNEL, chat_key(token), language, self._clock.now())
        )
        return conversation.id

    async def receive(self, conversation_id: str, frame: Frame, address: str | None) -> None:
        await self._hub.receive(
            Incoming(
                conversation_id,
                external_id=f"{conversation_id}:{frame.client_id}",
                text=frame.text.strip(),
                button=frame.button,
                request=frame.request,
                address=address,
            )
        )

    async def enter(self, token: str, language: str, lender_token: str, settings: Settings) -> None:
        """Begin a chat for the borrower that the lender vouches for. Raises LenderTokenError; no chat is begun then."""

        def begin(session: Session) -> None:
            now = self._clock.now()
            conversation = open_conversation(session, CHANNEL, chat_key(token), language, now)
            redeem(session, lender_token, conversation.id, settings, now)

        await in_store(begin)

    async def sign_out(self, conversation_id: str, everywhere: bool) -> None:
        """End the sign-in of a chat, or of every chat of its borrower; what stands in it is shown to nobody again."""
        await in_store(lambda session: close(session, conversation_id, everywhere, self._clock.now()))

    async def change_language(self, conversation_id: str, language: str) -> None:
        await self._hub.change_language(conversation_id, language)

    async def history(self, conversation_id: str, after: int = 0) -> Change:
        """The entries above the cursor `after`."""
        answering = self._hub.is_answering(conversation_id)
        return await from_store(lambda session: _change(session, conversation_id, after, answering))

    async def changes(self, conversation_id: str, after: int) -> AsyncGenerator[Change]:
        """What is above the cursor `after`, and then whatever comes, for as long as somebody asks."""
        with self._hub.bell.listening(conversation_id) as rung:
            while True:
                rung.clear()
                change = await self.history(conversation_id, after)
                after = change.cursor
                yield change
                await rung.wait()

    async def next_change(self, conversation_id: str, after: int, wait: float) -> Change:
        """What is above the cursor `after`; waits `wait` seconds for it while an answer is being written."""
        async with aclosing(self.changes(conversation_id, after)) as changes:
            change = await anext(changes)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    while change.answering and not change.entries:
                        change = await anext(changes)
            return change


def _change(session: Session, conversation_id: str, after: int, answering: bool) -> Change:
    rows = recent_messages(session, conversation_id, after)
    messages = {row.id: Message.model_validate_json(row.message) for row in rows}
    used = _used_buttons(session, messages.values())
    client_ids = _client_ids(session, rows)
    entries = [
        ChatEntry(
            id=row.id,
            author=AUTHORS.get(row.author, "staff"),
            text=messages[row.id].text,
            message=None if row.author == "borrower" else _without_used(messages[row.id], used),
            at=row.created_at,
            client_id=client_ids.get(row.inbox_id) if row.author == "borrower" else None,
        )
        for row in rows
    ]
    cursor = entries[-1].id if entries else after
    conversation = session.get_one(Conversation, conversation_id)
    return Change(entries, cursor, conversation.language, answering, is_personal=conversation.borrower_id is not None)


def _client_ids(session: Session, rows: Iterable[OutboxMessage]) -> dict[int | None, str]:
    said = [row.inbox_id for row in rows if row.author == "borrower"]
    query = select(InboxMessage.id, InboxMessage.external_id).where(InboxMessage.id.in_(said))
    return {inbox_id: external_id.partition(":")[2] for inbox_id, external_id in session.execute(query)}


def _used_buttons(session: Session, messages: Iterable[Message]) -> frozenset[str]:
    shown = [button.reference for message in messages for button in buttons_of(message)]
    query = select(ButtonPress.reference).where(ButtonPress.reference.in_(shown), ButtonPress.used_at.is_not(None))
    return frozenset(session.scalars(query))


def _without_used(message: Message, used: frozenset[str]) -> Message:
    """The message with no reference on a button that has been used."""
    return with_buttons(message, lambda button: Button(title=button.title) if button.reference in used else button)
