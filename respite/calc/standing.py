"""Where a loan stands: the words for payments and for what being late costs."""

from datetime import date
from decimal import Decimal

from pydantic import AliasChoices, Field

from respite.calc.loan import LoanWords
from respite.calc.refusals import refuse
from respite.calc.words import AmountOrZero, CountOrZero, Day, Paid, Percent
from respite.lending.account import Payment, Position, position
from respite.lending.accrual import interest_on_overdue_principal
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO

UNCAPPED = Decimal(10) ** 9


class LoanInProgress(LoanWords):
    """A loan on which payments have come in and late charges may run."""

    payments: Paid = Field((), validation_alias=AliasChoices("payments", "paid"))
    paid_first: Day | None = None
    extra_paid: Paid = Field((), validation_alias=AliasChoices("extra_paid", "paid2"))
    penalty_rate_pct: Percent = ZERO
    late_fee: AmountOrZero = ZERO
    grace_days: CountOrZero = Field(0, validation_alias=AliasChoices("grace_days", "loan_grace_days"))
    cap_pct: Percent | None = None

    @property
    def charge_rules(self) -> ChargeRules:
        """Penalty interest at its own rate: a multiple of one on `penalty_rate_pct`."""
        return ChargeRules(
            penalty_rate_multiple=Decimal(1),
            grace_days=self.grace_days,
            late_fee=self.late_fee,
            all_in_cap_annual_rate=UNCAPPED if self.cap_pct is None else self.cap_pct,
            day_count=DayCount.ACTUAL_360 if self.counted_by is DayCount.ACTUAL_360 else DayCount.ACTUAL_365,
        )

    def received(self, schedule: Schedule) -> list[Payment]:
        """The payments; a down payment is paid on the day the loan starts."""
        paid = [*self.payments, *self.extra_paid]
        for line in schedule:
            if line.number == 0:
                paid.append((line.due, line.total))
            if line.number == 1 and self.paid_first:
                paid.append((self.paid_first, line.total))
        return [Payment(on, amount, f"payment {place}") for place, (on, amount) in enumerate(paid)]

    def last_paid_on(self, schedule: Schedule) -> date:
        """The day of the last payment, or the day the loan starts."""
        return max([self.starts_on, *(payment.received_on for payment in self.received(schedule))])

    def position(self, schedule: Schedule, as_of: date) -> Position:
        """The position on a day. Raises LendingError for a loan or a payment before its time."""
        refuse(not self.is_dated, "start", "Say on which day the loan starts.")
        refuse(as_of < self.starts_on, "as_of", "Give a day on or after the start of the loan.")
        for payment in self.received(schedule):
            refuse(
                payment.received_on < self.starts_on,
                "payments",
                "Give payments on or after the start of the loan.",
            )
        return position(schedule, self.received(schedule), self.penalty_rate_pct, self.charge_rules, as_of, self.unit)

    def interest_on_overdue(self, position: Position) -> Decimal:
        """Ordinary interest on overdue principal, where no penalty interest takes its place."""
        if self.penalty_rate_pct:
            return ZERO
        return interest_on_overdue_principal(position, self.rate, self.counted_by, self.unit)
