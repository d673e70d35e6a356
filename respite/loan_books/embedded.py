"""The store as the book of record: what is written there is what holds."""

from respite.loan_books import LoanBook
from respite.plans.terms import PlanTerms


class EmbeddedLoanBook:
    def statement(self, loan_id: str) -> None:
        return None

    def check(self, loan_id: str, terms: PlanTerms) -> None:
        return None

    def put_in_force(self, loan_id: str, terms: PlanTerms, key: str) -> None:
        return None

    def undo(self, loan_id: str, key: str) -> None:
        return None


EMBEDDED: LoanBook = EmbeddedLoanBook()
