"""Invitations: a link that works once, with which a member chooses a password and sets up their authenticator."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.staff import second_factor, sessions
from respite.staff.accounts import AccountError, actor_of, note
from respite.staff.tokens import new_token, token_hash
from respite.store.models import StaffMember

VALID_FOR = timedelta(days=3)


class WrongCodeError(ValueError):
    """A code that the member's authenticator does not show; its text, in English, says what to do."""


def invite(session: Session, member: StaffMember, actor: str, now: datetime) -> str:
    """Make a link's token. Raises AccountError for whoever could not use it.

    From now on no earlier link, password, authenticator, recovery code or session of theirs works.
    """
    if member.oidc_subject:
        raise AccountError("This member signs in with your OpenID provider. Look after the password there.")
    if member.deactivated_at:
        raise AccountError("This account is deactivated. Activate it first.")
    token = new_token()
    member.password_hash = None
    member.totp_secret = second_factor.new_secret()
    member.totp_last_step = None
    member.invitation_hash = token_hash(token)
    member.invitation_expires_at = now + VALID_FOR
    second_factor.forget_recovery_codes(session, member)
    sessions.end_all(session, member, actor, now)
    note(session, member, "staff_invited", actor, now)
    return token


def find_invited(session: Session, token: str, now: datetime) -> StaffMember | None:
    """Whom a link invites; None for one that was used, has expired or never was."""
    return session.scalar(
        select(StaffMember)
        .where(
            StaffMember.invitation_hash == token_hash(token),
            StaffMember.invitation_expires_at > now,
            StaffMember.deactivated_at.is_(None),
        )
        .with_for_update()
    )


def accept(session: Session, member: StaffMember, password_hash: str, code: str, now: datetime) -> list[str]:
    """Use an invitation up, and return the member's recovery codes. Raises WrongCodeError; nothing has changed then."""
    if not second_factor.use_code(session, member, code, now):
        raise WrongCodeError(
            "This is not what your authenticator shows now. Check the clock of your phone, and type the next code."
        )
    member.password_hash = password_hash
    member.invitation_hash = member.invitation_expires_at = None
    note(session, member, "staff_invitation_accepted", actor_of(member), now)
    return second_factor.renew_recovery_codes(session, member)
