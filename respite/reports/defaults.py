"""Default rates of two periods, side by side.

A loan is exposed in a period if it was open and not in default on some day of it, or on the day before it. It defaults
when it then reaches DEFAULT_DAYS days past due, the definition of the Basel framework (CRE36.69).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from respite.lending.delinquency_history import LateDay
from respite.policies.model import Policy
from respite.reports.delinquency import LOANS_AT_A_TIME, history
from respite.reports.periods import ONE_DAY, Period
from respite.reports.proportions import Difference, Proportion, difference
from respite.store.loan_book import loans_with_history

DEFAULT_DAYS = 90


@dataclass(frozen=True)
class DefaultsReport:
    """Defaults among the exposed loans, before and after."""

    before: Proportion
    after: Proportion

    @property
    def difference(self) -> Difference | None:
        return difference(self.before, self.after)


def defaults(session: Session, policy: Policy, before: Period, after: Period, today: date) -> DefaultsReport:
    """Read the whole book once for two periods, in any order; `today` is the business date."""
    exposed, defaulted = {before: 0, after: 0}, {before: 0, after: 0}
    for loan in session.scalars(loans_with_history().execution_options(yield_per=LOANS_AT_A_TIME)):
        for period in exposed:
            is_exposed, defaults_then = _course(history(loan, policy, _with_the_day_before(period), today))
            exposed[period] += is_exposed
            defaulted[period] += defaults_then
    return DefaultsReport(*(Proportion(defaulted[period], exposed[period]) for period in (before, after)))


def _with_the_day_before(period: Period) -> Period:
    return Period(period.first - ONE_DAY, period.last)


def _course(days: Iterable[LateDay]) -> tuple[bool, bool]:
    """Whether a loan was exposed on some of these days, and whether it defaulted later."""
    is_exposed = False
    for day in days:
        if day.days_past_due >= DEFAULT_DAYS:
            if is_exposed:
                return True, True
        elif not day.is_settled:
            is_exposed = True
    return is_exposed, False
