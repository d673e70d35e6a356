"""Plans that were asked for and refused: kept in the audit trail, so that a person knows what was asked already."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.plans.refusals import Refusal
from respite.store import audit

PLAN_REFUSED = "plan_refused"


def note_refused(session: Session, conversation_id: str, loan_reference: str, refusal: Refusal, now: datetime) -> None:
    """Keep the decisive rule, the limit that was exceeded and who may go beyond it."""
    audit.record(
        session,
        actor="bot",
        action=PLAN_REFUSED,
        subject=f"conversation:{conversation_id}",
        details={
            "loan": loan_reference,
            "rule": refusal.rule,
            "limit": refusal.limit,
            "granted_by": refusal.granted_by,
        },
        at=now,
    )
