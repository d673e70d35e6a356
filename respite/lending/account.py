"""The position of a loan on a date: its schedule and its payments, replayed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from respite.lending.charges import ChargeRules, Charges, charges
from respite.lending.errors import LendingError
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.payments import Payment
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.replay import Replay

__all__ = [
    "InstalmentPosition",
    "LateCost",
    "Payment",
    "Position",
    "cost_of_paying_late",
    "penalty_per_day",
    "position",
]


@dataclass(frozen=True)
class LateCost:
    """What paying an instalment late adds. `from_date` is the first day on which it costs anything."""

    penalty: Decimal
    late_fee: Decimal
    total: Decimal
    from_date: date


def position(
    schedule: Schedule,
    payments: Iterable[Payment],
    annual_rate: Decimal,
    rules: ChargeRules,
    as_of: date,
    rounding: Rounding | None = None,
) -> Position:
    """Replay the payments that count on `as_of` over `schedule`.

    `annual_rate` is the contract rate, percent a year. The order in which payments are given does not matter. A
    payment that was reversed by then is as if it had never been made.
    """
    counted = (payment for payment in payments if payment.counts_on(as_of))
    return Replay(schedule, counted, annual_rate, rules, rounding).at(as_of)


def penalty_per_day(
    position: Position, annual_rate: Decimal, rules: ChargeRules, rounding: Rounding | None = None
) -> Decimal:
    """The penalty interest that the day after `position.as_of` adds if nothing is paid.

    `annual_rate` is the contract rate, percent a year. An instalment within grace adds nothing before grace
    ends.
    """
    tomorrow = position.as_of + timedelta(days=1)
    return sum(
        (
            _charged(line, annual_rate, rules, tomorrow, rounding).penalty - line.penalty - line.paid_penalty
            for line in position.remaining
        ),
        ZERO,
    )


def cost_of_paying_late(
    position: Position,
    number: int,
    days: int,
    annual_rate: Decimal,
    rules: ChargeRules,
    rounding: Rounding | None = None,
) -> LateCost:
    """What instalment `number` will have cost in late charges when paid `days` days after it was due.

    `annual_rate` is the contract rate, percent a year. Charges already paid are included.
    Raises LendingError for a number that is not in the schedule or negative days.
    """
    line = position.instalment(number)
    if days < 0:
        raise LendingError("days", "The days after the due date cannot be below zero.")
    late = _charged(line, annual_rate, rules, line.due + timedelta(days=days), rounding)
    return LateCost(late.penalty, late.late_fee, late.penalty + late.late_fee, rules.charged_from(line.due))


def _charged(
    line: InstalmentPosition, annual_rate: Decimal, rules: ChargeRules, as_of: date, rounding: Rounding | None
) -> Charges:
    return charges(
        line.due,
        line.history,
        annual_rate,
        rules,
        as_of,
        rounding or Rounding(),
        line.paid_late_fee,
        line.bears_late_fee,
    )
