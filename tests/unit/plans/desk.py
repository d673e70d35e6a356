"""The lender's desk in the tests of plans: lend, quote, take consent and money, a transaction each time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.booking import Booking, book, cancel
from respite.plans.offers import Offer, deferral_offer, restructuring_offer
from respite.plans.quotes import write_quote
from respite.policies.load import policy
from respite.policies.model import Policy
from respite.store.loan_book import LoanAccount, account_of
from respite.store.models import Conversation, Loan, Payment, Plan, Quote
from respite.store.payments import reverse
from respite.store.session import transaction
from tests.conversations.borrowers import add_borrower

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

QuoteMaker = Callable[[int], str]
"""Quotes a plan on a loan; returns the quote's id."""


def rules(**changes: Any) -> Policy:
    """A policy with a version of its own that differs from ours in some keys: `__` for dots, `each` for every role."""
    content = policy().model_dump(mode="json") | {"version": f"changed-{uuid4().hex[:8]}"}
    for key, value in changes.items():
        *path, last = key.split("__")
        roles = content["authority"] if "each" in path else [""]
        for role in roles:
            section = content
            for name in path:
                section = section[role if name == "each" else name]
            section[last] = value
    return Policy.model_validate(content)


def lend(profile: str, today: date = TODAY) -> int:
    """A new borrower of this profile; returns the id of their first loan."""
    with transaction() as session:
        return add_borrower(session, profile, policy(), today).loans[0].id


@contextmanager
def account(loan_id: int, today: date = TODAY, rules: Policy | None = None) -> Iterator[LoanAccount]:
    with transaction() as session:
        yield account_of(session.get_one(Loan, loan_id), rules or policy(), today)


def quote_deferral(loan_id: int, days: int = 30, now: datetime = NOW, today: date = TODAY) -> str:
    with account(loan_id, today) as loan:
        oldest = loan.position.remaining[0]
        offer = deferral_offer(loan, max(oldest.due, today) + days * DAY)
    return write(offer, now)


def quote_restructuring(loan_id: int, count: int = 12, now: datetime = NOW, today: date = TODAY) -> str:
    with account(loan_id, today) as loan:
        offer = restructuring_offer(loan, count)
    return write(offer, now)


def write(offer: Offer, now: datetime = NOW) -> str:
    """Quote an offer in a conversation with its borrower; returns the quote's id."""
    with transaction() as session:
        conversation = converse(session, offer.account.loan.borrower_id)
        return write_quote(session, offer, conversation_id=conversation.id, language="en", now=now).id


def converse(session: Session, borrower_id: int | None) -> Conversation:
    """A new conversation in which this borrower was verified."""
    conversation = Conversation(
        channel="web",
        chat_key=uuid4().hex,
        language="en",
        borrower_id=borrower_id,
        verified_at=NOW if borrower_id else None,
        created_at=NOW,
    )
    session.add(conversation)
    session.flush()
    return conversation


def consent(quote_id: str, *, rules: Policy | None = None, today: date = TODAY, now: datetime = NOW) -> Booking:
    with transaction() as session:
        return book(session, quote_id, policy=rules or policy(), business_date=today, now=now)


def undo(loan_id: int, *, today: date = TODAY, now: datetime = NOW) -> None:
    """Cancel the plan in force on a loan."""
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.loan_id == loan_id, Plan.state == "active")).one()
        cancel(session, plan, business_date=today, now=now)


def pay(loan_id: int, amount: Decimal, received_at: datetime) -> None:
    """Money arrives, and what is owed changes with it."""
    with transaction() as session:
        loan = session.get_one(Loan, loan_id)
        loan.payments.append(
            Payment(
                reference=uuid4().hex,
                received_on=received_at.date(),
                received_at=received_at,
                amount_minor=int(amount * 100),
            )
        )
        loan.version += 1


def take_back(loan_id: int, on: datetime) -> None:
    """The last payment on a loan bounces."""
    with transaction() as session:
        last = session.scalars(select(Payment).where(Payment.loan_id == loan_id).order_by(Payment.id.desc())).first()
        assert last is not None
        reverse(session, last.reference, None, business_date=on.date(), actor="system", now=on)


def quote_of(session: Session, quote_id: str) -> Quote:
    return session.get_one(Quote, quote_id)
