"""What policy puts forward, for a whole loan book and for single borrowers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.cap import all_in_annual_rate
from respite.plans.offers import (
    BEST_FEW,
    Offer,
    best_offers,
    default_first_due,
    deferral_offer,
    deferral_offers,
    offer_for_monthly_payment,
    restructuring_offer,
    restructuring_offers,
)
from respite.plans.refusals import PlanRefusedError
from respite.policies.load import policy
from respite.policies.model import PlanKind, Role
from respite.store.loan_book import LoanAccount, account_of
from respite.store.models import Loan
from tests.databases import ON_SQLITE
from tests.unit.plans import desk

pytestmark = ON_SQLITE

ALL_OFFERS = (deferral_offers, restructuring_offers, best_offers)
CENT = Decimal("0.01")


@pytest.fixture
def book(seeded: Session) -> list[LoanAccount]:
    return [account_of(loan, policy(), desk.TODAY) for loan in seeded.scalars(select(Loan))]


def offered(account: LoanAccount, make: Callable[[LoanAccount], list[Offer]]) -> list[Offer]:
    try:
        return make(account)
    except PlanRefusedError:
        return []


def every_offer(book: list[LoanAccount]) -> Iterator[Offer]:
    offers = [offer for account in book for make in ALL_OFFERS for offer in offered(account, make)]
    assert len(offers) > len(book)
    yield from offers


def test_no_offer_breaks_the_policy(book: list[LoanAccount]) -> None:
    authority, restructuring = policy().authority[Role.BOT], policy().restructuring
    for offer in every_offer(book):
        account = offer.account
        assert account.bucket in authority.buckets(offer.kind)
        assert all_in_annual_rate(account, offer.schedule) <= policy().late_charges.all_in_cap_annual_rate
        assert account.active_plan is None
        assert account.position.outstanding_principal >= policy().eligibility(offer.kind).minimum_amount
        if offer.kind is PlanKind.DEFERRAL:
            oldest = account.position.remaining[0]
            assert offer.number == oldest.number
            waits = offer.until - max(oldest.due, account.as_of)
            assert timedelta(0) < waits <= timedelta(days=authority.deferral.maximum_days)
        else:
            assert len(offer.schedule) <= authority.restructuring.maximum_count
            assert offer.until <= account.as_of + timedelta(days=restructuring.latest_first_due)
            assert min(line.total for line in offer.schedule) >= restructuring.minimum_instalment


def test_no_offer_is_free_and_its_cost_is_that_of_its_schedule(book: list[LoanAccount]) -> None:
    for offer in every_offer(book):
        payoff, position = offer.account.payoff(), offer.account.position
        assert offer.cost.total == offer.schedule.total >= payoff.total
        assert offer.cost.extra_against_payoff == offer.cost.total - payoff.total
        assert offer.cost.extra_against_agreed == offer.cost.total - position.total_remaining
        assert offer.schedule.principal == position.outstanding_principal


def test_offers_come_cheapest_first_and_are_few(book: list[LoanAccount]) -> None:
    for account in book:
        for make in ALL_OFFERS:
            totals = [offer.cost.total for offer in offered(account, make)]
            assert totals == sorted(totals)
            assert len(totals) <= BEST_FEW


def test_the_best_few_hold_the_longest_deferral_and_restructurings(book: list[LoanAccount]) -> None:
    for account in book:
        deferrals, best = offered(account, deferral_offers), offered(account, best_offers)
        if deferrals and best:
            [deferral] = [offer for offer in best if offer.kind is PlanKind.DEFERRAL]
            assert deferral.until == max(offer.until for offer in deferrals)


def test_the_shortest_restructuring_that_fits_a_monthly_payment(book: list[LoanAccount]) -> None:
    restructurable = [account for account in book if offered(account, restructuring_offers)]
    for account in restructurable[::7]:
        wanted = restructuring_offers(account)[-1].largest
        found = offer_for_monthly_payment(account, wanted)
        assert found.largest <= wanted
        shorter = len(found.schedule) - 1
        assert shorter < 1 or restructuring_offer(account, shorter).largest > wanted


def test_the_least_payment_named_in_a_refusal_is_possible(book: list[LoanAccount]) -> None:
    named = 0
    for account in book[::3]:
        try:
            offer_for_monthly_payment(account, CENT)
        except PlanRefusedError as refusal:
            if refusal.decisive.rule == "payment_too_small":
                named += 1
                least = refusal.decisive.facts["minimum"].amount
                assert len(offer_for_monthly_payment(account, least).schedule) <= 36
                with pytest.raises(PlanRefusedError):
                    offer_for_monthly_payment(account, least - CENT)
    assert named


@pytest.mark.usefixtures("store_url")
class TestOneBorrower:
    def test_a_deferral_moves_the_oldest_unpaid_instalment_and_no_other(self) -> None:
        with desk.account(desk.lend("due_soon")) as loan:
            until = loan.position.remaining[0].due + timedelta(days=10)
            offer = deferral_offer(loan, until)
            before = {line.number: line.due for line in loan.position.remaining}
            after = {line.number: line.due for line in offer.schedule}
        assert offer.number == min(before) == 5
        assert {number for number in before if after[number] != before[number]} == {5}
        assert after[5] == until

    def test_an_overdue_instalment_is_deferred_from_today(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            assert deferral_offer(loan, desk.TODAY + timedelta(days=30)).number == 5
            assert refusal_of(lambda: deferral_offer(loan, desk.TODAY)) == "deferral_not_later"
            late = desk.TODAY + timedelta(days=31)
            assert refusal_of(lambda: deferral_offer(loan, late)) == "authority"

    def test_a_restructuring_stays_within_its_limits(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            assert restructuring_offer(loan, 12).until == default_first_due(loan)
            assert len(restructuring_offer(loan, 36).schedule) == 36
            assert refusal_of(lambda: restructuring_offer(loan, 37)) == "authority"
            latest = desk.TODAY + timedelta(days=45)
            assert restructuring_offer(loan, 12, latest).until == latest
            too_late = latest + desk.DAY
            assert refusal_of(lambda: restructuring_offer(loan, 12, too_late)) == "first_due_too_late"

    def test_instalments_are_not_too_small_to_be_worth_while(self) -> None:
        with desk.account(desk.lend("interest_free")) as loan:
            assert loan.position.outstanding_principal == 2400
            assert min(line.total for line in restructuring_offer(loan, 36).schedule) >= 50
        with desk.account(desk.lend("almost_settled")) as loan:
            assert refusal_of(lambda: deferral_offers(loan)) is None
            assert refusal_of(lambda: restructuring_offers(loan)) == "amount"

    def test_nothing_a_month_is_too_little(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            assert refusal_of(lambda: offer_for_monthly_payment(loan, Decimal(0))) == "payment_too_small"

    def test_policy_can_lower_the_rate_but_not_below_nothing(self) -> None:
        kind_rules = desk.rules(authority__each__restructuring__rate_reduction=5)
        loan_id = desk.lend("late")
        with desk.account(loan_id) as loan:
            usual = restructuring_offer(loan, 12)
        with desk.account(loan_id, rules=kind_rules) as loan:
            assert restructuring_offer(loan, 12).cost.total < usual.cost.total
        with desk.account(desk.lend("interest_free"), rules=kind_rules) as loan:
            assert restructuring_offer(loan, 12).schedule.interest == 0

    def test_whoever_may_have_no_deferral_may_still_restructure(self) -> None:
        with desk.account(desk.lend("late_in_second_month")) as loan:
            assert refusal_of(lambda: deferral_offers(loan)) == "authority"
            assert {offer.kind for offer in best_offers(loan)} == {PlanKind.RESTRUCTURING}

    def test_whoever_may_have_neither_is_told_why(self) -> None:
        with desk.account(desk.lend("very_late")) as loan:
            assert refusal_of(lambda: best_offers(loan)) == "authority"


def refusal_of(make: Callable[[], object]) -> str | None:
    try:
        make()
    except PlanRefusedError as refusal:
        return refusal.decisive.rule
    return None
