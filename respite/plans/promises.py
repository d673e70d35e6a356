"""Promises to pay: a borrower's word, which changes no schedule."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store import audit
from respite.store.loan_book import LoanAccount
from respite.store.models import PromiseToPay


def record_promise(
    session: Session, account: LoanAccount, day: date, amount: Decimal, *, business_date: date, now: datetime
) -> PromiseToPay:
    """Keep the promise to pay `amount` by `day`. A loan has one open promise: a new one takes the old one's place."""
    promise = session.scalar(
        select(PromiseToPay)
        .where(PromiseToPay.loan_id == account.loan.id, PromiseToPay.state == "open")
        .with_for_update()
    )
    if promise is None:
        promise = PromiseToPay(loan_id=account.loan.id, state="open")
        session.add(promise)
    promise.promised_on = business_date
    promise.due_on = day
    promise.amount_minor = account.money(amount).minor
    session.flush()
    audit.record(
        session,
        actor=f"borrower:{account.loan.borrower_id}",
        action="promise_recorded",
        subject=f"loan:{account.reference}",
        details={"due_on": day.isoformat(), "amount_minor": promise.amount_minor},
        at=now,
    )
    return promise
