"""Requests for a person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.references import new_reference
from respite.store.audit import record
from respite.store.models import Handoff
from respite.support.conversations import locked_conversation


def request_handoff(session: Session, conversation_id: str, reason: str, now: datetime) -> Handoff:
    """Put a conversation in the queue for a person; one that waits already keeps its place and reference."""
    locked_conversation(session, conversation_id)
    waiting = session.scalars(
        select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state == "waiting")
    ).one_or_none()
    if waiting is not None:
        return waiting
    handoff = Handoff(
        reference=new_reference("H"),
        conversation_id=conversation_id,
        reason=reason,
        state="waiting",
        requested_at=now,
    )
    session.add(handoff)
    record(
        session,
        actor="bot",
        action="handoff_requested",
        subject=f"handoff:{handoff.reference}",
        details={"conversation": conversation_id, "reason": reason},
        at=now,
    )
    return handoff
