"""Members of staff at work: a heartbeat while their console is open, and whether they are given conversations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from respite.staff.accounts import active_members
from respite.staff.roles import StaffRole
from respite.store.models import Handoff, StaffMember, StaffPresence

SEEN_FOR = timedelta(seconds=60)
"""How long a member of staff counts as present after the last sign of their console."""


@dataclass(frozen=True)
class Colleague:
    """A member of staff as the others see them; `load` is how many conversations they have."""

    member: StaffMember
    load: int
    is_present: bool = False
    takes_conversations: bool = False
    last_taken_at: datetime | None = None

    @property
    def room(self) -> int:
        """How many more conversations they can be given now."""
        is_there = self.is_present and self.takes_conversations
        return max(self.member.capacity - self.load, 0) if is_there else 0


def stay_present(session: Session, by: StaffMember, now: datetime) -> None:
    """Say that a console is open: when it opens, and then more often than every SEEN_FOR."""
    _presence(session, by, now).seen_at = now


def still_present(session: Session, staff_ids: Collection[int], now: datetime) -> None:
    """Say of many that their consoles are still open."""
    seen = update(StaffPresence).where(StaffPresence.staff_id.in_(staff_ids)).values(seen_at=now)
    noted = set(session.scalars(seen.returning(StaffPresence.staff_id)))
    for staff_id in set(staff_ids) - noted:
        stay_present(session, session.get_one(StaffMember, staff_id), now)


def take_conversations(session: Session, by: StaffMember, wanted: bool, now: datetime) -> None:
    """Be given conversations, or have a break; those that one has stay."""
    presence = _presence(session, by, now)
    presence.seen_at, presence.takes_conversations = now, wanted


def give_a_break(session: Session, staff_id: int) -> None:
    """Give somebody no more conversations until they want them again."""
    presence = session.get(StaffPresence, staff_id)
    if presence is not None:
        presence.takes_conversations = False


def leave(session: Session, by: StaffMember, now: datetime) -> None:
    """The console is closed: absent at once."""
    _presence(session, by, now).seen_at = now - SEEN_FOR


def last_seen(session: Session, staff_id: int) -> datetime | None:
    return session.scalar(select(StaffPresence.seen_at).where(StaffPresence.staff_id == staff_id))


def is_present(session: Session, staff_id: int, now: datetime) -> bool:
    seen_at = last_seen(session, staff_id)
    return seen_at is not None and now - seen_at < SEEN_FOR


def note_taken(session: Session, staff_id: int, now: datetime) -> None:
    """Remember when somebody took a conversation, so that the next one goes to somebody else."""
    presence = session.get(StaffPresence, staff_id)
    if presence is not None:
        presence.last_taken_at = now


def colleagues(session: Session, now: datetime) -> Sequence[Colleague]:
    """Everybody who works here, by name."""
    query = select(Handoff.staff_id, func.count()).where(Handoff.state == "taken").group_by(Handoff.staff_id)
    loads = dict(session.execute(query).all())
    presences = {row.staff_id: row for row in session.scalars(select(StaffPresence))}
    return [
        _colleague(member, loads.get(member.id, 0), presences.get(member.id), now) for member in active_members(session)
    ]


def _colleague(member: StaffMember, load: int, presence: StaffPresence | None, now: datetime) -> Colleague:
    if presence is None:
        return Colleague(member, load)
    is_there = now - presence.seen_at < SEEN_FOR
    return Colleague(member, load, is_there, presence.takes_conversations, presence.last_taken_at)


def _presence(session: Session, by: StaffMember, now: datetime) -> StaffPresence:
    """The row of somebody at work. Whoever keeps the accounts takes conversations only if they want to."""
    presence = session.get(StaffPresence, by.id)
    if presence is None:
        takes = by.role != StaffRole.ADMIN
        presence = session.merge(StaffPresence(staff_id=by.id, seen_at=now, takes_conversations=takes))
    return presence
