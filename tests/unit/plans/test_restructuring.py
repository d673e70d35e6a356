"""Restructuring, worked out by hand. 1200 over three months at 12 %, 30/360; nothing paid by 25 March."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from respite.lending.account import Payment, Position, position
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.schedule import LoanTerms, Method, Schedule, build_schedule
from respite.plans.restructuring import (
    Carry,
    PlanNotPossibleError,
    change_rate,
    count_for_payment,
    extend,
    reamortise,
    restructure,
)

RATE = Decimal(12)
TERMS = LoanTerms(Decimal(1200), RATE, 3, date(2026, 1, 15))
AGREED = build_schedule(TERMS)
RULES = ChargeRules(Decimal("1.5"), 0, Decimal(5), Decimal(1000))
TODAY = date(2026, 3, 25)
LATE = position(AGREED, [], RATE, RULES, TODAY)
ON_TIME = position(AGREED, [Payment(AGREED[0].due, AGREED[0].total, "1")], RATE, RULES, AGREED[0].due)


def renew(standing: Position = LATE, count: int = 4, carry: Carry = Carry.FIRST, waive: bool = False) -> Schedule:
    return restructure(
        standing,
        count=count,
        first_due=date(2026, 4, 25),
        annual_rate=RATE,
        day_count=DayCount.THIRTY_360,
        carry=carry,
        penalty_waiver=Decimal(100 if waive else 0),
    )


def test_arrears_go_into_the_first_instalment_and_bear_no_interest() -> None:
    """Interest of two months and of 10 of 31 days; penalty interest on two principal parts; two late fees."""
    renewed = renew()
    assert LATE.penalty == Decimal("7.42") + Decimal("1.97")
    assert renewed.principal == 1200
    assert renewed[0].carried == LATE.penalty + 10
    assert renewed[0].interest == Decimal("12.00") + Decimal("12.00") + Decimal("8.04") + Decimal("1.30")
    assert [line.total for line in renewed.instalments[1:3]] == [Decimal("307.54")] * 2


@pytest.mark.parametrize("carry", [Carry.LAST, Carry.SPREAD, Carry.LEVEL, Carry.FORWARD])
def test_arrears_elsewhere_cost_as_much(carry: Carry) -> None:
    assert abs(renew(carry=carry).total - renew().total) <= Decimal("0.40")
    assert renew(carry=carry).principal == 1200


def test_level_arrears_leave_equal_instalments() -> None:
    first, *middle, _ = renew(carry=Carry.LEVEL)
    assert {line.total - line.carried for line in (first, *middle)} == {middle[0].total}


def test_capitalised_interest_becomes_principal_and_charges_do_not() -> None:
    renewed = renew(carry=Carry.CAPITALISE)
    assert renewed.principal == 1200 + Decimal("21.34")
    assert renewed[0].carried == LATE.penalty + 10


def test_a_waiver_takes_off_penalty_interest_and_late_fees_only() -> None:
    assert renew(waive=True).carried == 0
    assert renew().total - renew(waive=True).total == LATE.penalty + 10


def test_a_restructured_loan_is_no_longer_late() -> None:
    assert LATE.days_past_due == 38
    assert position(renew(), [], RATE, RULES, TODAY).days_past_due == 0


def test_a_restructuring_of_a_restructuring_carries_each_charge_once() -> None:
    once = renew()
    again = renew(position(once, [], RATE, RULES, TODAY))
    assert again.principal == once.principal
    assert again.carried == once.carried
    assert again.total == once.total


def test_overdue_principal_bears_ordinary_interest_while_no_penalty_runs() -> None:
    """396.03 for a month and 10 of 31 days, and 399.99 for these 10 days."""
    without_penalty = position(AGREED, [], RATE, replace(RULES, penalty_rate_multiple=Decimal(0)), TODAY)
    assert renew(without_penalty).interest - renew().interest == Decimal("6.53")


def test_re_ageing_at_a_lower_rate_keeps_the_interest_earned_at_the_old_one() -> None:
    lower = restructure(
        LATE,
        count=4,
        first_due=date(2026, 4, 25),
        annual_rate=Decimal(0),
        present_rate=RATE,
        day_count=DayCount.THIRTY_360,
    )
    assert lower.interest == Decimal("21.34")


def test_flat_fees_of_periods_to_come_end_with_the_old_schedule() -> None:
    flat = build_schedule(
        LoanTerms(Decimal(1200), RATE, 3, date(2026, 1, 15), Method.FLAT_FEE, flat_fee_rate=Decimal(1))
    )
    renewed = renew(position(flat, [], RATE, RULES, date(2026, 2, 25)))
    assert renewed.fees == 24


def test_reamortising_spreads_arrears_over_the_dates_that_are_left() -> None:
    spread = reamortise(LATE, annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert [line.due for line in spread] == [date(2026, 4, 15)]
    assert spread.principal == 1200
    assert spread.carried == LATE.penalty + 10


def test_extending_a_loan_on_time_gives_equal_instalments_behind_the_old_ones() -> None:
    """803.97 over four months at 1 % a month: 206.04."""
    longer = extend(ON_TIME, extra=2, annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert [line.total for line in longer] == [Decimal("206.04")] * 3 + [Decimal("206.05")]
    assert [line.number for line in longer] == [2, 3, 4, 5]
    assert longer.last_due == date(2026, 6, 15)


def test_extending_in_the_middle_of_a_period_costs_what_extending_at_its_start_costs() -> None:
    payment = Payment(AGREED[0].due, AGREED[0].total, "1")
    middle = position(AGREED, [payment], RATE, RULES, date(2026, 3, 1))
    longer = extend(middle, extra=2, annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert [line.total for line in longer] == [Decimal("206.04")] * 3 + [Decimal("206.05")]


def test_a_lower_rate_keeps_the_dates() -> None:
    lower = change_rate(ON_TIME, annual_rate=Decimal(6), present_rate=RATE, day_count=DayCount.THIRTY_360)
    assert [line.interest for line in lower] == [Decimal("4.02"), Decimal("2.01")]
    assert [line.due for line in lower] == [line.due for line in AGREED.instalments[1:]]


def test_instalments_before_the_change_stay_as_they_are() -> None:
    longer = extend(ON_TIME, extra=1, annual_rate=RATE, day_count=DayCount.THIRTY_360, from_due=date(2026, 4, 15))
    assert longer[0].total == AGREED[1].total
    assert longer.principal == ON_TIME.outstanding_principal


def test_the_count_that_a_payment_allows() -> None:
    def count(payment: int) -> int:
        return count_for_payment(
            ON_TIME,
            monthly_payment=Decimal(payment),
            first_due=date(2026, 3, 15),
            annual_rate=RATE,
            day_count=DayCount.THIRTY_360,
        )

    assert [count(900), count(300), count(207), count(206)] == [1, 3, 4, 5]
    with pytest.raises(PlanNotPossibleError, match="largest instalment"):
        count(10)


def test_nothing_is_restructured_where_no_principal_is_left() -> None:
    settled = position(AGREED, [Payment(date(2026, 2, 1), AGREED.total, "all")], RATE, RULES, TODAY)
    with pytest.raises(PlanNotPossibleError):
        renew(settled)


@pytest.mark.parametrize(
    ("count", "first_due", "field"), [(0, date(2026, 4, 25), "count"), (3, date(2026, 3, 24), "first_due")]
)
def test_impossible_terms_are_named(count: int, first_due: date, field: str) -> None:
    with pytest.raises(LendingError) as error:
        restructure(LATE, count=count, first_due=first_due, annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert error.value.field == field


def test_nothing_is_spread_where_no_due_date_is_left() -> None:
    ended = position(AGREED, [], RATE, RULES, date(2026, 5, 1))
    with pytest.raises(PlanNotPossibleError):
        reamortise(ended, annual_rate=RATE, day_count=DayCount.THIRTY_360)


def test_before_the_first_due_date_interest_is_owed_from_the_day_the_loan_starts() -> None:
    """13 of 31 days of 12.00, whether the schedule knows its start or the step between its dates tells it."""
    early = date(2026, 1, 28)
    for schedule in (AGREED, Schedule(AGREED.instalments)):
        renewed = renew(position(schedule, [], RATE, RULES, early))
        plain = build_schedule(LoanTerms(Decimal(1200), RATE, 4, early, first_due=date(2026, 4, 25)))
        assert renewed.interest - plain.interest == Decimal("5.03")
