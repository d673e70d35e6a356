"""Schedules: what falls due when, made from the terms of a loan."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count as count_from

from respite.lending import amortise
from respite.lending.amortise import Part
from respite.lending.calendar import ONE_DAY, DayCount, due_dates, months_after
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.sharing import even_shares, in_first
from respite.lending.terms import LONGEST_COUNT, BrokenPeriod, LoanTerms, Method

__all__ = ["BrokenPeriod", "Instalment", "LoanTerms", "Method", "Schedule", "build_schedule", "schedule_over"]


def build_schedule(terms: LoanTerms) -> Schedule:
    """The schedule that `terms` agree.

    The last instalment takes the remainder, so the principal adds up to the amount lent. A down payment is
    number 0, due on the day the loan starts. Instalments that rounding to a multiple leaves empty at the end
    fall away. Raises LendingError where a fixed payment can never repay the loan.
    """
    first_due = terms.first_due or _step(terms, terms.start, 1)
    dues = due_dates(first_due, terms.count or LONGEST_COUNT, terms.every, _anchor_day(terms), terms.month_end)
    return schedule_over(terms, dues)


def schedule_over(terms: LoanTerms, dues: Sequence[date], first_fraction: Decimal | None = None) -> Schedule:
    """The schedule that `terms` agree on given due dates, whatever their steps.

    `first_fraction` is the share of a year in the first period where it is the rest of a longer one.
    """
    start, broken_interest = _first_regular_day(terms, dues[0])
    parts = _parts(terms, start, dues, first_fraction)
    spread = terms.broken_period is BrokenPeriod.SPREAD
    added = (
        even_shares(broken_interest, len(parts), terms.rounding) if spread else in_first(broken_interest, len(parts))
    )
    fee = terms.rounding.round(terms.financed * terms.flat_fee_rate / 100) if terms.method is Method.FLAT_FEE else ZERO
    lines = [
        Instalment(number, due, principal, interest + extra, fee)
        for number, due, (principal, interest), extra in zip(count_from(1), dues, parts, added, strict=False)
    ]
    while len(lines) > 1 and not lines[-1].total:
        lines.pop()
    if terms.down_payment:
        lines.insert(0, Instalment(0, terms.start, terms.down_payment))
    return Schedule(tuple(lines), terms.start)


def _parts(terms: LoanTerms, start: date, dues: Sequence[date], first_fraction: Decimal | None) -> list[Part]:
    """Principal and interest of each instalment, by the method of the terms."""
    rates = _rates(terms, start, dues, terms.day_count, first_fraction)
    principal, rounding = terms.financed, terms.rounding
    multiple = Rounding(terms.multiple_of, terms.multiple_mode) if terms.multiple_of else None
    if terms.fixed_payment is not None:
        return _fixed(terms, rates)
    match terms.method:
        case Method.EQUAL_INSTALMENT:
            sized_by = _rates(terms, start, dues, terms.sizing or terms.day_count, first_fraction)
            sizing = amortise.Sizing(sized_by, multiple or rounding, terms.level_last)
            return amortise.level_parts(principal, rates, sizing, rounding, terms.interest_brought)
        case Method.EQUAL_PRINCIPAL:
            return amortise.equal_principal_parts(principal, rates, multiple, rounding)
        case Method.FLAT_FEE:
            return amortise.flat_parts(principal, ZERO, len(dues), multiple, rounding)
        case Method.FLAT_INTEREST:
            return amortise.flat_parts(principal, principal * sum(rates), len(dues), multiple, rounding)
        case Method.BULLET:
            return amortise.bullet_parts(principal, rates, rounding)


def _rates(
    terms: LoanTerms, start: date, dues: Sequence[date], day_count: DayCount, first_fraction: Decimal | None
) -> list[Decimal]:
    """The interest rate of each period, as a fraction."""
    anchor_day = None if terms.every.days else _anchor_day(terms)
    rates = amortise.rates(start, dues, terms.annual_rate, day_count, anchor_day)
    return rates if first_fraction is None else [terms.annual_rate / 100 * first_fraction, *rates[1:]]


def _fixed(terms: LoanTerms, rates: Sequence[Decimal]) -> list[Part]:
    payment = terms.fixed_payment or ZERO
    if terms.count is not None:
        return amortise.pay_down(terms.financed, rates, [payment] * len(rates), terms.rounding)
    parts = amortise.fixed_parts(terms.financed, rates, payment, terms.rounding)
    if parts is None:
        raise LendingError("fixed_payment", "The fixed payment does not repay the loan; it must exceed the interest.")
    return parts


def _first_regular_day(terms: LoanTerms, first_due: date) -> tuple[date, Decimal]:
    """The day from which the first period counts, and the interest of the days before it."""
    regular = _step(terms, first_due, -1)
    if terms.broken_period is BrokenPeriod.LEVEL or regular <= terms.start:
        return terms.start, ZERO
    (rate,) = _rates(terms, terms.start, [regular], terms.day_count, None)
    return regular, terms.rounding.round(terms.financed * rate)


def _anchor_day(terms: LoanTerms) -> int:
    return terms.anchor_day or (terms.first_due or terms.start).day


def _step(terms: LoanTerms, day: date, steps: int) -> date:
    if terms.every.days:
        return day + terms.every.days * steps * ONE_DAY
    return months_after(day, terms.every.months * steps, _anchor_day(terms), terms.month_end)
