"""Signing in to a conversation: a phone number, then a one-time code sent to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity import challenges, limits, step_up
from respite.identity.challenges import Purpose, State, VerificationStatus, begun, find, status, trace
from respite.identity.risk.decisions import Occasion, decide
from respite.identity.risk.signals import Outcome
from respite.identity.senders import SendCode
from respite.policies.model import Policy
from respite.store.audit import record
from respite.store.encryption import cipher
from respite.store.models import Borrower, Conversation, Verification
from respite.support.conversations import locked_conversation


def begin(session: Session, conversation_id: str, now: datetime, question: str | None = None) -> VerificationStatus:
    """Ask for a phone number, keeping `question` to be answered after the sign-in.

    A code that is still open stays so, a lock stays until it is over, and so does an earlier question.
    """
    row = find(session, conversation_id)
    if row is None:
        row = challenges.new(session, conversation_id, State.AWAITING_PHONE, now)
    elif not (challenges.is_locked(row, now) or challenges.code_is_open(row, now)):
        row.state, row.borrower_id, row.code_hash = State.AWAITING_PHONE, None, None
        row.updated_at = now
    row.interrupted_question = question or row.interrupted_question
    trace(session, row, "verification_begun", now)
    return status(session, conversation_id)


def request_code(
    session: Session, conversation_id: str, phone: str, now: datetime, send: SendCode, address: str | None = None
) -> VerificationStatus:
    """Make a code for `phone` (E.164) and hand it to `send` if the number is a borrower's."""
    row = begun(session, conversation_id)
    row.borrower_id = session.scalar(select(Borrower.id).where(Borrower.phone_index == cipher().blind_index(phone)))
    is_known = row.borrower_id is not None
    challenges.ask_for_code(session, row, phone, now, send, may_receive=is_known, address=address)
    return status(session, conversation_id)


def check_code(
    session: Session, conversation_id: str, code: str, policy: Policy, now: datetime, address: str | None = None
) -> VerificationStatus:
    """Try a code. The right one signs the conversation in, unless risk control wants a person to look first."""
    row = begun(session, conversation_id)
    if challenges.try_code(session, row, code, now, address):
        _sign_in(session, row, policy, now, address)
    return status(session, conversation_id)


def vouched_for(session: Session, conversation_id: str, borrower_id: int, now: datetime) -> None:
    """Sign a borrower in for whom the lender vouches, without a code."""
    step_up.leave(session, conversation_id, now)
    row = find(session, conversation_id) or challenges.new(session, conversation_id, State.NOT_BEGUN, now)
    row.state, row.borrower_id, row.code_hash, row.updated_at = State.OTHER_ACCOUNT, borrower_id, None, now
    conversation = session.get_one(Conversation, conversation_id)
    if _is_free_for(row.borrower_id, conversation):
        _open(conversation, row, now)
    trace(session, row, "lender_vouched", now)


def take_interrupted_question(session: Session, conversation_id: str) -> str | None:
    """The question that the sign-in interrupted, handed out once."""
    row = begun(session, conversation_id)
    question, row.interrupted_question = row.interrupted_question, None
    return question


def sign_out(
    session: Session, conversation_id: str, now: datetime, actor: str = "visitor", action: str = "signed_out"
) -> None:
    """Let nobody be verified in a conversation; it stays the borrower's whose it is."""
    conversation = locked_conversation(session, conversation_id)
    record(
        session,
        actor=actor,
        action=action,
        subject=f"conversation:{conversation_id}",
        details={"borrower_id": conversation.borrower_id},
        at=now,
    )
    conversation.verified_at = None
    row = find(session, conversation_id)
    if row is not None:
        session.delete(row)


def _sign_in(session: Session, row: Verification, policy: Policy, now: datetime, address: str | None) -> None:
    """The code of `row.borrower_id` was right. After a sign-in that risk control doubts, it does not count as fresh."""
    conversation = session.get_one(Conversation, row.conversation_id)
    if not _is_free_for(row.borrower_id, conversation):
        row.state = State.OTHER_ACCOUNT
        trace(session, row, "chat_of_another", now)
        return
    borrower = session.get_one(Borrower, row.borrower_id)
    outcome = decide(session, Occasion.SIGN_IN, conversation.id, borrower, policy, now)
    if outcome is Outcome.REFUSE:
        row.state = State.REFUSED
        trace(session, row, "sign_in_refused", now)
        return
    limits.note(session, challenges.visitor_of(row, address), "code_accepted", now, borrower.id)
    _open(conversation, row, now)
    row.code_accepted_at = now if outcome is Outcome.ALLOW else None
    trace(session, row, "code_accepted", now)


def _is_free_for(borrower_id: int | None, conversation: Conversation) -> bool:
    """Whether what stands in a chat is nobody else's."""
    return conversation.borrower_id in (None, borrower_id)


def _open(conversation: Conversation, row: Verification, now: datetime) -> None:
    """Let the borrower in, and show them again what was said before they were signed out."""
    row.state, row.purpose = State.VERIFIED, Purpose.SIGN_IN
    conversation.borrower_id = row.borrower_id
    conversation.verified_at = now
    conversation.shown_after = 0
