"""Staff of an OpenID provider: who they are by its word, and what they may do by its claim of roles.

The provider's word is checked before it gets here (signature, issuer, audience, nonce, expiry).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.settings import Settings
from respite.staff import accounts
from respite.staff.accounts import AccountError, Profile
from respite.staff.roles import StaffRole
from respite.store.audit import record
from respite.store.models import StaffMember

ACTOR = "openid"
LONGEST_NAME = 60


class NotAdmittedError(ValueError):
    """Somebody whom the provider knows, but who does not sign in here; the text, in English, says what to do."""


@dataclass(frozen=True)
class RoleClaim:
    """Where the roles stand among the claims, and which role each value stands for."""

    path: str
    meanings: Mapping[str, StaffRole]

    @classmethod
    def of(cls, settings: Settings) -> "RoleClaim":
        meanings = {value: StaffRole(role) for value, role in settings.oidc_roles.items()}
        return cls(settings.oidc_role_claim, meanings)

    def role(self, claims: Mapping[str, Any]) -> StaffRole | None:
        """The highest role that the claims give; None where they give none."""
        given = [self.meanings[value] for value in self._values(claims) if value in self.meanings]
        return max(given, key=list(StaffRole).index, default=None)

    def _values(self, claims: Mapping[str, Any]) -> Iterable[str]:
        found: Any = claims
        for key in self.path.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        values = found if isinstance(found, list) else [found]
        return [value for value in values if isinstance(value, str)]


def admit(
    session: Session, issuer: str, claims: Mapping[str, Any], role_claim: RoleClaim, now: datetime
) -> StaffMember:
    """The account of whoever the claims name, made at their first sign-in. Raises NotAdmittedError.

    Their role follows the claim at every sign-in.
    """
    role = role_claim.role(claims)
    if role is None:
        raise NotAdmittedError("You have no role in this console. Ask whoever looks after your sign-ins for one.")
    member = _find(session, issuer, str(claims["sub"]))
    if member is None:
        return _add(session, issuer, claims, role, now)
    if member.deactivated_at is not None:
        raise NotAdmittedError("Your account here is deactivated. Ask an admin to activate it.")
    accounts.change_role(session, member, role, ACTOR, now)
    return member


def note_refusal(session: Session, error: NotAdmittedError, now: datetime) -> None:
    """Leave an entry about somebody who was not let in."""
    record(
        session,
        actor=ACTOR,
        action="staff_sign_in_refused",
        subject="staff:unknown",
        details={"reason": str(error)},
        at=now,
    )


def _find(session: Session, issuer: str, subject: str) -> StaffMember | None:
    return session.scalar(
        select(StaffMember).where(StaffMember.oidc_issuer == issuer, StaffMember.oidc_subject == subject)
    )


def _add(session: Session, issuer: str, claims: Mapping[str, Any], role: StaffRole, now: datetime) -> StaffMember:
    subject = str(claims["sub"])
    login = str(claims.get("preferred_username") or claims.get("email") or subject)
    name = str(claims.get("given_name") or claims.get("name") or login)[:LONGEST_NAME]
    try:
        member = accounts.add(session, login, Profile(name, role), ACTOR, now)
    except AccountError:
        raise NotAdmittedError("Your sign-in name is taken by a local account here. Ask an admin.") from None
    member.oidc_issuer, member.oidc_subject = issuer, subject
    return member
