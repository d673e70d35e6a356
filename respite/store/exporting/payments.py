"""Every payment."""

from collections.abc import Iterator

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from respite.lending.money import Money
from respite.policies.model import Policy
from respite.store.exporting.tables import Row, Table, amount_of
from respite.store.models import Payment


def payments(policy: Policy) -> Table:
    """Every payment, in the columns in which payments are imported."""
    schema = {
        "payment_reference": pl.String(),
        "loan_reference": pl.String(),
        "received_on": pl.Date(),
        "currency": pl.String(),
        "amount": amount_of(policy),
        "reversed_on": pl.Date(),
    }

    def rows(payment: Payment) -> Iterator[Row]:
        money = Money.from_minor(payment.amount_minor, payment.loan.currency)
        yield (
            payment.reference,
            payment.loan.reference,
            payment.received_on,
            money.currency,
            money.amount,
            payment.reversed_on,
        )

    query = select(Payment).options(joinedload(Payment.loan))
    return Table(pl.Schema(schema), query, rows)
