"""Exporting schedules with what is paid, plans and payments, as tables whose columns stay in their order.

A table is read in pages, each in a transaction of its own, so that nobody waits for an export. Borrowers are named by
their reference only.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from babel.numbers import get_currency_precision
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.policies.model import Policy
from respite.store.loan_book import account_of
from respite.store.models import Loan, Payment, Plan, Schedule
from respite.store.session import transaction

ENTITIES_A_PAGE = 500
ENDINGS = (".csv", ".parquet")
RATE = pl.Decimal(18, 6)
MOMENT = pl.Datetime("us", "UTC")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """One table of an export: its columns, and the rows that each entity of a query gives."""

    schema: pl.Schema
    query: Select[Any]
    rows: Callable[[Any], Iterator[Row]]


def export(table: Table, path: Path, on_written: Callable[[int], object]) -> None:
    """Write a table as CSV or Parquet, by the ending of `path`. `on_written` is told how many rows each page held."""
    with TemporaryDirectory() as folder:
        table.schema.to_frame().write_parquet(Path(folder, "000000.parquet"))
        for number, page in enumerate(_pages(table), start=1):
            page.write_parquet(Path(folder, f"{number:06}.parquet"))
            on_written(page.height)
        pages = pl.scan_parquet(Path(folder, "*.parquet"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            pages.sink_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        else:
            pages.sink_parquet(path)


def _pages(table: Table) -> Iterator[pl.DataFrame]:
    """The rows of a table, some hundred entities at a time, in the order of their identifiers."""
    entity = table.query.column_descriptions[0]["entity"]
    last = 0
    while True:
        with transaction() as session:
            query = table.query.where(entity.id > last).order_by(entity.id).limit(ENTITIES_A_PAGE)
            entities = session.scalars(query).all()
            if not entities:
                return
            last = entities[-1].id
            rows = [row for each in entities for row in table.rows(each)]
        yield pl.DataFrame(rows, schema=table.schema, orient="row")


def schedules(policy: Policy, as_of: date) -> Table:
    """The instalments of every schedule in force, with what is paid and what being late has added by `as_of`."""
    amount = _amount(policy)
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

    query = select(Loan).options(
        joinedload(Loan.borrower),
        selectinload(Loan.schedules).selectinload(Schedule.instalments),
        selectinload(Loan.payments),
        selectinload(Loan.plans),
    )
    return Table(pl.Schema(schema), query, rows)


def plans(policy: Policy) -> Table:
    """Every plan that was ever booked, with its terms and what became of it."""
    amount = _amount(policy)
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


def payments(policy: Policy) -> Table:
    """Every payment, in the columns in which payments are imported."""
    schema = {
        "payment_reference": pl.String(),
        "loan_reference": pl.String(),
        "received_on": pl.Date(),
        "currency": pl.String(),
        "amount": _amount(policy),
    }

    def rows(payment: Payment) -> Iterator[Row]:
        money = Money.from_minor(payment.amount_minor, payment.loan.currency)
        yield payment.reference, payment.loan.reference, payment.received_on, money.currency, money.amount

    query = select(Payment).options(joinedload(Payment.loan))
    return Table(pl.Schema(schema), query, rows)


def _amount(policy: Policy) -> pl.Decimal:
    return pl.Decimal(18, get_currency_precision(policy.currency))
