"""The hub between the channels and Rasa.

A message is stored before anything is done about it. One worker a conversation answers its messages in order.
No transaction is open while Rasa thinks. An answer, and the mark that its message is answered, are written
together: a process that dies in between leaves a message that is answered, once, after the next start.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar
from uuid import uuid4

import anyio.to_thread
import structlog
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.doorbell import Doorbell
from bot.inbox import Incoming, Intake, accept_language
from bot.rasa_client import RasaClient, RasaError, RasaSilentError, RasaUnreachableError
from bot.replies import read_reply
from bot.texts import translate
from bot.turns import Turn, finish, next_turn, waiting_conversations
from respite.clock import Clock
from respite.identity.codes import OneTimeCode
from respite.identity.senders import SendCode
from respite.store.session import reading, transaction
from respite.support.messages import Message

RETRY_SECONDS = 2
APOLOGIES: dict[type[RasaError], str] = {
    RasaUnreachableError: (
        "I cannot reach your account just now; nothing was changed. Please send your message again in a minute."
    ),
    RasaSilentError: (
        "I did not get an answer in time, so I cannot say whether this went through. "
        "A plan is booked only if you were given a reference number. "
        "Please ask me how your plan stands before you try again."
    ),
}

T = TypeVar("T")
log = structlog.get_logger()


async def in_store(work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction, in a thread, and return what it returns."""
    return await _in_thread(transaction, work)


async def from_store(read: Callable[[Session], T]) -> T:
    """Run `read`, which writes nothing, in a thread, and return what it returns."""
    return await _in_thread(reading, read)


async def _in_thread(open_session: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], T]) -> T:
    def run() -> T:
        with open_session() as session:
            return work(session)

    return await anyio.to_thread.run_sync(run)


class Hub:
    """Takes in messages from the channels, has Rasa answer them, and rings for those who show them."""

    def __init__(self, rasa: RasaClient, clock: Clock, country: str, send_code: SendCode) -> None:
        self.bell = Doorbell()
        self._rasa = rasa
        self._clock = clock
        self._country = country
        self._send_code = send_code
        self._waiting: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._errands: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take up the messages that an earlier process has left unanswered."""
        for conversation_id in await from_store(waiting_conversations):
            self._wake(conversation_id)

    async def stop(self) -> None:
        """Leave off at once; what is not answered yet stays stored."""
        tasks = [*self._workers.values(), *self._errands]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def receive(self, incoming: Incoming) -> None:
        """Store a message and have it answered. One that came before is dropped."""
        codes: list[OneTimeCode] = []
        intake = Intake(self._country, codes.append)
        if await in_store(lambda session: intake.accept(session, incoming, self._clock.now())):
            for code in codes:
                self._run_errand(code)
            self._wake(incoming.conversation_id)

    async def change_language(self, conversation_id: str, language: str) -> None:
        """Go on in `language` (en, zh-Hans, zh-Hant), which the borrower chose on the page."""
        now, external_id = self._clock.now(), uuid4().hex
        await in_store(lambda session: accept_language(session, conversation_id, language, external_id, now))
        self._wake(conversation_id)

    def is_answering(self, conversation_id: str) -> bool:
        return conversation_id in self._workers

    def _run_errand(self, code: OneTimeCode) -> None:
        """Send a code beside the turn, which then takes as long for a known number as for an unknown one."""
        errand = asyncio.create_task(self._deliver_code(code))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _deliver_code(self, code: OneTimeCode) -> None:
        try:
            await anyio.to_thread.run_sync(self._send_code, code)
        except Exception as error:
            log.error("one-time code not sent", conversation=code.conversation_id, reason=type(error).__name__)

    def _wake(self, conversation_id: str) -> None:
        self._waiting.add(conversation_id)
        if conversation_id not in self._workers:
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))
        self.bell.ring(conversation_id)

    async def _work(self, conversation_id: str) -> None:
        while conversation_id in self._waiting:
            self._waiting.discard(conversation_id)
            try:
                await self._answer_all(conversation_id)
            except Exception:
                log.exception("turn failed and is tried again", conversation=conversation_id)
                await asyncio.sleep(RETRY_SECONDS)
                self._waiting.add(conversation_id)
        del self._workers[conversation_id]
        self.bell.ring(conversation_id)

    async def _answer_all(self, conversation_id: str) -> None:
        while turn := await in_store(lambda session: next_turn(session, conversation_id)):
            await self._answer(turn)
            self.bell.ring(conversation_id)

    async def _answer(self, turn: Turn) -> None:
        try:
            answers = await self._ask_rasa(turn)
        except RasaError as error:
            log.error("no answer from Rasa", conversation=turn.conversation_id, reason=type(error).__name__)
            answers = [Message(text=translate(turn.language, APOLOGIES[type(error)]))]
        await in_store(lambda session: finish(session, turn, answers, self._clock.now()))

    async def _ask_rasa(self, turn: Turn) -> list[Message]:
        today = self._clock.business_date().isoformat()
        answers: list[Message] = []
        for utterance in turn.utterances:
            for reply in await self._rasa.answer(turn.conversation_id, utterance, today):
                try:
                    answers.append(read_reply(reply))
                except ValidationError as error:
                    raise RasaSilentError("an answer of an unknown form") from error
        return answers
