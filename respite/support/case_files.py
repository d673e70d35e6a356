"""One case on paper: what was said, quoted and booked, and every entry of the audit trail about it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from respite.store.models import (
    AuditEntry,
    Conversation,
    Handoff,
    OutboxMessage,
    Plan,
    PlanApproval,
    Quote,
    RiskDecision,
    StaffNote,
    SupportCase,
)
from respite.store.rows import row_as_json
from respite.support.messages import Message


class UnknownReferenceError(LookupError):
    """A reference under which no conversation is found."""


def case_file(session: Session, reference: str) -> dict[str, Any]:
    """The case that a plan, a dispute, a complaint or a request for a person belongs to, as JSON.

    Raises UnknownReferenceError.
    """
    conversation = _conversation_of(session, reference)
    borrower = conversation.borrower
    return {"reference": reference, "borrower": borrower and borrower.reference} | conversation_file(
        session, conversation
    )


def conversation_file(session: Session, conversation: Conversation) -> dict[str, Any]:
    """One conversation as JSON: what was said, quoted and booked in it, and the audit trail of all that."""

    def of_conversation(model: Any) -> Sequence[Any]:
        return session.scalars(select(model).where(model.conversation_id == conversation.id).order_by(model.id)).all()

    quotes = of_conversation(Quote)
    plans = session.scalars(select(Plan).join(Plan.quote).where(Quote.conversation_id == conversation.id)).all()
    cases, handoffs, approvals = of_conversation(SupportCase), of_conversation(Handoff), of_conversation(PlanApproval)
    subjects = [
        f"conversation:{conversation.id}",
        *(f"quote:{quote.id}" for quote in quotes),
        *(f"plan:{plan.reference}" for plan in plans),
        *(f"case:{case.reference}" for case in cases),
        *(f"handoff:{handoff.reference}" for handoff in handoffs),
        *(f"approval:{approval.id}" for approval in approvals),
    ]
    trail = session.scalars(select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.id))
    return {
        "conversation": row_as_json(conversation),
        "messages": [_said(message) for message in of_conversation(OutboxMessage)],
        "quotes": [row_as_json(quote) for quote in quotes],
        "plans": [row_as_json(plan) for plan in plans],
        "disputes_and_complaints": [row_as_json(case) for case in cases],
        "requests_for_a_person": [row_as_json(handoff) for handoff in handoffs],
        "requests_for_approval": [row_as_json(approval) for approval in approvals],
        "private_notes": [row_as_json(note) for note in of_conversation(StaffNote)],
        "risk_decisions": [row_as_json(decision) for decision in of_conversation(RiskDecision)],
        "audit_trail": [row_as_json(entry) for entry in trail],
    }


def _conversation_of(session: Session, reference: str) -> Conversation:
    conversation = session.scalar(_holding(reference))
    if conversation is None:
        raise UnknownReferenceError(
            f"No conversation led to {reference}. Give the reference of a plan, a dispute, a complaint or a request "
            "for a person."
        )
    return conversation


def _holding(reference: str) -> Select[Conversation]:
    conversation = select(Conversation)
    match reference[:1]:
        case "P":
            return (
                conversation.join(Quote, Quote.conversation_id == Conversation.id)
                .join(Plan, Plan.quote_id == Quote.id)
                .where(Plan.reference == reference)
            )
        case "H":
            return conversation.join(Handoff).where(Handoff.reference == reference)
        case _:
            return conversation.join(SupportCase).where(SupportCase.reference == reference)


def _said(message: OutboxMessage) -> dict[str, Any]:
    return {
        "at": message.created_at.isoformat(),
        "author": message.author,
        "state": message.state,
        **({"original": message.original} if message.original else {}),
        **Message.model_validate_json(message.message).model_dump(mode="json", exclude_defaults=True),
    }
