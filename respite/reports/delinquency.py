"""How late the loans of the book were: buckets at marks over a period, and how loans rolled from mark to mark.

The marks of a short period are its days, of a longer one weeks counted back from its end, of a long one the ends of
its months. Settled loans are in no bucket.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from respite.lending.delinquency_history import LateDay, delinquency_by_day
from respite.policies.model import Policy
from respite.reports.periods import ONE_DAY, Period
from respite.store.loan_book import loans_with_history
from respite.store.loan_course import course_of
from respite.store.models import Loan

SETTLED = "settled"
LOANS_AT_A_TIME = 500
LONGEST_IN_DAYS = 14
LONGEST_IN_WEEKS = 100


@dataclass(frozen=True)
class DelinquencyReport:
    """`at` counts the open loans of each bucket at each mark; `rolled` the loans that went from a bucket to another.

    Among the latter's second buckets is SETTLED.
    """

    buckets: tuple[str, ...]
    at: Mapping[date, Mapping[str, int]]
    rolled: Mapping[tuple[str, str], int]

    def roll_rate(self, bucket: str, then: str) -> float | None:
        """The share of the loans in a bucket that were in another at the next mark; None where none was in it."""
        from_bucket = sum(count for (start, _), count in self.rolled.items() if start == bucket)
        return self.rolled.get((bucket, then), 0) / from_bucket if from_bucket else None


def delinquency(session: Session, policy: Policy, period: Period, today: date) -> DelinquencyReport:
    """Read the whole book once; `today` is the business date."""
    marks = list(marks_of(period))
    at: dict[date, Counter[str]] = {mark: Counter() for mark in marks}
    rolled: Counter[tuple[str, str]] = Counter()
    for days in histories(session, policy, period, today):
        where = {day.on: SETTLED if day.is_settled else day.bucket for day in days if day.on in at}
        for mark, bucket in where.items():
            if bucket != SETTLED:
                at[mark][bucket] += 1
        for mark, following in pairwise(marks):
            if where.get(mark, SETTLED) != SETTLED:
                rolled[where[mark], where[following]] += 1
    buckets = tuple(sorted(policy.buckets, key=policy.buckets.__getitem__))
    return DelinquencyReport(buckets, {mark: dict(at[mark]) for mark in marks}, dict(rolled))


def marks_of(period: Period) -> Iterator[date]:
    """The days on which a period is looked at, always its last and, unless it is long, its first."""
    if period.days <= LONGEST_IN_DAYS:
        yield from period.dates()
    elif period.days <= LONGEST_IN_WEEKS:
        yield from (day for day in period.dates() if (period.last - day).days % 7 == 0)
    else:
        yield from (day for day in period.dates() if (day + ONE_DAY).day == 1 or day == period.last)


def histories(session: Session, policy: Policy, period: Period, today: date) -> Iterator[Sequence[LateDay]]:
    """How late each loan was on the days of a period on which there was one."""
    for loan in session.scalars(loans_with_history().execution_options(yield_per=LOANS_AT_A_TIME)):
        yield history(loan, policy, period, today)


def history(loan: Loan, policy: Policy, period: Period, today: date) -> Sequence[LateDay]:
    course = course_of(loan, policy, today)
    if course[0].since > period.last:
        return []
    return list(
        delinquency_by_day(
            course, loan.annual_rate, policy.charge_rules, period.first, period.last, buckets=policy.buckets
        )
    )
