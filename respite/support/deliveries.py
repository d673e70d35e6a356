"""What went wrong between a borrower and us, for staff to settle: nothing of it is sent or answered again by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.models import Conversation, InboxMessage, OutboxMessage

Direction = Literal["in", "out"]


class AlreadySettledError(LookupError):
    """There is nothing to settle about a message: it was settled before, or it never went wrong."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Message {number} is not among those to settle. List them again.")


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
        *_of(session, "in", InboxMessage, InboxMessage.received_at, ["dead"], conversation_id),
        *_of(session, "out", OutboxMessage, OutboxMessage.created_at, ["failed", "unknown"], conversation_id),
    ]
    return sorted(found, key=lambda trouble: trouble.at)


def reconcile(session: Session, outbox_id: int, *, arrived: bool, actor: str, now: datetime) -> None:
    """Say of a message whose outcome is unknown whether it arrived; one that did not is sent once more.

    A failed one can only be sent once more. Raises AlreadySettledError.
    """
    settled = ("unknown",) if arrived else ("unknown", "failed")
    to_send: dict[str, object] = {"state": "pending", "attempts": 0, "not_before": None, "error": None}
    changed = session.scalar(
        update(OutboxMessage)
        .where(OutboxMessage.id == outbox_id, OutboxMessage.state.in_(settled))
        .values({"state": "sent", "error": None} if arrived else to_send)
        .returning(OutboxMessage.conversation_id)
    )
    _settled(session, "delivery_confirmed" if arrived else "delivery_repeated", outbox_id, changed, actor, now)


def answer_again(session: Session, inbox_id: int, *, actor: str, now: datetime) -> None:
    """Have the bot answer a message that was given up. Raises AlreadySettledError."""
    changed = session.scalar(
        update(InboxMessage)
        .where(InboxMessage.id == inbox_id, InboxMessage.state == "dead")
        .values(state="pending", attempts=0, losses=0, error=None)
        .returning(InboxMessage.conversation_id)
    )
    _settled(session, "answer_repeated", inbox_id, changed, actor, now)


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


def _settled(
    session: Session, action: str, message_id: int, conversation_id: str | None, actor: str, now: datetime
) -> None:
    if conversation_id is None:
        raise AlreadySettledError(message_id)
    conversation = session.get_one(Conversation, conversation_id)
    record(
        session,
        actor=actor,
        action=action,
        subject=f"conversation:{conversation_id}",
        details={"message": message_id},
        at=now,
    )
    announce(session, conversation)
