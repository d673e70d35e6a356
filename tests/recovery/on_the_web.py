"""A borrower on the web page's interface: one web process or another takes a message, the same id makes it one."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from bot.channels.webchat import CHANNEL, chat_key, new_token
from respite.store.models import InboxMessage
from respite.store.session import reading
from tests.recovery.borrowers import AGAIN_AFTER_SECONDS, PATIENCE_SECONDS, Borrower, NotAnsweredError, Sent, is_answer

LONGEST_POLL_SECONDS = 5


@dataclass(kw_only=True)
class OnTheWeb(Borrower):
    """`web` are the addresses of the web processes, `seen` is everything that the page shows, in order."""

    web: Sequence[str]
    seen: list[dict[str, Any]] = field(default_factory=list)
    cursor: int = 0
    channel = CHANNEL

    def __post_init__(self) -> None:
        token = new_token()
        self.chat_key = chat_key(token)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": "en",
            "X-Forwarded-For": f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}",
        }

    async def talk(self) -> None:
        timeout = LONGEST_POLL_SECONDS * 2
        async with httpx.AsyncClient(headers=self._headers, timeout=timeout, trust_env=False) as self._http:
            await super().talk()

    async def hand_in(self, text: str, button: str) -> str:
        client_id = secrets.token_hex(8)
        await self._ask("POST", json={"client_id": client_id, **({"button": button} if button else {"text": text})})
        return client_id

    async def wait_for_answers(self, said: Sequence[Sent]) -> None:
        """Until nothing of the conversation is left to be answered, as the store has it, and the page shows all of it.

        The page alone cannot say that: while Rasa is away it does not promise an answer, which comes all the same.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            is_settled = await asyncio.to_thread(self._is_settled)
            page = (await self._ask("GET", params={"after": self.cursor, "wait": LONGEST_POLL_SECONDS})).json()
            self.cursor = page["cursor"]
            self.seen += page["messages"]
            if any(is_answer(message["author"], message["text"]) for message in page["messages"]):
                self.note_answer()
            if is_settled:
                return
            if not page["messages"]:
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
        raise NotAnsweredError(f"{said[0].step.name} by {self.conversation_id}")

    def _is_settled(self) -> bool:
        pending = InboxMessage.conversation_id == self.conversation_id, InboxMessage.state == "pending"
        with reading() as session:
            return session.scalar(select(InboxMessage.id).where(*pending).limit(1)) is None

    async def _ask(self, method: str, **what: Any) -> httpx.Response:
        """Ask one web process or another until one answers."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                response = await self._http.request(method, f"{self.chance.choice(self.web)}/api/messages", **what)
                if not response.is_server_error:
                    return response.raise_for_status()
            except httpx.TransportError:
                pass
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
        raise NotAnsweredError("No web process answers.")
