"""Restructuring that keeps the due dates: re-amortisation and extension."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from respite.lending.accrual import period_start
from respite.lending.calendar import (
    MONTHLY,
    ONE_DAY,
    DayCount,
    Every,
    anchor_day_of,
    due_dates,
    elapsed_share,
    period_fraction,
)
from respite.lending.errors import LendingError, PlanNotPossibleError
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding, RoundingMode
from respite.lending.positions import Position
from respite.lending.schedule import LoanTerms, Method, schedule_over
from respite.plans.arrears import arrears, with_arrears
from respite.plans.carry import Carry, unpaid_part


def reamortise(
    position: Position,
    *,
    annual_rate: Decimal,
    day_count: DayCount,
    from_due: date | None = None,
    extra: int = 0,
    every: Every = MONTHLY,
    method: Method = Method.EQUAL_INSTALMENT,
    carry: Carry = Carry.LEVEL,
    penalty_waiver: Decimal = ZERO,
    present_rate: Decimal | None = None,
    present_method: Method = Method.EQUAL_INSTALMENT,
    multiple_of: Decimal | None = None,
    multiple_mode: str = RoundingMode.HALF_EVEN,
    rounding: Rounding | None = None,
) -> Schedule:
    """What is unpaid, repaid anew on the due dates that are left and `extra` more behind them.

    Without `from_due` everything is repaid anew, arrears included, on the dates after `position.as_of`; with
    it, the instalments due before that date stay as they are. Rates are in percent a year; the other terms
    are those of `restructure`. Raises PlanNotPossibleError where no due date or no principal is left.
    """
    unit = rounding or Rounding()
    part = position if from_due is None else _from(position, from_due)
    kept = [unpaid_part(line) for line in position.remaining if from_due is not None and line.due < from_due]
    ahead = [line for line in part.instalments if line.due > part.as_of]
    if not ahead or not part.outstanding_principal:
        raise PlanNotPossibleError("position", "No later due date or no principal is left to spread over.")
    anchor_day = anchor_day_of(line.due for line in position.instalments)
    dues = [line.due for line in ahead]
    dues += due_dates(dues[-1], extra + 1, every, anchor_day)[1:]
    owed = arrears(
        part,
        annual_rate if present_rate is None else present_rate,
        present_method,
        day_count,
        unit,
        penalty_waiver=penalty_waiver,
    )
    terms = LoanTerms(
        principal=part.outstanding_principal + (owed.interest if carry is Carry.CAPITALISE else ZERO),
        annual_rate=annual_rate,
        count=len(dues),
        start=part.as_of,
        method=method,
        every=every,
        anchor_day=anchor_day,
        day_count=day_count,
        rounding=unit,
        multiple_of=multiple_of,
        multiple_mode=multiple_mode,
        interest_brought=owed.interest if carry is Carry.LEVEL else ZERO,
    )
    begun = period_start(part, ahead[0].number)
    rest = 1 - elapsed_share(begun, dues[0], part.as_of)
    first_fraction = period_fraction(begun, dues[0], day_count, anchor_day) * rest
    remade = with_arrears(schedule_over(terms, dues, first_fraction), owed, carry, unit)
    numbered = [replace(line, number=ahead[0].number + place) for place, line in enumerate(remade)]
    return Schedule((*kept, *numbered), position.starts_on if kept else part.as_of)


def extend(
    position: Position,
    *,
    extra: int,
    annual_rate: Decimal,
    day_count: DayCount,
    from_due: date | None = None,
    every: Every = MONTHLY,
    method: Method = Method.EQUAL_INSTALMENT,
    carry: Carry = Carry.LEVEL,
    rounding: Rounding | None = None,
) -> Schedule:
    """A longer term: what is unpaid over `extra` more instalments. Terms and errors as for `reamortise`."""
    if extra < 1:
        raise LendingError("extra", "An extension adds at least one instalment.")
    return reamortise(
        position,
        annual_rate=annual_rate,
        day_count=day_count,
        from_due=from_due,
        extra=extra,
        every=every,
        method=method,
        carry=carry,
        rounding=rounding,
    )


def _from(position: Position, from_due: date) -> Position:
    """The part of the loan that falls due from a date on, at the beginning of that part.

    It begins with the period of an instalment due on that date, or on the day before a date within a period.
    """
    lines = tuple(line for line in position.instalments if line.due >= from_due)
    if from_due <= position.as_of or not lines:
        raise LendingError("from_due", "Give a due date after today on which instalments begin to change.")
    begun = period_start(position, lines[0].number)
    start = begun if lines[0].due == from_due else max(begun, from_due - ONE_DAY)
    return Position(start, lines, ZERO, begun)
