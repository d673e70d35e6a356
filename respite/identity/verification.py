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

from respite.identity import limits
from respite.identity.codes import CODE_MINUTES, OneTimeCode
from respite.identity.limits import Visitor
from respite.identity.senders import SendCode
from respite.store.audit import record
from respite.store.encryption import cipher
from respite.store.models import Borrower, Conversation, Verification

ATTEMPTS = 5


class State(StrEnum):
    NOT_BEGUN = "not_begun"
    AWAITING_PHONE = "awaiting_phone"
    AWAITING_CODE = "awaiting_code"
    FAILED = "failed"
    """The last code was wrong or too old; another code, or the phone number again, may be sent."""
    LOCKED = "locked"
    OTHER_ACCOUNT = "other_account"
    """The code was right, but this chat is another borrower's; they begin a chat of their own."""
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
    session: Session, conversation_id: str, phone: str, now: datetime, send: SendCode, address: str | None = None
) -> VerificationStatus:
    """Make a code for `phone` (E.164) and hand it to `send` if the number is a borrower's.

    Attempts that were lost on an earlier code stay lost. Whoever asks too often, from a chat, for a number or from an
    internet address, is locked out until they may ask again.
    """
    row = _begun(session, conversation_id)
    if _is_locked(row, now):
        return status(session, conversation_id)
    if row.state == State.LOCKED:
        row.attempts_left = ATTEMPTS
    visitor = Visitor(conversation_id, cipher().blind_index(phone), address and cipher().blind_index(address))
    row.number_index = visitor.number_index
    row.updated_at = now
    if again_at := limits.next_code_at(session, visitor, now):
        _lock(row, again_at)
        _record(session, conversation_id, "code_limit_reached", now)
        return status(session, conversation_id)
    limits.note(session, visitor, "code_requested", now)
    code = f"{secrets.randbelow(1_000_000):06}"
    row.state = State.AWAITING_CODE
    row.borrower_id = session.scalar(select(Borrower.id).where(Borrower.phone_index == visitor.number_index))
    row.code_hash = _code_hash(conversation_id, code)
    row.code_expires_at = now + timedelta(minutes=CODE_MINUTES)
    _record(session, conversation_id, "code_requested", now, borrower_id=row.borrower_id)
    if row.borrower_id is not None:
        language = session.get_one(Conversation, conversation_id).language
        send(OneTimeCode(conversation_id, phone, code, language, made_at=now))
    return status(session, conversation_id)


def check_code(session: Session, conversation_id: str, code: str, now: datetime) -> VerificationStatus:
    """Try a code. The right one signs the conversation in; the last wrong one locks it, longer each time."""
    row = _begun(session, conversation_id)
    if _is_locked(row, now):
        return status(session, conversation_id)
    if not _code_is_open(row, now):
        row.state = State.FAILED
        row.code_hash = None
        outcome = "code_too_old"
    elif _is_right(row, code):
        _sign_in(session, row, now)
        outcome = "code_accepted" if row.state == State.VERIFIED else "chat_of_another"
    elif row.attempts_left > 1:
        row.attempts_left -= 1
        row.state = State.FAILED
        outcome = "code_refused"
    else:
        _lock_out(session, row, now)
        outcome = "verification_locked"
    row.updated_at = now
    _record(session, conversation_id, outcome, now, borrower_id=row.borrower_id, attempts_left=row.attempts_left)
    return status(session, conversation_id)


def vouched_for(session: Session, conversation_id: str, borrower_id: int, now: datetime) -> None:
    """Sign a borrower in for whom the lender vouches, without a code."""
    row = _verification(session, conversation_id)
    if row is None:
        row = Verification(conversation_id=conversation_id, state=State.VERIFIED, attempts_left=ATTEMPTS)
        session.add(row)
    row.borrower_id = borrower_id
    row.updated_at = now
    _sign_in(session, row, now)
    _record(session, conversation_id, "lender_vouched", now, borrower_id=borrower_id)


def status(session: Session, conversation_id: str) -> VerificationStatus:
    row = _verification(session, conversation_id)
    if row is None:
        return VerificationStatus(State.NOT_BEGUN)
    return VerificationStatus(
        state=State(row.state),
        attempts_left=row.attempts_left,
        borrower_id=row.borrower_id if row.state == State.VERIFIED else None,
        code_is_open=row.code_hash is not None,
        locked_until=row.locked_until if row.state == State.LOCKED else None,
    )


def take_interrupted_question(session: Session, conversation_id: str) -> str | None:
    """The question that the sign-in interrupted, handed out once."""
    row = _begun(session, conversation_id)
    question, row.interrupted_question = row.interrupted_question, None
    return question


def sign_out(session: Session, conversation_id: str, now: datetime, actor: str = "visitor") -> None:
    """Let nobody be verified in a conversation; it stays the borrower's whose it is."""
    conversation = session.get_one(Conversation, conversation_id)
    _record(session, conversation_id, "signed_out", now, actor, borrower_id=conversation.borrower_id)
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
    """Sign `row.borrower_id` in, unless what stands in the chat is another borrower's."""
    row.code_hash = None
    row.attempts_left = ATTEMPTS
    conversation = session.get_one(Conversation, row.conversation_id)
    if conversation.borrower_id not in (None, row.borrower_id):
        row.state = State.OTHER_ACCOUNT
        return
    row.state = State.VERIFIED
    conversation.borrower_id = row.borrower_id
    conversation.verified_at = now


def _lock_out(session: Session, row: Verification, now: datetime) -> None:
    """No attempt is left: nobody may try again before the lock is over."""
    assert row.number_index is not None
    visitor = Visitor(row.conversation_id, row.number_index)
    row.attempts_left = 0
    _lock(row, now + limits.lock_span(session, visitor, now))
    limits.note(session, visitor, "locked", now)


def _lock(row: Verification, until: datetime) -> None:
    row.state = State.LOCKED
    row.locked_until = until
    row.code_hash = None


def _is_right(row: Verification, code: str) -> bool:
    assert row.code_hash is not None
    same = hmac.compare_digest(row.code_hash, _code_hash(row.conversation_id, code))
    return same and row.borrower_id is not None


def _code_is_open(row: Verification, now: datetime) -> bool:
    return row.code_hash is not None and row.code_expires_at is not None and now < row.code_expires_at


def _is_locked(row: Verification, now: datetime) -> bool:
    return row.state == State.LOCKED and row.locked_until is not None and now < row.locked_until


def _code_hash(conversation_id: str, code: str) -> str:
    """A keyed hash: without the installation's key, trying all codes of six digits finds nothing."""
    return cipher().blind_index(f"one-time code {conversation_id} {code}")


def _record(
    session: Session, conversation_id: str, action: str, now: datetime, actor: str = "visitor", **details: int | None
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"conversation:{conversation_id}",
        details=details,
        at=now,
    )
