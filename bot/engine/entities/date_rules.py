"""What the rules for dates have in common: a pattern, and what the words it matches mean."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.engine.entities.calendar_words import day_number, month_number
from bot.engine.entities.days import coming_day_of_month, existing_day, first_of_month, month_end, nearest

Match = re.Match[str]
Resolve = Callable[[Match, date], date | None]
Rule = tuple[re.Pattern[str], Resolve]


def rule(pattern: str, resolve: Resolve) -> Rule:
    """Return the rule that what `pattern` matches is the day that `resolve` makes of it."""
    return re.compile(pattern, re.ASCII), resolve


def days_on(days: int) -> Resolve:
    """Return the meaning of words for the day so many days from today."""
    return lambda match, today: today + timedelta(days=days)


def full_date(match: Match, today: date) -> date | None:
    """Return the day of `day`, `month` and `year`, a year of two digits being one of this century."""
    return existing_day(int(match["year"]) % 2000 + 2000, month_number(match["month"]), day_number(match["day"]))


def month_and_day(match: Match, today: date) -> date | None:
    """Return the day of `month` and `day`, in the year named or else the nearest."""
    if match["year"]:
        return full_date(match, today)
    return nearest(month_number(match["month"]), day_number(match["day"]), today)


def next_day_of_month(match: Match, today: date) -> date | None:
    """Return the next `day`, whichever month it is in."""
    return coming_day_of_month(day_number(match["day"]), today)


def part_of_named_month(match: Match, today: date) -> date | None:
    """Return the `part` of the `month` that comes nearest."""
    middle = nearest(month_number(match["month"]), 15, today)
    return middle and part_of_month(match["part"], middle)


def part_of_this_month(part: str, today: date) -> date:
    """Return the end, middle or beginning of this month, or the next middle or beginning once it has gone by."""
    day = part_of_month(part, today)
    return part_of_month(part, first_of_month(1, today)) if day < today else day


def part_of_month(part: str, month: date) -> date:
    """Return the end, middle or beginning of the month of `month`."""
    if part in ("end", "last day", "底", "末", "尾", "最后一天"):
        return month_end(month)
    return month.replace(day=15 if part in ("middle", "mid", "中", "中旬") else 1)


def not_one_day(match: Match, today: date) -> None:
    """Leave open which day the words mean: there is no such day, or more than one."""
