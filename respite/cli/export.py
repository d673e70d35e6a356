"""`respite export`: schedules, plans, payments, the ledger and delinquency as files."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from respite.cli.console import console, give_up
from respite.cli.dates import business_date_or_today
from respite.policies.load import policy
from respite.store import exporting


class Exported(StrEnum):
    SCHEDULES = "schedules"
    PLANS = "plans"
    PAYMENTS = "payments"
    LEDGER = "ledger"
    DELINQUENCY = "delinquency"


def export(
    what: Annotated[
        Exported,
        typer.Argument(
            help="Schedules in force with what is paid, all plans, all payments, the ledger, or delinquency by day."
        ),
    ],
    file: Annotated[
        Path, typer.Argument(help="Where to write it, as .csv or .parquet; a file that is there is replaced.")
    ],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of delinquency; that of --to if absent."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Its last day; the business date if absent."),
    ] = None,
) -> None:
    """Export what the store holds, as of the business date.

    Schedules come with what is paid, plans with terms and state, the ledger as postings, delinquency day by day.
    """
    if file.suffix.lower() not in exporting.ENDINGS:
        give_up(f"{file} ends neither in .csv nor in .parquet. Choose one of the two.")
    if what is not Exported.DELINQUENCY and (first or last):
        give_up("Only delinquency has --from and --to. Leave them out.")
    table = _table(what, first, last)
    rows = 0
    with console.status("Exporting …") as status:

        def count(written: int) -> None:
            nonlocal rows
            rows += written
            status.update(f"Exporting … {rows:,} rows")

        exporting.export(table, file, count)
    console.print(f"[green]✓[/green] {file} holds {rows:,} rows.", soft_wrap=True)


def _table(what: Exported, first: datetime | None, last: datetime | None) -> exporting.Table:
    today = business_date_or_today(None, policy())
    match what:
        case Exported.SCHEDULES:
            return exporting.schedules(policy(), today)
        case Exported.PLANS:
            return exporting.plans(policy())
        case Exported.PAYMENTS:
            return exporting.payments(policy())
        case Exported.LEDGER:
            return exporting.ledger(policy(), today)
        case Exported.DELINQUENCY:
            return exporting.delinquency(policy(), *_period(first, last), today)


def _period(first: datetime | None, last: datetime | None) -> tuple[date, date]:
    until = business_date_or_today(last, policy())
    since = first.date() if first else until
    if since > until:
        give_up(f"--from {since} is after --to {until}. Give the earlier day first.")
    return since, until
