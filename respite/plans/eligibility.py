"""Who may have a plan, and from whom. Every refusal names its rule and the facts that a borrower can be told."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from respite.lending.delinquency import bucket
from respite.lending.money import ZERO, Money, Rounding, RoundingMode, minor_unit
from respite.plans.authority import beyond_authority
from respite.plans.refusals import Fact, PlanRefusedError, Refusal
from respite.policies.model import Authority, PlanKind, Role
from respite.store.loan_book import LoanAccount

YEAR = timedelta(days=365)
DECISIVE_FIRST = (
    "settled",
    "product",
    "active_plan",
    "authority",
    "bucket",
    "plans_in_12_months",
    "loan_age",
    "amount",
    "paid_share",
)
"""The rules about a loan, in the order in which they decide."""


def refusals(account: LoanAccount, kind: PlanKind, role: Role = Role.BOT) -> list[Refusal]:
    """The rules that stand in the way of such a plan from `role`; an empty list means that the loan may have it."""
    if account.position.is_settled:
        return [Refusal("settled")]

    def standing(authority: Authority) -> list[Refusal]:
        return list(_about_its_standing(account, authority.buckets(kind), authority.plans_in_12_months))

    found = list(_about_the_loan(account, kind))
    found += standing(account.policy.authority[role]) if found else beyond_authority(account.policy, role, standing)
    return sorted(found, key=lambda refusal: DECISIVE_FIRST.index(refusal.rule))


def require_eligible(account: LoanAccount, kind: PlanKind, role: Role = Role.BOT) -> None:
    """Raise PlanRefusedError unless the loan may have such a plan from `role`."""
    found = refusals(account, kind, role)
    if found:
        raise PlanRefusedError(*found)


def _about_the_loan(account: LoanAccount, kind: PlanKind) -> Iterator[Refusal]:
    """The rules that hold whoever offers the plan."""
    loan, rules = account.loan, account.policy.eligibility(kind)
    product = account.policy.products.get(loan.product)
    if product is None or kind not in product.plans:
        yield Refusal("product")
    if account.active_plan:
        yield Refusal("active_plan", {"ends_on": account.schedule.last_due})
    if (account.as_of - loan.started_on).days < rules.minimum_loan_age:
        yield Refusal("loan_age", {"possible_on": loan.started_on + timedelta(days=rules.minimum_loan_age)})
    if account.position.outstanding_principal < rules.minimum_amount:
        yield Refusal("amount", {"minimum": account.money(rules.minimum_amount)})
    if account.repaid_share * 100 < rules.minimum_paid_share:
        yield Refusal(
            "paid_share",
            {"minimum_share": rules.minimum_paid_share, "to_repay": _left_to_repay(account, rules.minimum_paid_share)},
        )


def _about_its_standing(account: LoanAccount, buckets: tuple[str, ...], most_plans: int) -> Iterator[Refusal]:
    """The rules that one role may take more lightly than another."""
    if account.bucket not in buckets:
        facts: dict[str, Fact] = {"days_past_due": timedelta(days=account.position.days_past_due)}
        to_pay = _to_pay_for(account, buckets)
        yield Refusal("bucket", facts | ({"to_pay": account.money(to_pay)} if to_pay else {}))
    if again_on := _possible_again(account, most_plans):
        yield Refusal("plans_in_12_months", {"plans": most_plans, "again_on": again_on})


def _to_pay_for(account: LoanAccount, buckets: tuple[str, ...]) -> Decimal | None:
    """The least that is to be paid today, oldest instalments first, for the loan to be in one of `buckets`."""
    to_pay, later = ZERO, account.position.remaining
    while later and later[0].days_past_due:
        to_pay += later[0].outstanding
        later = later[1:]
        if later and bucket(later[0].days_past_due, account.policy.buckets) in buckets:
            return to_pay
    return None


def _left_to_repay(account: LoanAccount, share: Decimal) -> Money:
    """The principal still to be repaid until `share` percent of the amount lent is."""
    lent = Money.from_minor(account.loan.principal_minor, account.loan.currency).amount
    down = Rounding(minor_unit(account.loan.currency), RoundingMode.FLOOR)
    return account.money(account.position.outstanding_principal - down.round(lent * (100 - share) / 100))


def _possible_again(account: LoanAccount, most: int) -> date | None:
    """The day on which fewer than `most` plans lie within a year; None if today is one.

    A plan that was undone does not count.
    """
    kept = sorted(plan.booked_on for plan in account.loan.plans if plan.state != "cancelled")
    if len(kept) < most or kept[-most] + YEAR <= account.as_of:
        return None
    return kept[-most] + YEAR
