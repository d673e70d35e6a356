"""Erasing what is kept about one borrower, up to what the law requires to be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from respite.identity.links import conversations_of, revoke
from respite.policies.model import Policy
from respite.store import audit, processes
from respite.store.loan_book import LoanAccount, accounts_of
from respite.store.models import (
    Attachment,
    Borrower,
    ButtonPress,
    Conversation,
    Handoff,
    InboxMessage,
    OutboxMessage,
    PlanApproval,
    Quote,
    RiskDecision,
    SignInAttempt,
    StaffNote,
    SupportCase,
    TurnResults,
    Verification,
    VulnerabilityFlag,
)
from respite.support.conversations import locked_conversation

ERASED = ""
RECORDS = (
    OutboxMessage,
    InboxMessage,
    Attachment,
    ButtonPress,
    Verification,
    SignInAttempt,
    RiskDecision,
    StaffNote,
    PlanApproval,
    TurnResults,
)
"""What belongs to a conversation and to nothing else, in the order in which it can be deleted."""


@dataclass(frozen=True)
class Kept:
    """Something that was not erased, why not, and until when; None where that is not known yet."""

    what: str
    why: str
    until: date | None = None


@dataclass(frozen=True)
class Erasure:
    """What became of a borrower's data. `conversations` are the ids of those whose messages are gone."""

    conversations: tuple[str, ...]
    kept: tuple[Kept, ...]


def erase(
    session: Session, borrower: Borrower, policy: Policy, business_date: date, actor: str, now: datetime
) -> Erasure:
    """Erase what a borrower said, and who they are once no law asks for it any more.

    Messages, files, buttons, sign-ins and quotes that led to nothing are deleted, except in a conversation with an open
    dispute, complaint or request for a person, or with a message that is just being answered. Loans, payments, plans,
    consents and the audit trail stay, as records that must be kept until `keep_years` after settlement; afterwards they
    stay without a name.
    """
    kept: list[Kept] = []
    erased = []
    for conversation_id in sorted(conversation.id for conversation in conversations_of(session, borrower.id)):
        conversation = locked_conversation(session, conversation_id)
        if reason := _needed_for(session, conversation, now):
            kept.append(Kept(f"conversation {conversation.id}", reason))
            continue
        _erase_conversation(session, conversation, actor, now)
        erased.append(conversation.id)
    kept += _erase_person(session, borrower, policy, business_date)
    audit.record(
        session,
        actor=actor,
        action="borrower_erased",
        subject=f"borrower:{borrower.reference}",
        details={"conversations": len(erased), "kept": [each.what for each in kept]},
        at=now,
    )
    return Erasure(tuple(erased), tuple(kept))


def _needed_for(session: Session, conversation: Conversation, now: datetime) -> str | None:
    """Why what was said in a conversation cannot go yet."""
    if processes.is_alive(session, conversation.claimed_by, now):
        return "a message in it is being answered just now; run this again in a minute"
    open_matter = _open_matter(session, conversation)
    return f"{open_matter} is open" if open_matter else None


def _open_matter(session: Session, conversation: Conversation) -> str | None:
    """The reference of a dispute, a complaint or a request for a person that staff have not closed."""
    cases = select(SupportCase.reference).where(
        SupportCase.conversation_id == conversation.id, SupportCase.state != "closed"
    )
    handoffs = select(Handoff.reference).where(Handoff.conversation_id == conversation.id, Handoff.state != "closed")
    return session.scalar(cases) or session.scalar(handoffs)


def _erase_conversation(session: Session, conversation: Conversation, actor: str, now: datetime) -> None:
    revoke(session, conversation, actor, now)
    conversation.claimed_by = None
    for record in RECORDS:
        session.execute(delete(record).where(record.conversation_id == conversation.id))
    session.execute(delete(Quote).where(Quote.conversation_id == conversation.id, Quote.state != "accepted"))
    for case in session.scalars(select(SupportCase).where(SupportCase.conversation_id == conversation.id)):
        case.statement, case.answer = ERASED, None


def _erase_person(session: Session, borrower: Borrower, policy: Policy, business_date: date) -> Sequence[Kept]:
    """Erase name and number, unless a loan still asks for them."""
    accounts = accounts_of(session, borrower.id, policy, business_date)
    required = [reason for account in accounts if (reason := _required_by(account, policy, business_date))]
    if not required:
        session.execute(delete(VulnerabilityFlag).where(VulnerabilityFlag.borrower_id == borrower.id))
        borrower.name = borrower.phone = ERASED
        borrower.phone_index = uuid4().hex
    return required


def _required_by(account: LoanAccount, policy: Policy, business_date: date) -> Kept | None:
    what = f"loan {account.reference}, with the borrower's name and number"
    if not account.position.is_settled:
        return Kept(what, "it is not settled")
    settled_on = max((payment.received_on for payment in account.payments), default=account.loan.started_on)
    until = settled_on + relativedelta(years=policy.records.keep_years)
    if until <= business_date:
        return None
    return Kept(what, f"records are kept for {policy.records.keep_years} years after settlement", until)
