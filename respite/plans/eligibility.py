"""Who may have a plan. Every refusal names its rule and the facts by which a borrower can understand it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from respite.lending.money import Money
from respite.policies.model import Eligibility
from respite.store.loan_book import LoanAccount

YEAR = timedelta(days=365)
Fact = Money | Decimal | date | timedelta | int


@dataclass(frozen=True)
class Refusal:
    """One rule that stands in the way, and what it is measured by. Responses are named after `rule`."""

    rule: str
    facts: dict[str, Fact]


class PlanRefusedError(Exception):
    """A plan that policy does not allow, with every rule that speaks against it, the decisive one first."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.rule for refusal in refusals))
        self.refusals = refusals

    @property
    def decisive(self) -> Refusal:
        return self.refusals[0]


def refusals(account: LoanAccount, rules: Eligibility) -> list[Refusal]:
    """The rules of `rules` that `account` does not meet; an empty list means that it may have the plan."""
    position, loan = account.position, account.loan
    if position.is_settled:
        return [Refusal("settled", {})]
    found = []
    if account.active_plan:
        found.append(Refusal("active_plan", {"ends_on": account.schedule.last_due}))
    if account.bucket not in rules.buckets:
        found.append(Refusal("bucket", {"days_past_due": timedelta(days=position.days_past_due)}))
    if again_on := _possible_again(account, rules.plans_in_12_months):
        found.append(Refusal("plans_in_12_months", {"plans": rules.plans_in_12_months, "again_on": again_on}))
    age = (account.as_of - loan.started_on).days
    if age < rules.minimum_loan_age:
        possible_on = loan.started_on + timedelta(days=rules.minimum_loan_age)
        found.append(Refusal("loan_age", {"possible_on": possible_on}))
    if position.outstanding_principal < rules.minimum_amount:
        found.append(Refusal("amount", {"minimum": account.money(rules.minimum_amount)}))
    if account.repaid_share * 100 < rules.minimum_paid_share:
        found.append(Refusal("paid_share", {"minimum_share": rules.minimum_paid_share}))
    return found


def require_eligible(account: LoanAccount, rules: Eligibility) -> None:
    """Raise PlanRefusedError unless `account` meets every rule."""
    found = refusals(account, rules)
    if found:
        raise PlanRefusedError(*found)


def _possible_again(account: LoanAccount, most: int) -> date | None:
    """The day on which fewer than `most` plans lie within a year; None if today is one.

    A plan that was undone does not count.
    """
    kept = sorted(plan.booked_on for plan in account.loan.plans if plan.state != "cancelled")
    if len(kept) < most or kept[-most] + YEAR <= account.as_of:
        return None
    return kept[-most] + YEAR
