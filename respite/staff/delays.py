"""How soon somebody may try again to sign in, counted in the database, so that several processes count together."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from respite.store.encryption import cipher
from respite.store.models import StaffSignInAttempt
from respite.store.turns import wait_for_turn

FREE_TRIES = 5
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
TRIES_AN_HOUR_FROM_ADDRESS = 50
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def enter(session: Session, login: str, address: str | None, now: datetime) -> StaffSignInAttempt | datetime:
    """Count a try before it is made; or, where it comes too soon, say when the next may be made.

    Until the transaction ends nobody else counts for this name or this address.
    """
    login_index, address_index = cipher().blind_index(login), address and cipher().blind_index(address)
    wait_for_turn(session, f"staff signing in as {login_index}")
    if address_index:
        wait_for_turn(session, f"staff signing in from {address_index}")
    again_at = next_try_at(session, login_index, address_index, now)
    if again_at:
        return again_at
    session.execute(delete(StaffSignInAttempt).where(StaffSignInAttempt.at <= now - DAY))
    attempt = StaffSignInAttempt(at=now, kind="tried", login_index=login_index, address_index=address_index)
    session.add(attempt)
    session.flush()
    return attempt


def next_try_at(session: Session, login_index: str, address_index: str | None, now: datetime) -> datetime | None:
    """When a name may be tried again from an address; None where it may be at once."""
    waits = [_after_failures(session, login_index, now), address_index and _from_address(session, address_index, now)]
    later = [wait for wait in waits if wait and wait > now]
    return max(later, default=None)


def _after_failures(session: Session, login_index: str, now: datetime) -> datetime | None:
    """After some tries without success each one waits twice as long as the one before."""
    same = StaffSignInAttempt.login_index == login_index
    succeeded = session.scalar(select(func.max(StaffSignInAttempt.id)).where(same, _is("succeeded")))
    failed = (same, _is("tried"), StaffSignInAttempt.at > now - DAY, StaffSignInAttempt.id > (succeeded or 0))
    failures, last = session.execute(select(func.count(), func.max(StaffSignInAttempt.at)).where(*failed)).one()
    if failures < FREE_TRIES:
        return None
    return last + min(FIRST_DELAY * (1 << (failures - FREE_TRIES)), LONGEST_DELAY)


def _from_address(session: Session, address_index: str, now: datetime) -> datetime | None:
    """When the oldest of the last tries without success from an address will be an hour ago."""
    failed = (StaffSignInAttempt.address_index == address_index, _is("tried"), StaffSignInAttempt.at > now - HOUR)
    newest = select(StaffSignInAttempt.at).where(*failed).order_by(StaffSignInAttempt.at.desc())
    oldest = session.scalar(newest.offset(TRIES_AN_HOUR_FROM_ADDRESS - 1).limit(1))
    return oldest and oldest + HOUR


def _is(kind: str) -> ColumnElement[bool]:
    return StaffSignInAttempt.kind == kind
