"""The web channel: chats named by a secret, what pages send, and what stands in a chat."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.frames import Frame
from bot.channels.history import change_above, move_read_position
from bot.hub import Hub
from bot.idle import sign_out_before_reading
from bot.incoming import Incoming, Receipt, ReceivedFile
from bot.transactions import from_store, in_store
from bot.web.entries import Change
from respite.clock import Clock
from respite.identity.lender_tokens import borrower_of, redeem
from respite.identity.links import close
from respite.identity.passes import conversation_of_pass
from respite.identity.verification import vouched_for
from respite.policies.load import policy
from respite.settings import Settings
from respite.store.models import Conversation
from respite.support.conversations import BOT, find_conversation, open_conversation

CHANNEL = "web"
TOKEN_BYTES = 16
SECONDS_A_MINUTE = 60
IN_A_FRAME = "frame:"
"""How the key of a chat in a frame of the lender's page begins; no secret makes such a key."""


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def chat_key(token: str) -> str:
    """What the store keeps of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


class WebChat:
    """Chats on the web page. Whoever holds a chat's token, or a pass to it, is the one who talks in it."""

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub = hub
        self._clock = clock

    async def find(self, token: str) -> str | None:
        """The id of the token's conversation, if one was ever begun."""
        conversation = await self._known(token)
        return conversation.id if conversation else None

    async def language_of(self, token: str) -> str | None:
        """The language of the token's conversation, if one was ever begun."""
        conversation = await self._known(token)
        return conversation.language if conversation else None

    async def open(self, token: str, language: str) -> str:
        """The id of the token's conversation, begun in `language` when there was none."""
        if known := await self.find(token):
            return known
        conversation = await in_store(
            lambda session: open_conversation(session, CHANNEL, chat_key(token), language, self._clock.now())
        )
        return conversation.id

    async def enter(self, token: str, language: str, lender_token: str, settings: Settings) -> None:
        """Begin a chat for the borrower that the lender vouches for. Raises LenderTokenError; no chat is begun then."""

        def begin(session: Session) -> None:
            now = self._clock.now()
            conversation = open_conversation(session, CHANNEL, chat_key(token), language, now)
            redeem(session, lender_token, conversation.id, settings, now)

        await in_store(begin)

    async def open_in_frame(self, language: str, lender_token: str | None, settings: Settings) -> str:
        """The id of a conversation for a frame: the one of the borrower whom the lender vouches for, or a new one.

        A borrower has one for all frames, which goes on where they left it. Raises LenderTokenError.
        """

        def begin(session: Session) -> str:
            now = self._clock.now()
            borrower_id = lender_token and borrower_of(session, lender_token, settings, now)
            key = f"{IN_A_FRAME}{borrower_id or uuid4().hex}"
            conversation = open_conversation(session, CHANNEL, key, language, now)
            if borrower_id:
                vouched_for(session, conversation.id, borrower_id, now)
            return conversation.id

        return await in_store(begin)

    async def find_by_pass(self, chat_pass: str) -> str | None:
        """The id of the conversation that a pass opens, unless it was left since."""
        conversation_id = conversation_of_pass(chat_pass, self._clock.now())
        known = select(Conversation.id).where(
            Conversation.id == conversation_id, Conversation.chat_key.startswith(IN_A_FRAME)
        )
        return await from_store(lambda session: session.scalar(known))

    async def receive(self, conversation_id: str, frame: Frame, address: str | None) -> Receipt:
        return await self._hub.receive(
            Incoming(
                conversation_id,
                external_id=f"{conversation_id}:{frame.client_id}",
                text=frame.text.strip(),
                button=frame.button,
                request=frame.request,
                address=address,
            )
        )

    async def receive_file(self, conversation_id: str, client_id: str, file: ReceivedFile, address: str | None) -> None:
        external_id = f"{conversation_id}:{client_id}"
        await self._hub.receive(Incoming(conversation_id, external_id, file=file, address=address))

    async def see(self, conversation_id: str, entry_id: int) -> None:
        """Remember that the borrower has seen a chat up to an entry."""
        await in_store(lambda session: move_read_position(session, conversation_id, entry_id))

    async def sign_out(self, conversation_id: str, everywhere: bool) -> None:
        """End the sign-in of a chat, or of every chat of its borrower; what stands in it is shown to nobody again."""
        await in_store(lambda session: close(session, conversation_id, everywhere, self._clock.now()))

    async def write(self, conversation_id: str, is_writing: bool) -> None:
        """Let a member of staff who has the conversation see that the borrower is writing."""
        conversation = await from_store(lambda session: session.get_one(Conversation, conversation_id))
        if conversation.owner != BOT:
            await self._hub.note_typing(conversation_id, "borrower", is_writing)

    async def change_language(self, conversation_id: str, language: str) -> None:
        await self._hub.change_language(conversation_id, language)

    async def history(self, conversation_id: str, after: int | None = None) -> Change:
        """The entries above the cursor `after`, or the last ones, but for a borrower who was away for long.

        Raises ChatEndedError.
        """
        await sign_out_before_reading(conversation_id, self._clock.now())
        change = await from_store(lambda session: change_above(session, conversation_id, after))
        return change if self._hub.typing.is_writing(conversation_id, "staff") else replace(change, typist="")

    async def changes(self, conversation_id: str, after: int) -> AsyncGenerator[Change]:
        """What is above the cursor `after`, in pieces, and then whatever comes, for as long as somebody asks.

        Where nothing comes for as long as a borrower may be idle, one who is signed in is so no more.
        Raises ChatEndedError as soon as the chat is left, wherever that was.
        """
        with self._hub.bell.listening(conversation_id) as rung:
            while True:
                rung.clear()
                change = await self.history(conversation_id, after)
                after = change.cursor
                yield change
                if change.has_more:
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(policy().identity.idle_minutes * SECONDS_A_MINUTE):
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

    async def _known(self, token: str) -> Conversation | None:
        return await from_store(lambda session: find_conversation(session, CHANNEL, chat_key(token)))
