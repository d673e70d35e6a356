"""Dates in digits only: 2026-12-18, 18/12/2026, 12/25."""

from datetime import date

from bot.engine.entities.date_rules import Match, full_date, not_one_day, rule
from bot.engine.entities.days import nearest

_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_DAY_ABOVE_12 = r"(?P<day>1[3-9]|2\d|3[01])"
_YEAR = r"(?P<year>20\d\d|\d\d)"


def _day_and_month(match: Match, today: date) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    if first > 12:
        return nearest(second, first, today)
    return nearest(first, second, today) if second > 12 or first == second else None


RULES = (
    rule(rf"(?<![\d.])(?P<year>20\d\d)(?P<s>[-/.]){_MONTH}(?P=s){_DAY}(?!\d)", full_date),
    rule(rf"(?<![\d.]){_DAY_ABOVE_12}(?P<s>[-/.]){_MONTH}(?P=s){_YEAR}(?![\d.])", full_date),
    rule(rf"(?<![\d.]){_MONTH}(?P<s>[-/.]){_DAY_ABOVE_12}(?P=s){_YEAR}(?![\d.])", full_date),
    rule(r"(?<![\d.])\d{1,2}(?P<s>[-/.])\d{1,2}(?P=s)20\d\d(?!\d)", not_one_day),
    rule(r"(?<![\d/.$¥£€-])(?!24/7)(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\d/.%])", _day_and_month),
)
"""In the order in which they are tried."""
