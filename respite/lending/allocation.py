"""Allocation: which part of which instalment a payment meets."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from respite.lending.charges import ChargeRules, Charges, Unpaid, charges
from respite.lending.delinquency import days_past_due
from respite.lending.instalments import Instalment
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import InstalmentPosition

PARTS = {
    "cost": (),
    "penalty": ("carried", "penalty", "late_fee"),
    "interest": ("interest",),
    "fee": ("fee",),
    "principal": ("principal",),
}
"""The parts behind each word of an allocation order; an instalment bears no collection costs."""


class Receipts:
    """The payments received so far."""

    def __init__(self) -> None:
        self._received: list[tuple[date, Decimal]] = []

    def add(self, amount: Decimal, received_on: date) -> None:
        self._received.append((received_on, amount))

    def until(self, day: date) -> Decimal:
        """What was received up to and including a day."""
        return sum((amount for received_on, amount in self._received if received_on <= day), ZERO)


class RunningInstalment:
    """One instalment while payments are replayed over it; settled once a payment leaves something over.

    `scheduled_so_far` is what the schedule asks for up to and including this instalment.
    """

    def __init__(
        self,
        scheduled: Instalment,
        annual_rate: Decimal,
        rules: ChargeRules,
        rounding: Rounding,
        scheduled_so_far: Decimal,
        receipts: Receipts,
    ) -> None:
        self.scheduled = scheduled
        self._scheduled_so_far = scheduled_so_far
        self._receipts = receipts
        self._grace_ends = rules.last_day_of_grace(scheduled.due)
        self.is_settled = False
        self.paid = {part: ZERO for parts in PARTS.values() for part in parts}
        self._annual_rate = annual_rate
        self._rules = rules
        self._rounding = rounding
        self._history = [self._unpaid_since(scheduled.due)]

    def meet(self, amount: Decimal, received_on: date) -> Decimal:
        """Pay what is owed on `received_on`, in the order of the rules; return what is left of `amount`."""
        owed = self.owed(received_on)
        left = amount
        for part in (part for word in self._rules.allocation for part in PARTS[word]):
            met = min(left, owed[part])
            self.paid[part] += met
            left -= met
        if left != amount:
            self._note_change(received_on)
        self.is_settled = left > 0
        return left

    @property
    def grows(self) -> bool:
        """Whether something of it is left that bears charges once it is late."""
        return self._history[-1].amount > 0

    def owed(self, on: date) -> dict[str, Decimal]:
        """What is unpaid of each part on a date, charges of that date included."""
        return {part: amount - self.paid[part] for part, amount in self.asked(on).items()}

    def asked(self, on: date) -> dict[str, Decimal]:
        """Each part, paid or not: as scheduled, or charged up to a date."""
        line, late = self.scheduled, self._late(on)
        return {
            "carried": line.carried,
            "penalty": late.penalty,
            "late_fee": late.late_fee,
            "interest": line.interest,
            "fee": line.fee,
            "principal": line.principal,
        }

    def at(self, as_of: date) -> InstalmentPosition:
        """The instalment's position on a date."""
        line, paid, owed = self.scheduled, self.paid, self.owed(as_of)
        is_unpaid = any(owed[part] for part in ("principal", "interest", "fee", "carried"))
        return InstalmentPosition(
            number=line.number,
            due=line.due,
            principal=line.principal,
            interest=line.interest,
            fee=line.fee,
            carried=line.carried,
            paid_principal=paid["principal"],
            paid_interest=paid["interest"],
            paid_fee=paid["fee"],
            paid_carried=paid["carried"],
            penalty=owed["penalty"],
            late_fee=owed["late_fee"],
            days_past_due=days_past_due(line.due, as_of) if is_unpaid else 0,
            paid_penalty=paid["penalty"],
            paid_late_fee=paid["late_fee"],
            bears_late_fee=self._bears_late_fee(as_of),
            is_in_grace=line.due < as_of <= self._grace_ends,
            is_penalised=as_of > self._grace_ends and self._rules.penalty_rate(self._annual_rate) > 0,
            history=tuple(self._history),
        )

    def _late(self, on: date) -> Charges:
        if on <= self._grace_ends:
            return Charges(ZERO, ZERO)
        return charges(
            self.scheduled.due,
            self._history,
            self._annual_rate,
            self._rules,
            on,
            self._rounding,
            self.paid["late_fee"],
            self._bears_late_fee(on),
        )

    def _bears_late_fee(self, on: date) -> bool:
        """Whether less was paid by the end of grace than was scheduled, whatever late charges took of it."""
        return on <= self._grace_ends or self._receipts.until(self._grace_ends) < self._scheduled_so_far

    def _unpaid_since(self, since: date) -> Unpaid:
        line, paid = self.scheduled, self.paid
        principal = line.principal - paid["principal"]
        return Unpaid(since, principal, principal + line.interest - paid["interest"] + line.fee - paid["fee"])

    def _note_change(self, on: date) -> None:
        since = max(on, self.scheduled.due)
        if self._history[-1].since == since:
            self._history.pop()
        self._history.append(self._unpaid_since(since))


def allocate(running: Sequence[RunningInstalment], amount: Decimal, received_on: date) -> Decimal:
    """Let a payment meet the instalments, the oldest first; return what is left when all are paid."""
    for instalment in running:
        if amount and not instalment.is_settled:
            amount = instalment.meet(amount, received_on)
    return amount
