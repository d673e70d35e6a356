"""Asking Telegram for updates, over and over: for a demonstration, and for one process.

Updates are asked for beyond the last one that was stored, which is how Telegram learns that it may forget it. What was
not stored comes again.
"""

import asyncio
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from tenacity import RetryCallState, retry, retry_if_exception_type, retry_if_not_exception_type, wait_exponential

from bot.channels.telegram.connection import ANSWER_SECONDS
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.updates import KINDS, read_update

WAIT_SECONDS = 25
"""How long Telegram holds a request open while there is nothing new."""

log = structlog.get_logger()


def say_what_is_tried_again(state: RetryCallState) -> None:
    assert state.outcome is not None
    log.warning("telegram is tried again", reason=type(state.outcome.exception()).__name__)


async def poll(bot: Bot, receiver: Receiver) -> None:
    """Have updates taken in until this is cancelled. Raises InvalidToken."""
    beyond = 0
    while True:
        updates = await _updates(bot, beyond)
        await _take_all([read for update in updates if (read := read_update(update, bot))], receiver)
        beyond = max((update["update_id"] + 1 for update in updates), default=beyond)


@retry(
    retry=retry_if_exception_type(TelegramError) & retry_if_not_exception_type(InvalidToken),
    wait=wait_exponential(multiplier=0.5, max=30),
    before_sleep=say_what_is_tried_again,
)
async def _updates(bot: Bot, beyond: int) -> Sequence[dict[str, Any]]:
    """Updates as JSON: the library's own method gives up all of them for one that it does not understand."""
    asked = {"offset": beyond, "timeout": WAIT_SECONDS, "allowed_updates": json.dumps(KINDS)}
    address = f"{bot.base_url}/getUpdates?{urlencode(asked)}"
    updates = await bot.request.post(address, read_timeout=WAIT_SECONDS + ANSWER_SECONDS)
    assert isinstance(updates, list)
    return updates


@retry(
    retry=retry_if_exception_type(SQLAlchemyError),
    wait=wait_exponential(multiplier=0.5, max=30),
    before_sleep=say_what_is_tried_again,
)
async def _take_all(updates: Sequence[Update], receiver: Receiver) -> None:
    """Take updates in: in each chat in their order, and of all chats at once."""
    chats = groupby(sorted(updates, key=_chat_and_order), key=lambda update: _chat_and_order(update)[0])
    taking = [_take_in_order(list(in_chat), receiver) for _, in_chat in chats]
    for outcome in await asyncio.gather(*taking, return_exceptions=True):
        if outcome:
            raise outcome


async def _take_in_order(updates: Sequence[Update], receiver: Receiver) -> None:
    for update in updates:
        await receiver.take(update)


def _chat_and_order(update: Update) -> tuple[int, int]:
    return (update.effective_chat.id if update.effective_chat else 0), update.update_id
