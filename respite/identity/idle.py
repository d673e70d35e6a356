"""A borrower who was away for long is signed out; what was said before is shown once they sign in again."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.identity.verification import sign_out
from respite.policies.identity import IdentityPolicy
from respite.store.models import Conversation, OutboxMessage
from respite.support.conversations import BOT


def is_idle(conversation: Conversation, policy: IdentityPolicy, now: datetime) -> bool:
    """Whether somebody is signed in who has written nothing for long. Who talks with staff is not signed out."""
    if conversation.verified_at is None or conversation.owner != BOT:
        return False
    last = max(conversation.verified_at, conversation.last_active_at or conversation.verified_at)
    return now - last > timedelta(minutes=policy.idle_minutes)


def sign_out_idle(session: Session, conversation: Conversation, now: datetime) -> None:
    """Sign a borrower out who was away for long, and hide what stands in the chat."""
    sign_out(session, conversation.id, now, actor="system", action="idle_signed_out")
    newest = select(func.max(OutboxMessage.id)).where(OutboxMessage.conversation_id == conversation.id)
    conversation.shown_after = session.scalar(newest) or 0
