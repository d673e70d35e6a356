"""Members of staff, and what they sign in with."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from respite.staff import accounts, invitations, passwords
from respite.staff.accounts import Profile
from respite.staff.passwords import hash_password
from respite.staff.roles import StaffRole
from respite.staff.sessions import Lifetime, Place
from respite.store.models import StaffMember

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OPERATOR = "staff:operator"
PASSWORD = "a pine on the north slope"
DESK = Place("Chromium, Linux", "203.0.113.7")
LIFETIME = Lifetime(idle=timedelta(minutes=30), longest=timedelta(hours=12))


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that is made to take long takes long in every test."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def lin(session: Session) -> StaffMember:
    """An agent with a password and an authenticator."""
    return settle(session, "lin@lender.example", Profile("Lin", StaffRole.AGENT))


@pytest.fixture
def ada(session: Session) -> StaffMember:
    """An admin."""
    return settle(session, "ada@lender.example", Profile("Ada", StaffRole.ADMIN))


def settle(session: Session, login: str, profile: Profile) -> StaffMember:
    """Add a member who has accepted their invitation."""
    member = accounts.add(session, login, profile, OPERATOR, NOW)
    invitations.invite(session, member, OPERATOR, NOW)
    member.password_hash = hash_password(PASSWORD)
    member.invitation_hash = member.invitation_expires_at = None
    session.flush()
    return member


def code_of(member: StaffMember, now: datetime = NOW) -> str:
    """What the member's authenticator shows."""
    assert member.totp_secret
    return pyotp.TOTP(member.totp_secret).at(now)
