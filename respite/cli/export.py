"""`respite export`: schedules, plans and payments as files."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from respite.cli.console import console, give_up
from respite.clock import lender_clock
from respite.policies.load import policy
from respite.settings import settings
from respite.store import exporting


class Exported(StrEnum):
    SCHEDULES = "schedules"
    PLANS = "plans"
    PAYMENTS = "payments"


def export(
    what: Annotated[Exported, typer.Argument(help="Schedules in force with what is paid, all plans, or all payments.")],
    file: Annotated[
        Path, typer.Argument(help="Where to write it, as .csv or .parquet; a file that is there is replaced.")
    ],
) -> None:
    """Export schedules with what is paid on the business date, plans with terms and state, or payments."""
    if file.suffix.lower() not in exporting.ENDINGS:
        give_up(f"{file} ends neither in .csv nor in .parquet. Choose one of the two.")
    rows = 0
    with console.status("Exporting …") as status:

        def count(written: int) -> None:
            nonlocal rows
            rows += written
            status.update(f"Exporting … {rows:,} rows")

        exporting.export(_table(what), file, count)
    console.print(f"[green]✓[/green] {file} holds {rows:,} rows.", soft_wrap=True)


def _table(what: Exported) -> exporting.Table:
    match what:
        case Exported.SCHEDULES:
            clock = lender_clock(policy().lender.timezone, settings())
            return exporting.schedules(policy(), clock.business_date())
        case Exported.PLANS:
            return exporting.plans(policy())
        case Exported.PAYMENTS:
            return exporting.payments(policy())
