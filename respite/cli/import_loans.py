"""`respite import`: a lender's own loans, from files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.exc import IntegrityError

from respite.cli.console import console, errors, give_up
from respite.clock import Clock, lender_clock
from respite.policies.load import policy
from respite.settings import settings
from respite.store import migrations
from respite.store.importing import (
    Comparison,
    ImportFileError,
    LoanFiles,
    compare_with_store,
    read_loan_book,
    write_loan_book,
    write_report,
)
from respite.store.session import store, transaction

REJECTIONS_SHOWN = 20
REPORT = Path("rejected-rows.csv")


def import_loans(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="loans, instalments and payments as .csv or .parquet, in any order; payments may come alone."
        ),
    ],
    accept_valid: Annotated[
        bool, typer.Option("--accept-valid", help="Import the loans that are wholly valid, in spite of rejected rows.")
    ] = False,
    report: Annotated[Path, typer.Option(help="Where to write what is wrong with rejected rows.")] = REPORT,
) -> None:
    """Import loans, their instalments and payments from files.

    With any rejected row nothing is written. The same file twice changes nothing; docs/import.md has the columns.
    """
    if not migrations.is_up_to_date(store().kw["bind"]):
        give_up("The database is not up to date. Run `respite migrate` first.")
    clock = lender_clock(policy().lender.timezone, settings())
    try:
        comparison = _import(_read(files, clock.business_date()), clock, accept_valid)
    except IntegrityError:
        give_up("Another import wrote some of these rows at the same time, so nothing was written. Run it again.")
    if comparison.rejections.height:
        _report(comparison.rejections, report)
        written = _sentence(comparison) if accept_valid else "Nothing was written."
        give_up(f"{written} Correct the rows in {report} and import the files again.")
    console.print(f"[green]✓[/green] {_sentence(comparison)}", soft_wrap=True)


def _read(files: list[Path], business_date: date) -> LoanFiles:
    with console.status("Checking the files …"):
        try:
            return read_loan_book(files, policy(), business_date)
        except ImportFileError as error:
            give_up(escape(str(error)))


def _import(files: LoanFiles, clock: Clock, accept_valid: bool) -> Comparison:
    with transaction() as session:
        with console.status("Comparing with the database …"):
            comparison = compare_with_store(session, files, policy(), clock)
        if comparison.new.total and (accept_valid or not comparison.rejections.height):
            with Progress(console=console) as progress:
                task = progress.add_task("Writing …", total=comparison.new.total)
                write_loan_book(session, comparison, policy(), lambda rows: progress.advance(task, rows))
    return comparison


def _sentence(comparison: Comparison) -> str:
    if comparison.new.total == 0:
        return "Nothing was new, so nothing was written."
    added = ", ".join(f"{count:,} {table}" for table, count in comparison.new.counts.items())
    came_back = comparison.new.reversals.height
    return f"Added {added}. Reversed {came_back:,} payments." if came_back else f"Added {added}."


def _report(rejections: pl.DataFrame, report: Path) -> None:
    write_report(rejections, report)
    table = Table("File", "Row", "Column", "What was wrong", "What to do", box=None)
    columns = ("file", "row", "column", "what_was_wrong", "what_to_do")
    for row in rejections.select(columns).head(REJECTIONS_SHOWN).iter_rows():
        table.add_row(*(escape(str(cell)) for cell in row))
    errors.print(table)
    if rejections.height > REJECTIONS_SHOWN:
        errors.print(f"… and {rejections.height - REJECTIONS_SHOWN:,} more in {report}.")
