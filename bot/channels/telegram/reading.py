"""What a message in a private chat says, for the hub: a command, words, a file, or something that nobody can act on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot, Message
from telegram.error import TelegramError

from bot.channels.telegram.chats import OpenChat
from bot.channels.telegram.commands import command_in, obey
from bot.channels.telegram.downloading import SentFile, download, sent_file
from bot.channels.telegram.unreadable import EDIT, Unreadable, unreadable
from bot.incoming import Incoming, ReceivedFile
from bot.texts import translate
from respite.clock import Clock
from respite.support.attachments import TooLargeError
from respite.support.messages import Message as Answer

FILE_NOT_HAD = "I could not get this file from Telegram. Please send it again."
NOT_LOOKED_AT = b""
SECONDS_TO_FETCH = 20
"""All that is asked of Telegram waits for one file so long at most."""


async def read(bot: Bot, chat: OpenChat, message: Message, clock: Clock) -> Sequence[Incoming]:
    """What is said, in order; nothing where Telegram itself tells of something in the chat."""
    if message.text:
        command = command_in(message.text)
        return await obey(chat, command, message.text, clock) if command else [chat.said(text=message.text)]
    if found := unreadable(message):
        return [_not_acted_on(chat, found)]
    if sent := sent_file(message):
        return [await _file(bot, chat, sent, message.caption or "")]
    return []


def read_edit(chat: OpenChat, message: Message) -> Sequence[Incoming]:
    """The answer to an edited text, the same for each further edit of it."""
    if not (message.text or message.caption):
        return []
    key = f"{chat.conversation_id}:edit:{message.message_id}"
    return [_not_acted_on(replace(chat, key=key), EDIT)]


def _not_acted_on(chat: OpenChat, found: Unreadable) -> Incoming:
    answer = Answer(text=translate(chat.language, found.answer))
    return chat.said(text=translate(chat.language, found.name), answer=answer)


async def _file(bot: Bot, chat: OpenChat, sent: SentFile, caption: str) -> Incoming:
    """A file with its caption. What a stranger sends is not fetched, since it is not taken."""
    try:
        async with asyncio.timeout(SECONDS_TO_FETCH):
            content = await download(bot, sent) if chat.is_signed_in else NOT_LOOKED_AT
    except TooLargeError as refusal:
        return chat.said(text=caption or sent.name, answer=Answer(text=translate(chat.language, str(refusal))))
    except (TelegramError, TimeoutError):
        return chat.said(text=caption or sent.name, answer=Answer(text=translate(chat.language, FILE_NOT_HAD)))
    return chat.said(text=caption, file=ReceivedFile(sent.name, content))
