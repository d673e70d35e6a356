"""Part prepayment: paying more than is due, and what it does to the instalments that are left."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from respite.lending import amortise
from respite.lending.accrual import earned_interest, period_start
from respite.lending.calendar import DayCount, anchor_day_of, elapsed_share, period_fraction
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import Position
from respite.lending.terms import Method


class Effect(StrEnum):
    """What a prepayment changes: how many instalments follow, their size, or which of them count as paid."""

    SHORTER_TERM = "shorter_term"
    LOWER_INSTALMENT = "lower_instalment"
    PAID_AHEAD = "paid_ahead"


@dataclass(frozen=True)
class Prepayment:
    """How a part prepayment was split, and the schedule after it."""

    interest: Decimal
    principal: Decimal
    charge: Decimal
    schedule: Schedule


def prepay(
    position: Position,
    amount: Decimal,
    *,
    annual_rate: Decimal,
    day_count: DayCount,
    effect: Effect,
    fee_rate: Decimal = ZERO,
    rounding: Rounding | None = None,
) -> Prepayment:
    """Pay `amount` on `position.as_of`: interest earned so far, the charge, and the rest principal.

    For loans with interest on the balance; `annual_rate` is in percent a year, `fee_rate` in percent of the
    principal that is prepaid. Raises LendingError while something is due, for an amount that does not reach
    the principal, and for one that settles the loan.
    """
    if position.amount_due_now:
        raise LendingError("position", "Pay what is due first; only then can principal be prepaid.")
    unit = rounding or Rounding()
    interest = earned_interest(position, annual_rate, day_count, Method.EQUAL_INSTALMENT, unit)
    principal = Rounding(unit.quantum, "down").round((amount - interest) / (1 + fee_rate / 100))
    if not 0 < principal < position.outstanding_principal:
        raise LendingError("amount", "A part prepayment pays some of the principal; to pay all of it, settle the loan.")
    charge = amount - interest - principal
    lines = _ahead(position, amount - charge if effect is Effect.PAID_AHEAD else ZERO)
    rates = _rates(position, lines, annual_rate, day_count)
    left = position.outstanding_principal - principal
    if effect is Effect.LOWER_INSTALMENT:
        parts = amortise.level_parts(left, rates, amortise.Sizing(rates, unit), unit)
    else:
        parts = amortise.pay_down(left, rates, [line.total for line in lines], unit)
    remade = tuple(
        Instalment(line.number, line.due, part, due_interest)
        for line, (part, due_interest) in zip(lines, parts, strict=True)
        if part or due_interest
    )
    return Prepayment(interest, principal, charge, Schedule(remade, position.as_of))


def _ahead(position: Position, paid_ahead: Decimal) -> list[Instalment]:
    """The instalments to come, less what is paid ahead on the first of them."""
    lines, left = [], paid_ahead
    for line in position.remaining:
        met = min(left, line.unpaid)
        left -= met
        if met < line.unpaid:
            lines.append(Instalment(line.number, line.due, line.unpaid - met))
    return lines


def _rates(position: Position, lines: list[Instalment], annual_rate: Decimal, day_count: DayCount) -> list[Decimal]:
    """The interest rate from today to the first due date, and between the later ones."""
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    current = position.remaining[0]
    begun = period_start(position, current.number)
    rest = 1 - elapsed_share(begun, current.due, position.as_of)
    first = period_fraction(begun, current.due, day_count, anchor_day) * rest
    if current.due < lines[0].due:
        first += period_fraction(current.due, lines[0].due, day_count, anchor_day)
    later = amortise.rates(lines[0].due, [line.due for line in lines[1:]], annual_rate, day_count, anchor_day)
    return [annual_rate / 100 * first, *later]
