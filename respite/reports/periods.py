"""The days that a report is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class PeriodError(ValueError):
    """Days that make no period; the text, in English, says what to do."""


@dataclass(frozen=True)
class Period:
    """Business dates from `first` to `last`, both included. Raises PeriodError where they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise PeriodError(f"The period begins on {self.first} and ends on {self.last}. Give the earlier day first.")

    @classmethod
    def ending(cls, last: date, days: int) -> "Period":
        """The `days` days up to `last`."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The equally long period that ends where this one begins. Raises PeriodError before the year 1."""
        try:
            return Period.ending(self.first - ONE_DAY, self.days)
        except OverflowError:
            raise PeriodError(f"No period of {self.days} days comes before {self.first}. Give a later day.") from None

    def dates(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(self.days))

    def moments(self, timezone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and when the day after it does, on the lender's clock."""
        begin, end = (datetime.combine(day, time(), timezone) for day in (self.first, self.last + ONE_DAY))
        return begin.astimezone(UTC), end.astimezone(UTC)
