"""Booking: consent to one exact quote becomes a plan, its schedule and an audit entry, in one transaction, once.

Where the lender's own system keeps the loan, the plan is put in force there first; the copy in the store follows.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.loan_books import LoanBook
from respite.loan_books.embedded import EMBEDDED
from respite.plans.terms import PlanTerms
from respite.policies.model import Policy
from respite.policies.versions import policy_of
from respite.references import new_reference
from respite.store import audit
from respite.store.models import Instalment, Loan, Plan, Quote, Schedule


class Stale(StrEnum):
    """Why a quote no longer holds."""

    EXPIRED = "expired"
    LOAN_CHANGED = "loan_changed"
    POLICY_CHANGED = "policy_changed"
    NEW_DAY = "new_day"
    WITHDRAWN = "withdrawn"


class StaleQuoteError(Exception):
    """Consent came for a quote that no longer holds; nothing was booked."""

    def __init__(self, reason: Stale) -> None:
        super().__init__(reason)
        self.reason = reason


class PlanCannotBeCancelledError(Exception):
    """The time in which policy lets a borrower undo this plan is over."""


@dataclass(frozen=True)
class Booking:
    """The plan, and whether this consent booked it or found it booked already."""

    plan: Plan
    newly_booked: bool


def book(
    session: Session,
    quote_id: str,
    *,
    policy: Policy,
    business_date: date,
    now: datetime,
    loan_book: LoanBook = EMBEDDED,
) -> Booking:
    """Book the plan of a quote. The same consent given twice finds the first booking.

    Raises StaleQuoteError when the quote expired, was withdrawn, or was made from another state of the loan, the
    policy or the day, and LoanBookError when the book of record does not answer with a yes; nothing is written then.
    """
    quote = session.get_one(Quote, quote_id)
    loan = session.scalars(select(Loan).where(Loan.id == quote.loan_id).with_for_update()).one()
    session.refresh(quote)
    if quote.state == "accepted":
        return Booking(session.scalars(select(Plan).where(Plan.quote_id == quote.id)).one(), newly_booked=False)
    _require_fresh(quote, loan, policy, business_date, now)
    external_id = None
    if loan.external_id:
        external_id = loan_book.put_in_force(loan.external_id, PlanTerms.from_json(quote.terms), quote.id)
    return Booking(write_plan(session, loan, quote, external_id, at=now), newly_booked=True)


def write_plan(session: Session, loan: Loan, quote: Quote, external_id: str | None, *, at: datetime) -> Plan:
    """Write down the plan that a borrower consented to, in place of the schedule in force.

    `external_id` is the plan's id in the lender's own system. Payments received after `at` count towards the plan.
    """
    plan = Plan(
        reference=new_reference("P"),
        quote_id=quote.id,
        loan_id=loan.id,
        kind=quote.terms["kind"],
        terms=quote.terms,
        terms_hash=quote.terms_hash,
        policy_version=quote.policy_version,
        state="active",
        booked_on=quote.business_date,
        booked_at=at,
        external_id=external_id,
    )
    session.add(plan)
    session.flush()
    _replace_schedule(session, loan, plan, at)
    quote.state = "accepted"
    audit.record(
        session,
        actor=f"borrower:{quote.borrower_id}",
        action="plan_booked",
        subject=f"plan:{plan.reference}",
        details={
            "quote": quote.id,
            "loan": loan.reference,
            "authority": quote.authority,
            "terms_hash": quote.terms_hash,
        },
        at=at,
    )
    return plan


def cancellable_until(plan: Plan, policy: Policy) -> date:
    """The last business date on which a borrower can undo a plan made under `policy`."""
    return plan.booked_on + timedelta(days=policy.plan_cancellation_days)


def cancel(
    session: Session,
    plan: Plan,
    *,
    business_date: date,
    now: datetime,
    loan_book: LoanBook = EMBEDDED,
) -> None:
    """Undo a plan within the days of its policy: the schedule it replaced is in force again, payments included.

    Raises PlanCannotBeCancelledError when it is too late, and LoanBookError when the book of record does not undo it.
    """
    loan = session.scalars(select(Loan).where(Loan.id == plan.loan_id).with_for_update()).one()
    session.refresh(plan)
    if plan.state != "active" or business_date > cancellable_until(plan, policy_of(session, plan)):
        raise PlanCannotBeCancelledError
    _mark_cancelled(session, loan, plan, f"borrower:{loan.borrower_id}", now)
    restore_schedule(session, loan, plan, loan_book)


def cancel_as_told(session: Session, loan: Loan, plan: Plan, *, now: datetime) -> None:
    """End a plan that the book of record has undone already."""
    _mark_cancelled(session, loan, plan, "system", now)
    restore_schedule(session, loan, plan)


def restore_schedule(session: Session, loan: Loan, plan: Plan, loan_book: LoanBook = EMBEDDED) -> None:
    """Put the schedule that `plan` replaced back in force, in the book of record too. Raises LoanBookError."""
    if plan.external_id and plan.quote_id and loan.external_id:
        loan_book.undo(loan.external_id, plan.quote_id)
    ended = session.scalars(select(Schedule).where(Schedule.plan_id == plan.id)).one()
    original = session.get_one(Schedule, ended.replaces_id)
    _activate(session, loan, original, instead_of=ended)


def _mark_cancelled(session: Session, loan: Loan, plan: Plan, actor: str, now: datetime) -> None:
    plan.state = "cancelled"
    plan.ended_at = now
    audit.record(
        session,
        actor=actor,
        action="plan_cancelled",
        subject=f"plan:{plan.reference}",
        details={"loan": loan.reference},
        at=now,
    )


def _require_fresh(quote: Quote, loan: Loan, policy: Policy, business_date: date, now: datetime) -> None:
    if quote.state == "withdrawn":
        raise StaleQuoteError(Stale.WITHDRAWN)
    if loan.version != quote.loan_version:
        raise StaleQuoteError(Stale.LOAN_CHANGED)
    if policy.version != quote.policy_version:
        raise StaleQuoteError(Stale.POLICY_CHANGED)
    if business_date != quote.business_date:
        raise StaleQuoteError(Stale.NEW_DAY)
    if now >= quote.expires_at:
        raise StaleQuoteError(Stale.EXPIRED)


def _replace_schedule(session: Session, loan: Loan, plan: Plan, now: datetime) -> None:
    current = session.scalars(select(Schedule).where(Schedule.loan_id == loan.id, Schedule.active)).one()
    new = Schedule(
        loan_id=loan.id,
        plan_id=plan.id,
        replaces_id=current.id,
        starts_on=date.fromisoformat(plan.terms["starts_on"]),
        effective_from=now.astimezone(UTC),
        active=False,
        instalments=[
            Instalment(
                number=row["number"],
                due_on=date.fromisoformat(row["due"]),
                principal_minor=row["principal"],
                interest_minor=row["interest"],
                fee_minor=row["fee"],
                carried_minor=row["carried"],
            )
            for row in plan.terms["instalments"]
        ],
    )
    session.add(new)
    _activate(session, loan, new, instead_of=current)


def _activate(session: Session, loan: Loan, schedule: Schedule, instead_of: Schedule) -> None:
    instead_of.active = False
    session.flush()
    schedule.active = True
    loan.version += 1
    session.flush()
