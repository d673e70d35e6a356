"""Day counts: how days become shares of a year."""

from calendar import isleap
from datetime import date
from decimal import Decimal
from enum import StrEnum


class DayCount(StrEnum):
    """How a stretch of days becomes a share of a year."""

    THIRTY_360 = "30/360"
    ACTUAL_360 = "actual/360"
    ACTUAL_365 = "actual/365"
    ACTUAL_ACTUAL = "actual/actual"


def year_fraction(start: date, end: date, day_count: DayCount) -> Decimal:
    """The share of a year from `start` to `end`.

    30/360 counts months of 30 days (bond basis, ISDA 2006 section 4.16 (f)); actual/actual counts the days
    after `start` up to and including `end` in each calendar year over that year's length.
    """
    if day_count is DayCount.THIRTY_360:
        first = min(start.day, 30)
        last = 30 if end.day == 31 and first == 30 else end.day
        days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
        return Decimal(days) / 360
    if day_count is DayCount.ACTUAL_360:
        return Decimal((end - start).days) / 360
    if day_count is DayCount.ACTUAL_365:
        return Decimal((end - start).days) / 365
    if start.year == end.year:
        return Decimal((end - start).days) / year_length(end.year)
    first_part = Decimal((date(start.year, 12, 31) - start).days) / year_length(start.year)
    last_part = Decimal((end - date(end.year - 1, 12, 31)).days) / year_length(end.year)
    return first_part + (end.year - start.year - 1) + last_part


def year_length(year: int) -> int:
    return 366 if isleap(year) else 365


def elapsed_share(start: date, end: date, on: date) -> Decimal:
    """How much of the days from `start` to `end` have passed on `on`, from 0 to 1; 1 where there are none."""
    if start == end:
        return Decimal(1)
    passed = Decimal((min(on, end) - start).days) / (end - start).days
    return max(Decimal(0), passed)
