"""Sending what waits in the outbox to the channels that are sent to."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import structlog

from bot.delivery import HandOver, Parcel, Sender, SendError
from bot.heartbeat import Heartbeat
from bot.parcels import begin_sending, next_parcel, note_problem, note_sent, undelivered_conversations
from bot.telemetry.figures import DELIVERIES, timed
from bot.transactions import in_store
from bot.workers import Workers
from respite.clock import Clock
from respite.tracing import message_span

SECONDS_TO_FINISH = 5

log = structlog.get_logger()


class Dispatch:
    """Hands what waits for a channel to its sender, in each conversation one message after the other."""

    def __init__(self, senders: Sequence[Sender], heartbeat: Heartbeat, clock: Clock) -> None:
        self._senders = {sender.channel: sender for sender in senders}
        self._heartbeat = heartbeat
        self._clock = clock
        self._workers = Workers(self._send_all, lambda session: undelivered_conversations(session, clock.now()))

    async def start(self) -> None:
        if self._senders:
            await self._workers.start()

    async def stop(self) -> None:
        """Leave off once what is being sent has been sent, so that its outcome is known."""
        await self._workers.stop(patience=SECONDS_TO_FINISH)

    def wake(self, channel: str, conversation_id: str) -> None:
        """Have a conversation's messages sent, if its channel is one that is sent to."""
        if channel in self._senders:
            self._workers.wake(conversation_id)

    async def _send_all(self, conversation_id: str) -> None:
        process_id = self._heartbeat.process_id
        while parcel := await in_store(
            lambda session: next_parcel(session, conversation_id, process_id, self._clock.now())
        ):
            hand_over = await self._made_ready(parcel)
            if self._workers.are_stopping:
                return
            if await in_store(partial(begin_sending, parcel=parcel, process_id=process_id)):
                await self._send(parcel, hand_over)

    async def _made_ready(self, parcel: Parcel) -> HandOver:
        """How to hand a message over, once it may be. One that cannot be made ready fails then."""
        try:
            return await self._senders[parcel.channel].make_ready(parcel)
        except SendError as error:
            return partial(_fail, error)

    async def _send(self, parcel: Parcel, hand_over: HandOver) -> None:
        try:
            with self._span(parcel), timed("sending"):
                external_id = await hand_over()
        except SendError as error:
            problem = error
            log.warning("message not sent", conversation=parcel.conversation_id, reason=type(error).__name__)
            state = await in_store(lambda session: note_problem(session, parcel, problem, self._clock.now()))
        else:
            state = await in_store(lambda session: note_sent(session, parcel, external_id))
        DELIVERIES.labels(parcel.channel, state).inc()

    @staticmethod
    def _span(parcel: Parcel) -> AbstractContextManager[object]:
        if parcel.answers is None:
            return nullcontext()
        return message_span("delivery", parcel.conversation_id, parcel.answers, channel=parcel.channel)


async def _fail(error: SendError) -> str:
    raise error
