"""From the words of a loan to its terms and its schedule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from respite.calc.loan import LoanWords
from respite.calc.refusals import refuse, refuse_contradictions
from respite.lending.calendar import anchor_day_of, due_dates
from respite.lending.errors import LendingError
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO
from respite.lending.schedule import build_schedule
from respite.lending.terms import LoanTerms, Method


def terms_of(loan: LoanWords) -> LoanTerms:
    """The terms of a loan. Raises LendingError for words that are missing or contradict each other."""
    if loan.principal is None:
        raise LendingError("principal", "Say how much is lent.")
    refuse_contradictions(loan)
    paid_down = loan.down_payment or ZERO
    if loan.down_payment_pct is not None:
        paid_down = loan.unit.round(loan.principal * loan.down_payment_pct / 100)
    return LoanTerms(
        principal=loan.principal,
        annual_rate=loan.rate,
        count=loan.n,
        start=loan.starts_on,
        method=loan.repayment,
        first_due=loan.first_due,
        every=loan.step,
        anchor_day=loan.anchor_day,
        month_end=loan.strategy,
        day_count=loan.counted_by,
        flat_fee_rate=loan.monthly_flat_pct or ZERO,
        rounding=loan.unit,
        multiple_of=loan.multiple_of,
        multiple_mode=loan.rounding.totals,
        down_payment=paid_down,
        fixed_payment=loan.payment,
        broken_period=loan.broken_period,
        sizing=loan.sizing,
        level_last=loan.level_last,
    )


def schedule_of(loan: LoanWords) -> Schedule:
    """What falls due when; grace periods and handling fees agreed at the start are in it."""
    terms = terms_of(loan)
    if loan.grace_on_principal:
        schedule = _interest_only_first(terms, loan.grace_on_principal)
    else:
        schedule = build_schedule(terms)
    if loan.monthly_handling_fee:
        schedule = _with_fee(schedule, loan.monthly_handling_fee)
    if loan.grace_on_interest:
        schedule = _with_interest_later(schedule, loan.grace_on_interest)
    return schedule


def due_after(schedule: Schedule, due: date, loan: LoanWords) -> date:
    """The due date behind `due`: that of the next instalment, or one step later where there is none."""
    later = [line.due for line in schedule if line.due > due]
    anchor_day = loan.anchor_day or anchor_day_of(line.due for line in schedule if line.number)
    return later[0] if later else due_dates(due, 2, loan.step, anchor_day, loan.strategy)[1]


def _interest_only_first(terms: LoanTerms, count: int) -> Schedule:
    """Instalments without principal, then the method of the terms over the others."""
    rate = ZERO if terms.method is Method.FLAT_FEE else terms.annual_rate
    waiting = build_schedule(replace(terms, method=Method.BULLET, annual_rate=rate))
    dues = [line.due for line in waiting if line.number]
    rest = build_schedule(
        replace(
            terms,
            principal=terms.financed,
            down_payment=ZERO,
            count=len(dues) - count,
            start=dues[count - 1],
            first_due=dues[count],
            anchor_day=terms.anchor_day or (terms.first_due or terms.start).day,
        )
    )
    first = takewhile(lambda line: line.number <= count, waiting)
    lines = [replace(line, fee=rest[0].fee) if line.number else line for line in first]
    lines += [replace(line, number=line.number + count) for line in rest]
    return Schedule(tuple(lines), terms.start)


def _with_fee(schedule: Schedule, fee: Decimal) -> Schedule:
    lines = (replace(line, fee=line.fee + fee) if line.number else line for line in schedule)
    return Schedule(tuple(lines), schedule.start)


def _with_interest_later(schedule: Schedule, count: int) -> Schedule:
    """The interest of the first instalments falls due with the one behind them."""
    refuse(count >= len(schedule), "grace_on_interest", "Give fewer instalments without interest than n.")
    postponed = sum((line.interest for line in schedule if line.number <= count), ZERO)
    first_bearing = count + 1
    lines = (
        replace(line, interest=ZERO)
        if line.number <= count
        else replace(line, interest=line.interest + postponed * (line.number == first_bearing))
        for line in schedule
    )
    return Schedule(tuple(lines), schedule.start)
