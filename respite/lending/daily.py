"""Loans without a schedule of interest: simple interest on the daily balance, payments as they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.calendar import DayCount, year_fraction
from respite.lending.money import ZERO, Rounding
from respite.lending.payments import Payment


@dataclass(frozen=True)
class DailyBalance:
    """What settles the loan on a day."""

    principal: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def daily_balance(
    principal: Decimal,
    start: date,
    payments: Iterable[Payment],
    annual_rate: Decimal,
    as_of: date,
    day_count: DayCount = DayCount.ACTUAL_365,
    rounding: Rounding | None = None,
) -> DailyBalance:
    """Principal and interest on `as_of`; each payment meets the interest first, then the principal.

    `annual_rate` is in percent a year; unpaid interest bears none.
    """
    unit = rounding or Rounding()
    balance, interest, since = principal, ZERO, start
    counted = (payment for payment in payments if payment.counts_on(as_of))
    for payment in sorted(counted, key=lambda payment: payment.received_on):
        interest += unit.round(balance * annual_rate / 100 * year_fraction(since, payment.received_on, day_count))
        met = min(interest, payment.amount)
        interest -= met
        balance -= payment.amount - met
        since = payment.received_on
    return DailyBalance(
        balance, interest + unit.round(balance * annual_rate / 100 * year_fraction(since, as_of, day_count))
    )
