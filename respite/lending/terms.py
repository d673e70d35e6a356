"""The terms of a loan, from which its schedule is made."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from respite.lending.calendar import MONTHLY, DayCount, Every, MonthEnd
from respite.lending.errors import LendingError
from respite.lending.money import ZERO, Rounding, RoundingMode

LONGEST_COUNT = 1200
LARGEST_AMOUNT = Decimal(10) ** 12


class Method(StrEnum):
    """How a loan is repaid."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    FLAT_FEE = "flat_fee"
    FLAT_INTEREST = "flat_interest"
    BULLET = "bullet"


class BrokenPeriod(StrEnum):
    """Where the interest of the days before the first regular period goes.

    level: inside the equal instalments; first: on top of the first instalment; spread: evenly on top of all.
    """

    LEVEL = "level"
    FIRST = "first"
    SPREAD = "spread"


@dataclass(frozen=True)
class LoanTerms:
    """The terms that a schedule is made from.

    annual_rate: percent a year. For FLAT_FEE it is the disclosed contract rate, used for penalty interest and
        plans, while the instalments bear `flat_fee_rate`: percent of the amount lent, per instalment.
    count: number of instalments after the down payment; None where `fixed_payment` decides it.
    first_due: default one step of `every` after `start`.
    anchor_day: day of the month kept by monthly due dates; default the day of `first_due`, or of `start`.
    multiple_of: instalment totals are rounded to a multiple of this by `multiple_mode`; the last takes
        the remainder.
    sizing: day count that sizes the equal instalment where it differs from that of the interest.
    level_last: adjust the equal instalment so that the last one differs least from it.
    interest_brought: interest owed from before, paid first within equal instalments and bearing no interest.
    """

    principal: Decimal
    annual_rate: Decimal
    count: int | None
    start: date
    method: Method = Method.EQUAL_INSTALMENT
    first_due: date | None = None
    every: Every = MONTHLY
    anchor_day: int | None = None
    month_end: MonthEnd = MonthEnd.CLAMP
    day_count: DayCount = DayCount.THIRTY_360
    flat_fee_rate: Decimal = ZERO
    rounding: Rounding = field(default_factory=Rounding)
    multiple_of: Decimal | None = None
    multiple_mode: str = RoundingMode.HALF_EVEN
    down_payment: Decimal = ZERO
    fixed_payment: Decimal | None = None
    broken_period: BrokenPeriod = BrokenPeriod.LEVEL
    sizing: DayCount | None = None
    level_last: bool = False
    interest_brought: Decimal = ZERO

    def __post_init__(self) -> None:
        _require(
            self.principal.is_finite() and 0 < self.principal <= LARGEST_AMOUNT,
            "principal",
            f"The amount lent must be above zero and at most {LARGEST_AMOUNT:,}.",
        )
        _require(_not_negative(self.annual_rate), "annual_rate", "The annual rate cannot be below zero.")
        _require(_not_negative(self.flat_fee_rate), "flat_fee_rate", "The fee rate cannot be below zero.")
        _require(
            self.count is not None or self.fixed_payment is not None,
            "count",
            "Give the number of instalments, or a fixed payment that decides it.",
        )
        _require(
            self.count is None or 1 <= self.count <= LONGEST_COUNT,
            "count",
            f"The number of instalments is from 1 to {LONGEST_COUNT}.",
        )
        _require(
            _not_negative(self.down_payment) and self.down_payment < self.principal,
            "down_payment",
            "The down payment must be less than the amount lent, and not below zero.",
        )
        _require(
            self.fixed_payment is None or (self.fixed_payment.is_finite() and self.fixed_payment > 0),
            "fixed_payment",
            "The fixed payment must be above zero.",
        )
        _require(
            self.first_due is None or self.first_due >= self.start,
            "first_due",
            "The first instalment cannot fall due before the day from which it accrues.",
        )
        _require(
            self.anchor_day is None or 1 <= self.anchor_day <= 31,
            "anchor_day",
            "The due day of the month is a number from 1 to 31.",
        )

    @property
    def financed(self) -> Decimal:
        """What is left to repay in instalments after the down payment."""
        return self.principal - self.down_payment


def _require(holds: bool, name: str, message: str) -> None:
    if not holds:
        raise LendingError(name, message)


def _not_negative(amount: Decimal) -> bool:
    return amount.is_finite() and amount >= 0
