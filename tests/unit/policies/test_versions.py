"""A version of a policy never changes its content, and a plan keeps the one that it was made under."""

from datetime import timedelta

import pytest

from respite.plans.booking import PlanCannotBeCancelledError
from respite.plans.closing import end_of_day
from respite.plans.keeping import PlanOutcome
from respite.plans.offers import restructuring_offer
from respite.policies.load import SHIPPED, load_policy, policy
from respite.policies.model import Policy
from respite.policies.versions import OtherContentError, UnknownVersionError, keep, policy_of
from respite.store.models import Plan, PolicyVersion
from respite.store.session import store, transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def booked_under(rules: Policy) -> int:
    """The loan of a plan that was made under a policy."""
    loan_id = desk.lend("late")
    with desk.account(loan_id, rules=rules) as loan:
        offer = restructuring_offer(loan, 12)
    desk.consent(desk.write(offer), rules=rules)
    return loan_id


def plan_on(loan_id: int) -> Plan:
    with transaction() as session:
        return session.query(Plan).filter_by(loan_id=loan_id).one()


@pytest.mark.parametrize("name", sorted(file.stem for file in SHIPPED.glob("*.yml")))
def test_a_policy_comes_back_as_it_was(name: str) -> None:
    rules = load_policy(name)
    with transaction() as session:
        keep(session, rules, desk.NOW)
        plan = Plan(reference="P-222222", policy_version=rules.version)
        assert policy_of(session, plan) == rules


def test_it_is_kept_when_a_quote_is_first_made_under_it() -> None:
    rules = desk.rules(quote_minutes=5)
    loan_id = desk.lend("late")
    with desk.account(loan_id, rules=rules) as loan:
        offer = restructuring_offer(loan, 12)
    for minutes in range(3):
        desk.write(offer, desk.NOW + minutes * desk.MINUTE)
    with transaction() as session:
        kept = session.get_one(PolicyVersion, rules.version)
        assert kept.first_used_at == desk.NOW
        assert Policy.model_validate(kept.content) == rules


def test_another_content_under_the_same_version_is_refused_in_words() -> None:
    with transaction() as session:
        keep(session, policy(), desk.NOW)
        keep(session, policy(), desk.NOW)
    changed = policy().model_copy(update={"quote_minutes": 31})
    with transaction() as session, pytest.raises(OtherContentError, match="give the file a new version"):
        keep(session, changed, desk.NOW)


def test_no_quote_is_made_under_a_changed_policy_without_a_new_version() -> None:
    with transaction() as session:
        keep(session, policy(), desk.NOW)
    loan_id = desk.lend("late")
    with desk.account(loan_id, rules=policy().model_copy(update={"quote_minutes": 31})) as loan:
        offer = restructuring_offer(loan, 12)
    with pytest.raises(OtherContentError):
        desk.write(offer)


def test_two_programs_that_keep_it_at_once_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        keep(session, policy(), desk.NOW)
    with transaction() as session:
        monkeypatch.setattr(session, "get", lambda *_: None)
        keep(session, policy(), desk.NOW)
    with transaction() as session:
        assert session.query(PolicyVersion).filter_by(version=policy().version).count() == 1


def test_a_policy_that_was_never_kept_is_said_to_be_so() -> None:
    with transaction() as session, pytest.raises(UnknownVersionError, match=r"P-222222.*cn-2019"):
        policy_of(session, Plan(reference="P-222222", policy_version="cn-2019"))


class TestAPlanKeepsItsPolicy:
    def test_the_days_in_which_it_can_be_undone(self) -> None:
        loan_id = booked_under(desk.rules(plan_cancellation_days=21))
        with pytest.raises(PlanCannotBeCancelledError):
            desk.undo(loan_id, today=desk.TODAY + timedelta(days=22))
        desk.undo(loan_id, today=desk.TODAY + timedelta(days=21))
        assert plan_on(loan_id).state == "cancelled"

    def test_the_grace_after_which_a_missed_instalment_breaks_it(self) -> None:
        loan_id = booked_under(desk.rules(late_charges__grace_days=10))
        with desk.account(loan_id) as loan:
            first_due = loan.schedule[0].due
        assert self.closed(first_due + timedelta(days=10)) == []
        assert self.closed(first_due + timedelta(days=11)) == [PlanOutcome.BROKEN]

    @staticmethod
    def closed(day: object) -> list[PlanOutcome]:
        with store()() as session:
            return [each.outcome for each in end_of_day(session, policy(), day, desk.NOW).plans]  # type: ignore[arg-type]
