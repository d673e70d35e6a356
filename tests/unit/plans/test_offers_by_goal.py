"""Plans for what a borrower wants to reach: to pay as little as possible, or an amount on a day of their choice."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.offers import (
    BEST_FEW,
    Offer,
    best_offers,
    cheapest_offers,
    deferral_offers,
    offers_for_payment_on,
    restructuring_offer,
    restructuring_offers,
)
from respite.plans.refusals import PlanRefusedError
from respite.policies.load import policy
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount, account_of
from respite.store.models import Loan
from tests.databases import ON_SQLITE
from tests.unit.plans import desk

pytestmark = ON_SQLITE

CENT = Decimal("0.01")


@pytest.fixture
def book(seeded: Session) -> list[LoanAccount]:
    return [account_of(loan, policy(), desk.TODAY) for loan in seeded.scalars(select(Loan).order_by(Loan.id))]


def offered(make: Callable[[], list[Offer]]) -> list[Offer]:
    try:
        return make()
    except PlanRefusedError:
        return []


def refusal_of(make: Callable[[], object]) -> str:
    with pytest.raises(PlanRefusedError) as refusal:
        make()
    return refusal.value.decisive.rule


def asked_before(offer: Offer, day: date) -> Decimal:
    return sum((line.total for line in offer.schedule if line.due < day), Decimal(0))


def asked_on(offer: Offer, day: date) -> Decimal:
    return sum((line.total for line in offer.schedule if line.due == day), Decimal(0))


def test_of_all_that_policy_puts_forward_nothing_is_cheaper(book: list[LoanAccount]) -> None:
    for account in book[::3]:
        everything = [
            offer.cost.total
            for make in (deferral_offers, restructuring_offers, best_offers)
            for offer in offered(lambda make=make, account=account: make(account))
        ]
        cheapest = [offer.cost.total for offer in offered(lambda account=account: cheapest_offers(account))]
        assert cheapest == sorted(cheapest)
        assert len(cheapest) <= BEST_FEW
        assert cheapest[:1] == sorted(everything)[:1]


@pytest.mark.parametrize("days", [3, 13, 24, 40])
def test_nothing_is_asked_before_the_day_and_no_more_than_the_amount_on_it(book: list[LoanAccount], days: int) -> None:
    day, found = desk.TODAY + timedelta(days=days), 0
    for account in book[::5]:
        for amount in (Decimal(300), Decimal(1500)):
            offers = offered(lambda account=account, amount=amount: offers_for_payment_on(account, day, amount))
            for offer in offers:
                found += 1
                assert asked_before(offer, day) == 0
                assert 0 < asked_on(offer, day) <= amount
            assert len({offer.kind for offer in offers}) == len(offers) <= 2
    assert found


@pytest.mark.usefixtures("store_url")
class TestOneBorrower:
    def test_the_longer_one_waits_the_more_it_costs(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            first, *_ = cheapest_offers(loan)
        assert first.kind is PlanKind.DEFERRAL
        assert first.until == desk.TODAY + timedelta(days=min(policy().deferral.offered_days))

    def test_whoever_may_have_neither_is_told_why(self) -> None:
        with desk.account(desk.lend("very_late")) as loan:
            assert refusal_of(lambda: cheapest_offers(loan)) == "authority"
            assert refusal_of(lambda: offers_for_payment_on(loan, desk.TODAY + desk.DAY, Decimal(500))) == "authority"

    def test_one_instalment_on_the_day_is_a_deferral_to_it_and_a_cent_less_is_not(self) -> None:
        day = desk.TODAY + timedelta(days=20)
        with desk.account(desk.lend("due_soon")) as loan:
            [deferral] = [
                offer for offer in offers_for_payment_on(loan, day, Decimal(5000)) if offer.kind is PlanKind.DEFERRAL
            ]
            assert deferral.until == day
            kinds = {offer.kind for offer in offers_for_payment_on(loan, day, deferral.first_payment)}
            assert PlanKind.DEFERRAL in kinds
            less = {offer.kind for offer in offers_for_payment_on(loan, day, deferral.first_payment - CENT)}
            assert less == {PlanKind.RESTRUCTURING}

    def test_what_else_falls_due_on_the_day_counts_against_the_amount(self) -> None:
        with desk.account(desk.lend("due_today")) as loan:
            next_month = loan.position.remaining[1].due
            one = loan.position.remaining[0].unpaid
            kinds = {offer.kind for offer in offers_for_payment_on(loan, next_month, one + 50)}
            assert kinds == {PlanKind.RESTRUCTURING}

    def test_the_restructuring_is_the_shortest_that_the_amount_allows(self) -> None:
        day, amount = desk.TODAY + timedelta(days=20), Decimal(700)
        with desk.account(desk.lend("late")) as loan:
            [offer] = offers_for_payment_on(loan, day, amount)
            assert (offer.kind, offer.until) == (PlanKind.RESTRUCTURING, day)
            assert offer.largest <= amount < restructuring_offer(loan, len(offer.schedule) - 1, day).largest

    def test_an_amount_that_no_plan_comes_down_to_is_refused(self) -> None:
        day = desk.TODAY + timedelta(days=20)
        with desk.account(desk.lend("late")) as loan:
            assert refusal_of(lambda: offers_for_payment_on(loan, day, Decimal(10))) == "payment_too_small"

    def test_a_day_that_is_not_to_come_is_no_day_to_pay_later(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            assert refusal_of(lambda: offers_for_payment_on(loan, desk.TODAY, Decimal(5000))) == "deferral_not_later"

    def test_a_day_beyond_policy_is_refused_with_its_rule(self) -> None:
        day = desk.TODAY + timedelta(days=46)
        with desk.account(desk.lend("late")) as loan:
            assert refusal_of(lambda: offers_for_payment_on(loan, day, Decimal(5000))) == "first_due_too_late"
