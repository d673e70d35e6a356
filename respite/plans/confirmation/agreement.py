"""What was agreed with a plan, read back from the store as it stood when the plan was booked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from respite.lending.account import LateCost, cost_of_paying_late, position
from respite.lending.money import Money
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.schedule import Instalment
from respite.plans.booking import cancellable_until
from respite.plans.terms import PlanTerms
from respite.policies.model import Policy, Product
from respite.store.loan_book import position_before
from respite.store.models import Loan, Plan


class OtherPolicyError(Exception):
    """The plan was booked under another version of the policy than the one at hand."""

    def __init__(self, plan: Plan, policy: Policy) -> None:
        super().__init__(
            f"Plan {plan.reference} was booked under policy {plan.policy_version}, not {policy.version}."
            f" Give the policy file of {plan.policy_version}."
        )


@dataclass(frozen=True)
class Agreement:
    """A plan, the policy it was booked under, and the position that it replaced."""

    plan: Plan
    policy: Policy
    terms: PlanTerms
    before: Position

    @classmethod
    def of(cls, plan: Plan, policy: Policy) -> Self:
        """Raises OtherPolicyError."""
        if plan.policy_version != policy.version:
            raise OtherPolicyError(plan, policy)
        return cls(plan, policy, PlanTerms.from_json(plan.terms), position_before(plan, policy))

    @property
    def loan(self) -> Loan:
        return self.plan.loan

    @property
    def product(self) -> Product:
        return self.policy.products[self.loan.product]

    @property
    def booked_at(self) -> datetime:
        """The moment of consent, in the lender's time zone."""
        return self.plan.booked_at.astimezone(ZoneInfo(self.policy.lender.timezone))

    @property
    def cancellable_until(self) -> date:
        return cancellable_until(self.plan, self.policy)

    @property
    def first(self) -> Instalment:
        """The instalment that a deferral moves, or the first one of a restructuring."""
        return self.terms.deferred

    @property
    def overdue(self) -> list[InstalmentPosition]:
        return self.before.overdue

    @property
    def not_yet_due(self) -> list[InstalmentPosition]:
        return [line for line in self.before.remaining if line.due >= self.before.as_of]

    @property
    def lent(self) -> Money:
        return Money.from_minor(self.loan.principal_minor, self.loan.currency)

    @property
    def payoff(self) -> Money:
        """What would have settled the loan on the day of the booking."""
        return self.terms.total - self.terms.extra_against_payoff

    @property
    def penalty_rate(self) -> Decimal:
        """The penalty rate on the contract rate, percent a year, before the cap."""
        return self.policy.charge_rules.penalty_rate(self.loan.annual_rate)

    @property
    def late_by(self) -> timedelta:
        """How late the example of a late instalment is: until the credit bureau is told."""
        return timedelta(days=self.policy.credit_bureau_after)

    @cached_property
    def late_example(self) -> LateCost:
        """What `first` costs more when it is paid `late_by` late."""
        rate, rules = self.loan.annual_rate, self.policy.charge_rules
        planned = position(self.terms.schedule, (), rate, rules, self.first.due)
        return cost_of_paying_late(planned, self.first.number, self.late_by.days, rate, rules)

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.loan.currency)
