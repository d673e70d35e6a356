"""Days that are named by month, week or distance, as seen from today. A day that does not exist is None."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta, weekday


def existing_day(year: int, month: int, day: int) -> date | None:
    """Return the day, if the calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, day: int, today: date) -> date | None:
    """Return this month and day in the year that brings it nearest to `today`; a leap day waits for its year."""
    if (month, day) == (2, 29):
        return coming(month, day, today)
    days = (existing_day(today.year + step, month, day) for step in (-1, 0, 1))
    return min((each for each in days if each), key=lambda each: abs(each - today), default=None)


def coming(month: int, day: int, today: date) -> date | None:
    """Return the next time it is this month and day, today included."""
    days = (existing_day(today.year + step, month, day) for step in range(9))
    return next((each for each in days if each and each >= today), None)


def in_month(step: int, day: int, today: date) -> date | None:
    """Return a day of the month that is `step` months from this one."""
    first = first_of_month(step, today)
    return existing_day(first.year, first.month, day)


def coming_day_of_month(day: int, today: date) -> date | None:
    """Return the next day with this number, today included."""
    days = (in_month(step, day, today) for step in range(3))
    return next((each for each in days if each and each >= today), None)


def first_of_month(step: int, today: date) -> date:
    """Return the first of the month that is `step` months from this one."""
    return today + relativedelta(day=1, months=step)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day + relativedelta(day=31)


def weekday_in_month(place: int, number: int, month: date) -> date:
    """Return the first, second … or, for -1, the last such day of the week in the month of `month`."""
    return month + relativedelta(day=31 if place < 0 else 1, weekday=weekday(number, place))


def day_of_week(number: int, today: date, weeks: int | None = None) -> date:
    """Return a day of this week (0), the next (1) or the last (-1); weeks begin on Monday.

    Without `weeks`, or for a day of this week that has gone by, it is the next such day, today included.
    """
    day = _monday(today) + timedelta(days=number, weeks=weeks or 0)
    return day + timedelta(weeks=1) if not weeks and day < today else day


def weekend(today: date, weeks: int = 0) -> date:
    """Return the Saturday of this week or a later one; on a Sunday this weekend is today."""
    saturday = _monday(today) + timedelta(days=5, weeks=weeks)
    return saturday if weeks else max(saturday, today)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def from_now(count: int, unit: str, today: date) -> date:
    """Return the day a number of days, weeks, fortnights, months or years from today; `unit` names one in English."""
    if unit in ("month", "year"):
        return today + relativedelta(**{f"{unit}s": count})
    return today + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
