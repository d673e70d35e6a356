"""`respite calc dpd`: how late a loan is, day by day."""

from datetime import date
from typing import Annotated

from pydantic import AliasChoices, Field

from respite.calc.agreed import schedule_of
from respite.calc.figures import Answer
from respite.calc.refusals import refuse
from respite.calc.standing import LoanInProgress
from respite.calc.words import Amount, CountOrZero, Day, DayNumbers, Days, Pauses, Words
from respite.lending.account import position
from respite.lending.delinquency import (
    BUCKETS,
    bucket,
    days_past_due,
    delinquent_days,
    ladder_state,
    retry_days,
)
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment, Schedule

FirstDays = Annotated[dict[str, CountOrZero], Field(min_length=1)]


class DpdQuestion(LoanInProgress):
    """What is unpaid, and the days on which it is asked how late that is.

    What is unpaid is the oldest unpaid due date itself, or due dates with the instalment that falls due on
    each, or a loan; the latter two with payments.
    """

    dates: Days = Field(validation_alias=AliasChoices("dates", "as_of"))
    unpaid_due: Day | None = None
    dues: Days | None = Field(None, validation_alias=AliasChoices("dues", "due"))
    next_due: Day | None = None
    instalment: Amount | None = Field(None, validation_alias=AliasChoices("instalment", "installment"))
    pause: Pauses = Field((), validation_alias=AliasChoices("pause", "pauses"))
    buckets: FirstDays = Field(dict(BUCKETS))

    @property
    def owed(self) -> Schedule:
        """The due dates with the same instalment on each, or the schedule of the loan."""
        if self.dues is None:
            return schedule_of(self)
        if self.instalment is None:
            raise LendingError("instalment", "Say how much falls due on each due date.")
        dues = sorted({*self.dues, self.next_due or self.dues[0]})
        lines = (Instalment(number, due, self.instalment) for number, due in enumerate(dues, start=1))
        return Schedule(tuple(lines))


def dpd(question: DpdQuestion) -> Answer:
    """For each date: days past due, delinquent days (less grace and pauses), and the bucket of the latter."""
    refuse(min(question.buckets.values()) > 0, "buckets", "Let one bucket begin at day 0, such as M0 does.")
    refuse(
        question.unpaid_due is not None and question.dues is not None,
        "unpaid_due",
        "Give unpaid_due or due, not both.",
    )
    return {on.isoformat(): _lateness(question, _oldest_unpaid(question, on), on) for on in question.dates}


def _oldest_unpaid(question: DpdQuestion, on: date) -> date:
    """The oldest due date not fully paid; the day itself where nothing is overdue."""
    if question.unpaid_due:
        return question.unpaid_due
    owed = question.owed
    if question.dues is None:
        standing = question.position(owed, on)
    else:
        standing = position(
            owed, question.received(owed), question.penalty_rate_pct, question.charge_rules, on, question.unit
        )
    return next((line.due for line in standing.instalments if not line.is_paid and line.due < on), on)


def _lateness(question: DpdQuestion, due: date, on: date) -> Answer:
    late = delinquent_days(due, on, question.grace_days, question.pause)
    return {
        "past_due": days_past_due(due, on),
        "delinquent": late,
        "bucket": bucket(late, question.buckets),
    }


class LadderQuestion(Words):
    """Days unpaid, the first day of each state, and the days between tries to collect."""

    unpaid_since_days: DayNumbers
    ladder: FirstDays
    retry_gaps_days: DayNumbers = ()


def ladder(question: LadderQuestion) -> Answer:
    """The state of the overdue ladder after each number of days, and the days of the tries."""
    return {
        "state": [ladder_state(days, question.ladder) for days in question.unpaid_since_days],
        "retry_on_day": retry_days(question.retry_gaps_days),
    }
