"""Who owes what, by when, and what was paid."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.encryption import EncryptedText
from respite.store.models.base import Base

if TYPE_CHECKING:
    from respite.store.models.plans import Plan


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
