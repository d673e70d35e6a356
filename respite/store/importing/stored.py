"""What the store holds already of the borrowers, loans and payments that the files name."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from respite.store.encryption import cipher
from respite.store.importing.cells import RATE
from respite.store.importing.reading import LoanFiles
from respite.store.models import Borrower, Instalment, Loan, Payment, Schedule

Rows = Select[*tuple[Any, ...]]

REFERENCES_AT_A_TIME = 5_000
TYPES = {
    "borrower_id": pl.Int64(),
    "borrower_reference": pl.String(),
    "name": pl.String(),
    "phone": pl.String(),
    "language": pl.String(),
    "loan_id": pl.Int64(),
    "loan_reference": pl.String(),
    "product": pl.String(),
    "currency": pl.String(),
    "annual_rate": RATE,
    "flat_fee_rate": RATE,
    "started_on": pl.Date(),
    "external_id": pl.String(),
    "count": pl.Int64(),
    "number": pl.Int32(),
    "due_on": pl.Date(),
    "principal": pl.Int64(),
    "interest": pl.Int64(),
    "fee": pl.Int64(),
    "payment_reference": pl.String(),
    "received_on": pl.Date(),
    "amount": pl.Int64(),
    "reversed_on": pl.Date(),
}


@dataclass(frozen=True)
class StoredBook:
    """Rows of the store, under the column names of the files. Amounts are minor units.

    `phones` are the borrowers who have a phone number of the files, and `external_ids` the loans that have an id of the
    files in another system, whoever they are there.
    """

    borrowers: pl.DataFrame
    phones: pl.DataFrame
    external_ids: pl.DataFrame
    loans: pl.DataFrame
    instalments: pl.DataFrame
    payments: pl.DataFrame


def read_stored(session: Session, files: LoanFiles) -> StoredBook:
    """What the store holds of the files. The loans stay locked until the transaction ends."""
    loan_references = pl.concat([files.loans["loan_reference"], files.payments["loan_reference"]])
    phone_indexes = files.loans["phone"].drop_nulls().unique().map_elements(cipher().blind_index, pl.String)
    return StoredBook(
        borrowers=_read(session, _borrowers(), Borrower.reference, files.loans["borrower_reference"]),
        phones=_read(session, _phones(), Borrower.phone_index, phone_indexes),
        external_ids=_read(session, _external_ids(), Loan.external_id, files.loans["external_id"]),
        loans=_read(session, _loans(), Loan.reference, loan_references),
        instalments=_read(session, _instalments(), Loan.reference, files.loans["loan_reference"]),
        payments=_read(session, _payments(), Payment.reference, files.payments["payment_reference"]),
    )


def _borrowers() -> Rows:
    return select(
        Borrower.id.label("borrower_id"),
        Borrower.reference.label("borrower_reference"),
        Borrower.name,
        Borrower.phone,
        Borrower.language,
    )


def _phones() -> Rows:
    return select(Borrower.reference.label("borrower_reference"), Borrower.phone)


def _external_ids() -> Rows:
    return select(Loan.reference.label("loan_reference"), Loan.external_id)


def _loans() -> Rows:
    columns = (
        Loan.id.label("loan_id"),
        Loan.reference.label("loan_reference"),
        Borrower.reference.label("borrower_reference"),
        Loan.product,
        Loan.currency,
        Loan.principal_minor.label("principal"),
        Loan.annual_rate,
        Loan.flat_fee_rate,
        Loan.started_on,
        Loan.external_id,
        Loan.count,
    )
    return select(*columns).join(Loan.borrower).order_by(Loan.id).with_for_update(of=Loan)


def _instalments() -> Rows:
    columns = (
        Loan.reference.label("loan_reference"),
        Instalment.number,
        Instalment.due_on,
        Instalment.principal_minor.label("principal"),
        Instalment.interest_minor.label("interest"),
        Instalment.fee_minor.label("fee"),
    )
    contract = Schedule.plan_id.is_(None)
    return select(*columns).join(Instalment.schedule).join(Schedule.loan).where(contract)


def _payments() -> Rows:
    columns = (
        Payment.reference.label("payment_reference"),
        Loan.reference.label("loan_reference"),
        Payment.received_on,
        Loan.currency,
        Payment.amount_minor.label("amount"),
        Payment.reversed_on,
    )
    return select(*columns).join(Payment.loan)


def _read(session: Session, query: Rows, key: InstrumentedAttribute[Any], values: pl.Series) -> pl.DataFrame:
    """The rows of a query whose `key` is one of the values, some thousand keys at a time."""
    schema = pl.Schema({column["name"]: TYPES[column["name"]] for column in query.column_descriptions})
    wanted = values.drop_nulls().unique().sort().to_list()
    parts = [schema.to_frame()]
    for start in range(0, len(wanted), REFERENCES_AT_A_TIME):
        some = key.in_(wanted[start : start + REFERENCES_AT_A_TIME])
        rows = session.execute(query.where(some)).all()
        parts.append(pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row"))
    return pl.concat(parts)
