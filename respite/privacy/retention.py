"""Forgetting what was said once it has been kept long enough."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.models import (
    ButtonPress,
    Handoff,
    InboxMessage,
    OutboxMessage,
    RiskDecision,
    SignInAttempt,
    StaffNote,
    SupportCase,
)


def forget_old_messages(session: Session, policy: Policy, now: datetime) -> int:
    """Delete messages, notes, buttons, sign-in attempts and risk decisions older than the policy keeps them.

    What was said in a conversation with an open dispute, complaint or request for a person stays until that is closed.
    Returns how many messages were deleted.
    """
    kept_since = now - timedelta(days=policy.records.message_days)
    cases = select(SupportCase.conversation_id).where(SupportCase.state != "closed")
    handoffs = select(Handoff.conversation_id).where(Handoff.state != "closed")

    def forget(record: Any, *conditions: ColumnElement[bool]) -> int:
        is_needed = record.conversation_id.in_(cases.union(handoffs))
        return session.connection().execute(delete(record).where(*conditions, ~is_needed)).rowcount

    forgotten = forget(OutboxMessage, OutboxMessage.created_at < kept_since)
    has_answer = exists().where(OutboxMessage.inbox_id == InboxMessage.id)
    forget(InboxMessage, InboxMessage.received_at < kept_since, ~has_answer)
    forget(ButtonPress, ButtonPress.created_at < kept_since)
    forget(SignInAttempt, SignInAttempt.at < kept_since)
    forget(RiskDecision, RiskDecision.at < kept_since)
    forget(StaffNote, StaffNote.created_at < kept_since)
    return forgotten
