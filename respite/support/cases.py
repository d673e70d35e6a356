"""Disputes and complaints: each has a number, a state and a deadline, and stops outreach until it is closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session, joinedload

from respite.contact.pauses import one_change_at_a_time, pause_outreach, resume_outreach
from respite.policies import load
from respite.policies.model import Policy
from respite.references import new_reference
from respite.staff.accounts import actor_of
from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.models import Conversation, StaffMember, SupportCase
from respite.support.conversations import BOT, locked_conversation
from respite.support.outbox import add_line
from respite.support.refusing import RefusedError
from respite.support.words import words_in


class CaseRefusedError(RefusedError):
    """A step that a case does not allow in its state."""


def open_case(
    session: Session,
    conversation_id: str,
    kind: str,
    statement: str,
    now: datetime,
    *,
    policy: Policy | None = None,
    actor: str = BOT,
) -> SupportCase:
    """Record a borrower's dispute or complaint (`kind`), in the borrower's own words.

    The policy (by default this installation's) says by when it is to be answered. A borrower who is known is not
    contacted until it is closed.
    """
    days = getattr((policy or load.policy()).support.answer_days, kind)
    conversation = session.get_one(Conversation, conversation_id)
    case = SupportCase(
        reference=new_reference("C"),
        conversation_id=conversation_id,
        kind=kind,
        statement=statement,
        state="open",
        opened_at=now,
        answer_by=now + timedelta(days=days),
    )
    session.add(case)
    _note(session, case, f"{kind}_opened", actor, now)
    if conversation.borrower_id and conversation.verified_at:
        pause_outreach(session, conversation.borrower_id, kind, now)
    announce(session, conversation)
    return case


def look_at(session: Session, reference: str, by: StaffMember, now: datetime) -> SupportCase:
    """Read a case, which leaves an audit entry. Raises CaseRefusedError."""
    case = _find(session, reference)
    _note(session, case, "case_viewed", actor_of(by), now)
    return case


def take_up(session: Session, reference: str, by: StaffMember, now: datetime) -> SupportCase:
    """Work on a case that is open or was answered; whoever has it already keeps it. Raises CaseRefusedError."""
    case = _find(session, reference)
    if case.state == "in_progress" and case.staff_id == by.id:
        return case
    return _step(session, case, ("open", "answered"), "taken_up", by, now, state="in_progress", staff_id=by.id)


def answer_case(session: Session, reference: str, by: StaffMember, answer: str, now: datetime) -> SupportCase:
    """Answer a case; the borrower reads it in the chat. Raises CaseRefusedError."""
    case = _find(session, reference)
    conversation = locked_conversation(session, case.conversation_id)
    case = _step(
        session,
        case,
        ("open", "in_progress"),
        "answered",
        by,
        now,
        state="answered",
        staff_id=by.id,
        answer=answer,
        answered_at=now,
    )
    words = words_in(conversation.language)
    add_line(
        session,
        conversation,
        words.say(f"{case.kind}_answered", reference=reference, name=by.name, answer=answer),
        now,
    )
    return case


def close_case(session: Session, reference: str, by: StaffMember, now: datetime) -> SupportCase:
    """Close an answered case. With the last one of its kind, the borrower may be contacted again.

    Raises CaseRefusedError for one that has no answer yet.
    """
    case = _step(session, _find(session, reference), ("answered",), "closed", by, now, state="closed", closed_at=now)
    if borrower_id := case.conversation.borrower_id:
        one_change_at_a_time(session, borrower_id)
        if not _open_of_kind(session, borrower_id, case.kind):
            resume_outreach(session, borrower_id, case.kind, actor=actor_of(by), now=now)
    return case


def open_cases(session: Session) -> Sequence[SupportCase]:
    """The cases that are not closed with whose they are, those to be answered first before the others."""
    whose = joinedload(SupportCase.conversation).joinedload(Conversation.borrower)
    query = select(SupportCase).options(whose).where(SupportCase.state != "closed")
    return session.scalars(query.order_by(SupportCase.answer_by, SupportCase.id)).all()


def note_overdue_cases(session: Session, now: datetime) -> Sequence[SupportCase]:
    """Note once of each case that it was not answered in time."""
    overdue = select(SupportCase).where(
        SupportCase.state.in_(("open", "in_progress")), SupportCase.answer_by < now, SupportCase.overdue_at.is_(None)
    )
    cases = session.scalars(overdue.with_for_update(skip_locked=True)).all()
    for case in cases:
        case.overdue_at = now
        _note(session, case, "case_overdue", "system", now)
    return cases


def _find(session: Session, reference: str) -> SupportCase:
    case = session.scalars(select(SupportCase).where(SupportCase.reference == reference)).one_or_none()
    if case is None:
        raise CaseRefusedError("There is no case %(reference)s.", reference=reference)
    return case


def _step(
    session: Session,
    case: SupportCase,
    states: Sequence[str],
    deed: str,
    by: StaffMember,
    now: datetime,
    **values: Any,
) -> SupportCase:
    """Go on to another state from one of some, unless somebody was faster."""
    step: Update = update(SupportCase).where(SupportCase.id == case.id, SupportCase.state.in_(states)).values(values)
    is_done = session.scalar(step.returning(SupportCase.id)) is not None
    session.refresh(case)
    if not is_done:
        raise CaseRefusedError(
            "Case %(reference)s is %(state)s, so it cannot be %(deed)s now.",
            reference=case.reference,
            state=case.state.replace("_", " "),
            deed=deed.replace("_", " "),
        )
    _note(session, case, f"case_{deed}", actor_of(by), now)
    announce(session, case.conversation)
    return case


def _open_of_kind(session: Session, borrower_id: int, kind: str) -> int:
    query = select(func.count(SupportCase.id)).join(SupportCase.conversation)
    of_kind = (Conversation.borrower_id == borrower_id, SupportCase.kind == kind, SupportCase.state != "closed")
    return session.scalar(query.where(*of_kind)) or 0


def _note(session: Session, case: SupportCase, action: str, actor: str, now: datetime) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"case:{case.reference}",
        details={"conversation": case.conversation_id},
        at=now,
    )
