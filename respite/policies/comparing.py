"""What differs between two policies, and for whose loan another plan, or somebody else who may grant it, follows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from respite.plans.eligibility import refusals
from respite.policies.model import PlanKind, Policy, Role
from respite.store.loan_book import LoanAccount, account_of, loans_with_history
from respite.store.models import Loan

LOANS_AT_A_TIME = 500


@dataclass(frozen=True)
class Answer:
    """Who may grant a plan to a loan, or the decisive rule by which nobody may."""

    granted_by: Role | None
    rule: str | None


@dataclass(frozen=True)
class Change:
    """One loan to which somebody may grant a plan under one policy who may not under the other."""

    borrower: str
    loan: str
    plan: PlanKind
    before: Answer
    after: Answer


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


def counts(changes: list[Change]) -> Mapping[tuple[PlanKind, Answer, Answer], int]:
    """How many loans change from one answer to another, the most frequent change first."""
    found = Counter((change.plan, change.before, change.after) for change in changes)
    return dict(found.most_common())


def eligibility(loan: Loan, policy: Policy, as_of: date) -> dict[PlanKind, Answer]:
    """For each kind of plan, the answer of `policy` to a loan."""
    account = account_of(loan, policy, as_of)
    return {kind: _answer(account, kind) for kind in PlanKind}


def changed_keys(before: Policy, after: Policy) -> Iterator[tuple[str, Any, Any]]:
    """The dotted keys whose values differ, with both values; None where a policy lacks the key."""
    old, new = (dict(_keys(policy.model_dump(mode="json"))) for policy in (before, after))
    for key in old | new:
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _answer(account: LoanAccount, kind: PlanKind) -> Answer:
    refused = refusals(account, kind)
    if not refused:
        return Answer(Role.BOT, None)
    decisive = refused[0]
    return Answer(decisive.granted_by, None if decisive.granted_by else decisive.rule)


def _keys(content: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
