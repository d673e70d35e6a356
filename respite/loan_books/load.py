"""The book of record of this installation, as RESPITE_LOAN_BOOK names it."""

from functools import cache
from pkgutil import resolve_name

from respite.loan_books import LoanBook
from respite.settings import settings

SHIPPED = {
    "embedded": "respite.loan_books.embedded:EmbeddedLoanBook",
    "fineract": "respite.loan_books.fineract:FineractLoanBook",
}


class UnknownLoanBookError(ValueError):
    """RESPITE_LOAN_BOOK names nothing that makes a book."""


@cache
def loan_book() -> LoanBook:
    """The book of this process, made once. Raises UnknownLoanBookError."""
    name = settings().loan_book
    try:
        book: LoanBook = resolve_name(SHIPPED.get(name, name))()
    except (ValueError, ImportError, AttributeError, TypeError) as error:
        raise UnknownLoanBookError(
            f"RESPITE_LOAN_BOOK is {name!r}, of which no book can be made ({error})."
            f" Use {', '.join(SHIPPED)}, or package.module:function for one of your own."
        ) from error
    return book
