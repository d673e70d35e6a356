"""When, under which rules and by whose books something is done about a loan."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from respite.loan_books import LoanBook
from respite.loan_books.copying import Copying
from respite.loan_books.embedded import EMBEDDED
from respite.policies.model import Policy
from respite.store.loan_book import LoanAccount, accounts_of


@dataclass(frozen=True)
class Circumstances:
    """The lender's rules, the business date, the moment, and the book of record."""

    policy: Policy
    business_date: date
    now: datetime
    loan_book: LoanBook = EMBEDDED

    def accounts(self, session: Session, borrower_id: int) -> list[LoanAccount]:
        """A borrower's loans as the book of record has them now, the most urgent first. Raises LoanBookError."""
        Copying(session, self.loan_book, self.business_date, self.now).borrower(borrower_id)
        return accounts_of(session, borrower_id, self.policy, self.business_date)
