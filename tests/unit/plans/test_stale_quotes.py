"""A quote that no longer holds books nothing, and says why."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from respite.plans.booking import Stale, StaleQuoteError
from respite.plans.quotes import show_quote, withdraw_shown_quote
from respite.policies.load import policy
from respite.store.models import AuditEntry, Loan, Plan, Schedule
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def refused(consent: Callable[[], object], reason: Stale) -> None:
    """`consent` is refused for `reason`, and the store is as it was."""
    before = state()
    with pytest.raises(StaleQuoteError) as error:
        consent()
    assert error.value.reason is reason
    assert state() == before


def state() -> tuple[object, ...]:
    with transaction() as session:
        return (
            session.scalar(select(func.count(Plan.id))),
            session.scalar(select(func.count(Schedule.id))),
            session.scalar(select(func.count(AuditEntry.id))),
            list(session.scalars(select(Loan.version).order_by(Loan.id))),
        )


@pytest.fixture
def loan_id() -> int:
    return desk.lend("late")


@pytest.fixture
def quote_id(loan_id: int) -> str:
    return desk.quote_restructuring(loan_id)


def test_a_quote_holds_for_the_minutes_of_the_policy(quote_id: str) -> None:
    last_moment = desk.NOW + policy().quote_minutes * desk.MINUTE
    refused(lambda: desk.consent(quote_id, now=last_moment), Stale.EXPIRED)
    assert desk.consent(quote_id, now=last_moment - desk.MINUTE).newly_booked


def test_a_payment_after_the_quote(loan_id: int, quote_id: str) -> None:
    desk.pay(loan_id, Decimal(100), desk.NOW + desk.MINUTE)
    refused(lambda: desk.consent(quote_id), Stale.LOAN_CHANGED)


def test_another_plan_after_the_quote(loan_id: int, quote_id: str) -> None:
    desk.consent(desk.quote_deferral(loan_id))
    refused(lambda: desk.consent(quote_id), Stale.LOAN_CHANGED)


def test_another_plan_booked_and_undone_after_the_quote(loan_id: int, quote_id: str) -> None:
    desk.consent(desk.quote_deferral(loan_id))
    desk.undo(loan_id)
    refused(lambda: desk.consent(quote_id), Stale.LOAN_CHANGED)


def test_another_version_of_the_policy(quote_id: str) -> None:
    changed = policy().model_copy(update={"version": "cn-2026-12"})
    refused(lambda: desk.consent(quote_id, rules=changed), Stale.POLICY_CHANGED)


def test_a_new_business_date(quote_id: str) -> None:
    refused(lambda: desk.consent(quote_id, today=desk.TODAY + desk.DAY), Stale.NEW_DAY)


def test_a_quote_that_was_withdrawn(quote_id: str) -> None:
    with transaction() as session:
        conversation_id = desk.quote_of(session, quote_id).conversation_id
        show_quote(session, quote_id, conversation_id)
        withdraw_shown_quote(session, conversation_id)
    refused(lambda: desk.consent(quote_id), Stale.WITHDRAWN)
