"""The hub between the channels and Rasa.

A message is stored before anything is done about it. One worker a conversation, in one process, answers its messages
in order. No transaction is open while Rasa thinks. An answer, and the mark that its message is answered, are written
together: a process that dies in between leaves a message that is answered, once, by the next one. Rasa is told each
turn under the same id however often it is asked, and answers it once.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import anyio.to_thread
import structlog
from pydantic import ValidationError

from bot.delivery import Sender
from bot.dispatch import Dispatch
from bot.doorbell import Doorbell
from bot.flooding import SLOWED_BY_SECONDS
from bot.heartbeat import Heartbeat
from bot.inbox import Intake, accept_language
from bot.incoming import Incoming, Receipt
from bot.news import News
from bot.rasa_client import RasaClient, RasaLostError, RasaSilentError, RasaUnreachableError
from bot.replies import read_reply
from bot.telemetry.figures import TURNS, note_seconds, timed
from bot.tending import Tending
from bot.transactions import in_store
from bot.turns import Turn, count_failure, finish, next_turn, say_away, waiting_conversations
from bot.typing import Typing
from bot.workers import Workers
from respite.clock import Clock
from respite.identity.codes import OneTimeCode
from respite.identity.senders import SendCode
from respite.store.announcements import QUIET, READ_ON, TYPING, Party, announce_typing
from respite.support.messages import Message
from respite.tracing import first_span, message_span

TURNS_AT_ONCE = 16
"""As many as Rasa answers well within its time-out; further ones wait here, where they cannot be lost."""
LONGEST_SILENCE = 8
"""Seconds after which a borrower is told that an answer takes longer."""
SLOW = "NoAnswerYet"

log = structlog.get_logger()


class Hub:
    """Takes in messages from the channels, has Rasa answer them, sends them, and rings for those who show them.

    `senders` are the channels that are sent to; the others fetch.
    """

    def __init__(
        self, rasa: RasaClient, clock: Clock, country: str, send_code: SendCode, senders: Sequence[Sender] = ()
    ) -> None:
        self.bell = Doorbell()
        self.typing = Typing(self.bell.ring)
        self._rasa = rasa
        self._clock = clock
        self._country = country
        self._send_code = send_code
        self._heartbeat = Heartbeat(clock)
        self._turns = Workers(self._answer_all, waiting_conversations)
        self._dispatch = Dispatch(senders, self._heartbeat, clock)
        self._news = News(self._hear, self.bell.ring_all)
        self._tending = Tending(clock)
        self._rasa_is_free = asyncio.Semaphore(TURNS_AT_ONCE)
        self._errands: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin, with the messages that an earlier process has left unanswered or unsent."""
        for part in (self._heartbeat, self._news, self._turns, self._dispatch, self._tending):
            await part.start()

    async def stop(self) -> None:
        """Leave off at once; what is not answered or sent yet stays stored."""
        for part in (self._tending, self._turns, self._dispatch, self._news, self._heartbeat):
            await part.stop()
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def receive(self, incoming: Incoming) -> Receipt:
        """Store a message, and have it answered if it is for the bot. One that came before is dropped."""
        codes: list[OneTimeCode] = []
        intake = Intake(self._country, codes.append)
        with first_span("message", incoming.conversation_id, incoming.external_id):
            receipt = await in_store(lambda session: intake.accept(session, incoming, self._clock.now()))
        for code in codes:
            self._run_errand(code)
        if receipt is not Receipt.FOR_STAFF:
            self._turns.wake(incoming.conversation_id)
        return receipt

    async def change_language(self, conversation_id: str, language: str) -> None:
        """Go on in `language` (en, zh-Hans, zh-Hant), which the borrower chose on the page."""
        now, external_id = self._clock.now(), uuid4().hex
        with first_span("message", conversation_id, external_id):
            await in_store(lambda session: accept_language(session, conversation_id, language, external_id, now))
        self._turns.wake(conversation_id)

    async def note_typing(self, conversation_id: str, party: Party, is_typing: bool) -> None:
        """Tell whoever shows a conversation that a party begins to write in it, or leaves off."""
        await in_store(lambda session: announce_typing(session, conversation_id, party, is_typing))

    def _hear(self, channel: str, conversation_id: str) -> None:
        if channel.startswith(TYPING):
            self.typing.begin(conversation_id, channel.removeprefix(TYPING))
        elif channel.startswith(QUIET):
            self.typing.end(conversation_id, channel.removeprefix(QUIET))
        elif channel == READ_ON:
            self.bell.murmur(conversation_id)
        else:
            self.bell.ring(conversation_id)
            self._dispatch.wake(channel, conversation_id)

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

    async def _answer_all(self, conversation_id: str) -> None:
        process_id = self._heartbeat.process_id
        while turn := await in_store(
            lambda session: next_turn(session, conversation_id, process_id, self._clock.now())
        ):
            if turn.is_slowed:
                await asyncio.sleep(SLOWED_BY_SECONDS)
            await self._answer(turn)

    async def _answer(self, turn: Turn) -> None:
        """Answer one turn. Raises what went wrong where it is to be tried again."""
        try:
            with message_span("turn", turn.conversation_id, turn.external_id):
                async with self._patience(turn):
                    answers = await self._ask_rasa(turn)
                with timed("writing"):
                    await in_store(lambda session: finish(session, turn, answers, self._clock.now()))
            TURNS.labels("answered").inc()
        except RasaUnreachableError as error:
            TURNS.labels("unreachable").inc()
            reason = type(error).__name__
            await in_store(lambda session: say_away(session, turn, reason, self._clock.now()))
            raise
        except Exception as error:
            TURNS.labels("failed").inc()
            reason = type(error).__name__
            log.error("turn failed", conversation=turn.conversation_id, reason=reason)
            has_died = isinstance(error, RasaLostError)
            await in_store(lambda session: count_failure(session, turn, reason, self._clock.now(), has_died=has_died))
            raise

    @asynccontextmanager
    async def _patience(self, turn: Turn) -> AsyncIterator[None]:
        """Where an answer takes long, tell the borrower that it will come later."""

        async def say_so() -> None:
            await asyncio.sleep(LONGEST_SILENCE)
            log.warning("turn is slow", conversation=turn.conversation_id)
            await in_store(lambda session: say_away(session, turn, SLOW, self._clock.now(), is_asked=True))

        saying = asyncio.create_task(say_so())
        try:
            yield
        finally:
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)

    async def _ask_rasa(self, turn: Turn) -> list[Message]:
        today = self._clock.business_date().isoformat()
        answers: list[Message] = []
        async with self._rasa_is_free:
            waited = self._clock.now() - turn.received_at
            for place, utterance in enumerate(turn.utterances):
                turn_id = f"{turn.inbox_id}.{place}"
                for reply in await self._rasa.answer(turn.conversation_id, utterance, today, turn_id=turn_id):
                    try:
                        answers.append(read_reply(reply))
                    except ValidationError as error:
                        raise RasaSilentError("an answer of an unknown form") from error
        note_seconds("waiting", waited.total_seconds())
        return answers
