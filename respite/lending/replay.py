"""Replaying payments over a schedule, one after the other."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import accumulate

from respite.lending.allocation import Receipts, RunningInstalment, allocate
from respite.lending.charges import ChargeRules
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.payments import Payment
from respite.lending.positions import Position


class Replay:
    """The instalments of a schedule while payments meet them; `credit` is what was left over.

    `annual_rate` is the contract rate, percent a year. Payments given at once are received in the order of their days.
    """

    def __init__(
        self,
        schedule: Schedule,
        payments: Iterable[Payment],
        annual_rate: Decimal,
        rules: ChargeRules,
        rounding: Rounding | None = None,
    ) -> None:
        self._receipts = Receipts()
        so_far = accumulate(line.total for line in schedule)
        self.lines = [
            RunningInstalment(line, annual_rate, rules, rounding or Rounding(), asked, self._receipts)
            for line, asked in zip(schedule, so_far, strict=True)
        ]
        self.credit = ZERO
        self._starts_on = schedule.start
        for payment in sorted(payments, key=lambda payment: payment.order):
            self.receive(payment)

    def receive(self, payment: Payment) -> None:
        """Let a payment meet what is owed on its day; it is not earlier than those before."""
        self._receipts.add(payment.amount, payment.received_on)
        self.credit += allocate(self.lines, payment.amount, payment.received_on)

    def at(self, day: date) -> Position:
        """The position on a day that is not before the last payment."""
        return Position(day, tuple(line.at(day) for line in self.lines), self.credit, self._starts_on)

    def paid(self) -> dict[str, Decimal]:
        """What is paid of each part, over all instalments."""
        parts = self.lines[0].paid
        return {part: sum((line.paid[part] for line in self.lines), ZERO) for part in parts}
