"""Signing in to a conversation: a phone number, then a one-time code sent to it.

Nothing here tells a caller whether a number belongs to a borrower: for an unknown one a code is made as well,
goes to nobody, and is never right.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.senders import SendCode
from respite.store.audit import record
from respite.store.encryption import cipher
from respite.store.models import Borrower, Conversation, Verification

CODE_MINUTES = 5
ATTEMPTS = 5
LOCK_MINUTES = 15


class State(StrEnum):
    NOT_BEGUN = "not_begun"
    AWAITING_PHONE = "awaiting_phone"
    AWAITING_CODE = "awaiting_code"
    FAILED = "failed"
    """The last code was wrong or too old; another code, or the phone number again, may be sent."""
    LOCKED = "locked"
    VERIFIED = "verified"


@dataclass(frozen=True)
class VerificationStatus:
    """Where a sign-in stands. `code_is_open` says whether a code that was sent may still be tried."""

    state: State
    attempts_left: int = ATTEMPTS
    borrower_id: int | None = None
    code_is_open: bool = False
    code_minutes: int = CODE_MINUTES
    locked_until: datetime | None = None


def begin(session: Session, conversation_id: str, now: datetime, question: str | None = None) -> VerificationStatus:
    """Ask for a phone number, keeping `question` to be answered after the sign-in.

    A code that is still open stays so, a lock stays until it is over, and so does an earlier question.
    """
    row = _verification(session, conversation_id)
    if row is None:
        row = Verification(conversation_id=conversation_id, attempts_left=ATTEMPTS, updated_at=now)
        session.add(row)
        _await_phone(row, now)
    elif not (_is_locked(row, now) or _code_is_open(row, now)):
        _await_phone(row, now)
    row.interrupted_question = question or row.interrupted_question
    _record(session, conversation_id, "verification_begun", now)
    return status(session, conversation_id)


def request_code(
    session: Session, conversation_id: str, phone: str, now: datetime, send: SendCode
) -> VerificationStatus:
    """Make a code for `phone` (E.164) and hand it to `send` if the number is a borrower's.

    Attempts that were lost on an earlier code stay lost.
    """
    row = _begun(session, conversation_id)
    if _is_locked(row, now):
        return status(session, conversation_id)
    if row.state == State.LOCKED:
        row.attempts_left = ATTEMPTS
    code = f"{secrets.randbelow(1_000_000):06}"
    borrower_id = session.scalar(select(Borrower.id).where(Borrower.phone_index == cipher().blind_index(phone)))
    row.state = State.AWAITING_CODE
    row.borrower_id = borrower_id
    row.code_hash = _code_hash(conversation_id, code)
    row.code_expires_at = now + timedelta(minutes=CODE_MINUTES)
    row.updated_at = now
    _record(session, conversation_id, "code_requested", now, borrower_id=borrower_id)
    if borrower_id is not None:
        send(conversation_id, phone, code)
    return status(session, conversation_id)


def check_code(session: Session, conversation_id: str, code: str, now: datetime) -> VerificationStatus:
    """Try a code. The right one signs the conversation in; the last wrong one locks it for LOCK_MINUTES."""
    row = _begun(session, conversation_id)
    if _is_locked(row, now):
        return status(session, conversation_id)
    if not _code_is_open(row, now):
        row.state = State.FAILED
        row.code_hash = None
        outcome = "code_too_old"
    elif _is_right(row, code):
        _sign_in(session, row, now)
        outcome = "code_accepted"
    else:
        _lose_attempt(row)
        outcome = "verification_locked" if row.state == State.LOCKED else "code_refused"
    row.updated_at = now
    _record(session, conversation_id, outcome, now, borrower_id=row.borrower_id, attempts_left=row.attempts_left)
    return status(session, conversation_id)


def status(session: Session, conversation_id: str) -> VerificationStatus:
    row = _verification(session, conversation_id)
    if row is None:
        return VerificationStatus(State.NOT_BEGUN)
    return VerificationStatus(
        state=State(row.state),
        attempts_left=row.attempts_left,
        borrower_id=row.borrower_id if row.state == State.VERIFIED else None,
        code_is_open=row.code_hash is not None,
        locked_until=_lock_end(row) if row.state == State.LOCKED else None,
    )


def take_interrupted_question(session: Session, conversation_id: str) -> str | None:
    """The question that the sign-in interrupted, handed out once."""
    row = _begun(session, conversation_id)
    question, row.interrupted_question = row.interrupted_question, None
    return question


def sign_out(session: Session, conversation_id: str, now: datetime) -> None:
    """Forget who was verified in a conversation."""
    conversation = session.get_one(Conversation, conversation_id)
    _record(session, conversation_id, "signed_out", now, borrower_id=conversation.borrower_id)
    conversation.borrower_id = None
    conversation.verified_at = None
    row = _verification(session, conversation_id)
    if row is not None:
        session.delete(row)


def _verification(session: Session, conversation_id: str) -> Verification | None:
    session.flush()
    return session.get(Verification, conversation_id, with_for_update=True)


def _begun(session: Session, conversation_id: str) -> Verification:
    return session.get_one(Verification, conversation_id, with_for_update=True)


def _await_phone(row: Verification, now: datetime) -> None:
    if row.state in (State.LOCKED, State.VERIFIED):
        row.attempts_left = ATTEMPTS
    row.state = State.AWAITING_PHONE
    row.borrower_id = None
    row.code_hash = None
    row.updated_at = now


def _sign_in(session: Session, row: Verification, now: datetime) -> None:
    row.state = State.VERIFIED
    row.code_hash = None
    row.attempts_left = ATTEMPTS
    conversation = session.get_one(Conversation, row.conversation_id)
    conversation.borrower_id = row.borrower_id
    conversation.verified_at = now


def _lose_attempt(row: Verification) -> None:
    row.attempts_left -= 1
    row.state = State.FAILED
    if row.attempts_left == 0:
        row.state = State.LOCKED
        row.code_hash = None


def _is_right(row: Verification, code: str) -> bool:
    assert row.code_hash is not None
    same = hmac.compare_digest(row.code_hash, _code_hash(row.conversation_id, code))
    return same and row.borrower_id is not None


def _code_is_open(row: Verification, now: datetime) -> bool:
    return row.code_hash is not None and row.code_expires_at is not None and now < row.code_expires_at


def _is_locked(row: Verification, now: datetime) -> bool:
    return row.state == State.LOCKED and now < _lock_end(row)


def _lock_end(row: Verification) -> datetime:
    return row.updated_at + timedelta(minutes=LOCK_MINUTES)


def _code_hash(conversation_id: str, code: str) -> str:
    """A keyed hash: without the installation's key, trying all codes of six digits finds nothing."""
    return cipher().blind_index(f"one-time code {conversation_id} {code}")


def _record(session: Session, conversation_id: str, action: str, now: datetime, **details: int | None) -> None:
    record(
        session,
        actor="visitor",
        action=action,
        subject=f"conversation:{conversation_id}",
        details=details,
        at=now,
    )
