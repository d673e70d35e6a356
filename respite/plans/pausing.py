"""Interest pauses: days on which no interest accrues, both dates inclusive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from respite.lending import amortise
from respite.lending.accrual import period_start
from respite.lending.calendar import ONE_DAY, DayCount, anchor_day_of, period_fraction
from respite.lending.delinquency import Pause
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import Rounding
from respite.lending.positions import Position
from respite.lending.terms import Method
from respite.plans.carry import still_owed


def pause_interest(
    position: Position,
    pauses: Sequence[Pause],
    *,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method = Method.EQUAL_INSTALMENT,
    rounding: Rounding | None = None,
) -> Schedule:
    """What is still owed when no interest accrues during `pauses`; due dates stay.

    Equal instalments keep their size, so that what a pause saves repays principal and the last one is smaller;
    their interest is computed anew, without the days of any other pause. With the other methods each instalment
    bears less interest. `annual_rate` is in percent a year.
    """
    unit = rounding or Rounding()
    lines = still_owed(position)
    if method is not Method.EQUAL_INSTALMENT:
        return Schedule(tuple(unpaused(position, line, pauses, unit) for line in lines), position.starts_on)
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    rates = []
    for line in lines:
        start = period_start(position, line.number)
        years = period_fraction(start, line.due, day_count, anchor_day)
        rates.append(annual_rate / 100 * years * (1 - paused_share(start, line.due, pauses)))
    sizes = [line.principal + line.interest for line in lines]
    parts = amortise.pay_down(position.outstanding_principal, rates, sizes, unit)
    remade = tuple(
        replace(line, principal=principal, interest=interest)
        for line, (principal, interest) in zip(lines, parts, strict=True)
    )
    return Schedule(remade, period_start(position, lines[0].number))


def unpaused(position: Position, line: Instalment, pauses: Sequence[Pause], unit: Rounding) -> Instalment:
    """`line` without the interest of the days of `pauses`."""
    share = paused_share(period_start(position, line.number), line.due, pauses)
    return replace(line, interest=unit.round(line.interest * (1 - share)))


def paused_share(start: date, end: date, pauses: Sequence[Pause]) -> Decimal:
    """The share of the days after `start` up to and including `end` on which interest pauses."""
    days = [start + count * ONE_DAY for count in range(1, (end - start).days + 1)]
    paused = sum(any(pause.start <= day <= pause.end for pause in pauses) for day in days)
    return Decimal(paused) / max(len(days), 1)
