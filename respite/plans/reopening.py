"""Plans and promises that were kept with a payment that has been taken back since."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from respite.plans.keeping import PlanOutcome, PromiseOutcome, is_kept, judge_promise
from respite.policies.model import Policy
from respite.store import audit
from respite.store.loan_book import account_of, loans_with_history
from respite.store.models import Loan, Payment, Plan, PromiseToPay, Schedule


def reopen(session: Session, policy: Policy, business_date: date, now: datetime) -> None:
    """Open again what is not kept after all, with an audit entry each, so that it is judged anew.

    A plan is opened only while its schedule is in force: once another plan has replaced it, that one counts.
    """
    for loan in session.scalars(_loans_that_kept_a_plan()).unique():
        account = account_of(loan, policy, business_date)
        in_force = next(schedule for schedule in loan.schedules if schedule.active)
        plan = next(plan for plan in loan.plans if plan.id == in_force.plan_id)
        if not is_kept(account, plan):
            plan.state, plan.ended_at = PlanOutcome.ACTIVE, None
            _record(session, "plan_reopened", f"plan:{plan.reference}", loan, now)
    for promise in session.scalars(_promises_kept()).unique():
        loan = session.get_one(Loan, promise.loan_id)
        if judge_promise(promise, loan.payments, business_date) is not PromiseOutcome(promise.state):
            promise.state = PromiseOutcome.OPEN
            _record(session, "promise_reopened", f"loan:{loan.reference}", loan, now)
    session.flush()


def _loans_that_kept_a_plan() -> Select[Loan]:
    return (
        loans_with_history()
        .join(Schedule, Schedule.loan_id == Loan.id)
        .join(Plan, Plan.id == Schedule.plan_id)
        .join(Payment, Payment.loan_id == Loan.id)
        .where(Schedule.active, Plan.state == PlanOutcome.KEPT, Payment.reversed_at > Plan.ended_at)
        .order_by(Loan.id)
    )


def _promises_kept() -> Select[PromiseToPay]:
    return (
        select(PromiseToPay)
        .join(Payment, Payment.loan_id == PromiseToPay.loan_id)
        .where(
            PromiseToPay.state.in_((PromiseOutcome.KEPT, PromiseOutcome.PARTLY_KEPT)),
            Payment.reversed_on.is_not(None),
            Payment.received_on.between(PromiseToPay.promised_on, PromiseToPay.due_on),
        )
        .order_by(PromiseToPay.id)
    )


def _record(session: Session, action: str, subject: str, loan: Loan, now: datetime) -> None:
    audit.record(session, actor="system", action=action, subject=subject, details={"loan": loan.reference}, at=now)
