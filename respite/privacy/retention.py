"""Forgetting what was said once it has been kept long enough."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.models import (
    Attachment,
    ButtonPress,
    Conversation,
    Handoff,
    InboxMessage,
    OutboxMessage,
    RiskDecision,
    SignInAttempt,
    StaffNote,
    SupportCase,
    TurnResults,
    Verification,
)


def forget_old_messages(session: Session, policy: Policy, now: datetime) -> int:
    """Delete messages, files, notes, buttons, sign-in attempts and risk decisions older than the policy keeps them.

    With them goes what was kept of them for a next turn: a question that waits for a sign-in, and the last answers of a
    conversation that has been quiet since. What was said in a conversation with an open dispute, complaint or request
    for a person stays until that is closed.
    Returns how many messages were deleted.
    """
    kept_since = _kept_since(policy, now)
    cases = select(SupportCase.conversation_id).where(SupportCase.state != "closed")
    handoffs = select(Handoff.conversation_id).where(Handoff.state != "closed")

    def is_needed(record: Any) -> ColumnElement[bool]:
        needed: ColumnElement[bool] = record.conversation_id.in_(cases.union(handoffs))
        return needed

    def forget(record: Any, *conditions: ColumnElement[bool]) -> int:
        return session.connection().execute(delete(record).where(*conditions, ~is_needed(record))).rowcount

    forgotten = forget(OutboxMessage, OutboxMessage.created_at < kept_since)
    has_answer = exists().where(OutboxMessage.inbox_id == InboxMessage.id)
    forget(InboxMessage, InboxMessage.received_at < kept_since, ~has_answer)
    forget(ButtonPress, ButtonPress.created_at < kept_since)
    forget(SignInAttempt, SignInAttempt.at < kept_since)
    forget(RiskDecision, RiskDecision.at < kept_since)
    forget(StaffNote, StaffNote.created_at < kept_since)
    forget(Attachment, Attachment.created_at < kept_since)
    forget(TurnResults, TurnResults.conversation_id.in_(_quiet_since(kept_since)))
    is_old = Verification.updated_at < kept_since, ~is_needed(Verification)
    session.execute(update(Verification).where(*is_old).values(interrupted_question=None))
    return forgotten


def quiet_conversations(session: Session, policy: Policy, now: datetime) -> Sequence[str]:
    """Those in which a borrower has said nothing for as long as messages are kept, for Rasa to forget them as well."""
    return session.scalars(_quiet_since(_kept_since(policy, now))).all()


def _kept_since(policy: Policy, now: datetime) -> datetime:
    return now - timedelta(days=policy.records.message_days)


def _quiet_since(moment: datetime) -> Select[str]:
    return select(Conversation.id).where(func.coalesce(Conversation.last_active_at, Conversation.created_at) < moment)
