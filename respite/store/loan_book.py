"""A borrower's loans as the lending core sees them: schedule, payments and the position on a business date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from respite.lending.account import Payment, Position
from respite.lending.delinquency import bucket
from respite.lending.money import Money
from respite.lending.payoff import Payoff, payoff
from respite.lending.schedule import Method, Schedule
from respite.policies.model import Policy, Product
from respite.store import models
from respite.store.loan_course import in_force, replaced_by


@dataclass(frozen=True)
class LoanAccount:
    """One loan on one business date, with everything that a reply or a plan is made from."""

    loan: models.Loan
    policy: Policy
    schedule: Schedule
    payments: tuple[Payment, ...]
    position: Position
    active_plan: models.Plan | None

    @property
    def reference(self) -> str:
        return self.loan.reference

    @property
    def as_of(self) -> date:
        return self.position.as_of

    @property
    def product(self) -> Product:
        return self.policy.products[self.loan.product]

    @property
    def method(self) -> Method:
        """How interest falls due: as a restructuring agreed, or else by the contract."""
        restructured = self.active_plan and self.active_plan.kind == "restructuring"
        return Method.EQUAL_INSTALMENT if restructured else Method(self.loan.method)

    @property
    def annual_rate(self) -> Decimal:
        """The contract rate, percent a year."""
        return self.loan.annual_rate

    @property
    def bucket(self) -> str:
        return bucket(self.position.days_past_due, self.policy.buckets)

    @property
    def is_overdue(self) -> bool:
        return bool(self.position.overdue)

    @property
    def repaid_share(self) -> Decimal:
        """How much of the amount lent is repaid, from 0 to 1, whatever plans there have been."""
        lent = Money.from_minor(self.loan.principal_minor, self.loan.currency).amount
        return 1 - self.position.outstanding_principal / lent

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.loan.currency)

    def payoff(self) -> Payoff:
        """What settles the loan today."""
        return payoff(
            self.schedule,
            self.position,
            self.annual_rate,
            self.method,
            self.policy.payoff_rules,
            self.policy.day_count,
            self.schedule.start or self.loan.started_on,
        )


def accounts_of(session: Session, borrower_id: int, policy: Policy, as_of: date) -> list[LoanAccount]:
    """Every loan of a borrower, the most urgent first: longest overdue, then nearest due date, settled ones last."""
    query = loans_with_history().where(models.Loan.borrower_id == borrower_id)
    return sorted((account_of(loan, policy, as_of) for loan in session.scalars(query)), key=_urgency)


def loans_with_history() -> Select[models.Loan]:
    """Loans as the store holds them now, each with its schedules, payments and plans."""
    return (
        select(models.Loan)
        .options(
            selectinload(models.Loan.schedules).selectinload(models.Schedule.instalments),
            selectinload(models.Loan.payments),
            selectinload(models.Loan.plans),
        )
        .execution_options(populate_existing=True)
    )


def account_of(loan: models.Loan, policy: Policy, as_of: date) -> LoanAccount:
    """The account of one loan under its active schedule."""
    active = next(schedule for schedule in loan.schedules if schedule.active)
    now = in_force(loan, active, policy)
    return LoanAccount(
        loan=loan,
        policy=policy,
        schedule=now.schedule_on(as_of),
        payments=now.payments,
        position=now.position(as_of, loan.annual_rate, policy.charge_rules),
        active_plan=next((plan for plan in loan.plans if plan.state == "active"), None),
    )


def position_before(plan: models.Plan, policy: Policy) -> Position:
    """The position that a plan was made from: under the schedule it replaced, as it was known at the booking."""
    loan = plan.loan
    new = next(schedule for schedule in loan.schedules if schedule.plan_id == plan.id)
    before = in_force(loan, replaced_by(loan, new), policy, known_by=new.effective_from)
    return before.position(plan.booked_on, loan.annual_rate, policy.charge_rules)


def _urgency(account: LoanAccount) -> tuple[int, date, int]:
    next_due = account.position.next_due
    return (-account.position.days_past_due, next_due.due if next_due else date.max, account.loan.id)
