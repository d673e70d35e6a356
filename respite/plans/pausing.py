"""Interest pauses: days on which no interest accrues, both dates inclusive."""

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
    pause: Pause,
    *,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method = Method.EQUAL_INSTALMENT,
    rounding: Rounding | None = None,
) -> Schedule:
    """What is still owed when no interest accrues during `pause`; due dates stay.

    Equal instalments keep their size, so that what the pause saves repays principal and the last one is
    smaller; with the other methods each instalment bears less interest. `annual_rate` is in percent a year.
    """
    unit = rounding or Rounding()
    lines = still_owed(position)
    if method is not Method.EQUAL_INSTALMENT:
        return Schedule(tuple(unpaused(position, line, pause, unit) for line in lines), position.starts_on)
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    rates = []
    for line in lines:
        start = period_start(position, line.number)
        years = period_fraction(start, line.due, day_count, anchor_day)
        rates.append(annual_rate / 100 * years * (1 - paused_share(start, line.due, pause)))
    sizes = [line.principal + line.interest for line in lines]
    parts = amortise.pay_down(position.outstanding_principal, rates, sizes, unit)
    remade = tuple(
        replace(line, principal=principal, interest=interest)
        for line, (principal, interest) in zip(lines, parts, strict=True)
    )
    return Schedule(remade, period_start(position, lines[0].number))


def unpaused(position: Position, line: Instalment, pause: Pause, unit: Rounding) -> Instalment:
    """`line` without the interest of the days of `pause`."""
    start = period_start(position, line.number)
    if start >= line.due:
        return line
    return replace(line, interest=unit.round(line.interest * (1 - paused_share(start, line.due, pause))))


def paused_share(start: date, end: date, pause: Pause) -> Decimal:
    """The share of a period's days on which interest pauses; the interest of a day accrues at its end."""
    paused = (min(end, pause.end) - max(start, pause.start - ONE_DAY)).days
    return Decimal(max(paused, 0)) / (end - start).days
