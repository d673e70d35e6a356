"""What is owed beside the principal when a restructuring begins, and its place in the new instalments."""

from dataclasses import dataclass
from decimal import Decimal

from respite.lending.accrual import earned_fees, earned_interest, interest_on_overdue_principal
from respite.lending.calendar import DayCount
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import Position
from respite.lending.terms import Method
from respite.plans.carry import Carry, with_added


@dataclass(frozen=True)
class Arrears:
    """Interest and fees earned but not paid, and penalty interest with late fees."""

    interest: Decimal
    fee: Decimal
    charges: Decimal


def arrears(
    position: Position,
    present_rate: Decimal,
    present_method: Method,
    day_count: DayCount,
    unit: Rounding,
    *,
    penalty_waiver: Decimal,
) -> Arrears:
    """What is owed beside the principal; `present_rate` is that of the present schedule, percent a year.

    `penalty_waiver` is the percentage of penalty interest and late fees that is left out.
    """
    interest = earned_interest(position, present_rate, day_count, present_method, unit)
    interest += interest_on_overdue_principal(position, present_rate, day_count, unit)
    carried = sum((line.unpaid_carried for line in position.instalments), ZERO)
    charges = position.penalty + position.late_fees + carried
    return Arrears(interest, earned_fees(position), charges - unit.round(charges * penalty_waiver / 100))


def with_arrears(schedule: Schedule, owed: Arrears, carry: Carry, unit: Rounding) -> Schedule:
    """`schedule` with the arrears where `carry` says; capitalised or level interest is inside it already."""
    places = {Carry.LAST: [len(schedule) - 1], Carry.SPREAD: list(range(len(schedule)))}.get(carry, [0])
    inside = carry in (Carry.CAPITALISE, Carry.LEVEL)
    lines = with_added(
        schedule.instalments,
        places,
        unit,
        interest=ZERO if inside else owed.interest,
        fee=owed.fee,
        carried=owed.charges,
    )
    return Schedule(tuple(lines), schedule.start)
