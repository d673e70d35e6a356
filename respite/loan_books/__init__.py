"""Whose books say what a loan stands at: the store's own, or those of the lender's core banking system.

Respite always reads its store. Where the lender's system is the book of record, the store holds a copy, brought up to
date before each turn. Quotes, consent and the audit trail stay in Respite; a plan is in force in both or in neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from respite.lending.instalments import Schedule
from respite.plans.terms import PlanTerms


class LoanBookError(Exception):
    """The book of record could not do what was asked."""


class LoanBookUnreachableError(LoanBookError):
    """The book was not reached, so nothing was changed in it."""


class LoanBookSilentError(LoanBookError):
    """A change was sent to the book, but what became of it is not known."""


class LoanBookRefusedError(LoanBookError):
    """The book was reached and said no, and changed nothing. The message is its reason, for staff."""


@dataclass(frozen=True)
class Received:
    """Money that the book has received. `reference` is unique over all loans, at most 40 characters."""

    reference: str
    on: date
    amount: Decimal
    reversed_on: date | None = None


@dataclass(frozen=True)
class Statement:
    """One loan as the book of record has it. `annual_rate` is percent a year.

    `plans` are Respite's plans in force in the book: the book's own id of each, by the key under which it was sent.
    """

    annual_rate: Decimal
    schedule: Schedule
    payments: tuple[Received, ...]
    plans: Mapping[str, str]


class LoanBook(Protocol):
    """A book of record. `loan_id` is the loan's id in it (`loans.external_id`), `key` names one plan for ever.

    Every method may raise LoanBookUnreachableError and LoanBookRefusedError; those that change something, also
    LoanBookSilentError. None of them is called for a loan without an id in the book.
    """

    def statement(self, loan_id: str) -> Statement | None:
        """The loan as it stands now; None where the store itself is the book."""

    def check(self, loan_id: str, terms: PlanTerms) -> None:
        """Raise LoanBookRefusedError unless the book would put exactly these terms in force today."""

    def put_in_force(self, loan_id: str, terms: PlanTerms, key: str) -> str | None:
        """Put a plan in force, once however often it is sent with the same key; returns the book's id of it."""

    def undo(self, loan_id: str, key: str) -> None:
        """Put the contract back in force; a plan that is not in force is left as it is."""
