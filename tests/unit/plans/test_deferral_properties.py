"""What every deferral keeps, whatever the loan, the day and the kind."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from respite.lending.account import Position, position
from respite.lending.charges import ChargeRules
from respite.lending.schedule import LoanTerms, Method, Schedule, build_schedule
from respite.plans.deferral import Carry, DeferralKind, Tail, defer
from tests.unit.lending.loans import BALANCE_METHODS, charge_rules, loan_terms, payments

WITHOUT_WAIVER = [
    DeferralKind.DUE_DATE_SHIFT,
    DeferralKind.PRINCIPAL_HOLIDAY,
    DeferralKind.INTEREST_POSTPONED,
]
WITHOUT_CAPITAL = [Carry.FORWARD, Carry.FIRST, Carry.LAST, Carry.SPREAD]
Case = tuple[LoanTerms, ChargeRules, Position, Schedule]


@st.composite
def deferrals(draw: st.DrawFn, kinds: list[DeferralKind], carries: list[Carry], most_days: int = 500) -> Case:
    """A loan, its late charges and position, and the schedule once its oldest unpaid instalment waits."""
    terms = draw(loan_terms(methods=[*BALANCE_METHODS, Method.FLAT_FEE], least="100"))
    schedule = build_schedule(terms)
    as_of = terms.start + timedelta(days=draw(st.integers(0, most_days)))
    paid = draw(payments(terms.start, schedule.total / 4))
    rules = draw(charge_rules())
    standing = position(schedule, paid, terms.annual_rate, rules, as_of)
    waiting = [line for line in standing.remaining if not line.is_paid]
    assume(waiting)
    deferred = defer(
        schedule,
        standing,
        number=waiting[0].number,
        to=max(waiting[0].due, as_of) + timedelta(days=draw(st.integers(1, 90))),
        annual_rate=terms.annual_rate,
        day_count=terms.day_count,
        kind=draw(st.sampled_from(kinds)),
        tail=draw(st.sampled_from(Tail)),
        carry=draw(st.sampled_from(carries)),
    )
    return terms, rules, standing, deferred


@given(deferrals(list(DeferralKind), WITHOUT_CAPITAL))
def test_a_deferral_keeps_the_principal(case: Case) -> None:
    *_, standing, deferred = case
    assert deferred.principal == standing.outstanding_principal
    assert deferred.balances[-1] == 0


@given(deferrals(WITHOUT_WAIVER, [*WITHOUT_CAPITAL, Carry.CAPITALISE]))
def test_a_deferral_is_never_cheaper_unless_interest_is_paused(case: Case) -> None:
    terms, rules, standing, deferred = case
    after = position(deferred, [], terms.annual_rate, rules, standing.as_of)
    assert after.total_remaining >= standing.total_remaining


@given(deferrals(list(DeferralKind), [*WITHOUT_CAPITAL, Carry.CAPITALISE]))
def test_dates_never_fall_back_and_no_part_is_negative(case: Case) -> None:
    *_, deferred = case
    assert all(earlier.due <= later.due for earlier, later in pairwise(deferred))
    for line in deferred:
        assert min(line.principal, line.interest, line.fee, line.carried) >= 0


@given(deferrals([DeferralKind.INTEREST_POSTPONED], WITHOUT_CAPITAL))
def test_postponed_interest_is_the_same_interest(case: Case) -> None:
    *_, standing, deferred = case
    assert deferred.interest == sum((line.unpaid_interest for line in standing.remaining), Decimal(0))


@given(deferrals([DeferralKind.INTEREST_PAUSE], WITHOUT_CAPITAL, most_days=0))
def test_a_pause_before_anything_is_overdue_adds_no_interest(case: Case) -> None:
    *_, standing, deferred = case
    assert deferred.interest <= sum((line.unpaid_interest for line in standing.remaining), Decimal(0))


@given(deferrals([DeferralKind.DUE_DATE_SHIFT], WITHOUT_CAPITAL))
def test_numbers_follow_one_another_from_the_oldest_unpaid(case: Case) -> None:
    *_, standing, deferred = case
    first = standing.remaining[0].number
    assert [line.number for line in deferred] == list(range(first, first + len(deferred)))
