"""How fast Telegram lets a bot write: a message a second to a chat, thirty a second to all of them together."""

from aiolimiter import AsyncLimiter

A_CHAT_EVERY_SECONDS = 1.0
ALL_EVERY_SECONDS = 1 / 30
CHATS_REMEMBERED = 1000


class Pace:
    """Makes each request wait until it may be sent. A chat that waits keeps no other one waiting."""

    def __init__(
        self, a_chat_every_seconds: float = A_CHAT_EVERY_SECONDS, all_every_seconds: float = ALL_EVERY_SECONDS
    ) -> None:
        self._a_chat_every_seconds = a_chat_every_seconds
        self._all = AsyncLimiter(1, all_every_seconds)
        self._chats: dict[str, AsyncLimiter] = {}

    async def wait(self, chat_id: str) -> None:
        """Return once a message may be sent to a chat."""
        if len(self._chats) >= CHATS_REMEMBERED:
            self._chats = {chat: limit for chat, limit in self._chats.items() if not limit.has_capacity()}
        await self._chats.setdefault(chat_id, AsyncLimiter(1, self._a_chat_every_seconds)).acquire()
        await self._all.acquire()
