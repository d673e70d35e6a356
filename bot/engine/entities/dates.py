"""Calendar dates, resolved against the lender's business date."""

from collections.abc import Iterator
from datetime import date

from bot.engine.entities import chinese_dates, english_dates, numeric_dates
from bot.engine.entities.date_rules import Match
from bot.engine.entities.finding import Finding

DATE = "date"
UNCLEAR_DATE = "unclear_date"

_RULES = (*numeric_dates.RULES, *english_dates.RULES, *chinese_dates.RULES)


def find_dates(text: str, business_date: date) -> Iterator[Finding]:
    """Find dates; the value is an ISO date on or after `business_date`.

    A date that is past, impossible or ambiguous ("last Friday", "31 February", "5/6") is an `unclear_date` with the
    words as its value, for the bot to ask about.
    """
    taken: list[Finding] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            finding = _finding(match, resolve(match, business_date), business_date)
            if not any(finding.overlaps(other) or finding.value == other.value for other in taken):
                taken.append(finding)
    yield from taken


def _finding(match: Match, day: date | None, business_date: date) -> Finding:
    if day is None or day < business_date:
        return Finding(UNCLEAR_DATE, match[0].strip(), *match.span())
    return Finding(DATE, day.isoformat(), *match.span())
