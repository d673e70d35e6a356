"""Documents that go out on Telegram: files that were kept for a chat, and the confirmation of a plan."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from respite.plans.confirmation import issue
from respite.store.models import Conversation, Loan, Plan
from respite.support import attachments


@dataclass(frozen=True)
class Document:
    """A file as it is sent."""

    name: str
    content: bytes


def kept_file(session: Session, conversation_id: str, attachment_id: str) -> Document | None:
    """A file of a conversation, unless it has been erased."""
    found = attachments.find(session, conversation_id, attachment_id)
    return Document(found.name, found.content) if found else None


def confirmation(session: Session, conversation_id: str, plan_reference: str, now: datetime) -> Document | None:
    """The confirmation of a plan of whoever is signed in to a conversation. Raises UnknownVersionError."""
    plan = session.scalar(_own_plans(conversation_id).where(Plan.reference == plan_reference))
    if plan is None:
        return None
    conversation = session.get_one(Conversation, conversation_id)
    content = issue(
        session, plan, language=conversation.language, actor=f"borrower:{conversation.borrower_id}", now=now
    )
    return Document(f"{plan.reference}.pdf", content)


def latest_plan(session: Session, conversation_id: str) -> Plan | None:
    """The plan that was booked last by whoever is signed in to a conversation."""
    return session.scalars(_own_plans(conversation_id).order_by(Plan.booked_at.desc()).limit(1)).one_or_none()


def _own_plans(conversation_id: str) -> Select[Plan]:
    return (
        select(Plan)
        .join(Plan.loan)
        .join(Conversation, Conversation.borrower_id == Loan.borrower_id)
        .where(Conversation.id == conversation_id, Conversation.verified_at.is_not(None))
    )
