"""The second factor: a code from the member's authenticator (TOTP, RFC 6238), or a recovery code in its place."""

from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from respite.references import new_reference
from respite.staff.tokens import token_hash
from respite.store.models import StaffMember, StaffRecoveryCode

STEPS_APART = 1
"""A phone's clock may be as many steps of 30 seconds away from ours."""

RECOVERY_CODES = 10


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, login: str, lender: str) -> str:
    """What an authenticator reads from the picture: the secret, and under which names to keep it."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=lender)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is; None where it is that of no step near `now`."""
    digits = "".join(filter(str.isdigit, code))
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now, valid_window=STEPS_APART)
    except OTPVerificationError:
        return None


def use_code(session: Session, member: StaffMember, code: str, now: datetime) -> bool:
    """Try what a member typed, a code or a recovery code. The right one is used up, also for another process."""
    if member.totp_secret is None:
        return False
    step = matching_step(member.totp_secret, code, now)
    if step is not None:
        return use_step(session, member, step)
    this_one = (
        StaffRecoveryCode.staff_id == member.id,
        StaffRecoveryCode.code_hash == _recovery_hash(code),
        StaffRecoveryCode.used_at.is_(None),
    )
    return session.connection().execute(update(StaffRecoveryCode).where(*this_one).values(used_at=now)).rowcount == 1


def use_step(session: Session, member: StaffMember, step: int) -> bool:
    """Use up the code of a time step and of all before it; False where that was done already."""
    newer = or_(StaffMember.totp_last_step.is_(None), StaffMember.totp_last_step < step)
    this_one = (StaffMember.id == member.id, newer)
    return session.connection().execute(update(StaffMember).where(*this_one).values(totp_last_step=step)).rowcount == 1


def renew_recovery_codes(session: Session, member: StaffMember) -> list[str]:
    """New recovery codes in place of all earlier ones, to be shown once."""
    forget_recovery_codes(session, member)
    codes = ["-".join(new_reference("")[1:] for _ in range(3)) for _ in range(RECOVERY_CODES)]
    session.add_all(StaffRecoveryCode(staff_id=member.id, code_hash=_recovery_hash(code)) for code in codes)
    session.flush()
    return codes


def forget_recovery_codes(session: Session, member: StaffMember) -> None:
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.staff_id == member.id))


def recovery_codes_left(session: Session, member: StaffMember) -> int:
    unused = select(func.count()).where(StaffRecoveryCode.staff_id == member.id, StaffRecoveryCode.used_at.is_(None))
    return session.scalars(unused).one()


def _recovery_hash(code: str) -> str:
    """The hash of a recovery code, however it was written down."""
    return token_hash("".join(filter(str.isalnum, code.upper())))
