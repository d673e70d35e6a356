"""Whose eligibility for a plan changes from one policy to another."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from respite.plans.eligibility import Refusal, refusals
from respite.plans.offers import PlanKind
from respite.policies.model import Policy
from respite.store.loan_book import account_of, loans_with_history
from respite.store.models import Loan

LOANS_AT_A_TIME = 500

Rule = str | None
"""The decisive rule that refuses a plan; None where the plan is allowed."""


@dataclass(frozen=True)
class Change:
    """One loan that may have a plan under one policy and not under the other, or is refused it by another rule."""

    borrower: str
    loan: str
    plan: PlanKind
    before: Rule
    after: Rule


def compare(session: Session, before: Policy, after: Policy, as_of: date) -> Iterator[list[Change]]:
    """For each loan in the store, what changes for it; its position is that of the business date `as_of`."""
    query = loans_with_history().order_by(Loan.id).execution_options(yield_per=LOANS_AT_A_TIME)
    for loan in session.scalars(query):
        old, new = (eligibility(loan, policy, as_of) for policy in (before, after))
        yield [
            Change(loan.borrower.reference, loan.reference, plan, old[plan], new[plan])
            for plan in PlanKind
            if old[plan] != new[plan]
        ]


def counts(changes: list[Change]) -> Mapping[tuple[PlanKind, Rule, Rule], int]:
    """How many loans change from one rule to another, the most frequent change first."""
    found = Counter((change.plan, change.before, change.after) for change in changes)
    return dict(found.most_common())


def eligibility(loan: Loan, policy: Policy, as_of: date) -> dict[PlanKind, Rule]:
    """For each kind of plan, the decisive rule of `policy` that refuses it to a loan."""
    account = account_of(loan, policy, as_of)
    return {
        PlanKind.DEFERRAL: _decisive(refusals(account, policy.deferral.eligibility)),
        PlanKind.RESTRUCTURING: _decisive(refusals(account, policy.restructuring.eligibility)),
    }


def _decisive(refused: list[Refusal]) -> Rule:
    return refused[0].rule if refused else None
