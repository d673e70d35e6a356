"""Every plan that was ever booked."""

import json
from collections.abc import Iterator

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from respite.plans.terms import PlanTerms
from respite.policies.model import Policy
from respite.store.exporting.tables import Row, Table, amount_of
from respite.store.models import Loan, Plan

RATE = pl.Decimal(18, 6)
MOMENT = pl.Datetime("us", "UTC")


def plans(policy: Policy) -> Table:
    """Every plan that was ever booked, with its terms and what became of it."""
    amount = amount_of(policy)
    schema = {
        "plan_reference": pl.String(),
        "loan_reference": pl.String(),
        "borrower_reference": pl.String(),
        "kind": pl.String(),
        "state": pl.String(),
        "booked_on": pl.Date(),
        "booked_at": MOMENT,
        "ended_at": MOMENT,
        "policy_version": pl.String(),
        "currency": pl.String(),
        "instalments": pl.Int32(),
        "first_due_on": pl.Date(),
        "last_due_on": pl.Date(),
        "total": amount,
        "extra_against_agreed": amount,
        "extra_against_payoff": amount,
        "effective_annual_rate": RATE,
        "terms_hash": pl.String(),
        "terms": pl.String(),
    }

    def rows(plan: Plan) -> Iterator[Row]:
        terms = PlanTerms.from_json(plan.terms)
        yield (
            plan.reference,
            plan.loan.reference,
            plan.loan.borrower.reference,
            plan.kind,
            plan.state,
            plan.booked_on,
            plan.booked_at,
            plan.ended_at,
            plan.policy_version,
            terms.total.currency,
            terms.count,
            terms.schedule.instalments[0].due,
            terms.schedule.last_due,
            terms.total.amount,
            terms.extra_against_agreed.amount,
            terms.extra_against_payoff.amount,
            terms.effective_annual_rate,
            plan.terms_hash,
            json.dumps(plan.terms, sort_keys=True),
        )

    query = select(Plan).options(joinedload(Plan.loan).joinedload(Loan.borrower))
    return Table(pl.Schema(schema), query, rows)
