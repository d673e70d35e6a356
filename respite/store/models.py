"""The tables. Money is integer minor units of the loan's currency; times are UTC; dates are business dates."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from respite.store.encryption import EncryptedText


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on the way in and on the way out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        Decimal: Numeric(9, 6),
        dict[str, Any]: JSON,
    }


def new_identifier() -> str:
    return uuid.uuid4().hex


class Borrower(Base):
    __tablename__ = "borrowers"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    phone: Mapped[str] = mapped_column(EncryptedText)
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(10))

    loans: Mapped[list["Loan"]] = relationship(back_populates="borrower", order_by="Loan.id")


class Loan(Base):
    """An amount lent. `version` rises with everything that changes what is owed, so that a stale quote is seen.

    `external_id` is the loan's id in the lender's own core banking system, where there is one.
    """

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    product: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    principal_minor: Mapped[int]
    annual_rate: Mapped[Decimal]
    method: Mapped[str] = mapped_column(String(30))
    flat_fee_rate: Mapped[Decimal]
    count: Mapped[int]
    started_on: Mapped[date]
    first_due_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    external_id: Mapped[str | None] = mapped_column(String(60), index=True, unique=True)

    borrower: Mapped[Borrower] = relationship(back_populates="loans")
    schedules: Mapped[list["Schedule"]] = relationship(back_populates="loan", order_by="Schedule.id")
    payments: Mapped[list["Payment"]] = relationship(
        back_populates="loan", order_by="(Payment.received_on, Payment.id)"
    )
    plans: Mapped[list["Plan"]] = relationship(back_populates="loan", order_by="Plan.id")


class Schedule(Base):
    """What a loan's borrower is to pay and when: the contract, or the schedule of a plan that took its place.

    The first instalment accrues from `starts_on`. Payments received after the moment `effective_from` count towards
    this schedule; it was made with all earlier ones.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        Index(
            "uq_schedules_active_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id"))
    starts_on: Mapped[date]
    effective_from: Mapped[datetime]
    active: Mapped[bool]

    loan: Mapped[Loan] = relationship(back_populates="schedules")
    replaces: Mapped["Schedule | None"] = relationship(remote_side=[id])
    instalments: Mapped[list["Instalment"]] = relationship(back_populates="schedule", order_by="Instalment.number")


class Instalment(Base):
    __tablename__ = "instalments"
    __table_args__ = (UniqueConstraint("schedule_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id"), index=True)
    number: Mapped[int]
    due_on: Mapped[date]
    principal_minor: Mapped[int]
    interest_minor: Mapped[int]
    fee_minor: Mapped[int]
    carried_minor: Mapped[int] = mapped_column(default=0)

    schedule: Mapped[Schedule] = relationship(back_populates="instalments")


class Payment(Base):
    """Money received. A reversed one counts until the business date on which it was taken back."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    amount_minor: Mapped[int]
    reversed_on: Mapped[date | None]
    reversed_at: Mapped[datetime | None]

    loan: Mapped[Loan] = relationship(back_populates="payments")


class Quote(Base):
    """One exact plan that was put before a borrower. Consent binds `terms_hash` and nothing else.

    States: offered (one of several cards), shown (under review, waiting for consent), accepted, withdrawn.
    """

    __tablename__ = "quotes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    loan_version: Mapped[int]
    policy_version: Mapped[str] = mapped_column(String(40))
    business_date: Mapped[date]
    language: Mapped[str] = mapped_column(String(10))
    terms: Mapped[dict[str, Any]]
    terms_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    authority: Mapped[str] = mapped_column(String(20), default="bot")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    loan: Mapped[Loan] = relationship()


class Plan(Base):
    """A booked deferral or restructuring. States: active, kept, broken, cancelled."""

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "uq_plans_active_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quotes.id"), unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    terms: Mapped[dict[str, Any]]
    terms_hash: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    booked_on: Mapped[date]
    booked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    external_id: Mapped[str | None] = mapped_column(String(60))

    loan: Mapped[Loan] = relationship(back_populates="plans")
    quote: Mapped[Quote | None] = relationship()


class PolicyVersion(Base):
    """A policy as its file said when quotes were first made under it; a version never changes its content."""

    __tablename__ = "policy_versions"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    first_used_at: Mapped[datetime]


class PromiseToPay(Base):
    """A borrower's word to pay an amount by a day. It changes no schedule. States: open, kept, partly_kept, broken."""

    __tablename__ = "promises_to_pay"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    promised_on: Mapped[date]
    due_on: Mapped[date]
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))


class Conversation(Base):
    """One chat on one channel, whose it is, and who owns it: the bot or one member of staff.

    `borrower_id` is the first borrower who was verified in it, `verified_at` since when they are; None while they are
    signed out.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "chat_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    channel: Mapped[str] = mapped_column(String(20))
    chat_key: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    requested_language: Mapped[str | None] = mapped_column(String(10))
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"), index=True)
    verified_at: Mapped[datetime | None]
    owner: Mapped[str] = mapped_column(String(40), default="bot")
    owner_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    borrower: Mapped[Borrower | None] = relationship()

    @property
    def signed_in_borrower(self) -> Borrower | None:
        """Who is verified in this chat now."""
        return self.borrower if self.verified_at else None


class Verification(Base):
    """A sign-in under way in one conversation.

    States: awaiting_phone, awaiting_code, verified, failed, locked, other_account.
    """

    __tablename__ = "verifications"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"))
    code_hash: Mapped[str | None] = mapped_column(String(128))
    code_expires_at: Mapped[datetime | None]
    number_index: Mapped[str | None] = mapped_column(String(64))
    attempts_left: Mapped[int]
    locked_until: Mapped[datetime | None]
    interrupted_question: Mapped[str | None] = mapped_column(EncryptedText)
    updated_at: Mapped[datetime]


class SignInAttempt(Base):
    """A code asked for, or a lock, by which the limits count. Numbers and addresses are kept as keyed hashes.

    Kinds: code_requested, locked.
    """

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    address_index: Mapped[str | None] = mapped_column(String(64), index=True)


class UsedToken(Base):
    """A token of the lender's that signed a borrower in, so that it signs nobody in again."""

    __tablename__ = "used_tokens"

    token_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]


class InboxMessage(Base):
    """What a borrower sent, stored before anything is done about it. States: pending, answered."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(EncryptedText)
    button_reference: Mapped[str | None] = mapped_column(String(32))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), index=True)


class OutboxMessage(Base):
    """What a borrower is to be sent, in order, under one owner version. States: pending, sent, withheld."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    author: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(EncryptedText)
    owner_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), index=True)
    created_at: Mapped[datetime]


class ButtonPress(Base):
    """A button that was shown: an opaque single-use reference to a payload that only the server knows."""

    __tablename__ = "buttons"

    reference: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    title: Mapped[str]
    payload: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Handoff(Base):
    """A conversation that a person should take over. States: waiting, taken, closed."""

    __tablename__ = "handoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    requested_at: Mapped[datetime]


class SupportCase(Base):
    """A dispute or a complaint that staff must answer. States: open, closed."""

    __tablename__ = "support_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime]


class OutreachPause(Base):
    """Why a borrower is left in peace: opted_out, dispute, complaint, hardship, distress. One row a reason."""

    __tablename__ = "outreach_pauses"
    __table_args__ = (UniqueConstraint("borrower_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]


class AuditEntry(Base):
    """One line of the append-only trail; `entry_hash` covers the line and the hash of the line before it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    entry_hash: Mapped[str] = mapped_column(String(64), unique=True)
