"""Sessions: the browsers in which a member is signed in. Each ends by itself, and can be ended by whoever may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select, update
from sqlalchemy.orm import Session, contains_eager

from respite.settings import Settings
from respite.staff.tokens import new_token, token_hash
from respite.store.audit import record
from respite.store.models import StaffMember, StaffSession

BETWEEN_NOTES = timedelta(minutes=1)
"""How old a member's last sign of life may get before it is written down anew."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without a sign of life, and at most."""

    idle: timedelta
    longest: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Lifetime":
        return cls(timedelta(minutes=settings.staff_idle_minutes), timedelta(hours=settings.staff_session_hours))

    def lasting(self, now: datetime) -> ColumnElement[bool]:
        """What holds for a session that is good at `now`, joined with its member."""
        return and_(
            StaffSession.ended_at.is_(None),
            StaffSession.last_seen_at > now - self.idle,
            StaffSession.created_at > now - self.longest,
            StaffMember.deactivated_at.is_(None),
        )


@dataclass(frozen=True)
class Place:
    """Where somebody signs in: in which browser, in a few words, and from which internet address."""

    browser: str
    address: str | None = None


def begin(session: Session, member: StaffMember, place: Place, now: datetime) -> str:
    """Sign a member in, and return the token that their browser keeps."""
    token = new_token()
    session.add(
        StaffSession(
            staff_id=member.id,
            token_hash=token_hash(token),
            browser=place.browser,
            address=place.address,
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find(session: Session, token: str, lifetime: Lifetime, now: datetime) -> StaffSession | None:
    """The session of a token, with its member; None unless it is good at `now`."""
    return session.scalar(_good(lifetime, now).where(StaffSession.token_hash == token_hash(token)))


def find_by_id(session: Session, session_id: str, lifetime: Lifetime, now: datetime) -> StaffSession | None:
    """A session with its member; None unless it is good at `now`."""
    return session.scalar(_good(lifetime, now).where(StaffSession.id == session_id))


def still_good(session: Session, session_ids: Collection[str], lifetime: Lifetime, now: datetime) -> set[str]:
    """Those of some sessions that are good at `now`."""
    these = select(StaffSession.id).join(StaffSession.member).where(StaffSession.id.in_(session_ids))
    return set(session.scalars(these.where(lifetime.lasting(now))))


def of_member(session: Session, member: StaffMember, lifetime: Lifetime, now: datetime) -> Sequence[StaffSession]:
    """A member's good sessions, the one last seen first."""
    theirs = _good(lifetime, now).where(StaffSession.staff_id == member.id)
    return session.scalars(theirs.order_by(StaffSession.last_seen_at.desc(), StaffSession.id)).all()


def seen(session: Session, session_id: str, now: datetime) -> None:
    """Note a sign of life, unless one was noted a moment ago."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.last_seen_at < now - BETWEEN_NOTES)
        .values(last_seen_at=now)
    )


def end(session: Session, ended: StaffSession, actor: str, now: datetime) -> None:
    """End one session: the member signs out, or an admin ends it for them."""
    if ended.ended_at is None:
        ended.ended_at = now
        _record(session, ended.staff_id, actor, now, sessions=1)


def end_all(session: Session, member: StaffMember, actor: str, now: datetime, but: str | None = None) -> None:
    """End every session of a member; `but` is the id of one that goes on."""
    theirs = select(StaffSession).where(StaffSession.staff_id == member.id, StaffSession.ended_at.is_(None))
    ending = [each for each in session.scalars(theirs) if each.id != but]
    for each in ending:
        each.ended_at = now
    if ending:
        _record(session, member.id, actor, now, sessions=len(ending))


def _good(lifetime: Lifetime, now: datetime) -> Select[StaffSession]:
    return (
        select(StaffSession)
        .join(StaffSession.member)
        .options(contains_eager(StaffSession.member))
        .where(lifetime.lasting(now))
    )


def _record(session: Session, staff_id: int, actor: str, now: datetime, sessions: int) -> None:
    record(
        session,
        actor=actor,
        action="staff_sessions_ended",
        subject=f"staff:{staff_id}",
        details={"sessions": sessions},
        at=now,
    )
