"""On the day of its booking a plan does not change what settles the loan; then interest runs on what is owed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from respite.lending.account import Payment, Position, position
from respite.lending.calendar import DayCount
from respite.lending.payoff import Payoff, payoff
from respite.lending.schedule import LoanTerms, Method, Schedule, build_schedule
from respite.plans.deferral import defer
from respite.plans.restructuring import restructure
from respite.policies.load import load_policy
from tests.unit.lending.loans import BALANCE_METHODS

POLICY = load_policy("cn")
CENT = Decimal("0.01")
DAY = timedelta(days=1)
IN_GOOD_TIME = (1, 28)
"""Days after one due date and before the next."""


@dataclass(frozen=True)
class Loan:
    """A loan on a day, with the first instalments paid on time."""

    terms: LoanTerms
    as_of: date
    paid: int
    part: Decimal = Decimal(0)

    @property
    def schedule(self) -> Schedule:
        return build_schedule(self.terms)

    @property
    def position(self) -> Position:
        on_time = (line for line in self.schedule.instalments[: self.paid] if line.total)
        paid = [Payment(line.due, line.total, str(line.number)) for line in on_time]
        if self.part:
            paid.append(Payment(self.as_of, self.part, "part"))
        return stand(self.schedule, paid, self)

    @property
    def payoff(self) -> Payoff:
        return settle(self.schedule, self.position, self, self.terms.method)


def stand(schedule: Schedule, paid: list[Payment], loan: Loan, as_of: date | None = None) -> Position:
    return position(schedule, paid, loan.terms.annual_rate, POLICY.charge_rules, as_of or loan.as_of)


def settle(schedule: Schedule, standing: Position, loan: Loan, method: Method) -> Payoff:
    start = schedule.start or loan.terms.start
    return payoff(
        schedule,
        standing,
        loan.terms.annual_rate,
        method,
        POLICY.payoff_rules,
        loan.terms.day_count,
        start,
    )


@st.composite
def loans(draw: st.DrawFn, methods: list[Method], days: tuple[int, int] = (0, 75), in_part: bool = True) -> Loan:
    """`days` have passed since the last instalment was paid, the next one perhaps `in_part`."""
    terms = LoanTerms(
        principal=draw(st.decimals("100", "50000", places=2)),
        annual_rate=draw(st.decimals("0", "36", places=2)),
        count=draw(st.integers(2, 24)),
        start=draw(st.dates(date(2024, 1, 1), date(2028, 12, 31))),
        method=draw(st.sampled_from(methods)),
        day_count=DayCount.ACTUAL_365,
        flat_fee_rate=draw(st.decimals("0", "2", places=2)),
    )
    schedule = build_schedule(terms)
    paid = draw(st.integers(0, len(schedule) - 1))
    begun = schedule[paid - 1].due if paid else terms.start
    as_of = begun + draw(st.integers(*days)) * DAY
    half = schedule[paid].total / 2
    part = draw(st.decimals("0.01", half, places=2)) if in_part and half >= 1 else Decimal(0)
    return Loan(terms, as_of, paid, part)


def deferred(loan: Loan, days: int) -> Schedule:
    oldest = loan.position.remaining[0]
    return defer(
        loan.schedule,
        loan.position,
        number=oldest.number,
        to=max(oldest.due, loan.as_of) + days * DAY,
        annual_rate=loan.terms.annual_rate,
        day_count=loan.terms.day_count,
    )


def restructured(loan: Loan, count: int, days: int) -> Schedule:
    return restructure(
        loan.position,
        count=count,
        first_due=loan.as_of + days * DAY,
        annual_rate=loan.terms.annual_rate,
        day_count=loan.terms.day_count,
        present_method=loan.terms.method,
    )


@given(loans(BALANCE_METHODS), st.integers(1, 70))
def test_a_deferral_leaves_the_payoff_of_the_day_as_it_is(loan: Loan, days: int) -> None:
    """To the cent that each period is rounded to: a deferral may cut one period in three.

    Within grace a deferral costs the interest since the due date, which settling does not.
    """
    oldest = loan.position.remaining[0]
    assume(oldest.due >= loan.as_of or oldest.penalty)
    plan = deferred(loan, days)
    after = settle(plan, stand(plan, [], loan), loan, loan.terms.method)
    assert abs(after.total - loan.payoff.total) <= 3 * CENT
    assert after.principal == loan.payoff.principal


@given(loans([Method.FLAT_FEE], IN_GOOD_TIME, in_part=False), st.integers(1, 70))
def test_a_deferral_in_good_time_leaves_the_payoff_of_flat_fees_as_it_is(loan: Loan, days: int) -> None:
    """Once the period has begun, whose fee is owed from then on."""
    plan = deferred(loan, days)
    assert settle(plan, stand(plan, [], loan), loan, Method.FLAT_FEE).total == loan.payoff.total


@given(loans([*BALANCE_METHODS, Method.FLAT_FEE]), st.integers(1, 36), st.integers(1, 45))
def test_a_restructuring_leaves_the_payoff_of_the_day_as_it_is(loan: Loan, count: int, days: int) -> None:
    plan = restructured(loan, count, days)
    after = settle(plan, stand(plan, [], loan), loan, Method.EQUAL_INSTALMENT)
    assert after.total == loan.payoff.total


@given(loans(BALANCE_METHODS, IN_GOOD_TIME, in_part=False), st.integers(1, 30), st.integers(1, 40))
def test_under_a_deferral_interest_runs_on_the_principal_that_is_outstanding(loan: Loan, days: int, later: int) -> None:
    """While nothing is due, each day adds a day of interest on all of the principal."""
    plan = deferred(loan, days)
    assume(loan.as_of + later * DAY <= plan[0].due)
    now = settle(plan, stand(plan, [], loan), loan, loan.terms.method)
    then = settle(plan, stand(plan, [], loan, loan.as_of + later * DAY), loan, loan.terms.method)
    accrued = loan.position.outstanding_principal * loan.terms.annual_rate / 100 * later / 365
    assert abs(then.total - now.total - accrued) <= 3 * CENT


@given(loans([*BALANCE_METHODS, Method.FLAT_FEE]), st.integers(1, 30))
def test_at_the_end_of_a_plan_the_payoff_is_what_is_left_of_it(loan: Loan, days: int) -> None:
    plan = deferred(loan, days)
    standing = stand(plan, [], loan, plan.last_due)
    settled = settle(plan, standing, loan, loan.terms.method)
    assert settled.total == standing.total_remaining


@pytest.mark.parametrize("days", [7, 14, 30])
def test_the_cash_loan_of_the_demonstration(days: int) -> None:
    """12,000 at 18 %, four of twelve paid; after 30 days the fifth falls due together with the sixth."""
    terms = LoanTerms(Decimal(12000), Decimal(18), 12, date(2026, 6, 27), day_count=DayCount.ACTUAL_365)
    loan = Loan(terms, date(2026, 11, 22), paid=4)
    plan = deferred(loan, days)
    after = settle(plan, stand(plan, [], loan), loan, terms.method)
    assert loan.payoff.total == Decimal("8342.43")
    assert abs(after.total - loan.payoff.total) <= CENT
