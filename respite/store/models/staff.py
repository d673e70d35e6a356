"""Accounts of members of staff."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.encryption import EncryptedText
from respite.store.models.base import Base, new_identifier


class StaffMember(Base):
    """Somebody who works for the lender here: how they sign in, what they may do, and whom they can help.

    `name` is what borrowers read. `role` is agent, supervisor or admin; `languages` (en, zh) are those in which they
    can help, `capacity` is how many conversations they have at once. A local account has a password and a TOTP secret
    (RFC 6238), of which the time step of the last code is kept so that none works twice; before they are chosen it has
    an open invitation instead. An account of an OpenID provider has its issuer and subject.
    `interface_language` (en, zh-Hans, zh-Hant) and `theme` (auto, light, dark) are how they see the console.
    """

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(12))
    languages: Mapped[list[str]] = mapped_column(JSON)
    skills: Mapped[list[str]] = mapped_column(JSON)
    capacity: Mapped[int]
    interface_language: Mapped[str] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(5))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_last_step: Mapped[int | None]
    invitation_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invitation_expires_at: Mapped[datetime | None]
    oidc_issuer: Mapped[str | None] = mapped_column(String(255))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class StaffRecoveryCode(Base):
    """A code that stands in for a member's authenticator once."""

    __tablename__ = "staff_recovery_codes"
    __table_args__ = (UniqueConstraint("staff_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A browser in which a member of staff is signed in. Its token is kept as a hash."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()


class StaffSignInAttempt(Base):
    """A try to sign in to the console, by which delays are counted. Names and addresses are kept as keyed hashes.

    Kinds: tried (and not known to have succeeded), succeeded.
    """

    __tablename__ = "staff_sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    login_index: Mapped[str] = mapped_column(String(64), index=True)
    address_index: Mapped[str | None] = mapped_column(String(64), index=True)
