"""A period is whole days on the lender's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from respite.reports.periods import Period, PeriodError


def test_a_period_has_its_first_and_its_last_day() -> None:
    period = Period.ending(date(2026, 11, 22), 7)

    assert period == Period(date(2026, 11, 16), date(2026, 11, 22))
    assert list(period.dates())[::6] == [period.first, period.last]
    assert period.days == 7


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).before() == Period(date(2026, 1, 29), date(2026, 2, 28))


def test_before_the_calendar_begins_there_is_no_period() -> None:
    with pytest.raises(PeriodError, match="later day"):
        Period(date(24, 11, 1), date(2026, 11, 22)).before()


def test_a_day_begins_at_midnight_on_the_lenders_clock() -> None:
    begin, end = Period(date(2026, 11, 22), date(2026, 11, 22)).moments(ZoneInfo("Asia/Shanghai"))

    assert (begin, end) == (datetime(2026, 11, 21, 16, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC))


def test_days_the_wrong_way_round_are_refused_with_what_to_do() -> None:
    with pytest.raises(PeriodError, match="earlier day first"):
        Period(date(2026, 11, 22), date(2026, 11, 21))
