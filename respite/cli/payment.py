"""`respite payment`: payments that came back, for staff."""

import getpass
from datetime import datetime
from typing import Annotated

import typer

from respite.cli.console import console, give_up
from respite.cli.store import require_tables
from respite.clock import lender_clock
from respite.policies.load import policy
from respite.settings import settings
from respite.store.payments import ReversalRefusedError
from respite.store.payments import reverse as reverse_payment
from respite.store.session import transaction

payment = typer.Typer(name="payment", help="Payments that came back, for staff.", no_args_is_help=True)


@payment.callback()
def payments() -> None:
    """Payments that came back, for staff."""


@payment.command()
def reverse(
    reference: Annotated[str, typer.Argument(help="The payment's reference, as it was imported.")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which it was taken back; the business date if absent."),
    ] = None,
) -> None:
    """Take back a payment that bounced or was recalled. What it had paid is owed again.

    Run twice, it reverses once; docs/operations.md says what becomes of plans and promises.
    """
    require_tables()
    clock = lender_clock(policy().lender.timezone, settings())
    try:
        with transaction() as session:
            reversal = reverse_payment(
                session,
                reference,
                on.date() if on else None,
                business_date=clock.business_date(),
                actor=f"staff:{getpass.getuser()}",
                now=clock.now(),
            )
    except ReversalRefusedError as error:
        give_up(str(error))
    day = reversal.payment.reversed_on
    already = "" if reversal.newly_reversed else " already"
    console.print(f"[green]✓[/green] Payment {reference} is reversed{already}, on {day}.", soft_wrap=True)
