"""`respite report`: the figures of the dashboards, on the terminal or as CSV."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Drawn

from respite.cli.console import console, give_up
from respite.cli.dates import business_date_or_today
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.policies.load import policy
from respite.reports.periods import Period, PeriodError
from respite.reports.tables import REPORTS, Cell, Question, ReportName, Table, write_csv
from respite.store.session import reading

USUAL_DAYS = 30


def report(
    name: Annotated[ReportName | None, typer.Argument(help="Which figures; all of them if absent.")] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; 30 days up to --to if absent."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; the business date if absent.")
    ] = None,
    before_first: Annotated[
        datetime | None,
        typer.Option(
            "--before-from",
            formats=["%Y-%m-%d"],
            help="For defaults: the first day of the period to compare with; as long a period before --from if absent.",
        ),
    ] = None,
    before_last: Annotated[
        datetime | None, typer.Option("--before-to", formats=["%Y-%m-%d"], help="For defaults: its last day.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write one report to this file instead; lengths of time in seconds.")
    ] = None,
) -> None:
    """Print the figures that supervisors see: queue, service, plans, delinquency and default rates of a period.

    docs/staff.md says what each figure counts.
    """
    require_tables()
    if csv and not name:
        give_up(f"A CSV file holds one report. Name one of {', '.join(REPORTS)}.")
    asked = _question(first, last, before_first, before_last)
    for each in [name] if name else REPORTS:
        with console.status(f"Counting {each} …"), reading() as session:
            table = REPORTS[each](session, policy(), asked)
        if csv:
            _write(table, csv)
        else:
            _print(each, table, asked)


def _question(
    first: datetime | None, last: datetime | None, before_first: datetime | None, before_last: datetime | None
) -> Question:
    today = business_date_or_today(None, policy())
    until = business_date_or_today(last, policy())
    try:
        period = Period(first.date(), until) if first else Period.ending(until, USUAL_DAYS)
        before = period.before()
        if before_first or before_last:
            before = Period(
                before_first.date() if before_first else before.first,
                before_last.date() if before_last else before.last,
            )
    except PeriodError as error:
        give_up(str(error))
    return Question(period, before, today, utc_now())


def _write(table: Table, file: Path) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as opened:
            write_csv(table, opened)
    except OSError as error:
        give_up(f"{file} cannot be written: {error.strerror}. Choose another place.")
    console.print(f"[green]✓[/green] {file} holds {len(table.rows)} rows.", soft_wrap=True)


def _print(name: str, table: Table, asked: Question) -> None:
    title = "queue, now" if name == "queue" else f"{name}, {asked.period.first} to {asked.period.last}"
    if all(cell in (None, 0) for row in table.rows for cell in row[1:]):
        console.print(f"\n[bold]{title}[/bold]\nNothing happened in this period, so there is nothing to count.")
        return
    drawn = Drawn(
        *(column.replace("_", " ") for column in table.columns),
        title=f"\n[bold]{title}[/bold]",
        title_justify="left",
        box=None,
    )
    for column in drawn.columns:
        column.overflow = "fold"
    for column in drawn.columns[1:]:
        column.justify = "right"
    for row in table.rows:
        drawn.add_row(*map(_in_words, row))
    console.print(drawn)


def _in_words(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case float():
            return f"{cell:.3f}"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
