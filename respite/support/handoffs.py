"""Asking for a person: one request a conversation, which further reasons make more urgent and never double."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.languages import written_in
from respite.policies import load
from respite.policies.model import Policy
from respite.policies.support import Reason
from respite.references import new_reference
from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.models import Handoff, StaffMember
from respite.support.conversations import BOT, locked_conversation, speaker_of
from respite.support.hours import Desk

TAKEN_BACK_BY_THE_BORROWER = (Reason.ASKED, Reason.NOT_UNDERSTOOD, Reason.BEYOND_AUTHORITY)
"""Reasons that are over when the borrower says so; staff look at the others in any case."""


def request_handoff(
    session: Session,
    conversation_id: str,
    reason: str,
    now: datetime,
    *,
    policy: Policy | None = None,
    actor: str = BOT,
) -> Handoff:
    """Put a conversation in the queue for a person, for one of the reasons of `Reason`.

    The policy (by default this installation's) says how urgent that is, by when it is to be answered and by whom. A
    request that is open keeps its place and its reference; a more urgent reason makes it more urgent. Whoever talked to
    the borrower last, not longer ago than the policy says, gets them again if they are there.
    """
    policy = policy or load.policy()
    conversation = locked_conversation(session, conversation_id)
    level = policy.support.service[Reason(reason)]
    due_at = Desk.of(policy).deadline(now, level.answer_minutes)
    handoff = open_handoff(session, conversation_id)
    if handoff is None:
        handoff = Handoff(
            reference=new_reference("H"),
            conversation_id=conversation_id,
            reason=reason,
            state="waiting",
            requested_at=now,
            requested_by=actor,
            priority=level.priority,
            due_at=due_at,
            language=written_in(conversation.language),
            skill=level.skill,
            wanted_staff_id=_talked_last(session, conversation_id, now - policy.support.reopening),
        )
        session.add(handoff)
        note(session, handoff, "handoff_requested", actor, now, reason=reason, priority=level.priority)
    elif level.priority.is_above(handoff.priority):
        handoff.reason, handoff.priority, handoff.skill = reason, level.priority, level.skill
        handoff.due_at, handoff.callback_at = min(handoff.due_at, due_at), None
        note(session, handoff, "handoff_raised", actor, now, reason=reason, priority=level.priority)
    announce(session, conversation)
    return handoff


def open_handoff(session: Session, conversation_id: str) -> Handoff | None:
    """The request of a conversation that waits or is taken."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state != "closed")
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def taken_handoff(session: Session, conversation_id: str) -> Handoff:
    """The request of a conversation that a person has."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state == "taken")
    return session.scalars(query.execution_options(populate_existing=True)).one()


def taken_by(handoff: Handoff, by: StaffMember, now: datetime) -> Handoff:
    """Write down who has it. The caller has made them the owner of the conversation."""
    handoff.state, handoff.staff_id, handoff.taken_at, handoff.read_up_to = "taken", by.id, now, 0
    handoff.first_taken_at = handoff.first_taken_at or now
    return handoff


def waits_again(handoff: Handoff) -> Handoff:
    """Write down that nobody has it any more. The caller has taken the conversation from its owner."""
    handoff.state, handoff.staff_id, handoff.taken_at, handoff.wanted_staff_id = "waiting", None, None, None
    return handoff


def cancel_handoff(session: Session, conversation_id: str, now: datetime) -> Handoff | None:
    """The borrower no longer wants a person; None where none was wanted, or where one has come already."""
    conversation = locked_conversation(session, conversation_id)
    handoff = open_handoff(session, conversation_id)
    if handoff is None or handoff.state != "waiting" or handoff.reason not in TAKEN_BACK_BY_THE_BORROWER:
        return None
    handoff.state, handoff.outcome, handoff.closed_at = "closed", "cancelled", now
    note(session, handoff, "handoff_cancelled", speaker_of(conversation), now)
    announce(session, conversation)
    return handoff


def note(session: Session, handoff: Handoff, action: str, actor: str, now: datetime, **details: Any) -> None:
    """Leave an entry about a handoff in the audit trail."""
    record(
        session,
        actor=actor,
        action=action,
        subject=f"handoff:{handoff.reference}",
        details={"conversation": handoff.conversation_id} | details,
        at=now,
    )


def _talked_last(session: Session, conversation_id: str, since: datetime) -> int | None:
    """The member of staff whose conversation ended last, unless that was before `since`."""
    query = select(Handoff.staff_id).where(Handoff.conversation_id == conversation_id, Handoff.closed_at >= since)
    return session.scalar(query.where(Handoff.staff_id.is_not(None)).order_by(Handoff.id.desc()).limit(1))
