"""Which book an installation keeps, as its setting says."""

import pytest

from respite.loan_books.embedded import EmbeddedLoanBook
from respite.loan_books.fineract import FineractLoanBook
from respite.loan_books.load import UnknownLoanBookError, loan_book


def own() -> str:
    return "a book of one's own"


def test_without_a_setting_the_store_is_the_book() -> None:
    assert isinstance(loan_book(), EmbeddedLoanBook)


@pytest.mark.usefixtures("core_settings")
def test_it_is_made_once() -> None:
    assert isinstance(loan_book(), FineractLoanBook)
    assert loan_book() is loan_book()


def test_one_of_ones_own_is_found_by_its_name(own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_LOAN_BOOK", f"{__name__}:own")
    assert str(loan_book()) == own()


@pytest.mark.parametrize(
    "name", ["fineracht", "nowhere.at.all:book", "respite.loan_books.load:nothing", "respite.loan_books", ""]
)
def test_a_name_that_makes_no_book_is_told_with_what_to_do(own_settings: pytest.MonkeyPatch, name: str) -> None:
    own_settings.setenv("RESPITE_LOAN_BOOK", name)
    with pytest.raises(UnknownLoanBookError, match=r"Use embedded, fineract, or package\.module:function"):
        loan_book()
