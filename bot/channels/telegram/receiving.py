"""What comes from Telegram: each update is stored by the hub before anything else is done about it."""

from collections.abc import Iterable
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, CallbackQuery, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest

from bot.channels.telegram.chats import OpenChat, note_blocked, open_chat
from bot.channels.telegram.errands import Errands
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.keyboards import reference_of, with_pressed
from bot.channels.telegram.menu import Menu
from bot.channels.telegram.reading import read, read_edit
from bot.channels.telegram.typing_sign import TypingSign
from bot.hub import Hub
from bot.incoming import Incoming
from bot.transactions import in_store
from bot.web.languages import our_language
from respite.clock import Clock

UNKNOWN_BUTTON = "unknown"

log = structlog.get_logger()


class Receiver:
    """Takes updates in, each once however often it comes."""

    def __init__(self, bot: Bot, hub: Hub, clock: Clock, menu: Menu, errands: Errands) -> None:
        self._bot = bot
        self._hub = hub
        self._clock = clock
        self._menu = menu
        self._errands = errands
        self._groups = Groups(bot)
        self._typing_sign = TypingSign(bot, hub.bell)

    async def take(self, update: Update) -> None:
        """Store what an update brings. Raises SQLAlchemyError when it could not be stored and must come again.

        An update at which our own code fails is passed over, so that it does not hold up those behind it.
        """
        try:
            await self._take(update)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("update passed over", update=update.update_id)

    async def _take(self, update: Update) -> None:
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            self._errands.run(self._groups.leave(update))
        elif membership := update.my_chat_member:
            is_blocked = membership.new_chat_member.status == ChatMemberStatus.BANNED
            since = self._clock.now() if is_blocked else None
            await in_store(lambda session: note_blocked(session, chat.id, since))
        else:
            opened = await self._open(chat.id, update)
            with structlog.contextvars.bound_contextvars(conversation=opened.conversation_id):
                await self._take_from_borrower(opened, update)

    async def _open(self, chat_id: int, update: Update) -> OpenChat:
        key, spoken = f"{_bot_id(self._bot)}:{update.update_id}", our_language(_telegram_language(update)) or "en"
        return await in_store(lambda session: open_chat(session, chat_id, key, spoken, self._clock.now()))

    async def _take_from_borrower(self, chat: OpenChat, update: Update) -> None:
        if query := update.callback_query:
            await self._receive([chat.said(button=reference_of(query.data or UNKNOWN_BUTTON))])
            self._errands.run(_retire(query))
        elif update.edited_message:
            await self._receive(read_edit(chat, update.edited_message))
        elif update.message:
            await self._receive(await read(self._bot, chat, update.message, self._clock))
        self._errands.run(self._typing_sign.show(chat))
        self._errands.run(self._menu.keep_in_language(chat, _telegram_language(update)))

    async def _receive(self, said: Iterable[Incoming]) -> None:
        for incoming in said:
            await self._hub.receive(incoming)


async def _retire(query: CallbackQuery) -> None:
    """Let the button rest, and mark it as pressed, also where the press has waited for too long to be answered."""
    with suppress(BadRequest):
        await query.answer()
    shown = query.message.reply_markup if isinstance(query.message, Message) else None
    if shown and (marked := with_pressed(shown, query.data or UNKNOWN_BUTTON)):
        await query.edit_message_reply_markup(marked)


def _bot_id(bot: Bot) -> str:
    """Updates are numbered by the bot, so that another bot begins to count anew."""
    return bot.token.partition(":")[0]


def _telegram_language(update: Update) -> str:
    user = update.effective_user
    return (user and user.language_code) or ""
