"""What went wrong between a borrower and us, for staff to settle: nothing of it is sent or answered again by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.support.conversations import locked_conversation
from respite.support.outbox import may_still_be_sent
from respite.support.refusing import RefusedError

Direction = Literal["in", "out"]
M = TypeVar("M", InboxMessage, OutboxMessage)

GIVEN_UP = ("dead",)
NOT_SURELY_SENT = ("failed", "unknown")


class AlreadySettledError(RefusedError):
    """There is nothing to settle about a message: it was settled before, or it never went wrong."""

    def __init__(self, number: int) -> None:
        super().__init__("Nothing is left to settle about message %(number)s.", number=number)


@dataclass(frozen=True)
class Trouble:
    """A message that was not answered (`in`: its state is dead) or did not surely arrive (`out`: failed or unknown)."""

    direction: Direction
    id: int
    conversation_id: str
    channel: str
    state: str
    error: str
    at: datetime


def troubles(session: Session, conversation_id: str | None = None) -> list[Trouble]:
    """Every message to settle, of one conversation or of all, the oldest first."""
    found = [
        *_of(session, "in", InboxMessage, InboxMessage.received_at, GIVEN_UP, conversation_id),
        *_of(session, "out", OutboxMessage, OutboxMessage.created_at, NOT_SURELY_SENT, conversation_id),
    ]
    return sorted(found, key=lambda trouble: trouble.at)


def reconcile(session: Session, outbox_id: int, *, arrived: bool, actor: str, now: datetime) -> str:
    """Say of a message whose outcome is unknown whether it arrived; one that did not is sent once more.

    A failed one can only be sent once more. Returns its state: sent, pending, or withheld where it may not be sent any
    more, because the chat was left or taken over since. Raises AlreadySettledError.
    """
    message, conversation = _found(session, OutboxMessage, outbox_id, ("unknown",) if arrived else NOT_SURELY_SENT)
    if arrived:
        message.state = "sent"
    elif may_still_be_sent(session, conversation, message):
        message.state, message.attempts, message.not_before = "pending", 0, None
    else:
        message.state = "withheld"
    message.error = None
    _note(session, conversation, "delivery_confirmed" if arrived else "delivery_repeated", outbox_id, actor, now)
    return message.state


def answer_again(session: Session, inbox_id: int, *, actor: str, now: datetime) -> None:
    """Have the bot answer a message that was given up. Raises AlreadySettledError."""
    message, conversation = _found(session, InboxMessage, inbox_id, GIVEN_UP)
    message.state, message.attempts, message.losses, message.error = "pending", 0, 0, None
    _note(session, conversation, "answer_repeated", inbox_id, actor, now)


def dismiss(session: Session, message_id: int, *, direction: Direction, actor: str, now: datetime) -> None:
    """Leave it at that: whoever looked saw to it in another way. Raises AlreadySettledError."""
    message: InboxMessage | OutboxMessage
    if direction == "in":
        message, conversation = _found(session, InboxMessage, message_id, GIVEN_UP)
    else:
        message, conversation = _found(session, OutboxMessage, message_id, NOT_SURELY_SENT)
    message.state = "dismissed"
    _note(session, conversation, "trouble_dismissed", message_id, actor, now)


def _of(
    session: Session, direction: Direction, model: type, at: object, states: Sequence[str], conversation_id: str | None
) -> list[Trouble]:
    message: type[InboxMessage | OutboxMessage] = model
    query = (
        select(message.id, message.conversation_id, Conversation.channel, message.state, message.error, at)  # type: ignore[call-overload]
        .join(Conversation, Conversation.id == message.conversation_id)
        .where(message.state.in_(states))
    )
    if conversation_id:
        query = query.where(message.conversation_id == conversation_id)
    return [Trouble(direction, *row) for row in session.execute(query)]


def _found(session: Session, model: type[M], message_id: int, states: Collection[str]) -> tuple[M, Conversation]:
    """A message in one of these states, and its conversation, locked. Raises AlreadySettledError."""
    message = session.get(model, message_id)
    if message is None:
        raise AlreadySettledError(message_id)
    conversation = locked_conversation(session, message.conversation_id)
    session.refresh(message)
    if message.state not in states:
        raise AlreadySettledError(message_id)
    return message, conversation


def _note(
    session: Session, conversation: Conversation, action: str, message_id: int, actor: str, now: datetime
) -> None:
    subject, details = f"conversation:{conversation.id}", {"message": message_id}
    record(session, actor=actor, action=action, subject=subject, details=details, at=now)
    announce(session, conversation)
