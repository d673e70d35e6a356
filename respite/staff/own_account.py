"""What members change about their own account, each time with their password. Their other sessions end with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.staff import second_factor, sessions
from respite.staff.accounts import actor_of, note
from respite.store.models import StaffMember, StaffSession


def change_password(session: Session, here: StaffSession, password_hash: str, now: datetime) -> None:
    """Keep the hash of a new password."""
    here.member.password_hash = password_hash
    _changed(session, here, "staff_password_changed", now)


def change_authenticator(session: Session, here: StaffSession, secret: str, code: str, now: datetime) -> bool:
    """Go over to another authenticator, which shows `code` for its secret; False where that is not its code."""
    step = second_factor.matching_step(secret, code, now)
    if step is None:
        return False
    here.member.totp_secret = secret
    here.member.totp_last_step = step
    _changed(session, here, "staff_authenticator_changed", now)
    return True


def renew_recovery_codes(session: Session, here: StaffSession, now: datetime) -> list[str]:
    """New recovery codes, to be shown once; the earlier ones do not work any more."""
    _changed(session, here, "staff_recovery_codes_renewed", now)
    return second_factor.renew_recovery_codes(session, here.member)


def _changed(session: Session, here: StaffSession, action: str, now: datetime) -> None:
    member: StaffMember = here.member
    note(session, member, action, actor_of(member), now)
    sessions.end_all(session, member, actor_of(member), now, but=here.id)
