"""The files beside the store: an import adds, and whatever would change what is stored is rejected.

That a stored payment was reversed is news too; that it was reversed on another day is a change.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from respite.store.importing.cells import Rule, spelled
from respite.store.importing.checks import BORROWER
from respite.store.importing.reading import LoanFiles
from respite.store.importing.rejections import gathered, rejected
from respite.store.importing.stored import StoredBook

LOAN = ("borrower_reference", "product", "currency", "principal", "annual_rate", "flat_fee_rate", "started_on")
INSTALMENT = ("due_on", "principal", "interest", "fee")
PAYMENT = ("loan_reference", "received_on", "currency", "amount", "reversed_on")
AMOUNTS = ("principal", "interest", "fee", "amount")
REMEDY = "An import adds and never changes what is stored. Give it as it was stored."


def check_against(stored: StoredBook, files: LoanFiles, decimals: int) -> pl.DataFrame:
    """The rejections of rows that contradict the store. `decimals` are those of the currency."""
    return gathered(
        [
            *_borrowers_changed(files.loans, stored.borrowers),
            _phones_of_others(files.loans, stored.phones),
            _external_ids_of_others(files.loans, stored.external_ids),
            *_changed(files.loans, stored.loans, ["loan_reference"], LOAN, decimals),
            _kept_elsewhere_since(files.loans, stored.loans),
            *_instalments_changed(files, stored, decimals),
            *_changed(files.payments, stored.payments, ["payment_reference"], PAYMENT, decimals),
            *_payments_without_loan(files, stored),
        ]
    )


def _changed(
    rows: pl.DataFrame, stored: pl.DataFrame, key: Sequence[str], columns: Sequence[str], decimals: int
) -> Iterator[pl.DataFrame]:
    both = rows.join(stored, on=key, suffix="_stored")
    for column in columns:
        before = pl.col(f"{column}_stored")
        wrong = pl.format("It is stored as {}.", spelled(before, decimals) if column in AMOUNTS else before)
        yield rejected(both, column, Rule(pl.col(column) != before, wrong, REMEDY))


def _borrowers_changed(loans: pl.DataFrame, borrowers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    both = loans.join(borrowers, on="borrower_reference", suffix="_stored")
    for column in BORROWER:
        differs = pl.col(column) != pl.col(f"{column}_stored")
        wrong = pl.format("Borrower “{}” is stored with another one.", "borrower_reference")
        yield rejected(both, column, Rule(differs, wrong, REMEDY))


def _phones_of_others(loans: pl.DataFrame, phones: pl.DataFrame) -> pl.DataFrame:
    both = loans.join(phones, on="phone", suffix="_stored")
    others = pl.col("borrower_reference") != pl.col("borrower_reference_stored")
    wrong = pl.lit("Another borrower is stored with this number.")
    return rejected(both, "phone", Rule(others, wrong, "Give every borrower a number of their own."))


def _external_ids_of_others(loans: pl.DataFrame, external_ids: pl.DataFrame) -> pl.DataFrame:
    both = loans.join(external_ids, on="external_id", suffix="_stored")
    others = pl.col("loan_reference") != pl.col("loan_reference_stored")
    wrong = pl.format("Loan “{}” is stored with this id.", "loan_reference_stored")
    return rejected(both, "external_id", Rule(others, wrong, "Give every loan the id that it has in the other system."))


def _kept_elsewhere_since(loans: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    both = loans.join(stored, on="loan_reference", suffix="_stored")
    differs = pl.col("external_id").is_not_null() & pl.col("external_id").ne_missing(pl.col("external_id_stored"))
    wrong = pl.lit("The loan is stored without this id.")
    return rejected(both, "external_id", Rule(differs, wrong, REMEDY))


def _instalments_changed(files: LoanFiles, stored: StoredBook, decimals: int) -> Iterator[pl.DataFrame]:
    numbers = files.instalments.group_by("loan_reference").agg(given=pl.len())
    loans = files.loans.join(stored.loans, on="loan_reference").join(numbers, on="loan_reference")
    wrong = pl.format("It is stored with {} instalments, not {}.", "count", "given")
    yield rejected(loans, "loan_reference", Rule(pl.col("given") != pl.col("count"), wrong, REMEDY))
    yield from _changed(files.instalments, stored.instalments, ["loan_reference", "number"], INSTALMENT, decimals)


def _payments_without_loan(files: LoanFiles, stored: StoredBook) -> Iterator[pl.DataFrame]:
    starts = pl.concat(loans.select("loan_reference", start="started_on") for loans in (files.loans, stored.loans))
    strays = files.payments.join(starts, on="loan_reference", how="anti")
    payments = files.payments.join(starts.unique("loan_reference"), on="loan_reference")
    yield rejected(
        strays,
        "loan_reference",
        Rule(
            pl.col("loan_reference").is_not_null(),
            pl.format("No loan has the reference “{}”.", "loan_reference"),
            "Import the loan with its instalments, or correct the reference.",
        ),
    )
    yield rejected(
        payments,
        "received_on",
        Rule(
            pl.col("received_on") < pl.col("start"),
            pl.format("{} is before {}, when the loan started.", "received_on", "start"),
            "Correct the date, or started_on of the loan.",
        ),
    )
