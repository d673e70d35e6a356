"""Restructuring: all that is left, repaid in other instalments."""

from datetime import date
from decimal import Decimal
from math import ceil

from respite.lending.calendar import MONTHLY, DayCount, Every
from respite.lending.errors import LendingError, PlanNotPossibleError
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import Position
from respite.lending.schedule import LoanTerms, Method, build_schedule
from respite.plans.arrears import Arrears, arrears, with_arrears
from respite.plans.carry import Carry
from respite.plans.rate_change import change_rate
from respite.plans.reamortising import extend, reamortise

__all__ = [
    "Carry",
    "PlanNotPossibleError",
    "change_rate",
    "count_for_payment",
    "extend",
    "reamortise",
    "restructure",
]

LONGEST_TERM = 60


def restructure(
    position: Position,
    *,
    count: int,
    first_due: date,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method = Method.EQUAL_INSTALMENT,
    every: Every = MONTHLY,
    carry: Carry = Carry.FIRST,
    penalty_waiver: Decimal = ZERO,
    start: date | None = None,
    present_rate: Decimal | None = None,
    present_method: Method = Method.EQUAL_INSTALMENT,
    rounding: Rounding | None = None,
) -> Schedule:
    """Re-ageing: all that is unpaid on `position.as_of` in `count` new instalments from `first_due` on.

    The outstanding principal is repaid anew from `start` (default `position.as_of`) at `annual_rate`, percent
    a year. Interest and fees owed until then, penalty interest and late fees go where `carry` says and bear
    no interest unless capitalised; `penalty_waiver` percent of the penalty interest and late fees is left out.
    `present_rate` and `present_method` are those of the present schedule where they differ. Raises
    LendingError for a first due date before the start, or a count below 1; PlanNotPossibleError where no
    principal is left.
    """
    unit = rounding or Rounding()
    owed = arrears(
        position,
        annual_rate if present_rate is None else present_rate,
        present_method,
        day_count,
        unit,
        penalty_waiver=penalty_waiver,
    )
    terms = LoanTerms(
        principal=_principal(position, owed, carry),
        annual_rate=annual_rate,
        count=count,
        start=start or position.as_of,
        method=method,
        first_due=first_due,
        every=every,
        day_count=day_count,
        rounding=unit,
        interest_brought=owed.interest if carry is Carry.LEVEL else ZERO,
    )
    return with_arrears(build_schedule(terms), owed, carry, unit)


def count_for_payment(
    position: Position,
    *,
    monthly_payment: Decimal,
    first_due: date,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method = Method.EQUAL_INSTALMENT,
    carry: Carry = Carry.FIRST,
    penalty_waiver: Decimal = ZERO,
    maximum_count: int = LONGEST_TERM,
    present_rate: Decimal | None = None,
    present_method: Method = Method.EQUAL_INSTALMENT,
    rounding: Rounding | None = None,
) -> int:
    """The smallest count of monthly instalments none of which exceeds `monthly_payment`.

    Rates and methods are those of `restructure`. Raises LendingError for a payment that is not above zero;
    PlanNotPossibleError where even `maximum_count` instalments exceed it.
    """
    if monthly_payment <= 0:
        raise LendingError("monthly_payment", "The monthly payment must be above zero.")
    fewest = ceil(position.outstanding_principal / monthly_payment)
    largest = ZERO
    for count in range(min(max(fewest, 1), maximum_count), maximum_count + 1):
        schedule = restructure(
            position,
            count=count,
            first_due=first_due,
            annual_rate=annual_rate,
            day_count=day_count,
            method=method,
            carry=carry,
            penalty_waiver=penalty_waiver,
            present_rate=present_rate,
            present_method=present_method,
            rounding=rounding,
        )
        largest = max(line.total for line in schedule)
        if largest <= monthly_payment:
            return count
    raise PlanNotPossibleError(
        "monthly_payment",
        f"Over {maximum_count} months the largest instalment is {largest}; offer at least that.",
    )


def _principal(position: Position, owed: Arrears, carry: Carry) -> Decimal:
    if not position.outstanding_principal:
        raise PlanNotPossibleError("position", "There is no principal left to restructure.")
    return position.outstanding_principal + (owed.interest if carry is Carry.CAPITALISE else ZERO)
