"""Reasons not to contact a borrower: an opt-out, a dispute, a complaint, distress."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from respite.store import audit
from respite.store.models import OutreachPause
from respite.store.turns import wait_for_turn


def pause_outreach(
    session: Session, borrower_id: int, reason: str, now: datetime, *, actor: str | None = None
) -> OutreachPause:
    """Stop our messages to this borrower for a `reason` given by `actor`, by default themselves; twice is once."""
    one_change_at_a_time(session, borrower_id)
    pause = session.scalar(
        select(OutreachPause).where(OutreachPause.borrower_id == borrower_id, OutreachPause.reason == reason)
    )
    if pause is None:
        pause = OutreachPause(borrower_id=borrower_id, reason=reason, since=now)
        session.add(pause)
        audit.record(
            session,
            actor=actor or f"borrower:{borrower_id}",
            action="outreach_paused",
            subject=f"borrower:{borrower_id}",
            details={"reason": reason},
            at=now,
        )
    return pause


def one_change_at_a_time(session: Session, borrower_id: int) -> None:
    """Let nobody else change whether a borrower is left in peace until this transaction ends."""
    wait_for_turn(session, f"outreach to borrower {borrower_id}")


def pauses_of(session: Session, borrower_id: int) -> Sequence[OutreachPause]:
    """Why a borrower is left in peace now."""
    query = select(OutreachPause).where(OutreachPause.borrower_id == borrower_id)
    return session.scalars(query.order_by(OutreachPause.id)).all()


def resume_outreach(session: Session, borrower_id: int, reason: str, *, actor: str, now: datetime) -> None:
    """End a pause whose `reason` is over; other reasons stay."""
    one_change_at_a_time(session, borrower_id)
    ended = delete(OutreachPause).where(OutreachPause.borrower_id == borrower_id, OutreachPause.reason == reason)
    if session.scalar(ended.returning(OutreachPause.id)) is not None:
        audit.record(
            session,
            actor=actor,
            action="outreach_resumed",
            subject=f"borrower:{borrower_id}",
            details={"reason": reason},
            at=now,
        )
