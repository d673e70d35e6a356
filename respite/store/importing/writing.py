"""Writing what is new: in batches, in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.encryption import cipher
from respite.store.importing.reading import LoanFiles
from respite.store.importing.stored import StoredBook
from respite.store.models import Base

ROWS_AT_A_TIME = 5_000
BEFORE_ANY_PAYMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""A contract takes effect so early that every payment counts towards it, whatever the business date is set to."""

TABLES = Base.metadata.tables


@dataclass(frozen=True)
class NewRows:
    """The rows of the files that the store does not hold yet, and the stored payments that the files say came back."""

    borrowers: pl.DataFrame
    loans: pl.DataFrame
    instalments: pl.DataFrame
    payments: pl.DataFrame
    reversals: pl.DataFrame

    @classmethod
    def of(cls, files: LoanFiles, stored: StoredBook) -> "NewRows":
        loans = files.loans.join(stored.loans, on="loan_reference", how="anti")
        borrowers = loans.join(stored.borrowers, on="borrower_reference", how="anti")
        return cls(
            borrowers=borrowers.unique("borrower_reference", maintain_order=True),
            loans=loans,
            instalments=files.instalments.join(loans, on="loan_reference", how="semi"),
            payments=files.payments.join(stored.payments, on="payment_reference", how="anti"),
            reversals=files.payments.filter(pl.col("reversed_on").is_not_null()).join(
                stored.payments.filter(pl.col("reversed_on").is_null()), on="payment_reference", how="semi"
            ),
        )

    @property
    def counts(self) -> dict[str, int]:
        return {
            "borrowers": self.borrowers.height,
            "loans": self.loans.height,
            "instalments": self.instalments.height,
            "payments": self.payments.height,
        }

    @property
    def total(self) -> int:
        """The rows to write: those of the files, the schedule of each loan, and the payments that came back."""
        return sum(self.counts.values()) + self.loans.height + self.reversals.height


class Writer:
    """Writes new rows beside what is stored. `on_written` is told how many rows each batch held."""

    def __init__(self, session: Session, policy: Policy, on_written: Callable[[int], object]) -> None:
        self._connection = session.connection()
        self._policy = policy
        self._on_written = on_written

    def write(self, new: NewRows, stored: StoredBook, now: datetime) -> None:
        """Write the rows. Payments and reversals count from the moment `now` and raise the versions of their loans."""
        borrower_ids = pl.concat([_keys(stored.borrowers, "borrower"), self._write_borrowers(new.borrowers)])
        new_loan_ids = self._write_loans(new, borrower_ids)
        self._write_contracts(new, new_loan_ids)
        loan_ids = pl.concat([_keys(stored.loans, "loan"), new_loan_ids])
        self._write_payments(new.payments, loan_ids, now)
        self._reverse(new.reversals, now)
        changed = pl.concat([new.payments, new.reversals])
        self._raise_versions(stored.loans.join(changed, on="loan_reference", how="semi"))

    def _write_borrowers(self, borrowers: pl.DataFrame) -> pl.DataFrame:
        rows = borrowers.select(
            "name",
            "phone",
            "language",
            reference="borrower_reference",
            phone_index=pl.col("phone").map_elements(cipher().blind_index, pl.String),
        )
        written = self._insert_returning(TABLES["borrowers"], rows, "id", "reference")
        return pl.DataFrame(written, {"borrower_id": pl.Int64, "borrower_reference": pl.String}, orient="row")

    def _write_loans(self, new: NewRows, borrower_ids: pl.DataFrame) -> pl.DataFrame:
        methods = {name: product.method.value for name, product in self._policy.products.items()}
        schedules = new.instalments.group_by("loan_reference").agg(count=pl.len(), first_due_on=pl.col("due_on").min())
        loans = new.loans.join(borrower_ids, on="borrower_reference").join(schedules, on="loan_reference")
        rows = loans.select(
            "borrower_id",
            "product",
            "currency",
            "annual_rate",
            "flat_fee_rate",
            "count",
            "started_on",
            "first_due_on",
            "external_id",
            reference="loan_reference",
            principal_minor="principal",
            method=pl.col("product").replace_strict(methods, return_dtype=pl.String),
        )
        written = self._insert_returning(TABLES["loans"], rows, "id", "reference")
        return pl.DataFrame(written, {"loan_id": pl.Int64, "loan_reference": pl.String}, orient="row")

    def _write_contracts(self, new: NewRows, loan_ids: pl.DataFrame) -> None:
        loans = new.loans.join(loan_ids, on="loan_reference")
        rows = loans.select(
            "loan_id",
            starts_on="started_on",
            effective_from=pl.lit(BEFORE_ANY_PAYMENT),
            active=pl.lit(True),
        )
        written = self._insert_returning(TABLES["schedules"], rows, "id", "loan_id")
        schedule_ids = pl.DataFrame(written, {"schedule_id": pl.Int64, "loan_id": pl.Int64}, orient="row")
        schedules = loan_ids.join(schedule_ids, on="loan_id")
        instalments = new.instalments.join(schedules, on="loan_reference").sort("schedule_id", "number")
        self._insert(
            TABLES["instalments"],
            instalments.select(
                "schedule_id",
                "number",
                "due_on",
                principal_minor="principal",
                interest_minor="interest",
                fee_minor="fee",
                carried_minor=pl.lit(0),
            ),
        )

    def _write_payments(self, payments: pl.DataFrame, loan_ids: pl.DataFrame, now: datetime) -> None:
        rows = payments.join(loan_ids, on="loan_reference").select(
            "loan_id",
            "received_on",
            "reversed_on",
            reference="payment_reference",
            received_at=pl.lit(now),
            reversed_at=pl.when(pl.col("reversed_on").is_not_null()).then(pl.lit(now)),
            amount_minor="amount",
        )
        self._insert(TABLES["payments"], rows.sort("received_on", "reference"))

    def _reverse(self, payments: pl.DataFrame, now: datetime) -> None:
        table = TABLES["payments"]
        came_back = (
            update(table)
            .where(table.c.reference == bindparam("came_back"))
            .values(reversed_on=bindparam("day"), reversed_at=now)
        )
        rows = payments.select(came_back="payment_reference", day="reversed_on")
        for batch in rows.iter_slices(ROWS_AT_A_TIME):
            self._connection.execute(came_back, batch.to_dicts())
            self._on_written(batch.height)

    def _raise_versions(self, loans: pl.DataFrame) -> None:
        table = TABLES["loans"]
        for batch in loans.iter_slices(ROWS_AT_A_TIME):
            paid = table.c.id.in_(batch["loan_id"].to_list())
            self._connection.execute(update(table).where(paid).values(version=table.c.version + 1))

    def _insert(self, table: Table, rows: pl.DataFrame) -> None:
        for batch in rows.iter_slices(ROWS_AT_A_TIME):
            if self._connection.dialect.name == "postgresql":
                self._copy(table, batch)
            else:
                self._connection.execute(insert(table), batch.to_dicts())
            self._on_written(batch.height)

    def _copy(self, table: Table, rows: pl.DataFrame) -> None:
        """What PostgreSQL takes in much faster than statements."""
        cursor = self._connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows.write_csv(include_header=False))

    def _insert_returning(self, table: Table, rows: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
        statement = insert(table).returning(*(table.c[name] for name in columns))
        written: list[tuple[Any, ...]] = []
        for batch in rows.iter_slices(ROWS_AT_A_TIME):
            written.extend(tuple(row) for row in self._connection.execute(statement, batch.to_dicts()))
            self._on_written(batch.height)
        return written


def _keys(stored: pl.DataFrame, of: str) -> pl.DataFrame:
    return stored.select(f"{of}_id", f"{of}_reference")
