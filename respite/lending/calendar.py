"""Due dates, and the periods between them."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from respite.lending.daycount import DayCount, elapsed_share, year_fraction
from respite.lending.errors import LendingError

__all__ = [
    "DayCount",
    "DueDay",
    "Every",
    "MonthEnd",
    "anchor_day_of",
    "anchor_month",
    "due_dates",
    "elapsed_share",
    "first_due_on",
    "months_after",
    "period_fraction",
    "year_fraction",
]


class MonthEnd(StrEnum):
    """Where a due date goes in a month that lacks its day: the month's last day, or the first of the next."""

    CLAMP = "clamp"
    ROLL = "roll"


class DueDay(StrEnum):
    """On which day of the month a lender collects."""

    SAME_DAY = "same_day"
    START_OF_NEXT_MONTH = "start_of_next_month"
    END_OF_MONTH = "end_of_month"


@dataclass(frozen=True)
class Every:
    """The step from one due date to the next: a number of months or a number of days, not both."""

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.months, self.days) != 0 or max(self.months, self.days) < 1:
            raise LendingError("every", "Instalments fall due every so many months or every so many days.")


MONTHLY = Every(months=1)
ONE_DAY = timedelta(days=1)
SHORTEST_MONTH = 28


def days_in_month(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _day_in_month(month_index: int, anchor_day: int, month_end: MonthEnd) -> date:
    year, month = divmod(month_index, 12)
    length = days_in_month(year, month + 1)
    if anchor_day <= length:
        return date(year, month + 1, anchor_day)
    last_day = date(year, month + 1, length)
    return last_day if month_end is MonthEnd.CLAMP else last_day + ONE_DAY


def anchor_month(day: date, anchor_day: int | None) -> int | None:
    """The month, counted from year 0, whose anchor day `day` is, clamped or rolled; None if it is none's."""
    if anchor_day is None:
        return None
    month_index = day.year * 12 + day.month - 1
    for month, month_end in ((month_index, MonthEnd.CLAMP), (month_index - 1, MonthEnd.ROLL)):
        if _day_in_month(month, anchor_day, month_end) == day:
            return month
    return None


def months_after(day: date, months: int, anchor_day: int, month_end: MonthEnd = MonthEnd.CLAMP) -> date:
    """The anchor day `months` months after the month that `day` stands for.

    A rolled date stands for the month that lacked its day: with anchor day 31, 1 March stands for February.
    """
    month = anchor_month(day, anchor_day)
    base = day.year * 12 + day.month - 1 if month is None else month
    return _day_in_month(base + months, anchor_day, month_end)


def anchor_day_of(dues: Iterable[date]) -> int | None:
    """The day of the month that most of these due dates keep, clamped or rolled.

    None where they are so many days apart, not months: nearer to each other than a month is long.
    """
    days = tuple(dues)
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(gaps) > 1 and median(gaps) < SHORTEST_MONTH:
        return None

    def kept(anchor_day: int) -> tuple[int, int]:
        return sum(anchor_month(due, anchor_day) is not None for due in days), anchor_day

    return max({due.day for due in days}, key=kept)


def due_dates(
    first_due: date,
    count: int,
    every: Every = MONTHLY,
    anchor_day: int | None = None,
    month_end: MonthEnd = MonthEnd.CLAMP,
) -> tuple[date, ...]:
    """`count` due dates from `first_due` on.

    Monthly dates are all counted from the first and keep the anchor day (default: the day of `first_due`),
    so the 30th returns after February. Raises LendingError for an impossible count or anchor day.
    """
    if count < 0:
        raise LendingError("count", "The number of instalments cannot be negative.")
    anchor = first_due.day if anchor_day is None else anchor_day
    if not 1 <= anchor <= 31:
        raise LendingError("anchor_day", "The due day of the month is a number from 1 to 31.")
    try:
        if every.days:
            return tuple(first_due + every.days * step * ONE_DAY for step in range(count))
        later = (months_after(first_due, every.months * step, anchor, month_end) for step in range(1, count))
        return (first_due, *later)[:count]
    except (ValueError, OverflowError) as error:
        raise LendingError("count", "The due dates run beyond the calendar; ask for fewer instalments.") from error


def first_due_on(day: date, due_day: DueDay) -> tuple[date, int]:
    """The first due date on or after `day` for a collection day, with the anchor day that keeps it."""
    if due_day is DueDay.SAME_DAY:
        return day, day.day
    if due_day is DueDay.END_OF_MONTH:
        return day.replace(day=days_in_month(day.year, day.month)), 31
    return months_after(day.replace(day=1), 1, 1), 1


def period_fraction(start: date, end: date, day_count: DayCount, anchor_day: int | None) -> Decimal:
    """The share of a year from `start` to `end` of a loan that falls due on its anchor day.

    30/360 makes every month a twelfth of the year, which its days share evenly; months are counted from the
    anchor day, or from `start` where neither date is on it. A loan without an anchor day falls due every so
    many days, and each of them is a 360th.
    """
    if day_count is not DayCount.THIRTY_360:
        return year_fraction(start, end, day_count)
    if anchor_day is None:
        return Decimal((end - start).days) / 360
    is_anchored = anchor_month(start, anchor_day) is not None or anchor_month(end, anchor_day) is not None
    first_day = anchor_day if is_anchored else start.day
    return (_months_until(end, first_day) - _months_until(start, first_day)) / 12


def _months_until(day: date, anchor_day: int) -> Decimal:
    """The months from year 0 to `day`, each beginning on the anchor day; days inside one as a share of it."""
    month = anchor_month(day, anchor_day)
    if month is not None:
        return Decimal(month)
    month = day.year * 12 + day.month - 1
    begun = _day_in_month(month, anchor_day, MonthEnd.CLAMP)
    if begun > day:
        month -= 1
        begun = _day_in_month(month, anchor_day, MonthEnd.CLAMP)
    length = _day_in_month(month + 1, anchor_day, MonthEnd.CLAMP) - begun
    return month + Decimal((day - begun).days) / length.days
