"""Allocation: which part of which instalment a payment meets."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from respite.lending.charges import ChargeRules, Unpaid, charges
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


class RunningInstalment:
    """One instalment while payments are replayed over it; settled once a payment leaves something over."""

    def __init__(self, scheduled: Instalment, annual_rate: Decimal, rules: ChargeRules, rounding: Rounding) -> None:
        self.scheduled = scheduled
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

    def owed(self, on: date) -> dict[str, Decimal]:
        """What is unpaid of each part on a date, charges of that date included."""
        line = self.scheduled
        late = charges(
            line.due, self._history, self._annual_rate, self._rules, on, self._rounding, self.paid["late_fee"]
        )
        charged = {
            "carried": line.carried,
            "penalty": late.penalty,
            "late_fee": late.late_fee,
            "interest": line.interest,
            "fee": line.fee,
            "principal": line.principal,
        }
        return {part: amount - self.paid[part] for part, amount in charged.items()}

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
            history=tuple(self._history),
        )

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
