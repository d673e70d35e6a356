"""Whether a file has changed since it was read: two small queries that a page can ask every second."""

import hashlib
from functools import cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from respite.store.models import (
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
    StaffNote,
    SupportCase,
    VulnerabilityFlag,
)
from respite.support.circumstances import Circumstances
from respite.support.conversations import BORROWER

LENGTH = 16
Tally = Select[str, str, int]


def version_of(session: Session, conversation_id: str, given: Circumstances) -> str:
    """A short text that is another one as soon as anything in the file is: a payment, a quote, a note, a new day."""
    conversation = session.get_one(Conversation, conversation_id, populate_existing=True)
    about = {"here": conversation.id, "borrower": conversation.borrower_id, "now": given.now}
    counted = session.execute(_tallies(), about).all()
    known = (conversation.owner, conversation.borrower_id, conversation.verified_at, given.policy.version)
    told = repr((given.business_date, known, sorted(map(tuple, counted))))
    return hashlib.sha256(told.encode()).hexdigest()[:LENGTH]


@cache
def _tallies() -> CompoundSelect[str, str, int]:
    """How many rows of each kind the file of `borrower`, opened `here`, is made of, by what can change about them."""
    here, borrower_id = bindparam("here", type_=String()), bindparam("borrower", type_=Integer())
    promised = cast(PromiseToPay.due_on, String) + cast(PromiseToPay.amount_minor, String) + PromiseToPay.state
    of_loan = Loan.borrower_id == borrower_id
    of_borrower = or_(Conversation.id == here, Conversation.borrower_id == borrower_id)
    is_flagged = (VulnerabilityFlag.ended_at.is_(None), VulnerabilityFlag.expires_at > bindparam("now"))
    said = (OutboxMessage.conversation_id == here, OutboxMessage.author == BORROWER)
    return union_all(
        _tally("loans", cast(Loan.version, String), of_loan),
        _tally("plans", Plan.state, Plan.loan_id == Loan.id, of_loan),
        _tally("promises", promised, PromiseToPay.loan_id == Loan.id, of_loan),
        _tally("quotes", Quote.state, Quote.conversation_id == here),
        _tally("cases", SupportCase.state, SupportCase.conversation_id == Conversation.id, of_borrower),
        _tally("handoffs", Handoff.state + Handoff.priority, Handoff.conversation_id == here),
        _tally("approvals", PlanApproval.state, PlanApproval.conversation_id == here),
        _tally("notes", StaffNote.author, StaffNote.conversation_id == here),
        _tally("flags", VulnerabilityFlag.reason, VulnerabilityFlag.borrower_id == borrower_id, *is_flagged),
        _tally("pauses", OutreachPause.reason, OutreachPause.borrower_id == borrower_id),
        _tally("risk", RiskDecision.outcome, RiskDecision.conversation_id == here),
        _tally("inbox", InboxMessage.state, InboxMessage.conversation_id == here, InboxMessage.state == "dead"),
        _tally("outbox", OutboxMessage.state, OutboxMessage.conversation_id == here, OutboxMessage.state != "sent"),
        select(literal("said"), literal(""), func.max(OutboxMessage.id)).where(*said),
        _tally("chats", Conversation.channel, of_borrower),
    )


def _tally(name: str, what: SQLColumnExpression[str], *where: ColumnElement[bool]) -> Tally:
    return select(literal(name), what, func.count()).where(*where).group_by(what)
