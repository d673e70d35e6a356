"""Payoff: what settles a loan today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from respite.lending.accrual import earned_fees, earned_interest, interest_on_overdue_principal
from respite.lending.calendar import DayCount
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import Position
from respite.lending.terms import Method


@dataclass(frozen=True)
class PayoffRules:
    """What settling early costs.

    fee_rate: percent of the principal that is paid before its due date.
    remaining_fees: whether the flat fees of periods that have not begun are waived or charged.
    """

    fee_rate: Decimal = ZERO
    remaining_fees: Literal["waived", "charged"] = "waived"


@dataclass(frozen=True)
class Payoff:
    """What settles the loan on `as_of`.

    `saved` is how much less that is than paying every instalment as scheduled; below zero where settling
    costs more.
    """

    as_of: date
    principal: Decimal
    interest: Decimal
    fees: Decimal
    penalty: Decimal
    late_fees: Decimal
    charge: Decimal
    total: Decimal
    saved: Decimal

    @property
    def interest_and_fees(self) -> Decimal:
        return self.interest + self.fees

    @property
    def late_charges(self) -> Decimal:
        """Penalty interest, with what plans carried of it, and late fees."""
        return self.penalty + self.late_fees


def payoff(
    schedule: Schedule,
    position: Position,
    annual_rate: Decimal,
    method: Method,
    payoff_rules: PayoffRules,
    day_count: DayCount,
    starts_on: date,
    rounding: Rounding | None = None,
) -> Payoff:
    """Outstanding principal, interest accrued to `position.as_of`, and charges.

    `annual_rate` is the rate of the schedule, percent a year; `starts_on` the day from which its first
    instalment accrues. What is paid by the last day of grace counts as paid on its due date, so that overdue
    principal bears nothing in grace; after it, penalty interest, or ordinary interest for a lender who charges
    no penalty interest. The flat fee of a period that has begun is owed in full.
    """
    unit = rounding or Rounding()
    interest = earned_interest(position, annual_rate, day_count, method, unit, starts_on)
    interest += interest_on_overdue_principal(position, annual_rate, day_count, unit)
    all_fees = sum((line.unpaid_fee for line in position.instalments), ZERO)
    fees = all_fees if payoff_rules.remaining_fees == "charged" else earned_fees(position, starts_on)
    carried = sum((line.unpaid_carried for line in position.instalments), ZERO)
    paid_early = sum((line.unpaid_principal for line in position.instalments if line.due > position.as_of), ZERO)
    charge = unit.round(paid_early * payoff_rules.fee_rate / 100)
    penalty = position.penalty + carried
    total = position.outstanding_principal + interest + fees + penalty + position.late_fees + charge
    return Payoff(
        as_of=position.as_of,
        principal=position.outstanding_principal,
        interest=interest,
        fees=fees,
        penalty=penalty,
        late_fees=position.late_fees,
        charge=charge,
        total=total,
        saved=position.total_remaining - total,
    )
