"""When the desk is open: the opening hours and holidays of the policy, on the lender's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from respite.policies.model import Policy
from respite.policies.support import Opening, SupportPolicy, Weekday

DAY = timedelta(days=1)
DAYS_AHEAD = 100
"""How far into the future anybody looks."""


class Period(NamedTuple):
    """From `begin` on, up to `end`, both in UTC."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Desk:
    """The hours in which staff answer. An opening that begins on a holiday does not take place."""

    rules: SupportPolicy
    timezone: ZoneInfo

    @classmethod
    def of(cls, policy: Policy) -> "Desk":
        return cls(policy.support, ZoneInfo(policy.lender.timezone))

    def is_open(self, at: datetime) -> bool:
        opening = next(self.periods(at), None)
        return opening is not None and opening.begin <= at

    def opens_at(self, at: datetime) -> datetime | None:
        """The next moment at which the desk opens; None while it is open."""
        opening = next(self.periods(at), None)
        return None if opening is None or opening.begin <= at else opening.begin.astimezone(self.timezone)

    def deadline(self, start: datetime, minutes: int) -> datetime:
        """The moment at which the desk has been open for `minutes` since `start`."""
        start, left = start.astimezone(UTC), timedelta(minutes=minutes)
        for period in self.periods(start):
            begin = max(start, period.begin)
            if left <= period.end - begin:
                return begin + left
            left -= period.end - begin
        return start + DAYS_AHEAD * DAY

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the desk was open between two moments."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        return sum(
            (min(end, period.end) - max(start, period.begin) for period in self.periods(start) if period.begin < end),
            timedelta(0),
        )

    def windows(self, after: datetime, minutes: int) -> Iterator[Period]:
        """Spans of `minutes` in the opening hours that begin after a moment, on the lender's clock."""
        span = timedelta(minutes=minutes)
        for period in self.periods(after):
            begin = period.begin
            while begin + span <= period.end:
                if begin > after:
                    yield Period(begin.astimezone(self.timezone), (begin + span).astimezone(self.timezone))
                begin += span

    def periods(self, since: datetime) -> Iterator[Period]:
        """The hours that end after `since`, in their order; hours that touch are one period."""
        current: Period | None = None
        first = since.astimezone(self.timezone).date() - DAY
        for day in (first + number * DAY for number in range(DAYS_AHEAD)):
            for period in self._of(day):
                if current and period.begin <= current.end:
                    current = Period(current.begin, max(current.end, period.end))
                    continue
                if current and current.end > since:
                    yield current
                current = period
        if current and current.end > since:
            yield current

    def _of(self, day: date) -> list[Period]:
        """The hours that begin on a day, none on a holiday."""
        if day in self.rules.holidays:
            return []
        weekday = tuple(Weekday)[day.weekday()]
        return sorted(self._on(day, opening) for opening in self.rules.opening_hours if weekday in opening.days)

    def _on(self, day: date, opening: Opening) -> Period:
        last = day if opening.begin < opening.end else day + DAY
        begin, end = (
            datetime.combine(on, at, self.timezone).astimezone(UTC)
            for on, at in ((day, opening.begin), (last, opening.end))
        )
        return Period(begin, end)
