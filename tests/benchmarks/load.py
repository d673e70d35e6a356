"""A mixed load: borrowers who ask, take a plan, chat and stray, in English and in Chinese, and the two ways in."""

import asyncio
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import httpx

from bot.channels.webchat import CHANNEL, chat_key, new_token
from bot.rasa_client import CHANNEL as RASA_CHANNEL
from respite.clock import utc_now
from respite.policies.load import policy
from respite.secrets import internal_secret
from respite.settings import settings
from respite.store.models import Conversation
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.conversations.borrowers import add_borrower, sign_in
from tests.conversations.running_bot import BUSINESS_DATE

CHOOSE_A_PLAN = "→ the first plan on the card"
SCRIPTS: dict[str, tuple[str, ...]] = {
    "en": (
        "hello, {name} here",
        "{name} again, how much do I owe this month",
        "when is my next payment due, asks {name}",
        "what happens to {name} if I pay a week late",
        "can I pay a bit later",
        CHOOSE_A_PLAN,
        "yes",
        "thanks a lot, {name}",
        "will it rain in {name} tomorrow",
    ),
    "zh-Hans": (
        "你好，我是{name}",
        "我是{name}，这个月要还多少",
        "{name}问一下，下次几号还款",
        "{name}晚几天还会怎么样",
        "我想延期还款",
        CHOOSE_A_PLAN,
        "确认",
        "谢谢你，{name}",
        "帮我订一张去{name}的机票",
    ),
}
"""With an invented name, a sentence is new each time, so that nothing remembers what it means."""
SYLLABLES = "ba be bo da de do ka ke ko la le lo ma me mo na ne no ra re ro ta te to".split()
QUESTIONS = (
    "how much do I owe",
    "when is my next payment due",
    "what happens if I pay late",
    "这个月要还多少",
    "how much to pay off everything",
)
GREETING = ("hello, this is {name}",)
PROFILES = ("due_soon", "due_today", "in_grace", "late")


@dataclass(frozen=True)
class Chat:
    """One borrower's chat, signed in: its id, the token of its page and its language (en, zh-Hans)."""

    id: str
    token: str
    language: str


@dataclass(frozen=True)
class Timing:
    """One turn: what was said, and how long its answer took."""

    said: str
    seconds: float


@dataclass
class Run:
    """The turns of one load, and the time from the first to the last."""

    timings: list[Timing] = field(default_factory=list)
    seconds: float = 0.0


def signed_in_chats(count: int) -> list[Chat]:
    """New chats of so many new borrowers, the languages and the kinds of loan by turns."""
    kinds = list(islice(zip(cycle(SCRIPTS), cycle(PROFILES * len(SCRIPTS)), strict=False), count))
    with transaction() as session:
        chats = []
        for language, profile in kinds:
            borrower = add_borrower(session, profile, policy(), BUSINESS_DATE)
            token = new_token()
            conversation = open_conversation(session, CHANNEL, chat_key(token), language, utc_now())
            sign_in(session, conversation.id, borrower)
            chats.append(Chat(conversation.id, token, language))
        return chats


def strangers_chats(count: int) -> list[Chat]:
    """New chats of so many visitors who have not signed in."""
    with transaction() as session:
        tokens = [new_token() for _ in range(count)]
        conversations = [
            Conversation(channel=CHANNEL, chat_key=chat_key(token), language="en", created_at=utc_now())
            for token in tokens
        ]
        session.add_all(conversations)
        session.flush()
        return [Chat(chat.id, token, "en") for chat, token in zip(conversations, tokens, strict=True)]


class Way(ABC):
    """A way in: sends one message of a chat and waits for the whole answer. Remembers what can be pressed next."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._first_plan: dict[str, str] = {}

    async def say(self, chat: Chat, said: str) -> None:
        answer = await (self._press(chat) if said == CHOOSE_A_PLAN else self._type(chat, said))
        if not answer:
            raise RuntimeError(f"{said!r} was not answered.")
        for card in answer:
            if card and card["type"] == "plans":
                self._first_plan[chat.id] = self._reference(card["options"][0]["choose"])

    async def _press(self, chat: Chat) -> list[dict[str, Any] | None]:
        if chat.id not in self._first_plan:
            raise RuntimeError("No plan was offered, so none can be chosen.")
        return await self._send(chat, self._button, self._first_plan.pop(chat.id))

    async def _type(self, chat: Chat, text: str) -> list[dict[str, Any] | None]:
        return await self._send(chat, "text", text)

    _button: str

    @abstractmethod
    def _reference(self, button: dict[str, str]) -> str:
        """What is sent to press a button."""

    @abstractmethod
    async def _send(self, chat: Chat, kind: str, content: str) -> list[dict[str, Any] | None]:
        """Send one message and return the card, or None, of each message of the answer."""


class RasaWay(Way):
    """Straight to Rasa's channel, as the hub asks it."""

    _button = "payload"

    def _reference(self, button: dict[str, str]) -> str:
        return button["payload"]

    async def _send(self, chat: Chat, kind: str, content: str) -> list[dict[str, Any] | None]:
        metadata = {"business_date": BUSINESS_DATE.isoformat(), "language": chat.language}
        turn = {"sender": chat.id, "turn_id": secrets.token_hex(8), kind: content, "metadata": metadata}
        headers = {"Authorization": f"Bearer {internal_secret(settings())}"}
        response = await self._http.post(f"{RASA_CHANNEL}/turn", json=turn, headers=headers)
        response.raise_for_status()
        return [message["custom"].get("card") for message in response.json()["messages"]]


class WebWay(Way):
    """The borrower's web API, as `respite chat` uses it: send, then wait for the answer."""

    _button = "button"
    SECONDS_TO_ANSWER = 20

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__(http)
        self._cursors: dict[str, int] = {}

    def _reference(self, button: dict[str, str]) -> str:
        return button["reference"]

    async def _send(self, chat: Chat, kind: str, content: str) -> list[dict[str, Any] | None]:
        headers = {"Authorization": f"Bearer {chat.token}", "Accept-Language": chat.language}
        frame = {"client_id": secrets.token_hex(8), kind: content}
        (await self._http.post("/api/messages", json=frame, headers=headers)).raise_for_status()
        cards: list[dict[str, Any] | None] = []
        answering = True
        while answering:
            parameters = {"after": self._cursors.get(chat.id, 0), "wait": self.SECONDS_TO_ANSWER}
            reply = await self._http.get("/api/messages", params=parameters, headers=headers)
            reply.raise_for_status()
            page = reply.json()
            answering = page["answering"]
            self._cursors[chat.id] = page["cursor"]
            cards += [message["card"] for message in page["messages"] if message["author"] != "borrower"]
        return cards


async def hold(way: Way, chats: Sequence[Chat], at_once: int, questions: Sequence[str] = ()) -> Run:
    """Hold every chat's conversation, or ask `questions` in each, `at_once` of them side by side."""
    run, waiting = Run(), iter(chats)

    async def worker() -> None:
        for chat in waiting:
            for said in questions or SCRIPTS[chat.language]:
                run.timings.append(await _timed(way, chat, said))

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    run.seconds = time.perf_counter() - began
    return run


async def hold_long(way: Way, chat: Chat, turns: int) -> Run:
    """One conversation of so many turns, the same few questions over and over."""
    run, began = Run(), time.perf_counter()
    for said in islice(cycle(QUESTIONS), turns):
        run.timings.append(await _timed(way, chat, said))
    run.seconds = time.perf_counter() - began
    return run


async def _timed(way: Way, chat: Chat, said: str) -> Timing:
    name = "".join(secrets.choice(SYLLABLES) for _ in range(3)).capitalize()
    began = time.perf_counter()
    await way.say(chat, said.format(name=name))
    return Timing(said, time.perf_counter() - began)
