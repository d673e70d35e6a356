"""What every restructuring keeps, whatever the loan and the day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from respite.lending.account import Position, position
from respite.lending.charges import ChargeRules
from respite.lending.schedule import LoanTerms, Method, build_schedule
from respite.plans.restructuring import (
    Carry,
    PlanNotPossibleError,
    count_for_payment,
    reamortise,
    restructure,
)
from tests.unit.lending.loans import BALANCE_METHODS, charge_rules, loan_terms, payments

NO_CHARGES = ChargeRules(Decimal(0), 0, Decimal(0), Decimal(0))
PLAIN = [Carry.FORWARD, Carry.FIRST, Carry.LAST, Carry.SPREAD, Carry.LEVEL]
Case = tuple[LoanTerms, Position]


@st.composite
def owing(draw: st.DrawFn) -> Case:
    """Terms and position of a loan with principal left."""
    terms = draw(loan_terms(methods=[*BALANCE_METHODS, Method.FLAT_FEE], least="100"))
    schedule = build_schedule(terms)
    as_of = terms.start + timedelta(days=draw(st.integers(0, 500)))
    paid = draw(payments(terms.start, schedule.total / 4))
    standing = position(schedule, paid, terms.annual_rate, draw(charge_rules()), as_of)
    assume(standing.outstanding_principal)
    return terms, standing


def first_due(standing: Position, days: int = 20) -> date:
    return standing.as_of + timedelta(days=days)


@given(owing(), st.integers(1, 60), st.sampled_from(PLAIN), st.sampled_from(BALANCE_METHODS))
def test_a_restructuring_keeps_the_principal(case: Case, count: int, carry: Carry, method: Method) -> None:
    terms, standing = case
    renewed = restructure(
        standing,
        count=count,
        first_due=first_due(standing),
        annual_rate=terms.annual_rate,
        day_count=terms.day_count,
        method=method,
        carry=carry,
    )
    assert renewed.principal == standing.outstanding_principal
    assert renewed.balances[-1] == 0
    assert all(earlier.due < later.due for earlier, later in pairwise(renewed))
    for line in renewed:
        assert min(line.principal, line.interest, line.fee, line.carried) >= 0


@given(owing(), st.integers(1, 24), st.integers(0, 300), st.integers(1, 24))
def test_restructuring_a_restructuring_keeps_the_principal(case: Case, count: int, days: int, again: int) -> None:
    terms, standing = case
    rate, day_count = terms.annual_rate, terms.day_count
    once = restructure(standing, count=count, first_due=first_due(standing), annual_rate=rate, day_count=day_count)
    later = position(once, [], rate, NO_CHARGES, standing.as_of + timedelta(days=days))
    twice = restructure(later, count=again, first_due=first_due(later), annual_rate=rate, day_count=day_count)
    assert twice.principal == once.principal == standing.outstanding_principal
    assert twice.total >= once.principal


@given(owing(), st.integers(1, 24), st.sampled_from(PLAIN))
def test_waiving_takes_off_exactly_the_late_charges(case: Case, count: int, carry: Carry) -> None:
    terms, standing = case

    def total(waive: bool) -> Decimal:
        return restructure(
            standing,
            count=count,
            first_due=first_due(standing),
            annual_rate=terms.annual_rate,
            day_count=terms.day_count,
            carry=carry,
            penalty_waiver=Decimal(100 if waive else 0),
        ).total

    assert total(waive=False) - total(waive=True) == standing.penalty + standing.late_fees


@given(owing(), st.sampled_from(PLAIN), st.integers(0, 6))
def test_reamortising_keeps_the_principal_and_the_dates(case: Case, carry: Carry, extra: int) -> None:
    terms, standing = case
    ahead = [line.due for line in standing.instalments if line.due > standing.as_of]
    assume(ahead)
    renewed = reamortise(
        standing,
        annual_rate=terms.annual_rate,
        day_count=terms.day_count,
        extra=extra,
        every=terms.every,
        carry=carry,
    )
    dues = [line.due for line in renewed]
    assert renewed.principal == standing.outstanding_principal
    assert dues[: len(ahead)] == ahead[: len(dues)]
    assert all(earlier < later for earlier, later in pairwise(dues))


@given(owing(), st.decimals("10", "5000", places=2))
def test_the_count_for_a_payment_is_the_smallest_that_fits(case: Case, payment: Decimal) -> None:
    terms, standing = case

    def largest(count: int) -> Decimal:
        renewed = restructure(
            standing,
            count=count,
            first_due=first_due(standing),
            annual_rate=terms.annual_rate,
            day_count=terms.day_count,
        )
        return max(line.total for line in renewed)

    try:
        count = count_for_payment(
            standing,
            monthly_payment=payment,
            first_due=first_due(standing),
            annual_rate=terms.annual_rate,
            day_count=terms.day_count,
        )
    except PlanNotPossibleError:
        assert largest(60) > payment
        return
    assert largest(count) <= payment
    assert count == 1 or largest(count - 1) > payment
