"""Sending to Telegram: one message, which may be several requests, and an honest word about what became of it.

As long as nothing can have arrived, whatever goes wrong is told as it is, and the whole message may be sent later. Once
a part may have arrived, nobody must send it again: the others are tried from here for a while, and when one of them
cannot be sent, the outcome of the message is unknown and says how much of it arrived. A chart, without which a message
is complete, decides nothing.
"""

from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_before_delay

from bot.channels.telegram.chats import CHANNEL
from bot.channels.telegram.connection import problem
from bot.channels.telegram.documents import Document
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.parts import Part, Picture, Text, parts_of
from bot.delivery import BlockedError, HandOver, Parcel, RefusedError, SendError, TryLaterError, UnknownOutcomeError
from respite.clock import Clock

PATIENCE_SECONDS = 120
"""How long the rest of a message is tried once its beginning has arrived."""

SOON_SECONDS = 2.0
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()


class TelegramSender:
    """Sends to private chats; a message's address is the id of its chat."""

    channel = CHANNEL

    def __init__(self, bot: Bot, pace: Pace, clock: Clock, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._bot = bot
        self._pace = pace
        self._clock = clock
        self._insisting = AsyncRetrying(
            retry=retry_if_exception_type(TryLaterError),
            wait=_as_asked,
            stop=stop_before_delay(patience_seconds),
            reraise=True,
        )

    async def make_ready(self, parcel: Parcel) -> HandOver:
        """Read, draw and split what a message consists of, and wait until its chat may be written to."""
        parts = await self._prepare(parcel)
        await self._pace.wait(parcel.address)
        return partial(self._send, parcel, parts)

    async def _send(self, parcel: Parcel, parts: Sequence[Part]) -> str:
        """Send the parts of a message and return the id of the last one. Raises SendError."""
        message_id, arrived, has_begun = "", 0, False
        for number, part in enumerate(parts):
            hand_over = self._hand_over_in_turn if number else self._hand_over
            try:
                if has_begun:
                    message_id = await self._insisting.copy()(hand_over, parcel.address, part)
                else:
                    message_id = await hand_over(parcel.address, part)
            except BlockedError:
                raise
            except SendError as error:
                if not has_begun and isinstance(error, TryLaterError):
                    raise
                if not isinstance(part, Picture):
                    raise _in_part(error, arrived, len(parts)) if has_begun else error from None
                log.warning("chart not sent", conversation=parcel.conversation_id, reason=str(error))
                has_begun = has_begun or isinstance(error, UnknownOutcomeError)
            else:
                arrived, has_begun = arrived + 1, True
        return message_id

    async def _prepare(self, parcel: Parcel) -> list[Part]:
        try:
            parts = await parts_of(parcel, self._clock)
        except SQLAlchemyError:
            raise TryLaterError("The message could not be read from the database.") from None
        except Exception as error:
            log.exception("message not made ready", conversation=parcel.conversation_id)
            raise RefusedError(f"The message could not be made ready for Telegram ({type(error).__name__}).") from None
        if not parts:
            raise RefusedError("Nothing in this message can be shown on Telegram.")
        return parts

    async def _hand_over_in_turn(self, chat_id: str, part: Part) -> str:
        await self._pace.wait(chat_id)
        return await self._hand_over(chat_id, part)

    async def _hand_over(self, chat_id: str, part: Part) -> str:
        try:
            return str((await self._request(int(chat_id), part)).message_id)
        except TelegramError as error:
            raise problem(error) from None

    async def _request(self, chat_id: int, part: Part) -> Message:
        match part:
            case Text():
                return await self._bot.send_message(
                    chat_id,
                    part.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=part.keyboard,
                    link_preview_options=NO_PREVIEW,
                )
            case Picture():
                return await self._bot.send_photo(chat_id, part.png, caption=part.caption, filename="chart.png")
            case Document():
                return await self._bot.send_document(chat_id, part.content, filename=part.name)


def _in_part(error: SendError, arrived: int, parts: int) -> UnknownOutcomeError:
    return UnknownOutcomeError(f"Of the {parts} parts of this message, {arrived} arrived for certain. {error}")


def _as_asked(state: RetryCallState) -> float:
    """As long as Telegram asks us to wait."""
    assert state.outcome is not None
    error = state.outcome.exception()
    assert isinstance(error, TryLaterError)
    return SOON_SECONDS if error.seconds is None else error.seconds
