"""A payment that was taken back is as if it had never been made."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.lending.account import Payment, position
from respite.lending.charges import ChargeRules
from respite.lending.daily import daily_balance
from respite.lending.errors import LendingError
from respite.lending.in_force import InForce, in_force_on
from respite.lending.schedule import Instalment, Schedule
from tests.unit.lending.courses import RATE, Course, contracts, courses, courses_without_plan

DUE, PAID = date(2026, 2, 5), date(2026, 2, 5)
BACK = date(2026, 2, 20)
SCHEDULE = Schedule((Instalment(1, DUE, Decimal(1000), Decimal(20)), Instalment(2, date(2026, 3, 5), Decimal(1000))))
RULES = ChargeRules(Decimal("1.5"), 3, Decimal(10), Decimal(1000))
PAYMENT = Payment(PAID, Decimal(1020), "paid", reversed_on=BACK)


def test_it_counts_until_the_day_it_is_taken_back() -> None:
    before, after = (position(SCHEDULE, [PAYMENT], RATE, RULES, day) for day in (BACK - timedelta(days=1), BACK))
    assert (before.days_past_due, before.late_charges) == (0, 0)
    assert after.days_past_due == (BACK - DUE).days
    assert after == position(SCHEDULE, [], RATE, RULES, BACK)
    assert after.late_charges > 0


def test_it_is_not_taken_back_before_it_is_made() -> None:
    with pytest.raises(LendingError) as refused:
        replace(PAYMENT, reversed_on=PAID - timedelta(days=1))
    assert refused.value.field == "reversed_on"


def test_a_balance_by_the_day_leaves_it_out_too() -> None:
    lent, start = Decimal(1000), date(2026, 1, 5)
    after = daily_balance(lent, start, [PAYMENT], RATE, BACK)
    assert after == daily_balance(lent, start, [], RATE, BACK)
    assert daily_balance(lent, start, [PAYMENT], RATE, PAID).total < after.total


def test_what_it_had_met_comes_back_part_by_part() -> None:
    paid = replace(PAYMENT, received_on=BACK, amount=Decimal(1100), reversed_on=None)
    contract = InForce(date(2026, 1, 5), SCHEDULE, (paid,))
    charges = position(SCHEDULE, [], RATE, RULES, BACK).late_charges
    again = contract.came_back_as(paid, 3, date(2026, 4, 1), RATE, RULES)
    assert again == Instalment(3, date(2026, 4, 1), 1080 - charges, Decimal(20), carried=charges)


@given(courses_without_plan(), st.integers(0, 40), st.decimals("0.01", "5000", places=2), st.integers(0, 60))
def test_to_allocate_and_then_reverse_is_the_identity(course: Course, days: int, amount: Decimal, later: int) -> None:
    [contract] = course.in_force
    received_on = course.first + timedelta(days=days)
    extra = Payment(received_on, amount, "extra", reversed_on=received_on + timedelta(days=later))
    with_it = replace(contract, payments=(*contract.payments, extra))
    for day in (received_on + timedelta(days=later), course.last + timedelta(days=100)):
        assert with_it.position(day, RATE, course.rules) == contract.position(day, RATE, course.rules)


@given(contracts(), st.data())
def test_what_comes_back_is_the_whole_payment(
    contract: tuple[Schedule, tuple[Payment, ...], ChargeRules], data: st.DataObject
) -> None:
    schedule, paid, rules = contract
    if not paid or not schedule.start:
        return
    payment = data.draw(st.sampled_from(paid))
    in_force = InForce(schedule.start, schedule, paid)
    again = in_force.came_back_as(payment, 99, payment.received_on, RATE, rules)
    held = in_force.position(payment.received_on, RATE, rules)
    assert min(again.principal, again.interest, again.fee, again.carried) >= 0
    assert again.total <= payment.amount
    assert again.total == payment.amount or held.credit or payment.is_reversed_by(payment.received_on)


@given(courses(), st.data())
def test_the_order_in_which_payments_and_reversals_are_told_does_not_matter(
    course: Course, data: st.DataObject
) -> None:
    day = data.draw(st.dates(course.first, course.last))
    assert course.told_in_another_order(data).position(day) == course.position(day)


def test_a_day_before_the_loan_has_no_schedule() -> None:
    with pytest.raises(LendingError, match="had not begun"):
        in_force_on([InForce(DUE, SCHEDULE)], DUE - timedelta(days=1))
