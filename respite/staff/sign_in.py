"""Signing in with a name, a password and a code.

It goes in three steps, so that no transaction is open while the password is compared, which takes long on purpose:
`begin`, `check_password`, `finish`. Nothing tells a caller whether there is an account of a name, or which of the
three was wrong.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from respite.staff import delays, second_factor, sessions
from respite.staff.accounts import actor_of, find_by_login, normal_login, note
from respite.staff.passwords import Check
from respite.staff.sessions import Place
from respite.store.audit import record
from respite.store.models import StaffMember, StaffSignInAttempt

NOBODY = "visitor"


@dataclass(frozen=True)
class Attempt:
    """A try that was counted: whose account it is for, and the hash that the password must fit."""

    id: int
    staff_id: int | None
    password_hash: str | None


@dataclass(frozen=True)
class TooSoon:
    """A try that was not made, because of those before it."""

    again_at: datetime


def begin(session: Session, login: str, address: str | None, now: datetime) -> Attempt | TooSoon:
    """Count a try, unless it comes too soon."""
    entered = delays.enter(session, normal_login(login), address, now)
    if isinstance(entered, datetime):
        return TooSoon(entered)
    member = find_by_login(session, login)
    if member is None:
        return Attempt(entered.id, None, None)
    return Attempt(entered.id, member.id, member.password_hash)


def finish(
    session: Session, attempt: Attempt, password: Check, code: str, place: Place, is_demo: bool, now: datetime
) -> str | None:
    """The token of a new session; None where password, code or account are not right.

    Only in a demonstration (`is_demo`) may an account do without a second factor.
    """
    member = session.get(StaffMember, attempt.staff_id, with_for_update=True) if attempt.staff_id else None
    reason = _reason_to_refuse(session, member, attempt, password, code, is_demo, now)
    if member is None or reason:
        _refuse(session, member, attempt, reason, now)
        return None
    member.password_hash = password.new_hash or member.password_hash
    session.get_one(StaffSignInAttempt, attempt.id).kind = "succeeded"
    return admit(session, member, place, now)


def confirm(session: Session, attempt: Attempt, password: Check, now: datetime) -> bool:
    """Whether somebody who is signed in has shown again that they are the member, before a change that matters."""
    member = session.get_one(StaffMember, attempt.staff_id)
    if not password.is_right:
        _refuse(session, member, attempt, "password", now)
        return False
    session.get_one(StaffSignInAttempt, attempt.id).kind = "succeeded"
    return True


def admit(session: Session, member: StaffMember, place: Place, now: datetime) -> str:
    """Sign in whoever has shown who they are, and return the token of their session."""
    note(session, member, "staff_signed_in", actor_of(member), now, browser=place.browser)
    return sessions.begin(session, member, place, now)


def _reason_to_refuse(
    session: Session,
    member: StaffMember | None,
    attempt: Attempt,
    password: Check,
    code: str,
    is_demo: bool,
    now: datetime,
) -> str:
    """Why this is not the member, for the audit trail; nothing where it is. A code counts only with the password."""
    if member is None:
        return "unknown"
    if member.deactivated_at is not None:
        return "deactivated"
    if not password.is_right or member.password_hash != attempt.password_hash:
        return "password"
    does_without = is_demo and member.totp_secret is None
    return "" if does_without or second_factor.use_code(session, member, code, now) else "code"


def _refuse(session: Session, member: StaffMember | None, attempt: Attempt, reason: str, now: datetime) -> None:
    subject = actor_of(member) if member else "staff:unknown"
    tried = session.get_one(StaffSignInAttempt, attempt.id)
    again_at = delays.next_try_at(session, tried.login_index, tried.address_index, now)
    details = {"reason": reason} | ({"locked_until": again_at.isoformat()} if again_at else {})
    action = "staff_sign_in_locked" if again_at else "staff_sign_in_refused"
    record(session, actor=NOBODY, action=action, subject=subject, details=details, at=now)
