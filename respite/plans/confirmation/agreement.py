"""What was agreed with a plan, read back from the store as it stood when the plan was booked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from respite.lending.account import LateCost, cost_of_paying_late, position
from respite.lending.disclosure import DefaultCosts, Disclosure, disclose
from respite.lending.money import Money
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.schedule import Instalment
from respite.plans.booking import cancellable_until
from respite.plans.plan_cost import annual_rates
from respite.plans.terms import PlanTerms
from respite.policies.model import Policy, Product
from respite.store.loan_book import position_before
from respite.store.models import Loan, Plan


@dataclass(frozen=True)
class Agreement:
    """A plan, the policy it was booked under, and the position that it replaced."""

    plan: Plan
    policy: Policy
    terms: PlanTerms
    before: Position

    @classmethod
    def of(cls, plan: Plan, policy: Policy) -> Self:
        """The agreement of a plan, and of the policy that it was made under."""
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

    @cached_property
    def disclosure(self) -> Disclosure:
        """What the plan costs, item by item, and what a late instalment would add."""
        nominal, _ = annual_rates(self.terms.schedule, self.payoff.amount, self.plan.booked_on, self.loan.annual_rate)
        return disclose(
            self.terms.schedule,
            DefaultCosts.of(self.policy.charge_rules, self.loan.annual_rate),
            nominal_annual_rate=nominal,
            effective_annual_rate=self.terms.effective_annual_rate,
            extra_against_agreed=self.terms.extra_against_agreed.amount,
        )

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
