"""The sign that an answer is being written."""

import asyncio

from telegram import Bot
from telegram.constants import ChatAction

from bot.channels.telegram.chats import OpenChat
from bot.doorbell import Doorbell
from bot.transactions import from_store
from bot.turns import is_answering

SECONDS_BEFORE = 0.3
"""An answer that comes within this time needs no sign."""

SECONDS_SHOWN = 4
"""Telegram takes the sign away after five."""


class TypingSign:
    """Shows the sign in a chat until it is answered, once however many messages wait in it."""

    def __init__(self, bot: Bot, bell: Doorbell) -> None:
        self._bot = bot
        self._bell = bell
        self._shown_in: set[str] = set()

    async def show(self, chat: OpenChat) -> None:
        if chat.conversation_id in self._shown_in:
            return
        self._shown_in.add(chat.conversation_id)
        answered = asyncio.create_task(self._answered(chat.conversation_id))
        try:
            wait: float = SECONDS_BEFORE
            while (await asyncio.wait([answered], timeout=wait))[1]:
                await self._bot.send_chat_action(chat.chat_id, ChatAction.TYPING)
                wait = SECONDS_SHOWN
        finally:
            answered.cancel()
            self._shown_in.discard(chat.conversation_id)

    async def _answered(self, conversation_id: str) -> None:
        with self._bell.listening(conversation_id) as rung:
            while await from_store(lambda session: is_answering(session, conversation_id)):
                await rung.wait()
                rung.clear()
