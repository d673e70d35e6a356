"""What a channel that is sent to does: one message at a time, and an honest word about what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from respite.support.messages import Message


@dataclass(frozen=True)
class Parcel:
    """One message on its way: where to, and in which language (en, zh-Hans, zh-Hant) its frame is written.

    `answers` is the external id of the borrower's message that it answers, if it answers one.
    """

    outbox_id: int
    conversation_id: str
    channel: str
    address: str
    language: str
    author: str
    message: Message
    answers: str | None = None


class SendError(Exception):
    """A message that was not sent, or of which nobody knows; the text is for staff and names no person."""


class TryLaterError(SendError):
    """Nothing was sent, and the same message may be sent after `seconds`."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class RefusedError(SendError):
    """The channel does not take this message, now or later."""


class BlockedError(RefusedError):
    """The borrower does not let us write to them any more."""


class UnknownOutcomeError(SendError):
    """The message was handed over, but the channel did not say what became of it."""


HandOver = Callable[[], Awaitable[str]]
"""Sends a message and returns the id that the channel gave it. Raises SendError."""


class Sender(Protocol):
    """A channel that is sent to."""

    channel: str
    """The name under which its conversations are kept."""

    async def make_ready(self, parcel: Parcel) -> HandOver:
        """Do whatever takes time before a message is sent, and return once it may be. Raises SendError."""
