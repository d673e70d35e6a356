"""The words for what being late costs."""

from decimal import Decimal

from pydantic import AliasChoices, Field

from respite.calc.loan import LoanWords
from respite.calc.words import AmountOrZero, CountOrZero, Percent
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.money import ZERO

UNCAPPED = Decimal(10) ** 9


class LoanWithCharges(LoanWords):
    """A loan on which late charges may run."""

    penalty_rate_pct: Percent = ZERO
    late_fee: AmountOrZero = ZERO
    grace_days: CountOrZero = Field(0, validation_alias=AliasChoices("grace_days", "loan_grace_days"))
    cap_pct: Percent | None = None

    @property
    def charge_rules(self) -> ChargeRules:
        """Penalty interest at its own rate: a multiple of one on `penalty_rate_pct`."""
        return ChargeRules(
            penalty_rate_multiple=Decimal(1),
            grace_days=self.grace_days,
            late_fee=self.late_fee,
            all_in_cap_annual_rate=UNCAPPED if self.cap_pct is None else self.cap_pct,
            day_count=DayCount.ACTUAL_360 if self.counted_by is DayCount.ACTUAL_360 else DayCount.ACTUAL_365,
        )
