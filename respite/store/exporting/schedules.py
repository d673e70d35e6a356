"""The schedules in force, with what is paid."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from respite.policies.model import Policy
from respite.store.exporting.tables import Row, Table, amount_of, loans_with_borrower
from respite.store.loan_book import account_of
from respite.store.models import Loan


def schedules(policy: Policy, as_of: date) -> Table:
    """The instalments of every schedule in force, with what is paid and what being late has added by `as_of`."""
    amount = amount_of(policy)
    schema = {
        "loan_reference": pl.String(),
        "borrower_reference": pl.String(),
        "plan_reference": pl.String(),
        "number": pl.Int32(),
        "due_on": pl.Date(),
        "currency": pl.String(),
        "principal": amount,
        "interest": amount,
        "fee": amount,
        "carried": amount,
        "paid_principal": amount,
        "paid_interest": amount,
        "paid_fee": amount,
        "paid_carried": amount,
        "penalty": amount,
        "late_fee": amount,
        "outstanding": amount,
        "days_past_due": pl.Int32(),
    }

    def rows(loan: Loan) -> Iterator[Row]:
        account = account_of(loan, policy, as_of)
        in_force = next(schedule for schedule in loan.schedules if schedule.active)
        plan = next((plan.reference for plan in loan.plans if plan.id == in_force.plan_id), None)
        for line in account.position.instalments:
            yield (
                loan.reference,
                loan.borrower.reference,
                plan,
                line.number,
                line.due,
                loan.currency,
                line.principal,
                line.interest,
                line.fee,
                line.carried,
                line.paid_principal,
                line.paid_interest,
                line.paid_fee,
                line.paid_carried,
                line.penalty,
                line.late_fee,
                line.outstanding,
                line.days_past_due,
            )

    return Table(pl.Schema(schema), loans_with_borrower(), rows)
