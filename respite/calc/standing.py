"""Where a loan stands: the words for payments."""

from datetime import date

from pydantic import AliasChoices, Field

from respite.calc.charge_words import LoanWithCharges
from respite.calc.refusals import refuse
from respite.calc.words import Day, Paid
from respite.lending.account import Payment, Position, position
from respite.lending.instalments import Schedule


class LoanInProgress(LoanWithCharges):
    """A loan on which payments have come in."""

    payments: Paid = Field((), validation_alias=AliasChoices("payments", "paid"))
    paid_first: Day | None = None
    extra_paid: Paid = Field((), validation_alias=AliasChoices("extra_paid", "paid2"))

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
