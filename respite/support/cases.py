"""Disputes and complaints that staff must answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.references import new_reference
from respite.store.audit import record
from respite.store.models import SupportCase


def open_case(session: Session, conversation_id: str, kind: str, statement: str, now: datetime) -> SupportCase:
    """Record a borrower's dispute or complaint (`kind`), in the borrower's own words."""
    case = SupportCase(
        reference=new_reference("C"),
        conversation_id=conversation_id,
        kind=kind,
        statement=statement,
        state="open",
        opened_at=now,
    )
    session.add(case)
    record(
        session,
        actor="bot",
        action=f"{kind}_opened",
        subject=f"case:{case.reference}",
        details={"conversation": conversation_id},
        at=now,
    )
    return case
