"""Payments that are taken back: offers grow stale, plans ask for the money again, and what was kept is judged anew."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from respite.lending.account import Position
from respite.lending.ledger import ledger
from respite.lending.postings import Account, balances
from respite.plans.booking import Stale, StaleQuoteError
from respite.plans.closing import ClosedDay, end_of_day
from respite.plans.keeping import PlanOutcome, PromiseOutcome
from respite.plans.promises import record_promise
from respite.policies.load import policy
from respite.store.loan_book import account_of, position_before
from respite.store.loan_course import course_of
from respite.store.models import Loan, Plan, PromiseToPay
from respite.store.session import store, transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

PAID = Decimal("333.33")
GRACE = 3
BEFORE = desk.NOW - desk.MINUTE
BACK = desk.NOW + 5 * desk.DAY


@pytest.fixture
def loan_id() -> int:
    return desk.lend("late")


def close(at: datetime) -> ClosedDay:
    with store()() as session:
        return end_of_day(session, policy(), at.date(), at)


def plan_on(loan_id: int) -> Plan:
    with transaction() as session:
        return session.scalars(select(Plan).where(Plan.loan_id == loan_id)).one()


def promise_on(loan_id: int) -> PromiseToPay:
    with transaction() as session:
        return session.scalars(select(PromiseToPay).where(PromiseToPay.loan_id == loan_id)).one()


def position_on(loan_id: int, day: date) -> Position:
    with desk.account(loan_id, day) as loan:
        return loan.position


def settle_until(loan_id: int, day: date, at: datetime) -> None:
    """Pay everything that the schedule in force asks for up to a day."""
    owed = sum(line.outstanding for line in position_on(loan_id, at.date()).instalments if line.due <= day)
    desk.pay(loan_id, Decimal(owed), at)


def promise(loan_id: int, amount: Decimal, due: date) -> None:
    with transaction() as session:
        loan = account_of(session.get_one(Loan, loan_id), policy(), desk.TODAY)
        record_promise(session, loan, due, amount, business_date=desk.TODAY, now=desk.NOW)


def assert_books_agree(loan_id: int, day: date) -> None:
    """The ledger of the stored loan holds what its position says."""
    with desk.account(loan_id, day) as account:
        loan, standing = account.loan, account.position
        held = balances(ledger(course_of(loan, policy(), day), loan.annual_rate, policy().charge_rules, day))
    assert held[Account.PRINCIPAL_RECEIVABLE] == standing.outstanding_principal
    assert held[Account.PENALTY_RECEIVABLE] == standing.penalty
    assert held[Account.CARRIED_RECEIVABLE] == sum(line.unpaid_carried for line in standing.instalments)
    assert held[Account.BORROWER_CREDIT] == -standing.credit
    assert held[Account.RESCHEDULING] == 0 == sum(held.values())


def test_an_offer_made_before_is_not_booked_over_it(loan_id: int) -> None:
    desk.pay(loan_id, PAID, BEFORE)
    quote = desk.quote_restructuring(loan_id)
    desk.take_back(loan_id, desk.NOW)
    with pytest.raises(StaleQuoteError) as stale:
        desk.consent(quote)
    assert stale.value.reason is Stale.LOAN_CHANGED


def test_a_plan_made_after_it_is_made_without_the_money(loan_id: int) -> None:
    without = position_on(loan_id, desk.TODAY)
    desk.pay(loan_id, PAID, BEFORE)
    desk.take_back(loan_id, BEFORE)
    assert position_on(loan_id, desk.TODAY) == without
    desk.consent(desk.quote_restructuring(loan_id))
    standing = position_on(loan_id, BACK.date())
    assert standing.outstanding_principal == without.outstanding_principal
    assert len(standing.instalments) == 12


@pytest.mark.parametrize("quote", [desk.quote_deferral, desk.quote_restructuring])
class TestPaidBeforeAPlanAndTakenBackUnderIt:
    def test_its_amount_is_owed_again_on_the_day_it_came_back(self, loan_id: int, quote: desk.QuoteMaker) -> None:
        desk.pay(loan_id, PAID, BEFORE)
        desk.consent(quote(loan_id))
        planned = position_on(loan_id, desk.TODAY)
        desk.take_back(loan_id, BACK)
        standing = position_on(loan_id, BACK.date())
        again = next(line for line in standing.instalments if line.number == planned.instalments[-1].number + 1)
        assert (again.due, again.unpaid) == (BACK.date(), PAID)
        assert standing.total_remaining - standing.late_charges == (
            planned.total_remaining - planned.late_charges + PAID
        )
        assert_books_agree(loan_id, BACK.date())

    def test_until_that_day_nothing_is_asked(self, loan_id: int, quote: desk.QuoteMaker) -> None:
        desk.pay(loan_id, PAID, BEFORE)
        desk.consent(quote(loan_id))
        day = BACK.date() - timedelta(days=1)
        planned = position_on(loan_id, day)
        desk.take_back(loan_id, BACK)
        assert position_on(loan_id, day) == planned

    def test_made_good_within_grace_the_plan_goes_on(self, loan_id: int, quote: desk.QuoteMaker) -> None:
        desk.pay(loan_id, PAID, BEFORE)
        desk.consent(quote(loan_id))
        desk.take_back(loan_id, BACK)
        settle_until(loan_id, BACK.date(), BACK + desk.DAY)
        close(BACK + (GRACE + 1) * desk.DAY)
        assert plan_on(loan_id).state == PlanOutcome.ACTIVE
        assert_books_agree(loan_id, BACK.date() + desk.DAY)

    def test_not_made_good_the_contract_is_back_as_if_it_had_never_been_paid(
        self, loan_id: int, quote: desk.QuoteMaker
    ) -> None:
        never_paid = desk.lend("late")
        desk.pay(loan_id, PAID, BEFORE)
        desk.consent(quote(loan_id))
        desk.take_back(loan_id, BACK)
        last_day_of_grace, broken = BACK + GRACE * desk.DAY, BACK + (GRACE + 1) * desk.DAY
        assert not close(last_day_of_grace).plans
        [decided] = close(broken).plans
        assert decided.outcome is PlanOutcome.BROKEN
        assert position_on(loan_id, broken.date()) == position_on(never_paid, broken.date())
        assert_books_agree(loan_id, broken.date())

    def test_what_the_plan_was_made_from_stays_as_it_was_known(self, loan_id: int, quote: desk.QuoteMaker) -> None:
        desk.pay(loan_id, PAID, BEFORE)
        desk.consent(quote(loan_id))
        with transaction() as session:
            before = position_before(session.scalars(select(Plan)).one(), policy())
        desk.take_back(loan_id, BACK)
        with transaction() as session:
            assert position_before(session.scalars(select(Plan)).one(), policy()) == before


def test_paid_and_taken_back_under_a_plan_it_is_as_if_never_paid(loan_id: int) -> None:
    desk.consent(desk.quote_restructuring(loan_id))
    planned = position_on(loan_id, BACK.date())
    desk.pay(loan_id, PAID, desk.NOW + desk.DAY)
    desk.take_back(loan_id, BACK)
    assert position_on(loan_id, BACK.date()) == planned
    assert_books_agree(loan_id, BACK.date())


def test_what_a_kept_plan_paid_for_another_plan_asks_for_again(loan_id: int) -> None:
    """A payment under a kept deferral counts in the plan after it, and comes back there."""
    desk.consent(desk.quote_deferral(loan_id))
    until = date.fromisoformat(plan_on(loan_id).terms["until"])
    paid_at = datetime.combine(until, desk.NOW.timetz())
    settle_until(loan_id, until, paid_at)
    close(paid_at)
    desk.take_back(loan_id, paid_at + desk.DAY)
    assert position_on(loan_id, until + desk.DAY).days_past_due > 0
    assert_books_agree(loan_id, until + desk.DAY)


class TestKeptWithAPaymentThatCameBack:
    def test_a_plan_is_open_again_and_broken_after_grace(self, loan_id: int) -> None:
        desk.consent(desk.quote_deferral(loan_id))
        until = date.fromisoformat(plan_on(loan_id).terms["until"])
        paid_at = datetime.combine(until, desk.NOW.timetz())
        settle_until(loan_id, until - desk.DAY, paid_at - desk.MINUTE)
        settle_until(loan_id, until, paid_at)
        [kept] = close(paid_at).plans
        assert kept.outcome is PlanOutcome.KEPT
        desk.take_back(loan_id, paid_at + desk.DAY)
        close(paid_at + GRACE * desk.DAY)
        assert plan_on(loan_id).state == PlanOutcome.ACTIVE
        [broken] = close(paid_at + (GRACE + 1) * desk.DAY).plans
        assert broken.outcome is PlanOutcome.BROKEN
        assert_books_agree(loan_id, until + (GRACE + 1) * desk.DAY)

    def test_a_plan_that_is_kept_without_it_stays_kept(self, loan_id: int) -> None:
        desk.consent(desk.quote_deferral(loan_id))
        until = date.fromisoformat(plan_on(loan_id).terms["until"])
        paid_at = datetime.combine(until, desk.NOW.timetz())
        settle_until(loan_id, until, paid_at)
        desk.pay(loan_id, PAID, paid_at + desk.MINUTE)
        close(paid_at + 2 * desk.MINUTE)
        desk.take_back(loan_id, paid_at + desk.DAY)
        assert not close(paid_at + 2 * desk.DAY).plans
        assert plan_on(loan_id).state == PlanOutcome.KEPT

    def test_a_promise_is_broken_after_all(self, loan_id: int) -> None:
        promise(loan_id, PAID, BACK.date())
        desk.pay(loan_id, PAID, desk.NOW + desk.DAY)
        [kept] = close(desk.NOW + desk.DAY).promises
        assert kept.outcome is PromiseOutcome.KEPT
        desk.take_back(loan_id, desk.NOW + 2 * desk.DAY)
        close(desk.NOW + 2 * desk.DAY)
        assert promise_on(loan_id).state == PromiseOutcome.OPEN
        [broken] = close(BACK + desk.DAY).promises
        assert broken.outcome is PromiseOutcome.BROKEN
        assert not close(BACK + 2 * desk.DAY).promises
