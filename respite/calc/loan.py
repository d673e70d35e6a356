"""The words that describe a loan."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import AliasChoices, Field

from respite.calc.rounding_words import RoundingChoice
from respite.calc.words import (
    Amount,
    AmountOrZero,
    Count,
    CountOrZero,
    CurrencyWords,
    Day,
    DayCountWord,
    Grace,
    MethodWord,
    Percent,
    Ratio,
    RoundingWord,
    Step,
)
from respite.lending.calendar import ONE_DAY, DayCount, Every, MonthEnd, months_after
from respite.lending.money import COMPUTED_TO, ZERO, Rounding
from respite.lending.terms import BrokenPeriod, Method

UNDATED = date(2001, 1, 1)
"""The start of a loan whose dates nobody asks for: 30/360 months are alike."""


class LoanWords(CurrencyWords):
    """A loan: what is lent, at what rate, repaid how and when."""

    principal: Amount | None = Field(None, validation_alias=AliasChoices("principal", "pv"))
    annual_rate_pct: Percent | None = None
    rate_per_period: Ratio | None = None
    daily_rate_pct: Percent | None = None
    monthly_flat_pct: Percent | None = None
    n: Count | None = None
    payment: Amount | None = None
    start: Day | None = Field(None, validation_alias=AliasChoices("start", "disbursed"))
    first_due: Day | None = None
    every: Step | None = None
    every_days: Count | None = None
    anchor_day: Count | None = None
    strategy: MonthEnd = MonthEnd.CLAMP
    day_count: DayCountWord | None = None
    method: MethodWord | None = Field(None, validation_alias=AliasChoices("method", "amort"))
    interest: Literal["flat", "declining"] | None = None
    down_payment: AmountOrZero | None = None
    down_payment_pct: Percent | None = None
    instalment_multiple_of: Amount | None = Field(
        None, validation_alias=AliasChoices("instalment_multiple_of", "installment_multiple_of")
    )
    rounding: RoundingWord = RoundingChoice()
    monthly_handling_fee: AmountOrZero = ZERO
    grace_on_principal: Grace = 0
    grace_on_interest: Grace = 0
    broken_period: BrokenPeriod = BrokenPeriod.LEVEL
    broken_days: CountOrZero | None = None
    sizing: DayCountWord | None = None
    level_last: bool = False

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.first_due is not None

    @property
    def step(self) -> Every:
        return Every(days=self.every_days) if self.every_days else self.every or Every(months=1)

    @property
    def starts_on(self) -> date:
        """The day from which interest runs; one step before the first due date where it is not given."""
        if self.start or not self.first_due:
            return self.start or UNDATED
        return self.regular_start(self.first_due)

    def regular_start(self, first_due: date) -> date:
        """One step before the first due date."""
        if self.step.days:
            return first_due - self.step.days * ONE_DAY
        return months_after(first_due, -self.step.months, self.anchor_day or first_due.day)

    @property
    def rate(self) -> Decimal:
        """Percent a year; a loan without any word for a rate bears no interest."""
        if self.rate_per_period is not None:
            return self.rate_per_period * 1200 / (self.step.months or 1)
        if self.daily_rate_pct is not None:
            return self.daily_rate_pct * 365
        if self.annual_rate_pct is None and self.repayment is Method.FLAT_INTEREST:
            return (self.monthly_flat_pct or ZERO) * 12
        return self.annual_rate_pct or ZERO

    @property
    def counted_by(self) -> DayCount:
        usual = DayCount.THIRTY_360 if self.daily_rate_pct is None else DayCount.ACTUAL_365
        return self.day_count or usual

    @property
    def repayment(self) -> Method:
        """The method named, else the one that the other words imply."""
        if self.method:
            return self.method
        if self.interest == "flat":
            return Method.FLAT_INTEREST
        if self.monthly_flat_pct is None:
            return Method.EQUAL_INSTALMENT
        return Method.FLAT_INTEREST if self.annual_rate_pct is None else Method.FLAT_FEE

    @property
    def unit(self) -> Rounding:
        """How amounts are rounded in computation."""
        return Rounding(COMPUTED_TO) if self.rounding.exact else self._unit_shown

    @property
    def _unit_shown(self) -> Rounding:
        return Rounding(self.minor_unit, self.rounding.amounts)

    def show(self, amount: Decimal) -> Decimal:
        """`amount` with the decimals of the currency; computed without rounding, it is rounded here."""
        return self._unit_shown.round(amount).quantize(self.minor_unit)

    @property
    def multiple_of(self) -> Decimal | None:
        return self.instalment_multiple_of or (Decimal(1) if self.rounding.whole_units else None)
