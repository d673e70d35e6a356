"""What credit costs a year, from its cash flows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pyxirr

from respite.lending.money import CENT, Rounding, RoundingMode
from respite.lending.us_apr import us_apr

__all__ = [
    "Flow",
    "compounded",
    "effective_annual_rate",
    "internal_rate",
    "nominal_annual_rate",
    "present_value",
    "us_apr",
]

Flow = tuple[date, Decimal]
"""A dated cash flow in the borrower's eyes: what is received is above zero, what is paid is below."""

PERCENT = Rounding(CENT, RoundingMode.HALF_UP)
HIGHEST_RATE = 1e9
"""Flows of one day have no annual rate; the search for one runs off beyond this."""


def effective_annual_rate(flows: Sequence[Flow]) -> Decimal | None:
    """The annual percentage rate of charge: percent a year, compounded, rounded to 0.01.

    Days are counted actual/365 (Directive 2008/48/EC, annex I; FCA MCOB 10). None where no rate exists.
    """
    rate = _yearly(flows)
    return None if rate is None else _percent(rate)


def nominal_annual_rate(flows: Sequence[Flow], periods_per_year: int = 12) -> Decimal | None:
    """The rate per period times the periods of a year: percent a year, not compounded, rounded to 0.01."""
    rate = _yearly(flows)
    return None if rate is None else _percent(((1 + rate) ** (1 / periods_per_year) - 1) * periods_per_year)


def internal_rate(flows: Sequence[Decimal]) -> Decimal | None:
    """The internal rate of return of evenly spaced flows, a fraction per period; None where none exists."""
    rate = pyxirr.irr([float(flow) for flow in flows], silent=True)
    return None if rate is None else Decimal(str(rate))


def present_value(rate: Decimal, flows: Sequence[Decimal]) -> Decimal:
    """The net present value of evenly spaced flows, the first today; `rate` is a fraction per period."""
    return sum((flow / (1 + rate) ** period for period, flow in enumerate(flows)), Decimal(0))


def compounded(rate: Decimal, periods_per_year: int = 12) -> Decimal:
    """The effective annual rate, percent rounded to 0.01, of a rate per period given as a fraction."""
    return PERCENT.round(((1 + rate) ** periods_per_year - 1) * 100)


def _yearly(flows: Sequence[Flow]) -> float | None:
    dates, amounts = zip(*flows, strict=True)
    rate = pyxirr.xirr(dates, [float(amount) for amount in amounts], silent=True)
    return rate if rate is not None and rate < HIGHEST_RATE else None


def _percent(rate: float) -> Decimal:
    return PERCENT.round(Decimal(str(rate)) * 100)
