"""Whose eligibility changes from one policy to another: exactly theirs whom the changed rule concerns."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.eligibility import refusals
from respite.policies.comparing import Answer, Change, changed_keys, compare, counts
from respite.policies.load import load_policy, policy
from respite.policies.model import PlanKind, Policy, Role
from respite.store.loan_book import account_of
from respite.store.models import Loan
from respite.store.session import transaction
from tests.unit.plans import desk
from tests.unit.policies.files import edited

BY_BOT, BY_AGENT = Answer(Role.BOT, None), Answer(Role.AGENT, None)


def by_nobody(rule: str) -> Answer:
    return Answer(None, rule)


def changes(session: Session, after: Policy) -> list[Change]:
    return [change for of_one in compare(session, policy(), after, desk.TODAY) for change in of_one]


def changed(folder: Path, *edits: tuple[str, str]) -> Policy:
    return load_policy(str(edited(folder, *edits)))


@pytest.fixture
def stricter(tmp_path: Path) -> Policy:
    """The bot may no longer restructure for those in their third month late."""
    return changed(
        tmp_path, ("buckets: [M0, M1, M2, M3], maximum_count: 36", "buckets: [M0, M1, M2], maximum_count: 36")
    )


def test_the_same_rules_change_nothing(seeded: Session) -> None:
    each = list(compare(seeded, policy(), policy(), desk.TODAY))
    assert len(each) == len(seeded.scalars(select(Loan.id)).all())
    assert not any(each)


def test_a_bucket_less_concerns_those_in_it_who_were_allowed(seeded: Session, stricter: Policy) -> None:
    allowed_before = {
        loan.reference
        for loan in seeded.scalars(select(Loan))
        if (account := account_of(loan, policy(), desk.TODAY)).bucket == "M3"
        and not refusals(account, PlanKind.RESTRUCTURING)
    }
    found = changes(seeded, stricter)
    assert {change.loan for change in found} == allowed_before != set()
    assert {(change.plan, change.before, change.after) for change in found} == {
        (PlanKind.RESTRUCTURING, BY_BOT, BY_AGENT)
    }


def test_the_other_way_round_they_are_allowed_again(seeded: Session, stricter: Policy) -> None:
    back = [change for of_one in compare(seeded, stricter, policy(), desk.TODAY) for change in of_one]
    assert [(change.loan, change.after, change.before) for change in back] == [
        (change.loan, change.before, change.after) for change in changes(seeded, stricter)
    ]


def test_borrowers_are_named_by_reference(seeded: Session, stricter: Policy) -> None:
    borrower_of = {loan.reference: loan.borrower.reference for loan in seeded.scalars(select(Loan))}
    assert all(change.borrower == borrower_of[change.loan] for change in changes(seeded, stricter))


@pytest.mark.usefixtures("store_url")
def test_only_the_decisive_rule_counts(tmp_path: Path) -> None:
    in_time, very_late, newly_lent = (desk.lend(profile) for profile in ("due_soon", "very_late", "newly_lent"))
    after = changed(tmp_path, ("minimum_amount: 300", "minimum_amount: 30000"))
    with transaction() as session:
        found = {change.loan: (change.before, change.after) for change in changes(session, after)}
        assert found == {
            session.get_one(Loan, in_time).reference: (BY_BOT, by_nobody("amount")),
            session.get_one(Loan, very_late).reference: (BY_AGENT, by_nobody("bucket")),
        }
        for refused in (very_late, newly_lent):
            account = account_of(session.get_one(Loan, refused), after, desk.TODAY)
            assert "amount" in [refusal.rule for refusal in refusals(account, PlanKind.RESTRUCTURING)][1:]


def test_changes_are_counted_by_what_changes_the_most_frequent_first() -> None:
    refused = (PlanKind.DEFERRAL, BY_BOT, by_nobody("bucket"))
    allowed = (PlanKind.RESTRUCTURING, by_nobody("amount"), BY_BOT)
    found = [Change(f"B-{each}", f"L-{each}", *what) for each, what in enumerate([allowed, refused, refused])]
    assert list(counts(found).items()) == [(refused, 2), (allowed, 1)]


def test_a_product_without_plans_concerns_all_its_loans(seeded: Session, tmp_path: Path) -> None:
    name = "    name: {en: Study loan, zh: 培训贷}\n    method: bullet\n    annual_rate: 9.6\n"
    after = changed(tmp_path, (name + "    plans: [deferral, restructuring]", name + "    plans: []"))
    found = changes(seeded, after)
    products = {loan.reference: loan.product for loan in seeded.scalars(select(Loan))}
    assert {products[change.loan] for change in found} == {"study_loan"}
    assert {change.after for change in found} == {by_nobody("product")}


def test_the_keys_that_differ_are_named_with_both_values(tmp_path: Path) -> None:
    after = changed(tmp_path, ("maximum_days: 45", "maximum_days: 60"), ("quote_minutes: 30", "quote_minutes: 20"))
    assert {key: (old, new) for key, old, new in changed_keys(policy(), after)} == {
        "authority.agent.deferral.maximum_days": (45, 60),
        "quote_minutes": (30, 20),
    }
