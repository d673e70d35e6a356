"""A core banking system beside the store, and loans that it keeps."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from respite.lending.money import Money
from respite.loan_books.fineract import FineractLoanBook
from respite.loan_books.load import loan_book
from respite.settings import settings
from respite.store.models import Loan, Payment
from respite.store.session import transaction
from tests.unit.actions.talk import Chat, chat_as
from tests.unit.loan_books.look_alike import CoreBanking, CoreLoan
from tests.unit.plans import desk

LOAN = 17
"""The loan's id in the core banking system."""


@pytest.fixture
def core() -> Iterator[CoreBanking]:
    system = CoreBanking(desk.TODAY)
    system.server.start()
    yield system
    system.answers_after = 0
    system.server.stop()


@pytest.fixture
def core_settings(own_settings: pytest.MonkeyPatch, core: CoreBanking) -> None:
    """An installation whose loans are kept in the core, on the business date of the tests."""
    own_settings.setenv("RESPITE_BUSINESS_DATE", desk.TODAY.isoformat())
    own_settings.setenv("RESPITE_LOAN_BOOK", "fineract")
    for name, value in {"URL": core.url, "USERNAME": "mifos", "PASSWORD": "password", "SECONDS": "1"}.items():
        own_settings.setenv(f"RESPITE_FINERACT_{name}", value)
    settings.cache_clear()
    loan_book.cache_clear()


@pytest.fixture
def kept_in_core(store_url: str, core_settings: None) -> None:
    """An empty store of that installation; it is asked for first, because it forgets the settings."""


@pytest.fixture
def chat(kept_in_core: None, core: CoreBanking) -> Chat:
    """A conversation with a borrower twenty days late, whose loan and payments are in the core alone."""
    chat = chat_as("late")
    with transaction() as session:
        loan_id = session.scalars(select(Loan.id)).one()
    entrust(loan_id, core)
    return chat


@pytest.fixture
def book(core_settings: None) -> FineractLoanBook:
    return FineractLoanBook()


def entrust(loan_id: int, core: CoreBanking) -> CoreLoan:
    """Move a loan of the store with its payments into the core; the store keeps its contract."""
    with desk.account(loan_id) as account:
        kept = CoreLoan(LOAN, account.annual_rate, account.schedule)
        for payment in account.loan.payments:
            paid = Money.from_minor(payment.amount_minor, account.loan.currency)
            kept.pay(payment.id, payment.received_on, paid.amount)
        account.loan.external_id = str(LOAN)
    with transaction() as session:
        session.execute(delete(Payment).where(Payment.loan_id == loan_id))
    core.loans[LOAN] = kept
    return kept
