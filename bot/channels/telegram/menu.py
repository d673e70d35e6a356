"""The menu of commands beside the message field, in the borrower's language."""

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.channels.telegram.chats import OpenChat
from bot.texts import translate

COMMANDS = {
    "start": "Begin",
    "help": "What can you do?",
    "menu": "What else can I do for you?",
    "human": "Talk to a person",
    "language": "Language",
    "confirmation": "Confirmation of your plan",
    "stop": "Stop reminders",
    "leave": "Leave this chat",
}


class Menu:
    """Set for all chats in English, and in Simplified Chinese for whose Telegram speaks Chinese.

    Telegram knows nothing finer than that, so a chat in another of our languages has a menu of its own.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._own: dict[int, str] = {}

    async def set_for_all(self) -> None:
        scope = BotCommandScopeAllPrivateChats()
        await self._bot.set_my_commands(_commands("en"), scope=scope)
        await self._bot.set_my_commands(_commands("zh-Hans"), scope=scope, language_code="zh")

    async def keep_in_language(self, chat: OpenChat, telegram_language: str) -> None:
        """Set the menu of a chat if its language is not the one in which it is shown so far."""
        common = "zh-Hans" if telegram_language.startswith("zh") else "en"
        if self._own.get(chat.chat_id, common) != chat.language:
            await self._bot.set_my_commands(_commands(chat.language), scope=BotCommandScopeChat(chat.chat_id))
            self._own[chat.chat_id] = chat.language


def _commands(language: str) -> list[BotCommand]:
    return [BotCommand(name, translate(language, title)) for name, title in COMMANDS.items()]
