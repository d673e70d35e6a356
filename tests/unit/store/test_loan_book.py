"""A borrower's loans as the core sees them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from respite.lending.schedule import Method
from respite.policies.load import policy
from respite.store.loan_book import accounts_of
from respite.store.models import Loan
from respite.store.session import transaction
from tests.conversations.borrowers import add_borrower
from tests.unit.plans import desk


def test_the_most_urgent_loan_comes_first(session: Session) -> None:
    borrower = add_borrower(session, "two_loans", policy(), desk.TODAY)
    late, soon = accounts_of(session, borrower.id, policy(), desk.TODAY)
    assert (late.position.days_past_due, soon.position.days_past_due) == (20, 0)
    assert (late.loan.product, soon.loan.product) == ("phone_instalments", "shopping_instalments")


def test_loans_of_others_are_not_among_them(session: Session) -> None:
    first, second = (add_borrower(session, "due_soon", policy(), desk.TODAY) for _ in range(2))
    [account] = accounts_of(session, first.id, policy(), desk.TODAY)
    assert account.loan.borrower_id == first.id != second.id


@pytest.mark.usefixtures("store_url")
class TestOneLoan:
    @pytest.mark.parametrize(
        ("profile", "bucket", "days"),
        [
            ("due_soon", "M0", 0),
            ("due_today", "M0", 0),
            ("in_grace", "M1", 2),
            ("late", "M1", 20),
            ("late_in_second_month", "M2", 45),
            ("very_late", "M3+", 120),
        ],
    )
    def test_how_late_it_is(self, profile: str, bucket: str, days: int) -> None:
        with desk.account(desk.lend(profile)) as loan:
            assert (loan.bucket, loan.position.days_past_due, loan.is_overdue) == (bucket, days, days > 0)

    def test_amounts_come_out_of_the_store_to_the_cent(self) -> None:
        loan_id = desk.lend("due_soon")
        with desk.account(loan_id) as loan:
            assert loan.schedule.principal == 12_000
            assert loan.money(Decimal("12.34")).minor == 1234
            assert len(loan.payments) == 4
            paid = sum(payment.amount for payment in loan.payments)
            assert paid == sum(line.total for line in loan.schedule.instalments[:4])

    def test_a_payment_after_the_business_date_is_not_yet_there(self) -> None:
        loan_id = desk.lend("due_soon")
        with desk.account(loan_id) as loan:
            before = loan.position.total_remaining
        desk.pay(loan_id, Decimal(100), desk.NOW + desk.DAY)
        with desk.account(loan_id) as loan:
            assert loan.position.total_remaining == before
        with desk.account(loan_id, desk.TODAY + desk.DAY) as loan:
            assert loan.position.total_remaining == before - 100

    def test_a_part_payment_leaves_the_oldest_instalment_late(self) -> None:
        loan_id = desk.lend("late")
        desk.pay(loan_id, Decimal(200), desk.NOW)
        with desk.account(loan_id) as loan:
            assert loan.position.days_past_due == 20
            assert loan.position.remaining[0].number == 5

    def test_an_instalment_paid_late_clears_the_oldest_but_not_its_charges(self) -> None:
        loan_id = desk.lend("late")
        with desk.account(loan_id) as loan:
            one = loan.position.remaining[0].unpaid
            charges = loan.position.late_charges
        assert charges > 0
        desk.pay(loan_id, one, desk.NOW)
        with desk.account(loan_id) as loan:
            assert loan.position.days_past_due == 20
            assert loan.position.overdue_amount == charges

    def test_the_repaid_share_is_of_the_amount_lent(self) -> None:
        loan_id = desk.lend("interest_free")
        with desk.account(loan_id) as loan:
            assert loan.repaid_share == 1 - Decimal(2400) / 3600
        desk.consent(desk.quote_restructuring(loan_id))
        with desk.account(loan_id) as loan:
            assert loan.repaid_share == 1 - Decimal(2400) / 3600

    def test_the_method_is_the_contracts_until_a_restructuring(self) -> None:
        loan_id = desk.lend("bullet")
        with desk.account(loan_id) as loan:
            assert loan.method is Method.BULLET
        desk.consent(desk.quote_restructuring(loan_id))
        with desk.account(loan_id) as loan:
            assert loan.method is Method.EQUAL_INSTALMENT
        desk.undo(loan_id)
        with desk.account(loan_id) as loan:
            assert loan.method is Method.BULLET

    def test_overdue_begins_the_day_after_the_due_date(self) -> None:
        loan_id = desk.lend("due_today")
        with transaction() as session:
            assert session.get_one(Loan, loan_id).version == 1
        for days, is_overdue in ((0, False), (1, True)):
            with desk.account(loan_id, desk.TODAY + timedelta(days=days)) as loan:
                assert loan.is_overdue is is_overdue
