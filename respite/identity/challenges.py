"""A one-time code asked for and tried in one chat, whatever it is for, with its limits, attempts and locks.

Nothing here tells a caller whether a number may be sent a code: for one that may not a code is made as well, goes to
nobody, and is never right.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from respite.identity import limits
from respite.identity.codes import CODE_MINUTES, OneTimeCode
from respite.identity.limits import Visitor
from respite.identity.senders import SendCode
from respite.store.audit import record
from respite.store.encryption import cipher
from respite.store.models import Conversation, Verification

ATTEMPTS = 5


class Purpose(StrEnum):
    """What a code is for."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    CONTACT_CHANGE = "contact_change"
    """It goes to the number on file, which is to be changed."""
    NEW_NUMBER = "new_number"
    """It goes to the number that takes its place."""


class State(StrEnum):
    NOT_BEGUN = "not_begun"
    AWAITING_PHONE = "awaiting_phone"
    AWAITING_CODE = "awaiting_code"
    FAILED = "failed"
    """The last code was wrong or too old; another code, or the phone number again, may be sent."""
    LOCKED = "locked"
    OTHER_ACCOUNT = "other_account"
    """The code was right, but this chat is another borrower's; they begin a chat of their own."""
    REFUSED = "refused"
    """Risk control wants a person to look first."""
    VERIFIED = "verified"


@dataclass(frozen=True)
class VerificationStatus:
    """Where a challenge stands. `code_is_open` says whether a code that was sent may still be tried."""

    state: State
    purpose: Purpose = Purpose.SIGN_IN
    attempts_left: int = ATTEMPTS
    borrower_id: int | None = None
    code_is_open: bool = False
    code_minutes: int = CODE_MINUTES
    locked_until: datetime | None = None


def status(session: Session, conversation_id: str) -> VerificationStatus:
    row = find(session, conversation_id)
    if row is None:
        return VerificationStatus(State.NOT_BEGUN)
    return VerificationStatus(
        state=State(row.state),
        purpose=Purpose(row.purpose),
        attempts_left=row.attempts_left,
        borrower_id=row.borrower_id if row.state == State.VERIFIED else None,
        code_is_open=row.code_hash is not None,
        locked_until=row.locked_until if row.state == State.LOCKED else None,
    )


def find(session: Session, conversation_id: str) -> Verification | None:
    """What is awaited in a conversation, if anything ever was, for this transaction to change."""
    session.flush()
    return session.get(Verification, conversation_id, with_for_update=True)


def begun(session: Session, conversation_id: str) -> Verification:
    """What is awaited in a conversation in which something is."""
    return session.get_one(Verification, conversation_id, with_for_update=True)


def new(session: Session, conversation_id: str, state: State, now: datetime) -> Verification:
    row = Verification(
        conversation_id=conversation_id, purpose=Purpose.SIGN_IN, state=state, attempts_left=ATTEMPTS, updated_at=now
    )
    session.add(row)
    return row


def ask_for_code(
    session: Session,
    row: Verification,
    phone: str,
    now: datetime,
    send: SendCode,
    *,
    may_receive: bool = True,
    address: str | None = None,
) -> None:
    """Make a code for `phone` (E.164), which is handed to `send` and can be right only if the number `may_receive` it.

    Attempts that were lost on an earlier code stay lost. Whoever asks too often, from a chat, for a number or from an
    internet address, is locked out until they may ask again.
    """
    row.updated_at = now
    if is_locked(row, now):
        row.state = State.LOCKED
        return
    if row.locked_until:
        row.attempts_left, row.locked_until = ATTEMPTS, None
    visitor = Visitor(row.conversation_id, cipher().blind_index(phone), address and cipher().blind_index(address))
    row.number_index = visitor.number_index
    if again_at := limits.next_code_at(session, visitor, now):
        _lock(row, again_at)
        trace(session, row, "code_limit_reached", now)
        return
    limits.note(session, visitor, "code_requested", now)
    code = f"{secrets.randbelow(1_000_000):06}"
    row.state = State.AWAITING_CODE
    row.code_hash = _code_hash(row, code if may_receive else secrets.token_hex())
    row.code_expires_at = now + timedelta(minutes=CODE_MINUTES)
    trace(session, row, "code_requested", now)
    if may_receive:
        language = session.get_one(Conversation, row.conversation_id).language
        send(OneTimeCode(row.conversation_id, phone, code, language, made_at=now))


def try_code(session: Session, row: Verification, code: str, now: datetime, address: str | None = None) -> bool:
    """Whether a code is right, which it is once. A wrong one costs an attempt; the last one locks, longer each time."""
    row.updated_at = now
    if is_locked(row, now):
        row.state = State.LOCKED
    elif not code_is_open(row, now):
        row.state, row.code_hash = State.FAILED, None
        trace(session, row, "code_too_old", now)
    elif hmac.compare_digest(row.code_hash or "", _code_hash(row, code)):
        row.code_hash, row.attempts_left = None, ATTEMPTS
        return True
    else:
        refuse_code(session, row, now, address)
    return False


def refuse_code(session: Session, row: Verification, now: datetime, address: str | None = None) -> None:
    """A code was wrong."""
    visitor = visitor_of(row, address)
    limits.note(session, visitor, "code_refused", now)
    row.attempts_left -= 1
    if row.attempts_left:
        row.state = State.FAILED
        trace(session, row, "code_refused", now)
        return
    _lock(row, now + limits.lock_span(session, visitor, now))
    limits.note(session, visitor, "locked", now)
    trace(session, row, "verification_locked", now)


def code_is_open(row: Verification, now: datetime) -> bool:
    return row.code_hash is not None and row.code_expires_at is not None and now < row.code_expires_at


def is_locked(row: Verification, now: datetime) -> bool:
    return row.locked_until is not None and now < row.locked_until


def trace(session: Session, row: Verification, action: str, now: datetime) -> None:
    """Leave an entry in the audit trail about the conversation."""
    record(
        session,
        actor="visitor",
        action=action,
        subject=f"conversation:{row.conversation_id}",
        details={"purpose": row.purpose, "borrower_id": row.borrower_id, "attempts_left": row.attempts_left},
        at=now,
    )


def visitor_of(row: Verification, address: str | None) -> Visitor:
    """Who types a code that was asked for."""
    assert row.number_index is not None, "a code is asked for before one is tried"
    return Visitor(row.conversation_id, row.number_index, address and cipher().blind_index(address))


def _lock(row: Verification, until: datetime) -> None:
    row.state = State.LOCKED
    row.locked_until = until
    row.code_hash = None


def _code_hash(row: Verification, code: str) -> str:
    """A keyed hash: without the installation's key, trying all codes of six digits finds nothing."""
    return cipher().blind_index(f"one-time code {row.conversation_id} {code}")
