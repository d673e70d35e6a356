"""Money as it leaves the core, and rounding by name."""

import decimal
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from babel.numbers import get_currency_precision, is_currency

from respite.lending.errors import LendingError

ZERO = Decimal(0)
CENT = Decimal("0.01")
COMPUTED_TO = Decimal("1e-10")
"""Digits behind this are left by division, not by the loan: a third of a year times three is a year."""


class RoundingMode(StrEnum):
    """How a figure between two units is settled; `up` and `down` are away from and towards zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"
    CEILING = "ceiling"
    FLOOR = "floor"

    @property
    def decimal_name(self) -> str:
        return str(getattr(decimal, f"ROUND_{self.name}"))


MODES = frozenset(RoundingMode)


@dataclass(frozen=True)
class Rounding:
    """Round to a multiple of `quantum` (0.01: cents; 1: whole units; 5: multiples of five).

    A figure half-way between two is rounded to the even one, so that many roundings favour neither side.
    """

    quantum: Decimal = CENT
    mode: str = RoundingMode.HALF_EVEN

    def __post_init__(self) -> None:
        if self.quantum <= 0:
            raise LendingError("quantum", "Amounts are rounded to a unit above zero, such as 0.01.")
        if self.mode not in MODES:
            raise LendingError("mode", f"Round by one of {', '.join(RoundingMode)}, not by {self.mode!r}.")

    def round(self, amount: Decimal) -> Decimal:
        """The multiple of the quantum that the mode chooses for `amount`."""
        computed = amount.quantize(COMPUTED_TO)
        steps = (computed / self.quantum).to_integral_value(RoundingMode(self.mode).decimal_name)
        return steps * self.quantum


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest unit of an ISO 4217 currency: 0.01 for CNY, 1 for JPY.

    Raises LendingError for a code that names no currency.
    """
    if not is_currency(currency):
        raise LendingError("currency", f"{currency!r} is not a currency; use an ISO 4217 code such as CNY.")
    return Decimal(1).scaleb(-get_currency_precision(currency))


@dataclass(frozen=True, order=False)
class Money:
    """An amount in a currency (ISO 4217), exact to the currency's minor unit."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount % minor_unit(self.currency):
            raise LendingError("amount", f"{self.amount} is not a whole number of minor units of {self.currency}.")

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """Money from integer minor units: 1701 CNY is 17.01."""
        return cls(minor * minor_unit(currency), currency)

    @property
    def minor(self) -> int:
        """The amount in integer minor units."""
        return int(self.amount / minor_unit(self.currency))

    @property
    def is_zero(self) -> bool:
        return self.amount == 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same_currency(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same_currency(other), self.currency)

    def _same_currency(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise LendingError("currency", f"{other.currency} cannot be added to or taken from {self.currency}.")
        return other.amount
