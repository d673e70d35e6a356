"""A borrower who writes faster than anybody reads: slowed, told so once, and a burden to nobody else."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.settings import settings
from respite.store.models import InboxMessage

SLOWED_BY_SECONDS = 1
FLOODING = "That is a lot at once. I read one message after the other, so my answers may take a little longer."


def is_flooding(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether more came in the last minute than is read at once."""
    return _lately(session, conversation_id, now) > settings().messages_a_minute


def begins_to_flood(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether the message that has just come is the first one too many."""
    return _lately(session, conversation_id, now) == settings().messages_a_minute + 1


def _lately(session: Session, conversation_id: str, now: datetime) -> int:
    came = select(func.count()).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.received_at > now - timedelta(minutes=1)
    )
    return session.scalars(came).one()
