"""Accrual to a day: what of the scheduled interest and fees has been earned, and what is still to come."""

from datetime import date
from decimal import Decimal

from respite.lending.calendar import (
    DayCount,
    anchor_day_of,
    anchor_month,
    elapsed_share,
    months_after,
    period_fraction,
)
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.terms import Method


def earned_interest(
    position: Position,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method,
    rounding: Rounding,
    starts_on: date | None = None,
) -> Decimal:
    """The unpaid interest of the days up to `position.as_of`.

    `annual_rate` is the rate of the schedule in percent a year; `starts_on` the day from which its first
    instalment accrues. Within a period, interest is earned evenly by the day. Interest that is due later than
    its own period ends, as after a deferral, is earned in its period nevertheless; what no period bears was
    postponed from earlier days and is earned already. Interest paid ahead counts towards what is earned, at
    most down to zero.
    """
    unpaid = sum((line.unpaid_interest for line in position.instalments), ZERO)
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    unearned = due_later = ZERO
    for lines, start in reversed(_periods(position, starts_on)):
        due = lines[0].due
        if due <= position.as_of:
            break
        due_now_or_later = due_later + sum((line.interest for line in lines), ZERO)
        own = due_now_or_later
        if method is not Method.FLAT_INTEREST:
            balance = _balance_before(position, due)
            own = balance * annual_rate / 100 * period_fraction(start, due, day_count, anchor_day)
            own = own if rounding.round(own) <= due_now_or_later else due_now_or_later
        due_later = due_now_or_later - rounding.round(own)
        elapsed = elapsed_share(start, due, position.as_of)
        unearned += rounding.round(own) - rounding.round(own * elapsed)
    return max(unpaid - unearned, ZERO)


def earned_fees(position: Position, starts_on: date | None = None) -> Decimal:
    """The unpaid flat fees of the periods that have begun.

    The fee of the first period is earned on the day that the schedule begins, a later one on the day after
    the due date before it.
    """
    first = position.instalments[0]
    return sum(
        (
            line.unpaid_fee
            for line, start in _with_period_start(position, starts_on)
            if line is first or start < position.as_of
        ),
        ZERO,
    )


def interest_on_overdue_principal(
    position: Position, annual_rate: Decimal, day_count: DayCount, rounding: Rounding
) -> Decimal:
    """Ordinary interest on overdue principal since it fell due, once grace is over, where no penalty takes its place.

    `annual_rate` is the contract rate in percent a year. Penalty interest takes it unless the lender charges none.
    """
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    principal_years = sum(
        (
            line.unpaid_principal * period_fraction(line.due, position.as_of, day_count, anchor_day)
            for line in position.overdue
            if not (line.is_penalised or line.is_in_grace)
        ),
        ZERO,
    )
    return rounding.round(annual_rate / 100 * principal_years)


def own_interest(
    position: Position,
    line: InstalmentPosition,
    start: date,
    annual_rate: Decimal,
    day_count: DayCount,
    anchor_day: int | None,
    rounding: Rounding,
) -> Decimal:
    """The interest that an instalment bears for its own period, unrounded where it is that of the balance."""
    balance = _balance_before(position, line.due)
    of_balance = balance * annual_rate / 100 * period_fraction(start, line.due, day_count, anchor_day)
    return of_balance if rounding.round(of_balance) <= line.interest else line.interest


def period_start(position: Position, number: int) -> date:
    """The day from which instalment `number` accrues."""
    return next(start for line, start in _with_period_start(position, None) if line.number == number)


def _balance_before(position: Position, due: date) -> Decimal:
    """The principal that bears interest up to a due date when everything is paid as scheduled."""
    return sum((line.principal for line in position.instalments if line.due >= due), ZERO)


def _periods(position: Position, starts_on: date | None) -> list[tuple[list[InstalmentPosition], date]]:
    """The instalments that fall due together, in order of due date, with the day from which they accrue."""
    with_start = _with_period_start(position, starts_on)
    _, first_start = with_start[0]
    periods: list[tuple[list[InstalmentPosition], date]] = []
    for line, start in with_start:
        if periods and periods[-1][0][0].due == line.due:
            periods[-1][0].append(line)
        else:
            periods.append(([line], max(start, first_start)))
    return periods


def _with_period_start(position: Position, starts_on: date | None) -> list[tuple[InstalmentPosition, date]]:
    dues = [line.due for line in position.instalments]
    first_start = starts_on or position.starts_on or _one_step_before(dues)
    return list(zip(position.instalments, [first_start, *dues], strict=False))


def _one_step_before(dues: list[date]) -> date:
    """Where a schedule of unknown start begins: one step before its first due date."""
    if len(dues) == 1:
        return dues[0]
    first, second = dues[:2]
    anchor_day = anchor_day_of(dues)
    month, next_month = anchor_month(first, anchor_day), anchor_month(second, anchor_day)
    if anchor_day is None or month is None or next_month is None:
        return first - (second - first)
    return months_after(first, month - next_month, anchor_day)
