"""What the bot, an agent and a supervisor may each offer, and who is named for what is beyond it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from respite.plans.authority import Relief
from respite.plans.cap import all_in_annual_rate
from respite.plans.offers import deferral_offer, offer_for_monthly_payment, restructuring_offer
from respite.plans.refusals import PlanRefusedError, Refusal
from respite.policies.load import policy
from respite.policies.model import Role
from respite.store.loan_book import accounts_of
from respite.store.models import AuditEntry, Quote
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

BOT, AGENT, SUPERVISOR = (policy().authority[role] for role in Role)


def refusal(make: object) -> Refusal:
    with pytest.raises(PlanRefusedError) as error:
        make()  # type: ignore[operator]
    return error.value.decisive


class TestDeferral:
    def test_a_longer_one_than_the_bots_is_for_an_agent_to_grant(self) -> None:
        latest = desk.TODAY + timedelta(days=BOT.deferral.maximum_days)
        with desk.account(desk.lend("late")) as loan:
            found = refusal(lambda: deferral_offer(loan, latest + desk.DAY))
            assert (found.rule, found.limit, found.granted_by) == ("authority", "deferral_too_long", Role.AGENT)
            assert found.facts == {"latest": latest, "maximum_days": timedelta(days=BOT.deferral.maximum_days)}
            offer = deferral_offer(loan, latest + desk.DAY, role=Role.AGENT)
        assert (offer.role, offer.until) == (Role.AGENT, latest + desk.DAY)

    def test_a_longer_one_than_an_agents_is_for_a_supervisor(self) -> None:
        until = desk.TODAY + timedelta(days=AGENT.deferral.maximum_days + 1)
        with desk.account(desk.lend("late")) as loan:
            for role in (Role.BOT, Role.AGENT):
                assert refusal(lambda role=role: deferral_offer(loan, until, role=role)).granted_by is Role.SUPERVISOR
            assert deferral_offer(loan, until, role=Role.SUPERVISOR).until == until

    def test_one_that_nobody_may_grant_names_nobody(self) -> None:
        until = desk.TODAY + timedelta(days=SUPERVISOR.deferral.maximum_days + 1)
        with desk.account(desk.lend("late")) as loan:
            found = refusal(lambda: deferral_offer(loan, until))
            assert (found.rule, found.granted_by) == ("deferral_too_long", None)


class TestRestructuring:
    def test_more_instalments_than_the_bots_are_for_an_agent_to_grant(self) -> None:
        count = BOT.restructuring.maximum_count + 1
        with desk.account(desk.lend("late")) as loan:
            found = refusal(lambda: restructuring_offer(loan, count))
            assert (found.rule, found.limit, found.granted_by) == ("authority", "count_too_large", Role.AGENT)
            assert len(restructuring_offer(loan, count, role=Role.AGENT).schedule) == count

    def test_smaller_payments_are_possible_with_more_instalments(self) -> None:
        with desk.account(desk.lend("late")) as loan:
            least = refusal(lambda: offer_for_monthly_payment(loan, Decimal(1))).facts["minimum"]
            less = least.amount - 20  # type: ignore[union-attr]
            assert refusal(lambda: offer_for_monthly_payment(loan, less)).rule == "payment_too_small"
            assert offer_for_monthly_payment(loan, less, role=Role.AGENT).largest <= less

    def test_part_of_the_late_charges_is_waived_within_the_authority_of_whoever_offers(self) -> None:
        half = Relief(penalty_waiver=Decimal(50))
        with desk.account(desk.lend("late")) as loan:
            found = refusal(lambda: restructuring_offer(loan, 12, relief=half))
            assert (found.limit, found.granted_by) == ("penalty_waiver_too_large", Role.AGENT)
            usual = restructuring_offer(loan, 12)
            waived = restructuring_offer(loan, 12, role=Role.AGENT, relief=half)
            charges = loan.position.late_charges
            assert charges > 0
            assert usual.schedule.carried == charges
            assert abs(waived.schedule.carried - charges / 2) <= Decimal("0.01")
            assert usual.cost.total - waived.cost.total == usual.schedule.carried - waived.schedule.carried
            everything = Relief(penalty_waiver=Decimal(100))
            assert refusal(lambda: restructuring_offer(loan, 12, role=Role.AGENT, relief=everything)).granted_by == (
                Role.SUPERVISOR
            )
            assert restructuring_offer(loan, 12, role=Role.SUPERVISOR, relief=everything).schedule.carried == 0

    def test_the_rate_is_lowered_within_the_authority_of_whoever_offers(self) -> None:
        two, seven = Relief(rate_reduction=Decimal(2)), Relief(rate_reduction=Decimal(7))
        with desk.account(desk.lend("late")) as loan:
            assert refusal(lambda: restructuring_offer(loan, 12, relief=two)).limit == "rate_reduction_too_large"
            usual = restructuring_offer(loan, 12)
            assert restructuring_offer(loan, 12, role=Role.AGENT, relief=two).cost.total < usual.cost.total
            found = refusal(lambda: restructuring_offer(loan, 12, role=Role.SUPERVISOR, relief=seven))
            assert (found.rule, found.granted_by) == ("rate_reduction_too_large", None)

    def test_staff_give_the_usual_relief_unless_they_say_otherwise(self) -> None:
        rules = desk.rules(authority__each__restructuring__penalty_waiver=100)
        with desk.account(desk.lend("late"), rules=rules) as loan:
            assert restructuring_offer(loan, 12, role=Role.AGENT).schedule.carried == 0
            assert restructuring_offer(loan, 12, role=Role.AGENT, relief=Relief()).schedule.carried > 0


def test_whose_authority_a_plan_was_offered_under_stays_with_it() -> None:
    with desk.account(desk.lend("late")) as loan:
        offer = restructuring_offer(loan, 40, role=Role.AGENT)
    quote_id = desk.write(offer)
    desk.consent(quote_id)
    with transaction() as session:
        assert session.get_one(Quote, quote_id).authority == "agent"
        for action in ("plan_quoted", "plan_booked"):
            [entry] = session.query(AuditEntry).filter_by(action=action).all()
            assert entry.details["authority"] == "agent"


class TestCap:
    def test_a_plan_that_costs_more_than_the_cap_is_not_offered_by_anybody(self) -> None:
        strict = desk.rules(late_charges__all_in_cap_annual_rate=18, late_charges__penalty_rate_multiple=0)
        with desk.account(desk.lend("late"), rules=strict) as loan:
            until = desk.TODAY + timedelta(days=10)
            for role in Role:
                found = refusal(lambda role=role: restructuring_offer(loan, 12, role=role))
                assert (found.rule, found.facts["cap"]) == ("cap", Decimal(18))
                assert found.facts["rate"] > 18  # type: ignore[operator]
                assert refusal(lambda role=role: deferral_offer(loan, until, role=role)).rule == "cap"

    def test_a_lower_rate_brings_it_below_the_cap(self) -> None:
        changes = {"late_charges__all_in_cap_annual_rate": 18, "late_charges__penalty_rate_multiple": 0}
        lowered = desk.rules(**changes, authority__each__restructuring__rate_reduction=12)
        with desk.account(desk.lend("late"), rules=lowered) as loan:
            assert restructuring_offer(loan, 36).schedule

    def test_fees_that_the_contract_has_already_count_over_its_whole_life(self) -> None:
        with desk.account(desk.lend("two_loans")) as phone:
            borrower = phone.loan.borrower_id
        with transaction() as session:
            accounts = accounts_of(session, borrower, policy(), desk.TODAY)
            [shopping] = [account for account in accounts if account.loan.product == "shopping_instalments"]
            offer = deferral_offer(shopping, desk.TODAY + timedelta(days=20))
            assert 16 < all_in_annual_rate(shopping, offer.schedule) < 17
