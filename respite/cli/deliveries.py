"""`respite deliveries`: messages that were not answered, or of which nobody knows whether they arrived."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from respite.cli.console import console, give_up, operator
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.store.session import reading, transaction
from respite.support.deliveries import AlreadySettledError, Direction, answer_again, dismiss, troubles
from respite.support.deliveries import reconcile as settle

deliveries = typer.Typer(no_args_is_help=True, add_completion=False)

MessageNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="The message, as `list` shows it.")]

BECAME = {
    "sent": "has arrived",
    "pending": "is sent once more",
    "withheld": "is not sent any more: the conversation has changed hands or ended since",
}


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
    with _settling() as session:
        became = settle(session, number, arrived=arrived, actor=operator(), now=utc_now())
    console.print(f"[green]✓[/green] Message {number} {BECAME[became]}.")


@deliveries.command()
def answer(number: MessageNumber) -> None:
    """Have the bot answer a message that it gave up."""
    with _settling() as session:
        answer_again(session, number, actor=operator(), now=utc_now())
    console.print(f"[green]✓[/green] Message {number} will be answered.")


@deliveries.command("dismiss")
def leave(number: MessageNumber, direction: Annotated[Direction, typer.Option(help="As `list` shows it.")]) -> None:
    """Take a message off the list that you saw to in another way."""
    with _settling() as session:
        dismiss(session, number, direction=direction, actor=operator(), now=utc_now())
    console.print(f"[green]✓[/green] Message {number} is off the list.")


@contextmanager
def _settling() -> Iterator[Session]:
    require_tables()
    try:
        with transaction() as session:
            yield session
    except AlreadySettledError as error:
        give_up(str(error))
