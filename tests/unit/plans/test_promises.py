"""A promise to pay: a borrower's word, which changes no schedule."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from respite.plans.promises import record_promise
from respite.policies.load import policy
from respite.store.loan_book import account_of
from respite.store.models import AuditEntry, Loan, PromiseToPay
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

SOON = date(2026, 11, 27)


def promise(loan_id: int, day: date, amount: str = "500.50") -> None:
    with transaction() as session:
        account = account_of(session.get_one(Loan, loan_id), policy(), desk.TODAY)
        record_promise(session, account, day, Decimal(amount), business_date=desk.TODAY, now=desk.NOW)


def promises(loan_id: int) -> list[tuple[date, int, str]]:
    with transaction() as session:
        found = session.scalars(select(PromiseToPay).where(PromiseToPay.loan_id == loan_id))
        return [(each.due_on, each.amount_minor, each.state) for each in found]


def test_a_promise_is_kept_with_day_and_amount() -> None:
    loan_id = desk.lend("late")
    promise(loan_id, SOON)
    assert promises(loan_id) == [(SOON, 50050, "open")]
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.action == "promise_recorded"
        assert entry.details == {"due_on": "2026-11-27", "amount_minor": 50050}


def test_a_new_promise_takes_the_place_of_the_open_one() -> None:
    loan_id = desk.lend("late")
    promise(loan_id, SOON)
    promise(loan_id, SOON + desk.DAY, "20")
    assert promises(loan_id) == [(SOON + desk.DAY, 2000, "open")]


def test_a_promise_changes_neither_what_is_owed_nor_the_loans_version() -> None:
    loan_id = desk.lend("late")
    with desk.account(loan_id) as loan:
        before = (loan.position, loan.loan.version)
    promise(loan_id, SOON)
    with desk.account(loan_id) as loan:
        assert (loan.position, loan.loan.version) == before
