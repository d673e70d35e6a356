"""Consent to a quote: one transaction, one plan, exactly the terms that were on the screen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans import booking
from respite.plans.booking import Stale, StaleQuoteError
from respite.plans.terms import PlanTerms
from respite.store.loan_course import schedule_of
from respite.store.models import AuditEntry, Instalment, Loan, Plan, Quote, Schedule
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

QUOTES = {"deferral": desk.quote_deferral, "restructuring": desk.quote_restructuring}


@pytest.fixture
def loan_id() -> int:
    return desk.lend("late")


def plans(session: Session) -> list[Plan]:
    return list(session.scalars(select(Plan)))


def trace(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize("kind", QUOTES)
def test_the_booked_schedule_is_the_one_that_was_quoted(loan_id: int, kind: str) -> None:
    quote_id = QUOTES[kind](loan_id)
    plan_id = desk.consent(quote_id).plan.id
    with transaction() as session:
        terms = PlanTerms.from_json(desk.quote_of(session, quote_id).terms)
        stored = session.scalars(select(Schedule).where(Schedule.plan_id == plan_id)).one()
        assert schedule_of(stored, "CNY") == terms.schedule
        assert stored.starts_on == terms.starts_on


@pytest.mark.parametrize("kind", QUOTES)
def test_a_booking_writes_plan_schedule_quote_loan_and_audit_entry(loan_id: int, kind: str) -> None:
    with transaction() as session:
        version = session.get_one(Loan, loan_id).version
    quote_id = QUOTES[kind](loan_id)
    booked = desk.consent(quote_id)
    assert booked.newly_booked
    with transaction() as session:
        quote, loan = desk.quote_of(session, quote_id), session.get_one(Loan, loan_id)
        [plan] = plans(session)
        assert (plan.reference, plan.kind, plan.state) == (booked.plan.reference, kind, "active")
        assert (plan.terms, plan.terms_hash) == (quote.terms, quote.terms_hash)
        assert (plan.booked_on, plan.booked_at) == (desk.TODAY, desk.NOW)
        assert quote.state == "accepted"
        assert loan.version == version + 1
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject) == ("plan_booked", f"plan:{plan.reference}")
        assert entry.actor == f"borrower:{loan.borrower_id}"
        assert entry.details["terms_hash"] == plan.terms_hash


def test_the_account_then_follows_the_plan(loan_id: int) -> None:
    with desk.account(loan_id) as before:
        assert before.position.days_past_due == 20
    desk.consent(desk.quote_restructuring(loan_id))
    with desk.account(loan_id) as after:
        assert after.position.days_past_due == 0
        assert after.active_plan is not None
        assert len(after.position.remaining) == 12


@pytest.mark.parametrize("kind", QUOTES)
@pytest.mark.parametrize("profile", ["due_soon", "due_today", "late", "bullet", "interest_free"])
def test_settling_on_the_day_of_the_booking_costs_what_it_did_before(profile: str, kind: str) -> None:
    """To the cents that periods are rounded to."""
    loan_id = desk.lend(profile)
    with desk.account(loan_id) as loan:
        before = loan.payoff().total
    desk.consent(QUOTES[kind](loan_id))
    with desk.account(loan_id) as loan:
        assert abs(loan.payoff().total - before) <= Decimal("0.03")


@pytest.mark.parametrize("step", ["_replace_schedule", "_activate"])
def test_a_failure_half_way_leaves_nothing(loan_id: int, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quote_id = desk.quote_restructuring(loan_id)
    before = everything(loan_id)
    monkeypatch.setattr(booking, step, power_cut)
    with pytest.raises(ConnectionError):
        desk.consent(quote_id)
    assert everything(loan_id) == before


def test_a_failing_audit_entry_leaves_nothing(loan_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    quote_id = desk.quote_deferral(loan_id)
    before = everything(loan_id)
    monkeypatch.setattr(booking.audit, "record", power_cut)
    with pytest.raises(ConnectionError):
        desk.consent(quote_id)
    assert everything(loan_id) == before


def test_the_same_consent_given_twice_finds_the_first_booking(loan_id: int) -> None:
    quote_id = desk.quote_restructuring(loan_id)
    first = desk.consent(quote_id)
    before = everything(loan_id)
    again = desk.consent(quote_id, now=desk.NOW + 31 * desk.MINUTE, today=desk.TODAY + desk.DAY)
    assert (again.plan.reference, again.newly_booked) == (first.plan.reference, False)
    assert everything(loan_id) == before


def test_eight_consents_to_one_quote_at_once_book_one_plan(loan_id: int) -> None:
    quote_id = desk.quote_deferral(loan_id)
    with ThreadPoolExecutor(8) as threads:
        booked = list(threads.map(lambda _: desk.consent(quote_id), range(8)))
    assert len({each.plan.reference for each in booked}) == 1
    assert sum(each.newly_booked for each in booked) == 1
    with transaction() as session:
        assert len(plans(session)) == 1
        assert trace(session).count("plan_booked") == 1


def test_two_quotes_of_one_loan_accepted_at_once_book_one_plan(loan_id: int) -> None:
    def outcome(quote_id: str) -> str:
        try:
            return desk.consent(quote_id).plan.reference
        except StaleQuoteError as stale:
            return stale.reason

    for_a_month, in_twelve = desk.quote_deferral(loan_id), desk.quote_restructuring(loan_id)
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(outcome, [for_a_month, in_twelve]))
    assert outcomes.count(Stale.LOAN_CHANGED) == 1
    with transaction() as session:
        [plan] = plans(session)
        assert plan.reference in outcomes
        assert len(list(session.scalars(select(Schedule).where(Schedule.active)))) == 1


def test_plans_of_different_loans_do_not_disturb_each_other() -> None:
    quotes = [desk.quote_restructuring(desk.lend("late")) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        booked = list(threads.map(desk.consent, quotes))
    assert len({each.plan.reference for each in booked}) == 4


def everything(loan_id: int) -> tuple[object, ...]:
    """All that a booking may change."""
    with transaction() as session:
        return (
            session.get_one(Loan, loan_id).version,
            [(quote.id, quote.state) for quote in session.scalars(select(Quote))],
            [(plan.reference, plan.state) for plan in plans(session)],
            [(each.id, each.active) for each in session.scalars(select(Schedule).order_by(Schedule.id))],
            len(list(session.scalars(select(Instalment.id)))),
            trace(session),
        )


def power_cut(*_: object, **__: object) -> date:
    raise ConnectionError("The power went out.")
