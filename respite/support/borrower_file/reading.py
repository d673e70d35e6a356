"""Putting a file together, and opening it, which leaves an audit entry."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from respite.identity.links import conversations_of
from respite.loan_books import LoanBookError
from respite.loan_books.copying import Copying
from respite.plans.refused import PLAN_REFUSED
from respite.staff.accounts import actor_of
from respite.store.audit import record
from respite.store.loan_book import accounts_of
from respite.store.models import (
    AuditEntry,
    Conversation,
    Handoff,
    InboxMessage,
    Loan,
    OutboxMessage,
    OutreachPause,
    Plan,
    PlanApproval,
    PromiseToPay,
    Quote,
    RiskDecision,
    StaffMember,
    SupportCase,
)
from respite.support.borrower_file.contents import BorrowerFile, Consent, Refused, Trouble, Verified
from respite.support.borrower_file.fingerprint import version_of
from respite.support.circumstances import Circumstances
from respite.support.conversations import BORROWER
from respite.support.messages import Message
from respite.support.notes import notes_of
from respite.support.vulnerability import flags_of

VERIFIED_BY: dict[str, Literal["code", "lender"]] = {"code_accepted": "code", "lender_vouched": "lender"}
"""The audit trail's actions by which somebody was verified."""


def begin_to_read(session: Session, conversation_id: str, by: StaffMember, opening: str, given: Circumstances) -> bool:
    """What opening a file writes: the loans as the book of record has them, and the audit entry.

    Each `opening` (an id of the page that was opened) leaves one entry, however often the page looks again. Returns
    whether the book answered. `read_file` then needs no transaction that writes.
    """
    answered = _bring_up_to_date(session, session.get_one(Conversation, conversation_id), given)
    _note_opening(session, conversation_id, by, opening, given)
    return answered


def read_file(session: Session, conversation_id: str, given: Circumstances, *, is_stale: bool = False) -> BorrowerFile:
    """The file as the store has it. It writes nothing: for a page that is open already."""
    conversation = session.get_one(Conversation, conversation_id, populate_existing=True)
    borrower = conversation.borrower
    borrower_id = borrower.id if borrower else None

    def of_conversation(model: Any) -> Sequence[Any]:
        return session.scalars(select(model).where(model.conversation_id == conversation_id).order_by(model.id)).all()

    def of_loans(model: Any) -> Sequence[Any]:
        query = select(model).join(Loan, model.loan_id == Loan.id).where(Loan.borrower_id == borrower_id)
        return session.scalars(query.order_by(model.id)).all()

    accounts = accounts_of(session, borrower_id, given.policy, given.business_date) if borrower_id else []
    plans, handoffs = of_loans(Plan), of_conversation(Handoff)
    quotes = select(Quote).where(Quote.conversation_id == conversation_id)
    return BorrowerFile(
        version=version_of(session, conversation_id, given),
        conversation=conversation,
        handoff=handoffs[-1] if handoffs and handoffs[-1].state != "closed" else None,
        borrower=borrower,
        verified=_verified(session, conversation, ZoneInfo(given.policy.lender.timezone)),
        risk_decisions=of_conversation(RiskDecision),
        loans=[account for account in accounts if not account.position.is_settled],
        is_stale=is_stale,
        plans=plans,
        quotes=session.scalars(quotes.order_by(Quote.created_at, Quote.id)).all(),
        refused=list(_refused(session, conversation_id)),
        consents=[_consent(plan, plan.quote) for plan in plans if plan.quote],
        promises=of_loans(PromiseToPay),
        approvals=of_conversation(PlanApproval),
        cases=session.scalars(_cases(conversation)).all(),
        notes=notes_of(session, conversation_id),
        flags=flags_of(session, borrower_id, given.now) if borrower_id else (),
        pauses=session.scalars(select(OutreachPause).where(OutreachPause.borrower_id == borrower_id)).all(),
        troubles=list(_troubles(session, conversation_id)),
        handoffs=handoffs,
        earlier=_others(session, conversation),
        last_words=_last_words(session, conversation_id),
    )


def _consent(plan: Plan, quote: Quote) -> Consent:
    return Consent(plan.booked_at, plan.reference, plan.terms_hash, quote.authority)


def _bring_up_to_date(session: Session, conversation: Conversation, given: Circumstances) -> bool:
    """Copy the loans from the book of record; False where it does not answer."""
    if conversation.borrower_id is None:
        return True
    try:
        with session.begin_nested():
            Copying(session, given.loan_book, given.business_date, given.now).borrower(conversation.borrower_id)
    except LoanBookError:
        return False
    return True


def _note_opening(session: Session, conversation_id: str, by: StaffMember, opening: str, given: Circumstances) -> None:
    subject, actor = f"conversation:{conversation_id}", actor_of(by)
    seen = select(AuditEntry.details).where(
        AuditEntry.subject == subject, AuditEntry.actor == actor, AuditEntry.action == "file_opened"
    )
    if {"opening": opening} not in session.scalars(seen).all():
        details = {"opening": opening}
        record(session, actor=actor, action="file_opened", subject=subject, details=details, at=given.now)


def _verified(session: Session, conversation: Conversation, zone: ZoneInfo) -> Verified | None:
    """How whoever is signed in was verified, on the lender's clock."""
    if conversation.verified_at is None:
        return None
    trail = select(AuditEntry.action).where(
        AuditEntry.subject == f"conversation:{conversation.id}", AuditEntry.action.in_(VERIFIED_BY)
    )
    action = session.scalar(trail.order_by(AuditEntry.id.desc()).limit(1))
    return Verified(VERIFIED_BY[action] if action else "lender", conversation.verified_at.astimezone(zone))


def _cases(conversation: Conversation) -> Select[SupportCase]:
    """The borrower's disputes and complaints, wherever they were raised; a stranger's of this conversation."""
    query = select(SupportCase).order_by(SupportCase.id)
    if conversation.borrower_id is None:
        return query.where(SupportCase.conversation_id == conversation.id)
    return query.join(SupportCase.conversation).where(Conversation.borrower_id == conversation.borrower_id)


def _refused(session: Session, conversation_id: str) -> Iterator[Refused]:
    trail = select(AuditEntry).where(
        AuditEntry.subject == f"conversation:{conversation_id}", AuditEntry.action == PLAN_REFUSED
    )
    for entry in session.scalars(trail.order_by(AuditEntry.id)):
        told = entry.details
        yield Refused(entry.at, told["loan"], told["rule"], told["limit"], told["granted_by"])


def _troubles(session: Session, conversation_id: str) -> Iterator[Trouble]:
    dead = select(InboxMessage).where(InboxMessage.conversation_id == conversation_id, InboxMessage.state == "dead")
    for received in session.scalars(dead.order_by(InboxMessage.id)):
        yield Trouble(received.received_at, received.state, received.error or "")
    unsent = select(OutboxMessage).where(
        OutboxMessage.conversation_id == conversation_id, OutboxMessage.state.in_(("failed", "unknown"))
    )
    for sent in session.scalars(unsent.order_by(OutboxMessage.id)):
        yield Trouble(sent.created_at, sent.state, sent.error or "")


def _others(session: Session, conversation: Conversation) -> Sequence[Conversation]:
    if conversation.borrower_id is None:
        return ()
    theirs = conversations_of(session, conversation.borrower_id)
    return [each for each in reversed(theirs) if each.id != conversation.id]


def _last_words(session: Session, conversation_id: str) -> str:
    """What the borrower wrote last."""
    query = select(OutboxMessage.message).where(
        OutboxMessage.conversation_id == conversation_id, OutboxMessage.author == BORROWER
    )
    last = session.scalar(query.order_by(OutboxMessage.id.desc()).limit(1))
    return Message.model_validate_json(last).text if last else ""
