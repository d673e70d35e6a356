"""The accounts of staff: who they are, what they may do, and what becomes of them. Every change is audited."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.staff import sessions
from respite.staff.roles import StaffRole
from respite.store.audit import record
from respite.store.models import StaffMember

USUAL_CAPACITY = 4
LARGEST_CAPACITY = 50
LANGUAGES = ("en", "zh")
ACTOR = "staff:"


class AccountError(ValueError):
    """A change of an account that is not made; its text, in English, says why."""


class State(StrEnum):
    """Where an account stands."""

    ACTIVE = "active"
    INVITED = "invited"
    INVITATION_EXPIRED = "invitation expired"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Profile:
    """What is decided about a member: the name that borrowers read, the role, and whom they can help.

    `languages` are en and zh, `skills` words of the lender's own, `capacity` a number of conversations.
    """

    name: str
    role: StaffRole
    languages: tuple[str, ...] = LANGUAGES
    skills: tuple[str, ...] = ()
    capacity: int = USUAL_CAPACITY


def actor_of(member: StaffMember) -> str:
    """How the audit trail and a conversation name a member."""
    return f"{ACTOR}{member.id}"


def normal_login(login: str) -> str:
    """The same sign-in name, however it was typed."""
    return login.strip().casefold()


def find_by_login(session: Session, login: str) -> StaffMember | None:
    return session.scalar(select(StaffMember).where(StaffMember.login == normal_login(login)))


def find(session: Session, staff_id: int) -> StaffMember | None:
    return session.get(StaffMember, staff_id)


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """The names that borrowers read, of those of some actors who are members."""
    ids = {int(actor.removeprefix(ACTOR)) for actor in actors if actor.startswith(ACTOR)}
    members = session.scalars(select(StaffMember).where(StaffMember.id.in_(ids))) if ids else ()
    return {actor_of(member): member.name for member in members}


def all_members(session: Session) -> Sequence[StaffMember]:
    """Every member, those who work here now before those who were deactivated."""
    by_name = select(StaffMember).order_by(StaffMember.deactivated_at.is_not(None), StaffMember.name, StaffMember.id)
    return session.scalars(by_name).all()


def active_members(session: Session) -> Sequence[StaffMember]:
    """Everybody who works here now."""
    return [member for member in all_members(session) if member.deactivated_at is None]


def profile_of(member: StaffMember) -> Profile:
    return Profile(member.name, StaffRole(member.role), tuple(member.languages), tuple(member.skills), member.capacity)


def state_of(member: StaffMember, now: datetime) -> State:
    if member.deactivated_at is not None:
        return State.DEACTIVATED
    if member.password_hash or member.oidc_subject:
        return State.ACTIVE
    is_open = member.invitation_expires_at is not None and now < member.invitation_expires_at
    return State.INVITED if is_open else State.INVITATION_EXPIRED


def add(session: Session, login: str, profile: Profile, actor: str, now: datetime) -> StaffMember:
    """Add an account that nobody can sign in to yet. Raises AccountError."""
    login = normal_login(login)
    _require_sound(login, profile)
    if find_by_login(session, login):
        raise AccountError("There is an account with this sign-in name already. Choose another.")
    member = StaffMember(login=login, interface_language="en", theme="auto", created_at=now)
    _write(member, profile)
    session.add(member)
    session.flush()
    note(session, member, "staff_added", actor, now, role=profile.role.value)
    return member


def change(session: Session, member: StaffMember, profile: Profile, actor: str, now: datetime) -> None:
    """Decide anew about a member. Raises AccountError.

    Another role ends their sessions, so that no page stays open that it does not include.
    """
    _require_sound(member.login, profile)
    before = profile_of(member)
    if before.role is not profile.role and actor == actor_of(member):
        raise AccountError("Nobody changes their own role. Ask another admin.")
    _write(member, profile)
    if before.role is not profile.role:
        sessions.end_all(session, member, actor, now)
    changed = {key: value for key, value in asdict(profile).items() if value != asdict(before)[key]}
    if "name" in changed:
        changed["name"] = "changed"  # the audit trail names nobody
    if changed:
        note(session, member, "staff_changed", actor, now, **changed)


def change_role(session: Session, member: StaffMember, role: StaffRole, actor: str, now: datetime) -> None:
    change(session, member, replace(profile_of(member), role=role), actor, now)


def deactivate(session: Session, member: StaffMember, actor: str, now: datetime) -> None:
    """Let a member in no more, and end every session of theirs. Raises AccountError."""
    if actor == actor_of(member):
        raise AccountError("Nobody deactivates themselves. Ask another admin.")
    member.deactivated_at = now
    member.invitation_hash = member.invitation_expires_at = None
    sessions.end_all(session, member, actor, now)
    note(session, member, "staff_deactivated", actor, now)


def activate(session: Session, member: StaffMember, actor: str, now: datetime) -> None:
    """Let a deactivated member in again, as they were."""
    member.deactivated_at = None
    note(session, member, "staff_activated", actor, now)


def prefer(session: Session, staff_id: int, language: str, theme: str) -> None:
    """How a member sees the console: `language` en, zh-Hans or zh-Hant; `theme` auto, light or dark."""
    member = session.get_one(StaffMember, staff_id)
    member.interface_language, member.theme = language, theme


def note(session: Session, member: StaffMember, action: str, actor: str, now: datetime, **details: object) -> None:
    """Leave an entry about an account in the audit trail."""
    record(session, actor=actor, action=action, subject=actor_of(member), details=details, at=now)


def _write(member: StaffMember, profile: Profile) -> None:
    member.name = profile.name.strip()
    member.role = profile.role.value
    member.languages = list(profile.languages)
    member.skills = list(profile.skills)
    member.capacity = profile.capacity


def _require_sound(login: str, profile: Profile) -> None:
    if not (0 < len(login) <= 120 and 0 < len(profile.name.strip()) <= 60):
        raise AccountError("Give a sign-in name of up to 120 characters, and a name of up to 60 for borrowers to read.")
    if not profile.languages or not set(profile.languages) <= set(LANGUAGES):
        raise AccountError("Choose at least one language in which the member helps: English or Chinese.")
    if not 1 <= profile.capacity <= LARGEST_CAPACITY:
        raise AccountError("A member has between 1 and 50 conversations at once.")
