"""Spreading a principal over interest periods: the arithmetic under every schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.calendar import DayCount, period_fraction
from respite.lending.money import ZERO, Rounding

Part = tuple[Decimal, Decimal]
"""The principal and the interest of one instalment."""


def rates(
    start: date, dues: Sequence[date], annual_rate: Decimal, day_count: DayCount, anchor_day: int | None
) -> list[Decimal]:
    """The interest rate of each period, as a fraction; `annual_rate` in percent a year.

    The interest of the days after one due date up to and including the next falls due on the next.
    """
    starts = (start, *dues)[: len(dues)]
    return [
        annual_rate / 100 * period_fraction(first, last, day_count, anchor_day)
        for first, last in zip(starts, dues, strict=True)
    ]


def level_payment(principal: Decimal, rates: Sequence[Decimal]) -> Decimal:
    """The unrounded equal payment that repays `principal` over periods with these rates, as fractions.

    The payment whose present value is the principal: principal / sum of the periods' discount factors.
    """
    discount, annuity = Decimal(1), ZERO
    for rate in rates:
        discount /= 1 + rate
        annuity += discount
    return principal / annuity


def level_count(principal: Decimal, rate: Decimal, payment: Decimal) -> Decimal | None:
    """The unrounded number of equal payments that repay `principal` at a rate a period, a fraction.

    None where a payment does not exceed the interest.
    """
    if not rate:
        return principal / payment
    if payment <= principal * rate:
        return None
    return -(1 - principal * rate / payment).ln() / (1 + rate).ln()


def pay_down(
    principal: Decimal,
    rates: Sequence[Decimal],
    sizes: Sequence[Decimal],
    rounding: Rounding,
    brought: Decimal = ZERO,
) -> list[Part]:
    """Payments of given sizes: interest first, the rest principal; the last instalment takes the remainder.

    `brought` is interest owed from before. Interest that a payment does not cover waits for the next one and
    bears no interest itself.
    """
    parts: list[Part] = []
    balance, waiting = principal, brought
    for rate, size in zip(rates[:-1], sizes[:-1], strict=True):
        waiting += rounding.round(balance * rate)
        interest = min(waiting, size)
        part = min(size - interest, balance)
        waiting -= interest
        balance -= part
        parts.append((part, interest))
    return [*parts, (balance, waiting + rounding.round(balance * rates[-1]))]


@dataclass(frozen=True)
class Sizing:
    """How an equal instalment is found: the rates that size it, its rounding, a last one near it or not."""

    rates: Sequence[Decimal]
    totals: Rounding
    level_last: bool = False


def level_parts(
    principal: Decimal, rates: Sequence[Decimal], sizing: Sizing, rounding: Rounding, brought: Decimal = ZERO
) -> list[Part]:
    """Equal instalments. `brought` is interest owed from before; it is paid first and bears no interest."""
    first_rate = sizing.rates[0]
    payment = sizing.totals.round(level_payment(principal + brought / (1 + first_rate), sizing.rates))
    parts = pay_down(principal, rates, [payment] * len(rates), rounding, brought)
    while sizing.level_last:
        difference = sum(parts[-1]) - payment
        adjusted = payment + sizing.totals.round(difference / len(rates))
        candidate = pay_down(principal, rates, [adjusted] * len(rates), rounding, brought)
        if abs(sum(candidate[-1]) - adjusted) >= abs(difference):
            break
        payment, parts = adjusted, candidate
    return parts


def fixed_parts(
    principal: Decimal, rates: Sequence[Decimal], payment: Decimal, rounding: Rounding
) -> list[Part] | None:
    """Fixed payments until nothing is left; None where the periods given do not suffice."""
    parts: list[Part] = []
    balance = principal
    for rate in rates:
        interest = rounding.round(balance * rate)
        if balance + interest <= payment:
            return [*parts, (balance, interest)]
        if interest >= payment:
            return None
        parts.append((payment - interest, interest))
        balance -= payment - interest
    return None


def equal_principal_parts(
    principal: Decimal, rates: Sequence[Decimal], totals: Rounding | None, rounding: Rounding
) -> list[Part]:
    """The same principal in every instalment, interest on the balance."""
    share = rounding.round(principal / len(rates))
    parts: list[Part] = []
    balance = principal
    for rate in rates[:-1]:
        interest = rounding.round(balance * rate)
        part = totals.round(share + interest) - interest if totals else share
        part = min(max(part, ZERO), balance)
        parts.append((part, interest))
        balance -= part
    parts.append((balance, rounding.round(balance * rates[-1])))
    return parts


def flat_parts(
    principal: Decimal, charge: Decimal, count: int, totals: Rounding | None, rounding: Rounding
) -> list[Part]:
    """The same principal and the same charge in every instalment; the last takes the remainder of both."""
    share, each = rounding.round(principal / count), rounding.round(charge / count)
    if totals:
        share = max(totals.round((principal + charge) / count) - each, ZERO)
    parts: list[Part] = []
    balance, owed = principal, rounding.round(charge)
    for _ in range(count - 1):
        part, interest = min(share, balance), min(each, owed)
        parts.append((part, interest))
        balance, owed = balance - part, owed - interest
    return [*parts, (balance, owed)]


def bullet_parts(principal: Decimal, rates: Sequence[Decimal], rounding: Rounding) -> list[Part]:
    """Interest only, then the whole principal with the last instalment."""
    interest = [rounding.round(principal * rate) for rate in rates]
    return [*((ZERO, due) for due in interest[:-1]), (principal, interest[-1])]
