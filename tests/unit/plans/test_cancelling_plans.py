"""Undoing a plan: what it replaced is in force again, with every payment; after the policy's days it is too late."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from respite.plans.booking import PlanCannotBeCancelledError, cancel, cancellable_until
from respite.policies.load import policy
from respite.store.models import AuditEntry, Loan, Plan, Schedule
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

ONE_INSTALMENT = Decimal(500)


@pytest.fixture
def loan_id() -> int:
    return desk.lend("late")


def active_schedules(loan_id: int) -> list[Schedule]:
    with transaction() as session:
        return list(session.scalars(select(Schedule).where(Schedule.loan_id == loan_id, Schedule.active)))


def test_the_schedule_that_the_plan_replaced_is_in_force_again(loan_id: int) -> None:
    contract = active_schedules(loan_id)
    with desk.account(loan_id) as loan:
        before = (loan.position, loan.payoff())
    desk.consent(desk.quote_restructuring(loan_id))
    desk.undo(loan_id)
    assert [each.id for each in active_schedules(loan_id)] == [each.id for each in contract]
    with desk.account(loan_id) as loan:
        assert (loan.position, loan.payoff()) == before
        assert loan.active_plan is None


def test_the_contract_is_restored_also_after_an_earlier_plan_was_undone(loan_id: int) -> None:
    contract = active_schedules(loan_id)
    desk.consent(desk.quote_restructuring(loan_id))
    desk.undo(loan_id)
    desk.consent(desk.quote_deferral(loan_id))
    desk.undo(loan_id)
    assert [each.id for each in active_schedules(loan_id)] == [each.id for each in contract]
    with transaction() as session:
        assert list(session.scalars(select(Plan.state))) == ["cancelled", "cancelled"]


def test_undoing_changes_the_loan_and_leaves_a_trace(loan_id: int) -> None:
    plan = desk.consent(desk.quote_restructuring(loan_id)).plan
    with transaction() as session:
        version = session.get_one(Loan, loan_id).version
    desk.undo(loan_id, now=desk.NOW + desk.MINUTE)
    with transaction() as session:
        assert session.get_one(Loan, loan_id).version == version + 1
        assert session.get_one(Plan, plan.id).ended_at == desk.NOW + desk.MINUTE
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject) == ("plan_cancelled", f"plan:{plan.reference}")


def test_what_was_paid_under_the_plan_counts_under_the_contract(loan_id: int) -> None:
    with desk.account(loan_id) as loan:
        owed = loan.position.total_remaining
    desk.consent(desk.quote_restructuring(loan_id))
    desk.pay(loan_id, ONE_INSTALMENT, desk.NOW + desk.MINUTE)
    desk.undo(loan_id, now=desk.NOW + 2 * desk.MINUTE)
    with desk.account(loan_id) as loan:
        assert loan.position.total_remaining == owed - ONE_INSTALMENT


def test_a_plan_can_be_undone_until_the_last_day_of_the_policy(loan_id: int) -> None:
    plan = desk.consent(desk.quote_restructuring(loan_id)).plan
    last_day = desk.TODAY + timedelta(days=policy().plan_cancellation_days)
    assert cancellable_until(plan, policy()) == last_day
    with pytest.raises(PlanCannotBeCancelledError):
        desk.undo(loan_id, today=last_day + desk.DAY)
    with desk.account(loan_id) as loan:
        assert loan.active_plan is not None
    desk.undo(loan_id, today=last_day)


def test_a_plan_is_undone_once(loan_id: int) -> None:
    plan = desk.consent(desk.quote_restructuring(loan_id)).plan
    desk.undo(loan_id)
    with transaction() as session:
        stored = session.get_one(Plan, plan.id)
        with pytest.raises(PlanCannotBeCancelledError):
            cancel(session, stored, business_date=desk.TODAY, now=desk.NOW)
