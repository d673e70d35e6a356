"""How late every loan was, day by day."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from respite.lending.delinquency_history import delinquency_by_day
from respite.policies.model import Policy
from respite.store.exporting.tables import Row, Table, loans_with_borrower
from respite.store.loan_course import course_of
from respite.store.models import Loan


def delinquency(policy: Policy, first: date, last: date, today: date) -> Table:
    """The days past due, delinquent days and bucket of every loan on each day from `first` to `last`."""
    schema = {
        "loan_reference": pl.String(),
        "borrower_reference": pl.String(),
        "on": pl.Date(),
        "days_past_due": pl.Int32(),
        "delinquent_days": pl.Int32(),
        "bucket": pl.String(),
    }

    def rows(loan: Loan) -> Iterator[Row]:
        course = course_of(loan, policy, today)
        days = delinquency_by_day(course, loan.annual_rate, policy.charge_rules, first, last, buckets=policy.buckets)
        for day in days:
            yield (
                loan.reference,
                loan.borrower.reference,
                day.on,
                day.days_past_due,
                day.delinquent_days,
                day.bucket,
            )

    return Table(pl.Schema(schema), loans_with_borrower(), rows)
