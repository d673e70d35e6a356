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

from respite.store.encryption import EncryptedBytes, EncryptedText


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


REVOKED = "revoked:"
"""How the key of a chat begins that nobody finds any more."""


class Conversation(Base):
    """One chat on one channel, whose it is, and who owns it: the bot or one member of staff.

    `borrower_id` is the first borrower who was verified in it, `verified_at` since when they are; None while they are
    signed out. `address` is where the channel sends messages to, for a channel that sends; `blocked_at` since when the
    borrower lets none through. `claimed_by` is the process that answers in it now, `read_up_to` the id of the last
    outbox message that the borrower has seen; those up to `shown_after` are shown only to whoever signs in again.
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
    address: Mapped[str | None] = mapped_column(EncryptedText)
    blocked_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    last_active_at: Mapped[datetime | None]
    read_up_to: Mapped[int] = mapped_column(default=0)
    shown_after: Mapped[int] = mapped_column(default=0)

    borrower: Mapped[Borrower | None] = relationship()

    @property
    def is_revoked(self) -> bool:
        """Whether nobody finds this chat any more."""
        return self.chat_key.startswith(REVOKED)

    @property
    def signed_in_borrower(self) -> Borrower | None:
        """Who is verified in this chat now."""
        return self.borrower if self.verified_at else None


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


class InboxMessage(Base):
    """What a borrower sent, stored before anything is done about it.

    States: pending, answered, for_staff, dead (given up after `attempts`, because of `error`; staff see it).
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(EncryptedText)
    button_reference: Mapped[str | None] = mapped_column(String(32))
    is_borrowers_own: Mapped[bool] = mapped_column(default=False)
    """Whether the bot answers it whoever has the conversation: `conversations.is_borrowers_own`."""
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))


class TurnResults(Base):
    """What each action that wrote something answered in the latest such turn of a conversation, as JSON.

    A turn that is run again finds it there, and writes nothing twice.
    """

    __tablename__ = "turn_results"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    turn_id: Mapped[str] = mapped_column(String(60))
    results: Mapped[str] = mapped_column(EncryptedText)


class OutboxMessage(Base):
    """What a borrower is to be sent, in order, under one owner version.

    States: pending, sending (by the process `claimed_by`), sent (as `external_id` of the channel), failed, unknown
    (handed over, but nobody can say whether it arrived), withheld (the conversation had another owner by then).
    `client_id` is the console's own id of what staff sent, `original` what they typed where it went out otherwise.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("uq_outbox_conversation_id_client_id", "conversation_id", "client_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    author: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(EncryptedText)
    owner_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), index=True)
    created_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    external_id: Mapped[str | None] = mapped_column(String(60))
    error: Mapped[str | None] = mapped_column(String(200))
    client_id: Mapped[str | None] = mapped_column(String(60))
    original: Mapped[str | None] = mapped_column(EncryptedText)


class Attachment(Base):
    """A file that a borrower sent, or that staff sent to them. `size` is in bytes before encryption."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    created_at: Mapped[datetime]


class Process(Base):
    """A process that answers or sends. What it has claimed is free again once `alive_until` is over."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    alive_until: Mapped[datetime]


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
    """A conversation that a person should take over, from the wish to the last word; a conversation has one open.

    States: waiting, taken (by the member of staff `staff_id`, since `taken_at`), closed. It is to be answered by
    `due_at` in `language` (en, zh) by somebody with `skill`, None for anybody; `wanted_staff_id` is whom it returns to
    if they are there. A waiting one with a `callback_at` is a call that the borrower wishes at that time.
    `first_taken_at` and `answered_at` are when a person first took it and first wrote, `read_up_to` is the id of the
    last message that its owner has seen. Outcomes: returned (with a code `wrap_up`), cancelled (by the borrower).
    `rating` is the borrower's, 1 to 5.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_handoffs_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(60))
    priority: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(10))
    skill: Mapped[str | None] = mapped_column(String(40))
    wanted_staff_id: Mapped[int | None]
    staff_id: Mapped[int | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    first_taken_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    read_up_to: Mapped[int] = mapped_column(default=0)
    callback_offered_at: Mapped[datetime | None]
    callback_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    wrap_up: Mapped[str | None] = mapped_column(String(40))
    closed_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()


class StaffPresence(Base):
    """A member of staff whose console was open at `seen_at`, and whether they are given conversations.

    `last_taken_at` is when they last took one.
    """

    __tablename__ = "staff_presence"

    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    takes_conversations: Mapped[bool]
    last_taken_at: Mapped[datetime | None]


class StaffNote(Base):
    """What staff (`staff:<id>`) keep for themselves about a conversation."""

    __tablename__ = "staff_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    author: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[datetime]


class CannedReply(Base):
    """A reply that the lender added to those that ship, or has put in the place of one; in one language (en, zh)."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("name", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    updated_by: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[datetime]


class PlanApproval(Base):
    """A plan beyond somebody's authority that a second person is asked for, who may grant it in the role `needs`.

    States: requested, approved (as the quote `quote_id`), declined, withdrawn (nobody had the conversation any more).
    """

    __tablename__ = "plan_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    plan: Mapped[dict[str, Any]]
    needs: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), index=True)
    requested_by: Mapped[int]
    requested_at: Mapped[datetime]
    request_reason: Mapped[str] = mapped_column(EncryptedText)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(EncryptedText)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quotes.id"))


class VulnerabilityFlag(Base):
    """Why a borrower is to be treated with particular care, until `expires_at` or until it is lifted before.

    Reasons: health, life_event, low_resilience, low_capability, distress. Nothing that sets a price reads it.
    """

    __tablename__ = "vulnerability_flags"

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(EncryptedText)
    raised_by: Mapped[str] = mapped_column(String(60))
    raised_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(60))


class SupportCase(Base):
    """A dispute or a complaint that staff must answer by `answer_by`.

    States: open, in_progress (with the member of staff `staff_id`), answered, closed. `overdue_at` is when it was
    noticed that it had not been answered in time.
    """

    __tablename__ = "support_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    staff_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    answered_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()


class OutreachPause(Base):
    """Why a borrower is left in peace: opted_out, dispute, complaint, hardship, distress. One row a reason."""

    __tablename__ = "outreach_pauses"
    __table_args__ = (UniqueConstraint("borrower_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]


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
