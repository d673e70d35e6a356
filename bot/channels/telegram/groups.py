"""Groups and channels: the bot says once that it talks in private only, and leaves."""

from contextlib import suppress

from telegram import Bot, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.texts import translate
from bot.web.languages import our_language

ONLY_IN_PRIVATE = "I talk about money in private chats only. Open one with me, and I am there."
GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Groups:
    """Knows which groups have been told, for as long as the bot is in them. What is said there is not read."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._told: set[int] = set()

    async def leave(self, update: Update) -> None:
        chat, change = update.effective_chat, update.my_chat_member
        assert chat is not None
        if change and change.new_chat_member.status in GONE:
            self._told.discard(chat.id)
        else:
            await self._tell(update, chat.id)
            await self._bot.leave_chat(chat.id)

    async def _tell(self, update: Update, chat_id: int) -> None:
        if chat_id in self._told:
            return
        self._told.add(chat_id)
        spoken = our_language((update.effective_user and update.effective_user.language_code) or "") or "en"
        with suppress(TelegramError):  # such as in a group in which it may not write
            await self._bot.send_message(chat_id, translate(spoken, ONLY_IN_PRIVATE))
