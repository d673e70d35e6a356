"""What waits in the store, and what staff have to settle there: counted for all processes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.store.models import Conversation, Handoff, InboxMessage, OutboxMessage, Process
from respite.support.queue import in_line

UNANSWERED = ("pending", "dead")
UNDELIVERED = ("pending", "sending", "failed", "unknown")
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Backlog:
    """Numbers of messages and processes, and waits in seconds.

    `inbox` is by state, `outbox` by channel and state. `queue` are the waits of those in line for a person, `taken` of
    those whom a person took within LATELY.
    """

    inbox: Mapping[str, int]
    oldest_unanswered: float
    outbox: Mapping[tuple[str, str], int]
    queue: Sequence[float]
    taken: Sequence[float]
    processes: int


def read_backlog(session: Session, now: datetime) -> Backlog:
    """Count. Every query looks only at what waits or happened lately, by an index."""
    oldest = session.scalar(select(func.min(InboxMessage.received_at)).where(InboxMessage.state == "pending"))
    in_queue = session.scalars(in_line(now).with_only_columns(Handoff.requested_at))
    taken = select(Handoff.requested_at, Handoff.first_taken_at).where(Handoff.first_taken_at > now - LATELY)
    return Backlog(
        inbox=dict.fromkeys(UNANSWERED, 0) | _inbox(session),
        oldest_unanswered=(now - oldest).total_seconds() if oldest else 0.0,
        outbox=_outbox(session),
        queue=[(now - since).total_seconds() for since in in_queue],
        taken=[(at - since).total_seconds() for since, at in session.execute(taken) if at],
        processes=session.scalar(select(func.count()).where(Process.alive_until > now)) or 0,
    )


def _inbox(session: Session) -> dict[str, int]:
    count = select(InboxMessage.state, func.count()).where(InboxMessage.state.in_(UNANSWERED))
    return {state: number for state, number in session.execute(count.group_by(InboxMessage.state))}  # noqa: C416


def _outbox(session: Session) -> dict[tuple[str, str], int]:
    count = (
        select(Conversation.channel, OutboxMessage.state, func.count())
        .join(Conversation, Conversation.id == OutboxMessage.conversation_id)
        .where(OutboxMessage.state.in_(UNDELIVERED))
        .group_by(Conversation.channel, OutboxMessage.state)
    )
    return {(channel, state): number for channel, state, number in session.execute(count)}
