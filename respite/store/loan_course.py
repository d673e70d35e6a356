"""The course of a stored loan: which schedule was in force when, and which payments count towards it.

A schedule counts the payments received after the moment it took effect; it was made with the earlier ones. When one of
those is taken back later, what it had met is asked for again, as an instalment due on the day it came back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from respite.lending.in_force import InForce, Returned
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import Money
from respite.lending.payments import Payment
from respite.policies.model import Policy
from respite.store import models

ENDED_EARLY = ("broken", "cancelled")
"""The states of a plan that gave way to the schedule it had replaced."""


@dataclass(frozen=True)
class Step:
    """A schedule that came into force on a business date, at a moment; `plan` is whose booking or end that was."""

    schedule: models.Schedule
    since: date
    at: datetime
    plan: models.Plan | None = None


def course_of(loan: models.Loan, policy: Policy, today: date) -> tuple[InForce, ...]:
    """Every schedule of a loan in the order in which they came into force, up to the one in force `today`."""
    steps = list(_steps(loan, policy, today))
    ends = [later.at for later in steps[1:]] + [None]
    return tuple(
        in_force(loan, step.schedule, policy, known_by=end, since=step.since, plan=step.plan)
        for step, end in zip(steps, ends, strict=True)
    )


def in_force(
    loan: models.Loan,
    stored: models.Schedule,
    policy: Policy,
    *,
    known_by: datetime | None = None,
    since: date | None = None,
    plan: models.Plan | None = None,
) -> InForce:
    """One schedule and its payments as they were known at a moment, or now."""
    return InForce(
        since=since or stored.starts_on,
        schedule=schedule_of(stored, loan.currency),
        payments=tuple(
            _payment(payment, loan.currency, known_by)
            for payment in loan.payments
            if payment.received_at > stored.effective_from and _is_known(payment.received_at, known_by)
        ),
        reference=plan.reference if plan else "",
        returned=tuple(_returned(loan, stored, policy, known_by)) if stored.plan_id else (),
    )


def replaced_by(loan: models.Loan, schedule: models.Schedule) -> models.Schedule:
    """The schedule that another took the place of."""
    return next(each for each in loan.schedules if each.id == schedule.replaces_id)


def schedule_of(stored: models.Schedule, currency: str) -> Schedule:
    """The lending core's schedule from the stored one."""

    def amount(minor: int) -> Decimal:
        return Money.from_minor(minor, currency).amount

    return Schedule(
        tuple(
            Instalment(
                number=row.number,
                due=row.due_on,
                principal=amount(row.principal_minor),
                interest=amount(row.interest_minor),
                fee=amount(row.fee_minor),
                carried=amount(row.carried_minor),
            )
            for row in stored.instalments
        ),
        start=stored.starts_on,
    )


def _steps(loan: models.Loan, policy: Policy, today: date) -> Iterator[Step]:
    contract, *of_plans = sorted(loan.schedules, key=lambda schedule: schedule.id)
    yield Step(contract, loan.started_on, contract.effective_from)
    for schedule in of_plans:
        plan = _plan_of(loan, schedule)
        yield Step(schedule, plan.booked_on, schedule.effective_from, plan)
        if plan.state in ENDED_EARLY and plan.ended_at:
            ended_on = plan.ended_at.astimezone(ZoneInfo(policy.lender.timezone)).date()
            restored = replaced_by(loan, schedule)
            yield Step(restored, min(max(ended_on, plan.booked_on), today), plan.ended_at, plan)


def _returned(
    loan: models.Loan, stored: models.Schedule, policy: Policy, known_by: datetime | None
) -> Iterator[Returned]:
    """The payments that the schedule of a plan was made with and that were taken back under it."""
    booked_on = _plan_of(loan, stored).booked_on
    number = stored.instalments[-1].number
    for taken_back_at, taken_back_on, payment in _reversals(loan):
        if payment.received_at <= stored.effective_from < taken_back_at and _is_known(taken_back_at, known_by):
            number += 1
            earlier = _counted_under(loan, payment, stored, policy)
            line = earlier.came_back_as(
                next(each for each in earlier.payments if each.reference == payment.reference),
                number,
                max(taken_back_on, booked_on),
                loan.annual_rate,
                policy.charge_rules,
            )
            yield Returned(payment.reference, line)


def _reversals(loan: models.Loan) -> list[tuple[datetime, date, models.Payment]]:
    """The payments that were taken back, with the moment and the business date, in the order in which they were."""
    found = (
        (payment.reversed_at, payment.reversed_on, payment)
        for payment in loan.payments
        if payment.reversed_at and payment.reversed_on
    )
    return sorted(found, key=lambda reversal: reversal[0])


def _counted_under(loan: models.Loan, payment: models.Payment, stored: models.Schedule, policy: Policy) -> InForce:
    """The schedule that a payment counted towards, as it stood when it was replaced."""
    earlier, replaced_at = replaced_by(loan, stored), stored.effective_from
    while payment.received_at <= earlier.effective_from:
        earlier, replaced_at = replaced_by(loan, earlier), earlier.effective_from
    return in_force(loan, earlier, policy, known_by=replaced_at)


def _plan_of(loan: models.Loan, schedule: models.Schedule) -> models.Plan:
    return next(plan for plan in loan.plans if plan.id == schedule.plan_id)


def _payment(stored: models.Payment, currency: str, known_by: datetime | None) -> Payment:
    is_taken_back = stored.reversed_at is not None and _is_known(stored.reversed_at, known_by)
    return Payment(
        stored.received_on,
        Money.from_minor(stored.amount_minor, currency).amount,
        stored.reference,
        stored.reversed_on if is_taken_back else None,
    )


def _is_known(moment: datetime, known_by: datetime | None) -> bool:
    return known_by is None or moment <= known_by
