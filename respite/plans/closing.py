"""The close of a business day: plans and promises that it decided are marked kept or broken."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.loan_books import LoanBook, LoanBookRefusedError
from respite.loan_books.copying import Copying
from respite.loan_books.embedded import EMBEDDED
from respite.plans.booking import restore_schedule
from respite.plans.keeping import (
    PlanOutcome,
    PromiseOutcome,
    judge_plan,
    judge_promise,
    missed_instalment,
    paid_towards,
)
from respite.plans.reopening import reopen
from respite.policies.model import Policy
from respite.policies.versions import UnknownVersionError, policy_of
from respite.store import audit
from respite.store.loan_book import account_of, loans_with_history
from respite.store.models import Loan, Payment, Plan, PromiseToPay

Outcome = TypeVar("Outcome", PlanOutcome, PromiseOutcome)


@dataclass(frozen=True)
class Decided(Generic[Outcome]):
    """What became of one plan or promise on a loan. `loan` is the loan's reference."""

    loan: str
    outcome: Outcome


@dataclass(frozen=True)
class Undecided:
    """A loan that was left as it is: the book of record refuses, or the policy of its plan was never kept."""

    loan: str
    reason: str


@dataclass(frozen=True)
class ClosedDay:
    """What the close of one business day decided."""

    plans: tuple[Decided[PlanOutcome], ...]
    promises: tuple[Decided[PromiseOutcome], ...]
    undecided: tuple[Undecided, ...] = ()


def end_of_day(
    session: Session, policy: Policy, business_date: date, now: datetime, loan_book: LoanBook = EMBEDDED
) -> ClosedDay:
    """Judge every plan in force and every open promise on `business_date`, each in a transaction of its own.

    Before that, their loans are brought up to date, and what was kept with a payment that has been taken back since is
    opened again. `session` has no transaction under way. A second run decides nothing more, and finishes one that was
    cut short. Raises LoanBookError when the book of record does not answer.
    """
    undecided = _bring_up_to_date(session, Copying(session, loan_book, business_date, now))
    with session.begin():
        reopen(session, policy, business_date, now)
        planned = session.scalars(select(Plan.loan_id).where(Plan.state == PlanOutcome.ACTIVE)).all()
        promised = session.execute(
            select(PromiseToPay.id, PromiseToPay.loan_id).where(PromiseToPay.state == PromiseOutcome.OPEN)
        ).all()
    plans, promises = [], []
    for loan_id in planned:
        try:
            if loan_id not in undecided:
                with session.begin():
                    plans.append(close_plan(session, loan_id, policy, business_date, now, loan_book))
        except (LoanBookRefusedError, UnknownVersionError) as refused:
            undecided[loan_id] = _undecided(session, loan_id, refused)
    for promise_id, loan_id in promised:
        if loan_id not in undecided:
            with session.begin():
                promises.append(close_promise(session, promise_id, business_date, now))
    return ClosedDay(tuple(filter(None, plans)), tuple(filter(None, promises)), tuple(undecided.values()))


def close_plan(
    session: Session,
    loan_id: int,
    policy: Policy,
    business_date: date,
    now: datetime,
    loan_book: LoanBook = EMBEDDED,
) -> Decided[PlanOutcome] | None:
    """Mark the plan in force on a loan kept or broken, with an audit entry; None where nothing is decided.

    A broken plan gives way to the schedule that it replaced: every payment counts there, and no day past due is
    forgiven. Raises LoanBookError.
    """
    loan = session.scalars(loans_with_history().where(Loan.id == loan_id).with_for_update()).one()
    account = account_of(loan, policy, business_date)
    plan = account.active_plan
    if plan is None:
        return None
    grace_days = policy_of(session, plan).late_charges.grace_days
    if (outcome := judge_plan(account, plan, grace_days)) is PlanOutcome.ACTIVE:
        return None
    plan.state = outcome
    plan.ended_at = now
    details = {"loan": loan.reference, "business_date": business_date.isoformat()}
    if missed := missed_instalment(account, plan, grace_days):
        restore_schedule(session, loan, plan, loan_book)
        details |= {"missed_due": missed.due.isoformat()}
    audit.record(
        session, actor="system", action=f"plan_{outcome}", subject=f"plan:{plan.reference}", details=details, at=now
    )
    return Decided(loan.reference, outcome)


def close_promise(
    session: Session, promise_id: int, business_date: date, now: datetime
) -> Decided[PromiseOutcome] | None:
    """Mark an open promise kept, partly kept or broken, with an audit entry; None where nothing is decided."""
    promise = session.scalar(
        select(PromiseToPay)
        .where(PromiseToPay.id == promise_id, PromiseToPay.state == PromiseOutcome.OPEN)
        .with_for_update()
    )
    if promise is None:
        return None
    loan = session.get_one(Loan, promise.loan_id)
    payments = session.scalars(select(Payment).where(Payment.loan_id == loan.id)).all()
    outcome = judge_promise(promise, payments, business_date)
    if outcome is PromiseOutcome.OPEN:
        return None
    promise.state = outcome
    details = {
        "due_on": promise.due_on.isoformat(),
        "amount_minor": promise.amount_minor,
        "paid_minor": paid_towards(promise, payments, business_date),
    }
    audit.record(
        session, actor="system", action=f"promise_{outcome}", subject=f"loan:{loan.reference}", details=details, at=now
    )
    return Decided(loan.reference, outcome)


def _bring_up_to_date(session: Session, copying: Copying) -> dict[int, Undecided]:
    """Copy every loan with a plan in force or an open promise; those that the book refuses to tell of, by their ids."""
    planned = select(Plan.loan_id).where(Plan.state == PlanOutcome.ACTIVE)
    promised = select(PromiseToPay.loan_id).where(PromiseToPay.state == PromiseOutcome.OPEN)
    with session.begin():
        concerned = session.scalars(planned.union(promised)).all()
    undecided = {}
    for loan_id in concerned:
        try:
            with session.begin():
                copying.loan(loan_id)
        except LoanBookRefusedError as refused:
            undecided[loan_id] = _undecided(session, loan_id, refused)
    return undecided


def _undecided(session: Session, loan_id: int, refused: Exception) -> Undecided:
    with session.begin():
        return Undecided(session.get_one(Loan, loan_id).reference, str(refused))
