"""How late a loan was, day by day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from respite.lending.calendar import ONE_DAY
from respite.lending.charges import ChargeRules
from respite.lending.delinquency import BUCKETS, Pause, bucket, days_past_due, delinquent_days
from respite.lending.in_force import InForce


@dataclass(frozen=True)
class LateDay:
    """How late a loan is on one day; the bucket is that of the days past due. A settled one owes nothing any more."""

    on: date
    days_past_due: int
    delinquent_days: int
    bucket: str
    is_settled: bool


def delinquency_by_day(
    course: Sequence[InForce],
    annual_rate: Decimal,
    rules: ChargeRules,
    first: date,
    last: date,
    *,
    pauses: Iterable[Pause] = (),
    buckets: Mapping[str, int] = BUCKETS,
) -> Iterator[LateDay]:
    """Every day of the loan from `first` to `last`, each under the schedule in force at its end.

    `annual_rate` is the contract rate, percent a year. The payments are replayed once for each day on which one comes
    or goes; in between, only the days grow.
    """
    pauses = tuple(pauses)
    ends = [later.since - ONE_DAY for later in course[1:]] + [last]
    for in_force, end in zip(course, ends, strict=True):
        until = min(end, last)
        days = _days_of_change(in_force, max(first, in_force.since), until)
        for changed_on, next_change in pairwise([*days, until + ONE_DAY]):
            position = in_force.position(changed_on, annual_rate, rules)
            oldest = next((line.due for line in position.instalments if not line.is_paid), None)
            for day in _days(changed_on, next_change):
                late = days_past_due(oldest, day) if oldest else 0
                delinquent = delinquent_days(oldest, day, rules.grace_days, pauses) if oldest else 0
                yield LateDay(day, late, delinquent, bucket(late, buckets), is_settled=oldest is None)


def _days_of_change(in_force: InForce, first: date, last: date) -> list[date]:
    """The first day, and every later one on which a payment comes or goes."""
    changes = {first}
    changes |= {payment.received_on for payment in in_force.payments}
    changes |= {payment.reversed_on for payment in in_force.payments if payment.reversed_on}
    changes |= {returned.line.due for returned in in_force.returned}
    return sorted(day for day in changes if first <= day <= last)


def _days(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=days) for days in range((end - first).days))
