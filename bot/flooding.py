"""A borrower who writes faster than anybody reads: slowed, told so once, and a burden to nobody else."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.settings import settings
from respite.store.models import Attachment, InboxMessage

SLOWED_BY_SECONDS = 1
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FILES_A_DAY = 30
FLOODING = "That is a lot at once. I read one message after the other, so my answers may take a little longer."


def is_flooding(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether more came in the last minute than is read at once."""
    return _lately(session, conversation_id, now) > settings().messages_a_minute


def has_sent_enough_files(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether the files of a conversation are as many as are kept within a day."""
    came = select(func.count()).where(Attachment.conversation_id == conversation_id, Attachment.created_at > now - DAY)
    return session.scalars(came).one() >= FILES_A_DAY


def begins_to_flood(session: Session, conversation_id: str) -> bool:
    """Whether, of somebody who floods, the last message is the first one too many; who goes on is told no more."""
    most = settings().messages_a_minute
    previous, earlier = (_came_at(session, conversation_id, place) for place in (1, most + 1))
    return previous is None or earlier is None or previous - earlier >= MINUTE


def _lately(session: Session, conversation_id: str, now: datetime) -> int:
    came = select(func.count()).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.received_at > now - MINUTE
    )
    return session.scalars(came).one()


def _came_at(session: Session, conversation_id: str, place: int) -> datetime | None:
    """When a message came; the newest is at place 0."""
    came = select(InboxMessage.received_at).where(InboxMessage.conversation_id == conversation_id)
    return session.scalar(came.order_by(InboxMessage.id.desc()).offset(place).limit(1))
