"""Postings: amounts that move from one account of a lender's books to another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from respite.lending.money import ZERO


class Account(StrEnum):
    """The accounts that a loan touches.

    Assets: cash and what the borrower owes. Liabilities: the borrower's credit, and interest and fees paid before they
    fall due. Income: interest and fees as they fall due, penalty interest and late fees as they are charged.
    `rescheduling` is empty after every event: through it the balances of a schedule pass into the one that replaces it.
    """

    CASH = "cash"
    PRINCIPAL_RECEIVABLE = "principal_receivable"
    INTEREST_RECEIVABLE = "interest_receivable"
    FEE_RECEIVABLE = "fee_receivable"
    CARRIED_RECEIVABLE = "carried_receivable"
    PENALTY_RECEIVABLE = "penalty_receivable"
    LATE_FEE_RECEIVABLE = "late_fee_receivable"
    BORROWER_CREDIT = "borrower_credit"
    INTEREST_IN_ADVANCE = "interest_in_advance"
    FEE_IN_ADVANCE = "fee_in_advance"
    INTEREST_INCOME = "interest_income"
    FEE_INCOME = "fee_income"
    PENALTY_INCOME = "penalty_income"
    LATE_FEE_INCOME = "late_fee_income"
    RESCHEDULING = "rescheduling"


class Event(StrEnum):
    """What a posting is the trace of."""

    LENT = "amount_lent"
    DUE = "fallen_due"
    CHARGED = "charged"
    PAID = "payment"
    REVERSED = "payment_reversed"
    PLAN_BOOKED = "plan_booked"
    PLAN_ENDED = "plan_ended"


@dataclass(frozen=True)
class Posting:
    """`amount`, always above zero, debited to one account and credited to another on a business date.

    `reference` is that of the payment or the plan; `number` the instalment, where there is one.
    """

    on: date
    event: Event
    debit: Account
    credit: Account
    amount: Decimal
    reference: str = ""
    number: int | None = None


def balances(postings: Iterable[Posting]) -> dict[Account, Decimal]:
    """What each account holds: debits less credits, so that liabilities and income are below zero."""
    held = dict.fromkeys(Account, ZERO)
    for posting in postings:
        held[posting.debit] += posting.amount
        held[posting.credit] -= posting.amount
    return held
