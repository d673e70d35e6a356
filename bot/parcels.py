"""What is to be sent next in a conversation, and what became of it: in order, and never twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.delivery import BlockedError, Parcel, SendError, TryLaterError, UnknownOutcomeError
from respite.store import processes
from respite.store.announcements import announce
from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.support.conversations import locked_conversation
from respite.support.messages import Message
from respite.support.outbox import may_still_be_sent

LONGEST_WAIT_SECONDS = 300
MOST_ATTEMPTS = 300
"""For a day, where nobody says how long to wait: a channel may be out of reach for hours."""
LOST = "The process that was sending it ended before it knew whether it arrived."
BLOCKED = "The borrower has blocked us."
LONGEST_ERROR = 200


def undelivered_conversations(session: Session, now: datetime) -> Sequence[str]:
    """The conversations in which a message is to be sent, or was being sent by whoever has it now or has died."""
    is_due = or_(OutboxMessage.not_before.is_(None), OutboxMessage.not_before <= now)
    query = select(OutboxMessage.conversation_id).where(OutboxMessage.state.in_(("pending", "sending")), is_due)
    return session.scalars(query.distinct()).all()


def next_parcel(session: Session, conversation_id: str, process_id: str, now: datetime) -> Parcel | None:
    """The oldest message of a conversation that may be sent now, for a process to make ready; None where there is none.

    What a process was sending when it died may have arrived: its outcome is unknown, and it is not sent again.
    """
    conversation = locked_conversation(session, conversation_id)
    waiting = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.conversation_id == conversation_id, OutboxMessage.state.in_(("pending", "sending")))
        .order_by(OutboxMessage.id)
    )
    for row in waiting:
        if row.claimed_by != process_id and processes.is_alive(session, row.claimed_by, now):
            return None
        if row.state == "sending":
            _settle(row, "unknown", LOST)
        elif not may_still_be_sent(session, conversation, row):
            _settle(row, "withheld")
        elif conversation.blocked_at:
            _settle(row, "failed", BLOCKED)
        elif row.not_before and now < row.not_before:
            return None
        else:
            row.claimed_by = process_id
            return _parcel(session, conversation, row)
        announce(session, conversation)
    return None


def begin_sending(session: Session, parcel: Parcel, process_id: str) -> bool:
    """Whether a message that was made ready may be handed over; from here on it may have arrived.

    Meanwhile its conversation may have changed hands, been left or been blocked, or another process have taken it.
    """
    conversation = locked_conversation(session, parcel.conversation_id)
    row = session.get_one(OutboxMessage, parcel.outbox_id)
    is_ours = row.state == "pending" and row.claimed_by == process_id
    if not is_ours or conversation.blocked_at or not may_still_be_sent(session, conversation, row):
        return False
    row.state = "sending"
    return True


def note_sent(session: Session, parcel: Parcel, external_id: str) -> str:
    """The channel has taken a message. Returns its state."""
    row = session.get_one(OutboxMessage, parcel.outbox_id)
    _settle(row, "sent")
    row.external_id = external_id
    announce(session, session.get_one(Conversation, parcel.conversation_id))
    return row.state


def note_problem(session: Session, parcel: Parcel, problem: SendError, now: datetime) -> str:
    """A message was not sent, or nobody knows: it waits for another try, or staff see it. Returns its state."""
    row = session.get_one(OutboxMessage, parcel.outbox_id)
    row.attempts += 1
    conversation = session.get_one(Conversation, parcel.conversation_id)
    match problem:
        case TryLaterError() if row.attempts < MOST_ATTEMPTS:
            row.state, row.claimed_by = "pending", None
            row.not_before = now + _wait(problem, row.attempts)
        case UnknownOutcomeError():
            _settle(row, "unknown", str(problem))
        case BlockedError():
            _settle(row, "failed", BLOCKED)
            conversation.blocked_at = now
        case _:
            _settle(row, "failed", str(problem))
    announce(session, conversation)
    return row.state


def _wait(problem: TryLaterError, attempts: int) -> timedelta:
    doubled = min(2**attempts, LONGEST_WAIT_SECONDS)
    return timedelta(seconds=doubled if problem.seconds is None else problem.seconds)


def _settle(row: OutboxMessage, state: str, error: str | None = None) -> None:
    row.state, row.claimed_by, row.error = state, None, error and error[:LONGEST_ERROR]


def _parcel(session: Session, conversation: Conversation, row: OutboxMessage) -> Parcel:
    assert conversation.address is not None
    answered = session.get(InboxMessage, row.inbox_id) if row.inbox_id else None
    return Parcel(
        outbox_id=row.id,
        conversation_id=conversation.id,
        channel=conversation.channel,
        address=conversation.address,
        language=conversation.language,
        author=row.author,
        message=Message.model_validate_json(row.message),
        answers=answered.external_id if answered else None,
    )
