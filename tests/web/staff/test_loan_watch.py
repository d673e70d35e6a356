"""Noticing that a loan has changed while somebody looks at its borrower's file."""

import asyncio

import pytest
from sqlalchemy import select, update

from bot.web.staff.pages.conversation.loan_watch import LoanWatch
from respite.store.models import Loan
from respite.store.session import reading, transaction

pytestmark = pytest.mark.usefixtures("seeded")


def a_borrower() -> int:
    with reading() as session:
        return session.scalars(select(Loan.borrower_id).order_by(Loan.id)).first() or pytest.fail("nobody has a loan")


def change_a_loan(borrower_id: int) -> None:
    with transaction() as session:
        session.execute(update(Loan).where(Loan.borrower_id == borrower_id).values(version=Loan.version + 1))


async def test_a_change_between_two_looks_is_noticed_and_nothing_else_is() -> None:
    watch, changed, borrower_id = LoanWatch(), asyncio.Event(), a_borrower()
    with watch.watching(borrower_id, changed):
        await watch.look()
        changed.clear()
        await watch.look()
        assert not changed.is_set()
        change_a_loan(borrower_id)
        await watch.look()

    assert changed.is_set()


async def test_a_change_before_the_first_look_is_noticed() -> None:
    watch, changed, borrower_id = LoanWatch(), asyncio.Event(), a_borrower()
    with watch.watching(borrower_id, changed):
        change_a_loan(borrower_id)
        await watch.look()

    assert changed.is_set()
