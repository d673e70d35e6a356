"""What was offered and agreed to, and under which rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.models.base import Base, new_identifier
from respite.store.models.loans import Loan


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
