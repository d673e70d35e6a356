"""Who may have a plan: for each rule a borrower who meets all but that one, and what they are told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from respite.lending.money import Money
from respite.plans.eligibility import refusals, require_eligible
from respite.plans.refusals import Fact, PlanRefusedError
from respite.policies.load import policy
from respite.policies.model import PlanKind, Policy, Role
from respite.store.models import Loan, Plan
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

EVERY_BUCKET = ["M0", "M1", "M2", "M3", "M3+"]
RESTRUCTURING = PlanKind.RESTRUCTURING


def anybody(**changes: Any) -> Policy:
    """A policy under which anybody may restructure any loan, but for some changes of it."""
    return desk.rules(
        **{
            "authority__each__restructuring__buckets": EVERY_BUCKET,
            "authority__each__plans_in_12_months": 2,
            "restructuring__eligibility": {"minimum_paid_share": 0, "minimum_loan_age": 0, "minimum_amount": 0},
        }
        | changes
    )


def refused(loan_id: int, today: date = desk.TODAY, **changes: Any) -> dict[str, dict[str, Fact]]:
    """The rules that stand in the way of a plan, with their facts."""
    with desk.account(loan_id, today, anybody(**changes)) as loan:
        return {each.rule: each.facts for each in refusals(loan, RESTRUCTURING)}


def plan_booked(loan_id: int, booked_on: date, state: str = "kept") -> None:
    """A plan of the past."""
    with transaction() as session:
        session.add(
            Plan(
                reference=f"P-{booked_on:%y%m%d}",
                loan_id=loan_id,
                kind="deferral",
                terms={},
                terms_hash="",
                policy_version=policy().version,
                state=state,
                booked_on=booked_on,
                booked_at=desk.NOW,
            )
        )


@pytest.mark.parametrize("profile", ["due_soon", "due_today", "late", "very_late", "two_loans", "bullet"])
def test_whoever_meets_every_rule_may_have_a_plan(profile: str) -> None:
    loan_id = desk.lend(profile)
    assert refused(loan_id) == {}
    with desk.account(loan_id, rules=anybody()) as loan:
        require_eligible(loan, RESTRUCTURING)


def test_a_settled_loan_needs_no_plan() -> None:
    assert refused(desk.lend("settled")) == {"settled": {}}


def test_a_loan_has_one_plan_at_a_time() -> None:
    loan_id = desk.lend("on_a_plan")
    with desk.account(loan_id) as loan:
        last_due = loan.schedule.last_due
    assert refused(loan_id) == {"active_plan": {"ends_on": last_due}}


def test_some_products_have_no_such_plan() -> None:
    loan_id = desk.lend("bullet")
    assert refused(loan_id, products__study_loan__plans=["deferral"]) == {"product": {}}
    assert refused(loan_id, products__cash_loan__plans=["deferral"]) == {}
    rules = anybody(products__study_loan__plans=["deferral"])
    with desk.account(loan_id, rules=rules) as loan:
        assert refusals(loan, PlanKind.DEFERRAL) == []


def test_a_product_that_is_no_longer_sold_has_no_plan() -> None:
    loan_id = desk.lend("bullet")
    content = anybody().model_dump(mode="json")
    del content["products"]["study_loan"]
    with desk.account(loan_id, rules=Policy.model_validate(content)) as loan:
        assert [each.rule for each in refusals(loan, RESTRUCTURING)] == ["product"]


def test_a_loan_that_is_too_late_is_told_how_late_it_is_and_what_to_pay() -> None:
    late = desk.lend("late_in_second_month")
    with desk.account(late) as loan:
        oldest = loan.money(loan.position.overdue[0].outstanding)
    facts = {"days_past_due": timedelta(days=45), "to_pay": oldest}
    assert refused(late, authority__each__restructuring__buckets=["M0", "M1"]) == {"bucket": facts}
    assert refused(late, authority__each__restructuring__buckets=["M0", "M1", "M2"]) == {}


def test_what_is_to_be_paid_is_enough_and_a_cent_less_is_not() -> None:
    late, changes = desk.lend("very_late"), {"authority__each__restructuring__buckets": ["M0", "M1"]}
    to_pay = refused(late, **changes)["bucket"]["to_pay"]
    assert isinstance(to_pay, Money)
    desk.pay(late, to_pay.amount - Decimal("0.01"), desk.NOW)
    assert "bucket" in refused(late, **changes)
    desk.pay(late, Decimal("0.01"), desk.NOW)
    assert refused(late, **changes) == {}


def test_no_amount_is_named_where_paying_it_would_settle_the_loan() -> None:
    loan_id = desk.lend("almost_settled")
    buckets = ["M0"]
    with desk.account(loan_id) as loan:
        late_on = loan.position.remaining[0].due + timedelta(days=10)
    facts = refused(loan_id, late_on, authority__each__restructuring__buckets=buckets)["bucket"]
    assert facts == {"days_past_due": timedelta(days=10)}


class TestAuthority:
    def test_whoever_may_go_further_is_named(self) -> None:
        loan_id = desk.lend("very_late")
        with desk.account(loan_id, rules=anybody(authority__bot__restructuring__buckets=["M0", "M1"])) as loan:
            [refusal] = refusals(loan, RESTRUCTURING)
            assert (refusal.rule, refusal.limit, refusal.granted_by) == ("authority", "bucket", Role.AGENT)
            assert refusal.facts["days_past_due"] == timedelta(days=120)
            assert refusals(loan, RESTRUCTURING, Role.AGENT) == []

    def test_of_several_it_is_who_may_grant_least(self) -> None:
        loan_id = desk.lend("very_late")
        changes = {f"authority__{role}__restructuring__buckets": ["M0", "M1"] for role in ("bot", "agent")}
        with desk.account(loan_id, rules=anybody(**changes)) as loan:
            for role in (Role.BOT, Role.AGENT):
                assert refusals(loan, RESTRUCTURING, role)[0].granted_by is Role.SUPERVISOR

    def test_nobody_is_named_where_another_rule_stands_in_the_way_too(self) -> None:
        loan_id = desk.lend("very_late")
        changes = {
            "authority__bot__restructuring__buckets": ["M0", "M1"],
            "restructuring__eligibility__minimum_amount": 1_000_000,
        }
        assert list(refused(loan_id, **changes)) == ["bucket", "amount"]

    def test_one_plan_more_a_year_may_be_for_a_person_to_grant(self) -> None:
        loan_id = desk.lend("due_soon")
        plan_booked(loan_id, date(2026, 8, 1))
        with desk.account(loan_id, rules=anybody(authority__bot__plans_in_12_months=1)) as loan:
            [refusal] = refusals(loan, RESTRUCTURING)
        assert (refusal.rule, refusal.limit) == ("authority", "plans_in_12_months")
        assert refusal.facts == {"plans": 1, "again_on": date(2027, 8, 1)}


def test_so_many_plans_a_year_and_no_more() -> None:
    loan_id, first, second = desk.lend("due_soon"), date(2026, 3, 1), date(2026, 8, 1)
    plan_booked(loan_id, first)
    assert refused(loan_id) == {}
    plan_booked(loan_id, second, "broken")
    again_on = first + timedelta(days=365)
    assert refused(loan_id) == {"plans_in_12_months": {"plans": 2, "again_on": again_on}}
    assert refused(loan_id, authority__each__plans_in_12_months=1)["plans_in_12_months"]["again_on"] == date(2027, 8, 1)


def test_a_plan_is_possible_again_on_the_day_that_was_named() -> None:
    loan_id = desk.lend("due_soon")
    plan_booked(loan_id, date(2026, 3, 1))
    again_on = date(2027, 3, 1)
    assert "plans_in_12_months" in refused(loan_id, again_on - desk.DAY, authority__each__plans_in_12_months=1)
    assert "plans_in_12_months" not in refused(loan_id, again_on, authority__each__plans_in_12_months=1)


def test_a_plan_that_was_undone_does_not_count() -> None:
    loan_id = desk.lend("due_soon")
    plan_booked(loan_id, date(2026, 11, 1), "cancelled")
    assert refused(loan_id, authority__each__plans_in_12_months=1) == {}


def test_a_loan_that_is_too_new_is_told_from_when_on() -> None:
    loan_id = desk.lend("newly_lent")
    with desk.account(loan_id) as loan:
        age, started_on = (desk.TODAY - loan.loan.started_on).days, loan.loan.started_on
    possible_on = started_on + timedelta(days=age + 1)
    assert refused(loan_id, restructuring__eligibility__minimum_loan_age=age) == {}
    assert refused(loan_id, restructuring__eligibility__minimum_loan_age=age + 1) == {
        "loan_age": {"possible_on": possible_on}
    }


def test_too_little_is_left_for_a_plan() -> None:
    loan_id = desk.lend("almost_settled")
    with desk.account(loan_id) as loan:
        left = loan.position.outstanding_principal
    minimum = left + Decimal("0.01")
    assert refused(loan_id, restructuring__eligibility__minimum_amount=left) == {}
    assert refused(loan_id, restructuring__eligibility__minimum_amount=minimum) == {
        "amount": {"minimum": Money(minimum, "CNY")}
    }


def test_too_little_is_repaid_for_a_plan() -> None:
    loan_id = desk.lend("interest_free")
    third = Decimal(100) / 3
    assert refused(loan_id, restructuring__eligibility__minimum_paid_share=third.quantize(Decimal("0.01"))) == {}
    to_repay = Money(Decimal(24), "CNY")
    assert refused(loan_id, restructuring__eligibility__minimum_paid_share=34) == {
        "paid_share": {"minimum_share": Decimal(34), "to_repay": to_repay}
    }


def test_what_was_repaid_before_an_earlier_plan_still_counts() -> None:
    loan_id = desk.lend("on_a_plan")
    with desk.account(loan_id) as loan:
        left = loan.position.outstanding_principal
    with transaction() as session:
        lent = Decimal(session.get_one(Loan, loan_id).principal_minor) / 100
    repaid = ((1 - left / lent) * 100).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    assert "paid_share" not in refused(loan_id, restructuring__eligibility__minimum_paid_share=repaid)


def test_the_refusal_names_every_rule_and_the_decisive_one_first() -> None:
    loan_id = desk.lend("very_late")
    rules = anybody(
        authority__each__restructuring__buckets=["M0"], restructuring__eligibility__minimum_amount=1_000_000
    )
    with desk.account(loan_id, rules=rules) as loan, pytest.raises(PlanRefusedError) as error:
        require_eligible(loan, RESTRUCTURING)
    assert [each.rule for each in error.value.refusals] == ["bucket", "amount"]
    assert error.value.decisive.rule == "bucket"
