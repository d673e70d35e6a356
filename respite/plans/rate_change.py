"""Restructuring by a change of rate."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from respite.lending.accrual import period_start
from respite.lending.calendar import DayCount, anchor_day_of, period_fraction
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import Position
from respite.lending.terms import Method
from respite.plans.carry import Carry, unpaid_part
from respite.plans.reamortising import reamortise


def change_rate(
    position: Position,
    *,
    annual_rate: Decimal,
    present_rate: Decimal,
    day_count: DayCount,
    from_due: date | None = None,
    method: Method = Method.EQUAL_INSTALMENT,
    carry: Carry = Carry.LEVEL,
    rounding: Rounding | None = None,
) -> Schedule:
    """Another rate, percent a year, on the same due dates; interest earned so far stays at `present_rate`.

    Flat interest keeps its principal parts and is due at the new rate for whole periods. Other terms and
    errors are those of `reamortise`.
    """
    if method is Method.FLAT_INTEREST:
        return _change_flat_rate(position, annual_rate, day_count, from_due or position.as_of, rounding or Rounding())
    return reamortise(
        position,
        annual_rate=annual_rate,
        day_count=day_count,
        from_due=from_due,
        method=method,
        carry=carry,
        present_rate=present_rate,
        present_method=method,
        rounding=rounding,
    )


def _change_flat_rate(
    position: Position, annual_rate: Decimal, day_count: DayCount, from_due: date, unit: Rounding
) -> Schedule:
    lent = sum((line.principal for line in position.instalments if line.number > 0), ZERO)
    anchor_day = anchor_day_of(line.due for line in position.instalments)

    def at_new_rate(line: Instalment) -> Instalment:
        years = period_fraction(period_start(position, line.number), line.due, day_count, anchor_day)
        return replace(line, interest=unit.round(lent * annual_rate / 100 * years))

    lines = (unpaid_part(line) for line in position.remaining)
    return Schedule(tuple(at_new_rate(line) if line.due >= from_due else line for line in lines), position.starts_on)
