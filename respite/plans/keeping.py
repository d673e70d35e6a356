"""Whether a plan or a promise to pay is kept or broken, judged from what is paid on a business date."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from respite.lending.positions import InstalmentPosition
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Payment, Plan, PromiseToPay


class PlanOutcome(StrEnum):
    """What may become of a plan that is not cancelled."""

    ACTIVE = "active"
    KEPT = "kept"
    BROKEN = "broken"


class PromiseOutcome(StrEnum):
    """What may become of a promise to pay."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"


def judge_plan(account: LoanAccount, plan: Plan, grace_days: int) -> PlanOutcome:
    """How the plan in force on `account` stands on the account's business date; `grace_days` are those of its policy.

    A missed instalment breaks it. A restructuring is kept once everything is paid, a deferral once the instalment that
    waited is.
    """
    if missed_instalment(account, plan, grace_days):
        return PlanOutcome.BROKEN
    return PlanOutcome.KEPT if is_kept(account, plan) else PlanOutcome.ACTIVE


def is_kept(account: LoanAccount, plan: Plan) -> bool:
    """Whether everything that the plan asks for is paid."""
    is_deferral = plan.kind == PlanKind.DEFERRAL
    asked_until = date.fromisoformat(plan.terms["until"]) if is_deferral else account.schedule.last_due
    return all(line.due > asked_until for line in account.position.remaining)


def missed_instalment(account: LoanAccount, plan: Plan, grace_days: int) -> InstalmentPosition | None:
    """The oldest instalment that is unpaid more than the grace days after its due date.

    One that was overdue already when the plan was booked is not counted: the plan let it be.
    """
    fell_due_under_it = (line for line in account.position.instalments if line.due >= plan.booked_on)
    return next((line for line in fell_due_under_it if line.days_past_due > grace_days), None)


def judge_promise(promise: PromiseToPay, payments: Iterable[Payment], as_of: date) -> PromiseOutcome:
    """How a promise stands: kept as soon as its amount is paid, otherwise open until its day is over."""
    paid = paid_towards(promise, payments, as_of)
    if paid >= promise.amount_minor:
        return PromiseOutcome.KEPT
    if as_of <= promise.due_on:
        return PromiseOutcome.OPEN
    return PromiseOutcome.PARTLY_KEPT if paid else PromiseOutcome.BROKEN


def paid_towards(promise: PromiseToPay, payments: Iterable[Payment], as_of: date) -> int:
    """What was paid by `as_of`, from the day of the promise to the day promised, both inclusive, in minor units.

    A payment that was taken back by then is not counted.
    """
    last = min(promise.due_on, as_of)
    return sum(
        each.amount_minor
        for each in payments
        if promise.promised_on <= each.received_on <= last and (each.reversed_on is None or each.reversed_on > as_of)
    )
