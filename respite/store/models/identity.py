"""Who is speaking, and what was done to make sure of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.encryption import EncryptedText
from respite.store.models.base import Base
from respite.store.models.loans import Borrower


class Verification(Base):
    """What is awaited in one conversation to make sure who is speaking, and what came of it.

    Purposes: sign_in, step_up, contact_change (a code to the number on file), new_number (a number, then a code to it).
    States: awaiting_phone, awaiting_code, verified, failed, locked, other_account, refused. A lock is over at
    `locked_until`. `code_accepted_at` is when a right code was last typed here that counts as fresh, `stepped_up_at`
    when one was that had been asked for besides the sign-in.
    """

    __tablename__ = "verifications"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), default="sign_in")
    state: Mapped[str] = mapped_column(String(20))
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"))
    new_phone: Mapped[str | None] = mapped_column(EncryptedText)
    code_hash: Mapped[str | None] = mapped_column(String(128))
    code_expires_at: Mapped[datetime | None]
    number_index: Mapped[str | None] = mapped_column(String(64))
    attempts_left: Mapped[int]
    locked_until: Mapped[datetime | None]
    interrupted_question: Mapped[str | None] = mapped_column(EncryptedText)
    code_accepted_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class SignInAttempt(Base):
    """A code asked for or tried, or a lock, by which limits and risk signals count.

    Numbers and addresses are kept as keyed hashes. Kinds: code_requested, code_refused, code_accepted (which signed
    `borrower_id` in), locked.
    """

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    address_index: Mapped[str | None] = mapped_column(String(64), index=True)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"), index=True)


class RiskDecision(Base):
    """What risk control decided about one borrower in one conversation, from which facts, by which signals.

    Occasions: sign_in, consent, contact_change. Outcomes: allow, step_up, refuse. `facts` hold no personal data.
    """

    __tablename__ = "risk_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    occasion: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    policy_version: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    signals: Mapped[dict[str, Any]]
    score: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))

    borrower: Mapped[Borrower] = relationship()


class UsedToken(Base):
    """A token of the lender's that signed a borrower in, so that it signs nobody in again."""

    __tablename__ = "used_tokens"

    token_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]


class LinkToken(Base):
    """A way into a chat on another channel for one borrower, there until it is used. The token is kept as a hash."""

    __tablename__ = "link_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    expires_at: Mapped[datetime]
