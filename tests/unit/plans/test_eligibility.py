"""Who may have a plan: for each rule a borrower who meets all but that one, and what they are told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from respite.lending.money import Money
from respite.plans.eligibility import Fact, PlanRefusedError, refusals, require_eligible
from respite.policies.load import policy
from respite.policies.model import Eligibility
from respite.store.models import Loan, Plan
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

ANYBODY = Eligibility(
    buckets=("M0", "M1", "M2", "M3", "M3+"),
    minimum_paid_share=Decimal(0),
    plans_in_12_months=2,
    minimum_loan_age=0,
    minimum_amount=Decimal(0),
)


def refused(loan_id: int, today: date = desk.TODAY, **rules: Any) -> dict[str, dict[str, Fact]]:
    """The rules that stand in the way of a plan, with their facts."""
    with desk.account(loan_id, today) as loan:
        return {each.rule: each.facts for each in refusals(loan, ANYBODY.model_copy(update=rules))}


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
    with desk.account(loan_id) as loan:
        require_eligible(loan, ANYBODY)


def test_a_settled_loan_needs_no_plan() -> None:
    assert refused(desk.lend("settled")) == {"settled": {}}


def test_a_loan_has_one_plan_at_a_time() -> None:
    loan_id = desk.lend("on_a_plan")
    with desk.account(loan_id) as loan:
        last_due = loan.schedule.last_due
    assert refused(loan_id) == {"active_plan": {"ends_on": last_due}}


def test_a_loan_that_is_too_late_is_told_how_late_it_is() -> None:
    late = desk.lend("late_in_second_month")
    assert refused(late, buckets=("M0", "M1")) == {"bucket": {"days_past_due": timedelta(days=45)}}
    assert refused(late, buckets=("M0", "M1", "M2")) == {}


def test_so_many_plans_a_year_and_no_more() -> None:
    loan_id, first, second = desk.lend("due_soon"), date(2026, 3, 1), date(2026, 8, 1)
    plan_booked(loan_id, first)
    assert refused(loan_id) == {}
    plan_booked(loan_id, second, "broken")
    again_on = first + timedelta(days=365)
    assert refused(loan_id) == {"plans_in_12_months": {"plans": 2, "again_on": again_on}}
    assert refused(loan_id, plans_in_12_months=1)["plans_in_12_months"]["again_on"] == date(2027, 8, 1)


def test_a_plan_is_possible_again_on_the_day_that_was_named() -> None:
    loan_id = desk.lend("due_soon")
    plan_booked(loan_id, date(2026, 3, 1))
    again_on = date(2027, 3, 1)
    assert "plans_in_12_months" in refused(loan_id, again_on - desk.DAY, plans_in_12_months=1)
    assert "plans_in_12_months" not in refused(loan_id, again_on, plans_in_12_months=1)


def test_a_plan_that_was_undone_does_not_count() -> None:
    loan_id = desk.lend("due_soon")
    plan_booked(loan_id, date(2026, 11, 1), "cancelled")
    assert refused(loan_id, plans_in_12_months=1) == {}


def test_a_loan_that_is_too_new_is_told_from_when_on() -> None:
    loan_id = desk.lend("newly_lent")
    with desk.account(loan_id) as loan:
        age, started_on = (desk.TODAY - loan.loan.started_on).days, loan.loan.started_on
    possible_on = started_on + timedelta(days=age + 1)
    assert refused(loan_id, minimum_loan_age=age) == {}
    assert refused(loan_id, minimum_loan_age=age + 1) == {"loan_age": {"possible_on": possible_on}}


def test_too_little_is_left_for_a_plan() -> None:
    loan_id = desk.lend("almost_settled")
    with desk.account(loan_id) as loan:
        left = loan.position.outstanding_principal
    minimum = left + Decimal("0.01")
    assert refused(loan_id, minimum_amount=left) == {}
    assert refused(loan_id, minimum_amount=minimum) == {"amount": {"minimum": Money(minimum, "CNY")}}


def test_too_little_is_repaid_for_a_plan() -> None:
    loan_id = desk.lend("interest_free")
    third = Decimal(100) / 3
    assert refused(loan_id, minimum_paid_share=third.quantize(Decimal("0.01"))) == {}
    assert refused(loan_id, minimum_paid_share=Decimal(34)) == {"paid_share": {"minimum_share": Decimal(34)}}


def test_what_was_repaid_before_an_earlier_plan_still_counts() -> None:
    loan_id = desk.lend("on_a_plan")
    with desk.account(loan_id) as loan:
        left = loan.position.outstanding_principal
    with transaction() as session:
        lent = Decimal(session.get_one(Loan, loan_id).principal_minor) / 100
    repaid = ((1 - left / lent) * 100).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    assert "paid_share" not in refused(loan_id, minimum_paid_share=repaid)


def test_the_refusal_names_every_rule_and_the_decisive_one_first() -> None:
    loan_id = desk.lend("very_late")
    rules = ANYBODY.model_copy(update={"buckets": ("M0",), "minimum_amount": Decimal(10**6)})
    with desk.account(loan_id) as loan, pytest.raises(PlanRefusedError) as error:
        require_eligible(loan, rules)
    assert [each.rule for each in error.value.refusals] == ["bucket", "amount"]
    assert error.value.decisive.rule == "bucket"
