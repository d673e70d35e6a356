"""The annual percentage rate of the United States: Regulation Z, 12 CFR 1026, appendix J."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from respite.lending.calendar import months_after
from respite.lending.errors import LendingError
from respite.lending.money import CENT, ZERO, Rounding, RoundingMode

Dated = tuple[date, Decimal]
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class UnitPeriod:
    """The interval that an actuarial rate is for: some months, half a month (15 days), or some days."""

    months: int = 0
    half_months: int = 0
    days: int = 0

    @property
    def length(self) -> int:
        """Days of the period, a month counting 30."""
        return 30 * self.months + 15 * self.half_months + self.days

    @property
    def per_year(self) -> Decimal:
        """Unit-periods in a year, which has 12 months, 24 half months, 52 weeks or 365 days."""
        if self.days:
            return Decimal(364 if self.days % 7 == 0 else 365) / self.days
        return Decimal(360) / self.length

    def between(self, start: date, end: date) -> tuple[int, Decimal]:
        """Whole unit-periods from `start` to `end` and the fraction of one; months count back from `end`.

        Of a year, odd days are a fraction in 365ths (paragraph (b)(5)(v)).
        """
        if self.days:
            whole, rest = divmod((end - start).days, self.length)
            return whole, Decimal(rest) / self.length
        months = full_months(start, end)
        odd_days = (months_after(end, -months, end.day) - start).days
        if self.months == MONTHS_OF_A_YEAR and odd_days:
            years = months // MONTHS_OF_A_YEAR
            return years, Decimal((months_after(end, -MONTHS_OF_A_YEAR * years, end.day) - start).days) / 365
        whole, rest = divmod(30 * months + odd_days, self.length)
        return whole, Decimal(rest) / self.length


def us_apr(advances: Sequence[Dated], payments: Sequence[Dated], unit: UnitPeriod | None = None) -> Decimal:
    """The annual percentage rate, percent rounded to 0.01: a unit-period's rate times unit-periods in a year.

    `unit` is found from the dates where it is not given. Raises LendingError where no rate balances the
    flows.
    """
    period = unit or unit_period([day for day, _ in advances], [day for day, _ in payments])
    start = min(day for day, _ in advances)
    flows = [(*period.between(start, day), amount) for day, amount in payments]
    flows += [(*period.between(start, day), -amount) for day, amount in advances]

    def value(rate: Decimal) -> Decimal:
        return sum(
            (amount / ((1 + fraction * rate) * (1 + rate) ** whole) for whole, fraction, amount in flows),
            ZERO,
        )

    return Rounding(CENT, RoundingMode.HALF_UP).round(_root(value) * period.per_year * 100)


def full_months(start: date, end: date) -> int:
    """Whole months counted back from `end` that do not pass `start`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_after(end, -months, end.day) >= start else months - 1


def unit_period(advances: Sequence[date], payments: Sequence[date]) -> UnitPeriod:
    """The most frequent interval between payments or between advances, the shorter of two as frequent.

    Where none occurs twice, the average interval; for one advance and one payment, the term (paragraph
    (b)(4)).
    """
    if len(payments) == 1 and len(advances) == 1:
        return _interval(advances[0], payments[0])
    gaps = [gap for days in (sorted(advances), sorted(payments)) for gap in pairwise(days)]
    if _are_half_monthly(payments):
        return UnitPeriod(half_months=1)
    counted = Counter(_interval(*gap) for gap in gaps)
    period, times = max(counted.items(), key=lambda item: (item[1], -item[0].length))
    if times > 1 or len(gaps) == 1:
        return period
    average = sum((end - start).days for start, end in gaps) / len(gaps)
    return (
        UnitPeriod(months=min(round(average * 12 / 365), MONTHS_OF_A_YEAR))
        if average >= 28
        else UnitPeriod(days=round(average))
    )


def _are_half_monthly(payments: Sequence[date]) -> bool:
    days = sorted({day.day for day in payments})
    return len(payments) > 2 and len(days) == 2 and days[1] - days[0] == 15


def _interval(start: date, end: date) -> UnitPeriod:
    months = full_months(start, end)
    if months >= MONTHS_OF_A_YEAR:
        return UnitPeriod(months=MONTHS_OF_A_YEAR)
    if months and months_after(end, -months, end.day) == start:
        return UnitPeriod(months=months)
    return UnitPeriod(days=(end - start).days)


def _root(value: Callable[[Decimal], Decimal]) -> Decimal:
    """Where a falling function is zero, by halving, to twelve places."""
    low, high = Decimal("-0.99"), Decimal(1)
    while value(high) > 0:
        high *= 2
        if high > 10**6:
            raise LendingError("payments", "No rate balances these advances and payments.")
    while high - low > Decimal("1e-12"):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) > 0 else (low, middle)
    return low
