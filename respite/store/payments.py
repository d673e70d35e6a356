"""Taking a payment back: it bounced, or the borrower recalled it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store import audit
from respite.store.models import Loan, Payment


class ReversalRefusedError(ValueError):
    """A payment that cannot be reversed, said in words for whoever asked."""


@dataclass(frozen=True)
class Reversal:
    """The payment, and whether it was reversed now or had been before."""

    payment: Payment
    newly_reversed: bool


def reverse(
    session: Session, reference: str, on: date | None, *, business_date: date, actor: str, now: datetime
) -> Reversal:
    """Reverse a payment on a business date, by default this one; reversed twice, it finds the first reversal.

    The loan's version rises, so that no offer made before holds. Raises ReversalRefusedError for an unknown payment, a
    day before the payment or still to come, and another day than that of an earlier reversal; nothing is written then.
    """
    payment = session.scalars(select(Payment).where(Payment.reference == reference)).one_or_none()
    if payment is None:
        raise ReversalRefusedError(f"There is no payment {reference}. Give the reference it was imported with.")
    loan = session.scalars(select(Loan).where(Loan.id == payment.loan_id).with_for_update()).one()
    session.refresh(payment)
    if payment.reversed_on:
        return Reversal(_reversed_as_asked(payment, on), newly_reversed=False)
    day = on or business_date
    if day > business_date:
        raise ReversalRefusedError(f"{day} is after the business date {business_date}. Reverse it once it came back.")
    if day < payment.received_on:
        raise ReversalRefusedError(f"{day} is before {payment.received_on}, when the payment was received.")
    payment.reversed_on = day
    payment.reversed_at = now
    loan.version += 1
    audit.record(
        session,
        actor=actor,
        action="payment_reversed",
        subject=f"loan:{loan.reference}",
        details={"payment": reference, "amount_minor": payment.amount_minor, "reversed_on": day.isoformat()},
        at=now,
    )
    return Reversal(payment, newly_reversed=True)


def _reversed_as_asked(payment: Payment, on: date | None) -> Payment:
    if on not in (None, payment.reversed_on):
        raise ReversalRefusedError(
            f"Payment {payment.reference} was reversed on {payment.reversed_on} already. Leave the day out."
        )
    return payment
