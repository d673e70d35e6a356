"""What a plan costs, against paying as agreed and against paying now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.cost import Flow, effective_annual_rate, nominal_annual_rate
from respite.lending.instalments import Schedule
from respite.lending.payoff import Payoff
from respite.lending.positions import Position


@dataclass(frozen=True)
class PlanCost:
    """What the borrower pays under a plan.

    extra_against_agreed: more than the present schedule with the charges so far; below zero where something
        is waived. extra_against_payoff: more than settling today. Rates are in percent a year; the contract
        rate where nothing waits, so that the flows have none of their own.
    """

    total: Decimal
    extra_against_agreed: Decimal
    extra_against_payoff: Decimal
    nominal_annual_rate: Decimal
    effective_annual_rate: Decimal


def plan_cost(
    new_schedule: Schedule, position: Position, payoff: Payoff, as_of: date, annual_rate: Decimal
) -> PlanCost:
    """The cost of replacing what is owed in `position` by `new_schedule` on `as_of`."""
    total = new_schedule.total
    nominal, effective = annual_rates(new_schedule, payoff.total, as_of, annual_rate)
    return PlanCost(
        total=total,
        extra_against_agreed=total - position.total_remaining,
        extra_against_payoff=total - payoff.total,
        nominal_annual_rate=nominal,
        effective_annual_rate=effective,
    )


def annual_rates(
    new_schedule: Schedule, payoff_total: Decimal, as_of: date, annual_rate: Decimal
) -> tuple[Decimal, Decimal]:
    """The nominal and the effective annual rate of a plan, percent.

    What settles the loan today is the advance and the plan's instalments repay it; an instalment that is
    overdue already is repaid today. `annual_rate` is that of the contract.
    """
    flows: list[Flow] = [(as_of, payoff_total)]
    flows += [(max(line.due, as_of), -line.total) for line in new_schedule]
    nominal, effective = nominal_annual_rate(flows), effective_annual_rate(flows)
    return annual_rate if nominal is None else nominal, annual_rate if effective is None else effective
