"""What the rows of the files must say together: one borrower, one loan, one schedule that repays it."""

from collections.abc import Iterator

import polars as pl

from respite.store.importing.cells import Rule, spelled
from respite.store.importing.reading import LoanFiles
from respite.store.importing.rejections import gathered, rejected

BORROWER = ("name", "phone", "language")


def check_together(files: LoanFiles, decimals: int) -> pl.DataFrame:
    """The rejections of rows that are well-formed but do not fit each other. `decimals` are those of the currency."""
    return gathered(
        [
            *_references_given_twice(files),
            *_borrowers_told_apart(files.loans),
            *_instalments_of_known_loans(files),
            *_schedules_in_order(files),
            _principal_repaid(files, decimals),
            _reversed_after_received(files.payments),
        ]
    )


def _references_given_twice(files: LoanFiles) -> Iterator[pl.DataFrame]:
    for rows, reference in (
        (files.loans, "loan_reference"),
        (files.loans, "external_id"),
        (files.payments, "payment_reference"),
    ):
        repeated = pl.col(reference).is_not_null() & pl.col(reference).is_duplicated()
        yield rejected(
            rows,
            reference,
            Rule(
                repeated, pl.format("“{}” stands in more than one row.", reference), "Give every row its own reference."
            ),
        )


def _borrowers_told_apart(loans: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Every row of a borrower says the same of them, and no other borrower has their phone number."""
    known = loans.filter(pl.col("borrower_reference").is_not_null())
    for column in BORROWER:
        differs = pl.col(column).drop_nulls().n_unique().over("borrower_reference") > 1
        wrong = pl.format("The rows of borrower “{}” differ in it.", "borrower_reference")
        yield rejected(known, column, Rule(differs, wrong, "Write the same in every row of a borrower."))
    shared = pl.col("phone").is_not_null() & (pl.col("borrower_reference").n_unique().over("phone") > 1)
    yield rejected(
        known,
        "phone",
        Rule(shared, pl.lit("Several borrowers have this number."), "Give every borrower a number of their own."),
    )


def _instalments_of_known_loans(files: LoanFiles) -> Iterator[pl.DataFrame]:
    strays = files.instalments.join(files.loans, on="loan_reference", how="anti")
    without = files.loans.join(files.instalments, on="loan_reference", how="anti")
    named = pl.col("loan_reference").is_not_null()
    yield rejected(
        strays,
        "loan_reference",
        Rule(
            named,
            pl.format("No loan has the reference “{}”.", "loan_reference"),
            "Add the loan, or correct the reference.",
        ),
    )
    yield rejected(
        without,
        "loan_reference",
        Rule(named, pl.format("Loan “{}” has no instalments.", "loan_reference"), "Add its instalments."),
    )


def _schedules_in_order(files: LoanFiles) -> Iterator[pl.DataFrame]:
    starts = files.loans.select("loan_reference", "started_on").unique("loan_reference")
    instalments = (
        files.instalments.filter(pl.col("loan_reference").is_not_null())
        .join(starts, on="loan_reference", how="left")
        .sort("loan_reference", "number", nulls_last=True)
        .with_columns(
            expected=pl.int_range(1, pl.len() + 1).over("loan_reference"),
            previous=pl.col("due_on").shift(1).over("loan_reference"),
        )
    )
    yield rejected(
        instalments,
        "number",
        Rule(
            pl.col("number") != pl.col("expected"),
            pl.format("It is {}, where {} comes next.", "number", "expected"),
            "Number the instalments of a loan 1, 2, 3 … without a gap.",
        ),
    )
    yield rejected(
        instalments,
        "due_on",
        Rule(
            pl.col("due_on") <= pl.col("previous"),
            pl.format("{} is not after {}, when the instalment before is due.", "due_on", "previous"),
            "Let the due dates of a loan rise.",
        ),
    )
    yield rejected(
        instalments,
        "due_on",
        Rule(
            pl.col("due_on") < pl.col("started_on"),
            pl.format("{} is before {}, when the loan started.", "due_on", "started_on"),
            "Correct the due date, or started_on of the loan.",
        ),
    )


def _principal_repaid(files: LoanFiles, decimals: int) -> pl.DataFrame:
    repaid = files.instalments.group_by("loan_reference").agg(
        repaid=pl.col("principal").sum(), is_known=pl.col("principal").is_not_null().all()
    )
    loans = files.loans.join(repaid.filter("is_known"), on="loan_reference")
    differs = pl.col("repaid") != pl.col("principal")
    amounts = (spelled(pl.col("repaid"), decimals), spelled(pl.col("principal"), decimals))
    return rejected(
        loans,
        "principal",
        Rule(
            differs,
            pl.format("The instalments repay {} of {} lent.", *amounts),
            "Let the principal of the instalments add up to that of the loan.",
        ),
    )


def _reversed_after_received(payments: pl.DataFrame) -> pl.DataFrame:
    return rejected(
        payments,
        "reversed_on",
        Rule(
            pl.col("reversed_on") < pl.col("received_on"),
            pl.format("{} is before {}, when the payment was received.", "reversed_on", "received_on"),
            "Correct one of the two dates.",
        ),
    )
