"""Which payments a plan was made with, and which ones count towards its instalments."""

from decimal import Decimal

import pytest

from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

PAID = Decimal("333.33")


@pytest.fixture
def loan_id() -> int:
    return desk.lend("late")


def test_what_was_paid_before_a_plan_is_not_counted_again(loan_id: int) -> None:
    desk.pay(loan_id, PAID, desk.NOW - desk.DAY)
    desk.consent(desk.quote_restructuring(loan_id))
    with desk.account(loan_id) as loan:
        assert loan.payments == ()
        assert loan.position.total_remaining == loan.schedule.total


def test_what_is_paid_after_a_plan_counts_towards_its_instalments(loan_id: int) -> None:
    desk.consent(desk.quote_restructuring(loan_id))
    desk.pay(loan_id, PAID, desk.NOW + desk.DAY)
    with desk.account(loan_id, desk.TODAY + desk.DAY) as loan:
        assert [payment.amount for payment in loan.payments] == [PAID]
        assert loan.position.total_remaining == loan.schedule.total - PAID


def test_on_the_day_of_the_booking_the_moment_decides(loan_id: int) -> None:
    desk.pay(loan_id, PAID, desk.NOW - desk.MINUTE)
    desk.consent(desk.quote_restructuring(loan_id))
    desk.pay(loan_id, 2 * PAID, desk.NOW + desk.MINUTE)
    with desk.account(loan_id) as loan:
        assert [payment.amount for payment in loan.payments] == [2 * PAID]
        assert loan.position.total_remaining == loan.schedule.total - 2 * PAID


def test_a_plan_takes_less_principal_after_a_payment(loan_id: int) -> None:
    with desk.account(loan_id) as before:
        owed = before.payoff().total
    desk.pay(loan_id, PAID, desk.NOW - desk.MINUTE)
    with desk.account(loan_id) as after:
        assert after.payoff().total == owed - PAID
