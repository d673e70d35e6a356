"""Reasons not to contact a borrower: an opt-out, a dispute, a complaint, distress."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store import audit
from respite.store.models import OutreachPause


def pause_outreach(session: Session, borrower_id: int, reason: str, now: datetime) -> OutreachPause:
    """Stop our messages to this borrower for `reason`; saying it again changes nothing."""
    pause = session.scalar(
        select(OutreachPause).where(OutreachPause.borrower_id == borrower_id, OutreachPause.reason == reason)
    )
    if pause is None:
        pause = OutreachPause(borrower_id=borrower_id, reason=reason, since=now)
        session.add(pause)
        audit.record(
            session,
            actor=f"borrower:{borrower_id}",
            action="outreach_paused",
            subject=f"borrower:{borrower_id}",
            details={"reason": reason},
            at=now,
        )
    return pause
