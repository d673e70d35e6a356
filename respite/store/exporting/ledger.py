"""The ledger of every loan."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from respite.lending.ledger import ledger as postings_of
from respite.policies.model import Policy
from respite.store.exporting.tables import Row, Table, amount_of, loans_with_borrower
from respite.store.loan_course import course_of
from respite.store.models import Loan


def ledger(policy: Policy, as_of: date) -> Table:
    """The postings of every loan up to and including `as_of`, each loan's in the order of their days."""
    schema = {
        "loan_reference": pl.String(),
        "borrower_reference": pl.String(),
        "posting": pl.Int32(),
        "posted_on": pl.Date(),
        "event": pl.String(),
        "debit_account": pl.String(),
        "credit_account": pl.String(),
        "currency": pl.String(),
        "amount": amount_of(policy),
        "reference": pl.String(),
        "number": pl.Int32(),
    }

    def rows(loan: Loan) -> Iterator[Row]:
        course = course_of(loan, policy, as_of)
        postings = postings_of(course, loan.annual_rate, policy.charge_rules, as_of)
        for place, posting in enumerate(postings, start=1):
            yield (
                loan.reference,
                loan.borrower.reference,
                place,
                posting.on,
                posting.event,
                posting.debit,
                posting.credit,
                loan.currency,
                posting.amount,
                posting.reference or None,
                posting.number,
            )

    return Table(pl.Schema(schema), loans_with_borrower(), rows)
