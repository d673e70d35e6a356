"""Buckets over time, roll rates and default rates, against what the loans of the demo loan book are."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from respite.lending.delinquency import bucket
from respite.policies.load import policy
from respite.reports.defaults import DEFAULT_DAYS, defaults
from respite.reports.delinquency import SETTLED, DelinquencyReport, delinquency, marks_of
from respite.reports.periods import Period
from respite.store.loan_book import account_of, loans_with_history
from tests.unit.reports.conftest import TODAY

QUARTER = Period.ending(TODAY, 90)


@pytest.mark.parametrize(
    ("days", "marks"),
    [
        (1, [date(2026, 11, 22)]),
        (14, [TODAY - timedelta(days=days) for days in range(13, -1, -1)]),
        (15, [date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 22)]),
        (101, [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 22)]),
    ],
)
def test_the_longer_a_period_the_further_apart_its_marks(days: int, marks: list[date]) -> None:
    assert list(marks_of(Period.ending(TODAY, days))) == marks


def test_today_each_open_loan_is_in_the_bucket_of_its_account(seeded: Session) -> None:
    expected: Counter[str] = Counter()
    for loan in seeded.scalars(loans_with_history()):
        account = account_of(loan, policy(), TODAY)
        if account.position.remaining:
            expected[bucket(account.position.days_past_due, policy().buckets)] += 1

    assert delinquency(seeded, policy(), QUARTER, TODAY).at[TODAY] == expected


def test_loans_roll_from_where_they_were_to_where_they_are(seeded: Session) -> None:
    found = delinquency(seeded, policy(), QUARTER, TODAY)
    marks = list(found.at)
    were_open = sum(sum(found.at[mark].values()) for mark in marks[:-1])

    assert sum(found.rolled.values()) == were_open
    for start in found.buckets:
        rates = [found.roll_rate(start, then) for then in (*found.buckets, SETTLED)]
        if any(first == start for first, _ in found.rolled):
            assert sum(rate for rate in rates if rate is not None) == pytest.approx(1)


def test_a_roll_rate_is_a_share_of_the_loans_that_were_in_the_bucket() -> None:
    found = DelinquencyReport(("M0", "M1"), {}, {("M0", "M0"): 6, ("M0", "M1"): 3, ("M0", SETTLED): 1})

    assert [found.roll_rate("M0", then) for then in ("M0", "M1", SETTLED)] == [0.6, 0.3, 0.1]
    assert found.roll_rate("M1", "M0") is None


def test_before_there_were_loans_there_is_nothing(seeded: Session) -> None:
    found = delinquency(seeded, policy(), Period(date(2000, 1, 1), date(2000, 3, 1)), TODAY)

    assert not any(found.at.values())
    assert found.rolled == {}


def test_a_default_is_the_day_on_which_an_open_loan_reaches_ninety_days(seeded: Session) -> None:
    in_default_for = [
        account_of(loan, policy(), TODAY).position.days_past_due - DEFAULT_DAYS
        for loan in seeded.scalars(loans_with_history())
    ]
    found = defaults(seeded, policy(), QUARTER.before(), QUARTER, TODAY)

    assert found.after.events == sum(0 <= days < QUARTER.days for days in in_default_for) > 0
    assert found.before.events == sum(QUARTER.days <= days < 2 * QUARTER.days for days in in_default_for) > 0
    assert found.after.total < len(in_default_for), "settled loans and those in default before are not exposed"


def test_a_loan_in_default_before_a_period_is_not_exposed_in_it(seeded: Session) -> None:
    late = [account_of(loan, policy(), TODAY).position.days_past_due for loan in seeded.scalars(loans_with_history())]
    longest = max(late)
    assert longest > DEFAULT_DAYS
    after_it_defaulted = Period.ending(TODAY, longest - DEFAULT_DAYS)

    found = defaults(seeded, policy(), QUARTER.before(), after_it_defaulted, TODAY)
    defaulted_before = sum(days - DEFAULT_DAYS >= after_it_defaulted.days for days in late)
    assert defaulted_before > 0
    whole = defaults(seeded, policy(), QUARTER.before(), Period.ending(TODAY, longest + 1), TODAY)
    assert whole.after.events - found.after.events == defaulted_before


def test_periods_are_compared_in_any_order_and_their_difference_has_an_interval(seeded: Session) -> None:
    forth = defaults(seeded, policy(), QUARTER.before(), QUARTER, TODAY)
    back = defaults(seeded, policy(), QUARTER, QUARTER.before(), TODAY)

    assert (back.before, back.after) == (forth.after, forth.before)
    assert forth.difference
    assert back.difference
    assert forth.difference.change == pytest.approx(-back.difference.change)
