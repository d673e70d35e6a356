"""Due dates keep their anchor day; day counts say what they count."""

from datetime import date
from decimal import Decimal

import pytest

from respite.lending.calendar import (
    DayCount,
    Every,
    MonthEnd,
    anchor_day_of,
    due_dates,
    elapsed_share,
    period_fraction,
    year_fraction,
)
from respite.lending.errors import LendingError


def test_the_thirtieth_returns_after_february() -> None:
    assert due_dates(date(2026, 1, 30), 3) == (date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 30))


def test_a_clamped_first_due_date_finds_its_anchor_day_again() -> None:
    found = due_dates(date(2026, 2, 28), 3, anchor_day=31)
    assert found == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


def test_a_rolled_first_due_date_stands_for_the_month_that_lacked_its_day() -> None:
    found = due_dates(date(2026, 3, 1), 3, anchor_day=31, month_end=MonthEnd.ROLL)
    assert found == (date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1))


def test_quarters_and_fortnights() -> None:
    assert due_dates(date(2026, 11, 30), 2, Every(months=3)) == (date(2026, 11, 30), date(2027, 2, 28))
    assert due_dates(date(2026, 12, 24), 2, Every(days=14)) == (date(2026, 12, 24), date(2027, 1, 7))


@pytest.mark.parametrize(("months", "days"), [(0, 0), (1, 1), (-1, 0), (0, -7)])
def test_a_step_is_months_or_days(months: int, days: int) -> None:
    with pytest.raises(LendingError) as error:
        Every(months, days)
    assert error.value.field == "every"


@pytest.mark.parametrize("anchor_day", [0, 32, -1])
def test_no_month_has_such_a_day(anchor_day: int) -> None:
    with pytest.raises(LendingError) as error:
        due_dates(date(2026, 1, 1), 2, anchor_day=anchor_day)
    assert error.value.field == "anchor_day"


def test_dates_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(LendingError, match="beyond the calendar"):
        due_dates(date(9999, 12, 1), 3)


@pytest.mark.parametrize(
    ("day_count", "start", "end", "share"),
    [
        ("30/360", (2026, 1, 31), (2026, 3, 31), Decimal(60) / 360),
        ("30/360", (2026, 1, 15), (2026, 3, 31), Decimal(76) / 360),
        ("actual/360", (2026, 1, 1), (2026, 3, 1), Decimal(59) / 360),
        ("actual/365", (2024, 1, 1), (2025, 1, 1), Decimal(366) / 365),
        ("actual/actual", (2024, 1, 1), (2024, 12, 31), Decimal(365) / 366),
        ("actual/actual", (2023, 12, 12), (2024, 1, 12), Decimal(19) / 365 + Decimal(12) / 366),
        ("actual/actual", (2022, 12, 31), (2025, 12, 31), Decimal(3)),
    ],
)
def test_day_counts(day_count: str, start: tuple[int, int, int], end: tuple[int, int, int], share: Decimal) -> None:
    assert year_fraction(date(*start), date(*end), DayCount(day_count)) == share


def test_a_step_between_anchor_days_is_a_month_of_thirty_days() -> None:
    february = period_fraction(date(2026, 1, 31), date(2026, 2, 28), DayCount.THIRTY_360, anchor_day=31)
    assert february == Decimal(1) / 12


@pytest.mark.parametrize(
    ("start", "end", "anchor_day", "months"),
    [
        ((2026, 1, 20), (2026, 2, 28), 31, 1 + Decimal(11) / 31),
        ((2026, 1, 15), (2026, 3, 1), 1, 1 + Decimal(17) / 31),
        ((2024, 1, 1), (2024, 2, 18), 1, 1 + Decimal(17) / 29),
        ((2024, 4, 15), (2024, 5, 15), 1, Decimal(1)),
    ],
)
def test_the_days_of_a_broken_month_share_it_evenly(
    start: tuple[int, int, int], end: tuple[int, int, int], anchor_day: int, months: Decimal
) -> None:
    share = period_fraction(date(*start), date(*end), DayCount.THIRTY_360, anchor_day)
    assert abs(share - months / 12) < Decimal("1e-20")


def test_a_loan_due_every_so_many_days_counts_each_as_a_360th() -> None:
    dues = due_dates(date(2024, 1, 15), 6, Every(days=14))
    assert anchor_day_of(dues) is None
    assert period_fraction(dues[1], dues[2], DayCount.THIRTY_360, None) == Decimal(14) / 360


def test_one_moved_due_date_leaves_the_anchor_day() -> None:
    assert anchor_day_of([date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 31), date(2026, 4, 30)]) == 31


def test_a_period_passes_by_the_day() -> None:
    start, end = date(2026, 3, 1), date(2026, 4, 1)
    assert [elapsed_share(start, end, date(2026, 3, day)) for day in (1, 31)] == [0, Decimal(30) / 31]
    assert elapsed_share(start, end, date(2026, 5, 1)) == 1
    assert elapsed_share(start, end, date(2026, 2, 1)) == 0
