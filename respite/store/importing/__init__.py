"""Importing a loan book: its files are read and checked, compared with the store, and what is new is written.

A loan comes in whole or not at all: one rejected row, in whichever file, keeps it out with all its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from respite.clock import Clock
from respite.policies.model import Policy
from respite.store import audit
from respite.store.importing.changes import check_against
from respite.store.importing.checks import check_together
from respite.store.importing.reading import ImportFileError, LoanFiles, read_files
from respite.store.importing.rejections import gathered, write_report
from respite.store.importing.stored import StoredBook, read_stored
from respite.store.importing.writing import NewRows, Writer

__all__ = [
    "Comparison",
    "ImportFileError",
    "LoanFiles",
    "compare_with_store",
    "read_loan_book",
    "write_loan_book",
    "write_report",
]


@dataclass(frozen=True)
class Comparison:
    """The files beside the store at one moment: the rejected rows, and the new rows of loans without any."""

    files: LoanFiles
    stored: StoredBook
    rejections: pl.DataFrame
    new: NewRows
    at: datetime


def read_loan_book(paths: Sequence[Path], policy: Policy, business_date: date) -> LoanFiles:
    """The rows of the files, with what is wrong in them and between them. Raises ImportFileError."""
    files = read_files(paths, policy, business_date)
    together = check_together(files, get_currency_precision(policy.currency))
    return replace(files, rejections=gathered([files.rejections, together]))


def compare_with_store(session: Session, files: LoanFiles, policy: Policy, clock: Clock) -> Comparison:
    """What of the files is new. The loans in question stay as they are until the caller's transaction ends."""
    stored = read_stored(session, files)
    rejections = gathered([files.rejections, check_against(stored, files, get_currency_precision(policy.currency))])
    valid = files.without(rejections["loan_reference"])
    return Comparison(files, stored, rejections, NewRows.of(valid, stored), clock.now())


def write_loan_book(
    session: Session, comparison: Comparison, policy: Policy, on_written: Callable[[int], object]
) -> None:
    """Write what is new, with an audit entry, in the caller's transaction.

    `on_written` is told how many rows each batch held.
    """
    Writer(session, policy, on_written).write(comparison.new, comparison.stored, comparison.at)
    hashes = comparison.files.hashes
    audit.record(
        session,
        actor="system",
        action="loan_book_imported",
        subject="loan_book",
        details={
            "sha256": hashes,
            "added": comparison.new.counts,
            "reversed": comparison.new.reversals.height,
            "rejections": comparison.rejections.height,
        },
        at=comparison.at,
    )
