"""`respite export`: what the store holds, as tables whose columns stay in their order."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.policies.load import policy
from respite.settings import settings
from respite.store.exporting import tables
from respite.store.loan_book import account_of
from respite.store.models import Loan, Payment, Plan
from tests.unit.store.lender_files import respite

EXPORTED = ["schedules", "plans", "payments", "ledger", "delinquency"]


@pytest.fixture(autouse=True)
def on_the_business_date(demo_store_url: str, own_settings: pytest.MonkeyPatch, business_date: date) -> Iterator[None]:
    own_settings.setenv("RESPITE_BUSINESS_DATE", business_date.isoformat())
    settings.cache_clear()
    yield
    settings.cache_clear()


def export(what: str, path: Path) -> pl.DataFrame:
    result = respite("export", what, str(path))
    assert result.exit_code == 0, result.output
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)


def test_schedules_say_what_the_core_says_of_every_loan(seeded: Session, tmp_path: Path, business_date: date) -> None:
    exported = export("schedules", tmp_path / "schedules.parquet")

    owed = dict(exported.group_by("loan_reference").agg(pl.col("outstanding").sum()).iter_rows())
    late = dict(exported.group_by("loan_reference").agg(pl.col("days_past_due").max()).iter_rows())
    accounts = [account_of(loan, policy(), business_date) for loan in seeded.scalars(select(Loan))]
    assert owed == {
        each.reference: sum((line.outstanding for line in each.position.instalments), Decimal(0)) for each in accounts
    }
    assert late == {each.reference: each.position.days_past_due for each in accounts}


def test_a_schedule_of_a_plan_names_the_plan(seeded: Session, tmp_path: Path) -> None:
    exported = export("schedules", tmp_path / "schedules.parquet")

    named = set(exported["plan_reference"].drop_nulls())
    plans = {plan.reference: plan.state for plan in seeded.scalars(select(Plan))}
    assert {reference for reference, state in plans.items() if state == "active"} <= named
    assert not {reference for reference, state in plans.items() if state == "broken"} & named


def test_the_columns_of_schedules_are_those_of_the_page(tmp_path: Path) -> None:
    assert export("schedules", tmp_path / "schedules.csv").columns == [
        *("loan_reference", "borrower_reference", "plan_reference", "number", "due_on", "currency"),
        *("principal", "interest", "fee", "carried"),
        *("paid_principal", "paid_interest", "paid_fee", "paid_carried"),
        *("penalty", "late_fee", "outstanding", "days_past_due"),
    ]


def test_plans_come_with_terms_and_state(seeded: Session, tmp_path: Path) -> None:
    exported = export("plans", tmp_path / "plans.parquet")

    plans = {plan.reference: plan for plan in seeded.scalars(select(Plan))}
    assert Counter(exported["state"]) == Counter(plan.state for plan in plans.values())
    for row in exported.iter_rows(named=True):
        plan = plans[row["plan_reference"]]
        assert json.loads(row["terms"]) == plan.terms
        assert row["total"] * 100 == plan.terms["total"]
        assert row["instalments"] == len(plan.terms["instalments"])
        assert row["first_due_on"].isoformat() == plan.terms["instalments"][0]["due"]
        assert (row["booked_at"], row["ended_at"]) == (plan.booked_at, plan.ended_at)


def test_exported_payments_are_imported_again_without_any_change(seeded: Session, tmp_path: Path) -> None:
    exported = export("payments", tmp_path / "payments.csv")

    result = respite("import", str(tmp_path / "payments.csv"))

    assert exported.height == seeded.scalar(select(func.count(Payment.id)))
    assert result.exit_code == 0
    assert "Nothing was new" in result.output


@pytest.mark.parametrize("what", EXPORTED)
def test_csv_and_parquet_hold_the_same(tmp_path: Path, what: str) -> None:
    as_csv = export(what, tmp_path / "table.csv")
    as_parquet = export(what, tmp_path / "table.parquet")

    as_parquet.write_csv(tmp_path / "again.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ")

    assert pl.read_csv(tmp_path / "again.csv", infer_schema=False).equals(as_csv)


@pytest.mark.parametrize("what", EXPORTED)
def test_every_page_of_a_long_table_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    whole = export(what, tmp_path / "whole.csv")
    monkeypatch.setattr(tables, "ENTITIES_A_PAGE", 3)

    assert export(what, tmp_path / "in_pages.csv").equals(whole)


def test_nobody_is_named(tmp_path: Path) -> None:
    for what in EXPORTED:
        columns = export(what, tmp_path / f"{what}.csv").columns
        assert not {"name", "phone"}.intersection(columns)


def test_a_store_without_loans_gives_a_header(store_url: str, tmp_path: Path) -> None:
    exported = export("plans", tmp_path / "plans.csv")

    assert exported.height == 0
    assert exported.columns[:2] == ["plan_reference", "loan_reference"]


def test_another_ending_is_refused_with_a_sentence(tmp_path: Path) -> None:
    result = respite("export", "plans", str(tmp_path / "plans.xlsx"))

    assert result.exit_code == 1
    assert "neither in .csv nor in .parquet" in result.output
    assert not (tmp_path / "plans.xlsx").exists()


def test_the_ledger_holds_what_the_core_says_of_every_loan(
    seeded: Session, tmp_path: Path, business_date: date
) -> None:
    exported = export("ledger", tmp_path / "ledger.parquet")

    held = {
        account: dict(
            pl.concat(
                [
                    exported.select("loan_reference", account="debit_account", amount="amount"),
                    exported.select("loan_reference", account="credit_account", amount=-pl.col("amount")),
                ]
            )
            .filter(pl.col("account") == account)
            .group_by("loan_reference")
            .agg(pl.col("amount").sum())
            .iter_rows()
        )
        for account in ("principal_receivable", "penalty_receivable", "late_fee_receivable", "borrower_credit")
    }
    for loan in seeded.scalars(select(Loan)):
        standing = account_of(loan, policy(), business_date).position
        assert held["principal_receivable"][loan.reference] == standing.outstanding_principal
        assert held["penalty_receivable"].get(loan.reference, 0) == standing.penalty
        assert held["late_fee_receivable"].get(loan.reference, 0) == standing.late_fees
        assert held["borrower_credit"].get(loan.reference, 0) == -standing.credit


def test_the_columns_of_the_ledger_are_those_of_the_page(tmp_path: Path) -> None:
    exported = export("ledger", tmp_path / "ledger.csv")
    assert exported.columns == [
        *("loan_reference", "borrower_reference", "posting", "posted_on", "event"),
        *("debit_account", "credit_account", "currency", "amount", "reference", "number"),
    ]
    assert exported["amount"].cast(pl.Decimal(18, 2)).min() > 0


def test_delinquency_is_that_of_the_business_date_unless_days_are_given(
    seeded: Session, tmp_path: Path, business_date: date
) -> None:
    exported = export("delinquency", tmp_path / "delinquency.parquet")

    late = {row["loan_reference"]: row for row in exported.iter_rows(named=True)}
    for loan in seeded.scalars(select(Loan)):
        account = account_of(loan, policy(), business_date)
        row = late[loan.reference]
        assert row["on"] == business_date
        assert (row["days_past_due"], row["bucket"]) == (account.position.days_past_due, account.bucket)
        assert row["delinquent_days"] == max(row["days_past_due"] - policy().late_charges.grace_days, 0)


def test_delinquency_has_one_row_a_loan_and_day(seeded: Session, tmp_path: Path) -> None:
    path = tmp_path / "delinquency.parquet"
    result = respite("export", "delinquency", str(path), "--from", "2026-11-01", "--to", "2026-11-20")
    assert result.exit_code == 0, result.output

    exported = pl.read_parquet(path)
    days = dict(exported.group_by("loan_reference").agg(pl.len()).iter_rows())
    first, last = date(2026, 11, 1), date(2026, 11, 20)
    assert days == {
        loan.reference: (last - max(first, loan.started_on)).days + 1
        for loan in seeded.scalars(select(Loan))
        if loan.started_on <= last
    }
    assert exported.select("loan_reference", "on").is_duplicated().sum() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("delinquency", "--from", "2026-11-02", "--to", "2026-11-01"), "Give the earlier day first."),
        (("delinquency", "--to", "2026-11-23"), "2026-11-23 is still to come."),
        (("ledger", "--from", "2026-11-01"), "Only delinquency has --from and --to."),
    ],
)
def test_a_period_that_cannot_be_is_refused(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    what, *options = arguments
    result = respite("export", what, str(tmp_path / "table.csv"), *options)

    assert result.exit_code == 1
    assert sentence in result.output
    assert not (tmp_path / "table.csv").exists()
