"""A fresh code before something that matters, from a borrower who is signed in already."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from respite.identity import challenges
from respite.identity.challenges import Purpose, State, VerificationStatus, begun, find, status, trace
from respite.identity.risk.signals import Outcome
from respite.identity.senders import SendCode
from respite.policies.identity import IdentityPolicy
from respite.store.models import Borrower, Verification
from respite.support.conversations import locked_conversation


def is_fresh(at: datetime | None, policy: IdentityPolicy, now: datetime) -> bool:
    """Whether a code that was accepted `at` a moment still counts."""
    return at is not None and now - at <= timedelta(minutes=policy.fresh_code_minutes)


def is_needed(session: Session, conversation_id: str, outcome: Outcome, policy: IdentityPolicy, now: datetime) -> bool:
    """Whether a code has to be asked for first. Where risk control asks for one, that of the sign-in does not do."""
    row = begun(session, conversation_id)
    return not is_fresh(row.code_accepted_at if outcome is Outcome.ALLOW else row.stepped_up_at, policy, now)


def begin(
    session: Session,
    conversation_id: str,
    purpose: Purpose,
    now: datetime,
    send: SendCode,
    then: str | None = None,
) -> VerificationStatus:
    """Send a code to the number on file. `then` is a payload of ours that Rasa is told once the code is right."""
    locked_conversation(session, conversation_id)
    row = begun(session, conversation_id)
    row.purpose, row.interrupted_question = purpose, then
    return send_code(session, row, now, send)


def send_code(session: Session, row: Verification, now: datetime, send: SendCode) -> VerificationStatus:
    """Send a code to the number on file, once more where one was sent before."""
    borrower = session.get_one(Borrower, row.borrower_id)
    challenges.ask_for_code(session, row, borrower.phone, now, send)
    return status(session, row.conversation_id)


def check_code(
    session: Session, conversation_id: str, code: str, now: datetime, address: str | None = None
) -> VerificationStatus:
    """Try a code; the right one is fresh from now on."""
    row = begun(session, conversation_id)
    if challenges.try_code(session, row, code, now, address):
        accept(session, row, now)
    return status(session, conversation_id)


def accept(session: Session, row: Verification, now: datetime) -> None:
    """A code that was asked for besides the sign-in was right."""
    row.state = State.VERIFIED
    row.code_accepted_at = row.stepped_up_at = now
    trace(session, row, "stepped_up", now)


def leave(session: Session, conversation_id: str, now: datetime) -> None:
    """Await nothing more of a borrower who is signed in: what a code was asked for is not done."""
    row = find(session, conversation_id)
    if row is None or row.purpose == Purpose.SIGN_IN or row.state == State.VERIFIED:
        return
    row.purpose, row.state = Purpose.SIGN_IN, State.VERIFIED
    row.code_hash = row.interrupted_question = row.new_phone = None
    trace(session, row, "step_up_left", now)
