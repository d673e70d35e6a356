"""The time and the lender's business date, always passed in and never read by the code that computes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from respite.settings import Settings


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Tells the time in UTC and the business date in the lender's time zone.

    `fixed_date` pins the business date, so that a demonstration or a test is the same on every day.
    """

    timezone: ZoneInfo
    fixed_date: date | None = None
    read: Callable[[], datetime] = utc_now

    def now(self) -> datetime:
        return self.read()

    def business_date(self) -> date:
        return self.fixed_date or self.read().astimezone(self.timezone).date()


def lender_clock(timezone: str, settings: Settings) -> Clock:
    """The clock of a lender whose books close at midnight in `timezone` (IANA name)."""
    return Clock(ZoneInfo(timezone), settings.business_date)
