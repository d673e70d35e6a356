"""`respite deliveries`: messages that were not answered, or of which nobody knows whether they arrived."""

from typing import Annotated

import typer
from rich.table import Table

from respite.cli.console import console, give_up, operator
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.store.session import reading, transaction
from respite.support.deliveries import AlreadySettledError, answer_again, troubles
from respite.support.deliveries import reconcile as settle

deliveries = typer.Typer(no_args_is_help=True, add_completion=False)

MessageNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="The message, as `list` shows it.")]


@deliveries.callback()
def about() -> None:
    """Settle messages that were not answered or may not have arrived."""


@deliveries.command("list")
def list_troubles() -> None:
    """List what is to be settled, the oldest first."""
    require_tables()
    table = Table("Number", "Direction", "Conversation", "Channel", "State", "Why", "At")
    with reading() as session:
        for trouble in troubles(session):
            table.add_row(
                str(trouble.id),
                trouble.direction,
                trouble.conversation_id,
                trouble.channel,
                trouble.state,
                trouble.error,
                f"{trouble.at:%Y-%m-%d %H:%M}",
            )
    console.print(table if table.row_count else "Every message was answered and arrived.")


@deliveries.command()
def reconcile(
    number: MessageNumber,
    arrived: Annotated[
        bool, typer.Option("--arrived/--send-again", help="It stands in the borrower's chat, or it does not.")
    ],
) -> None:
    """Say whether a message arrived, having looked; one that did not is sent once more."""
    require_tables()
    with transaction() as session:
        try:
            settle(session, number, arrived=arrived, actor=operator(), now=utc_now())
        except AlreadySettledError as error:
            give_up(str(error))
    console.print(f"[green]✓[/green] Message {number} {'has arrived' if arrived else 'is sent once more'}.")


@deliveries.command()
def answer(number: MessageNumber) -> None:
    """Have the bot answer a message that it gave up."""
    require_tables()
    with transaction() as session:
        try:
            answer_again(session, number, actor=operator(), now=utc_now())
        except AlreadySettledError as error:
            give_up(str(error))
    console.print(f"[green]✓[/green] Message {number} will be answered.")
