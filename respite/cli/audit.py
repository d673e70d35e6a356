"""`respite audit`: the trail of what was done, checked and handed out."""

import json
from pathlib import Path
from typing import Annotated

import typer

from respite.cli.console import console, errors, give_up, operator, write_file
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.store import audit as trail
from respite.store.session import reading, transaction
from respite.support.case_files import UnknownReferenceError, case_file

audit = typer.Typer(no_args_is_help=True, add_completion=False)


@audit.callback()
def audits() -> None:
    """The audit trail: check it, and hand out one case with everything that led to it."""


@audit.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="The head that an earlier check printed; the trail must still hold it.")
    ] = None,
) -> None:
    """Find every entry that was changed, and every place where one is missing or out of order.

    Keep the head that it prints somewhere else: with it, the next check also sees entries cut off at the end.
    """
    require_tables()
    with reading() as session:
        flaws = list(trail.flaws(session))
        newest = trail.head(session)
        is_cut_off = head is not None and not trail.holds(session, head)
    for flaw in flaws:
        errors.print(f"[red]✗[/red] {flaw.sentence}", soft_wrap=True)
    if is_cut_off:
        give_up(f"The trail no longer holds the entry {head}: entries were cut off at its end.")
    if flaws:
        raise typer.Exit(1)
    console.print(f"[green]✓[/green] The audit trail is intact. Its head is {newest}", soft_wrap=True)


@audit.command()
def export(
    reference: Annotated[
        str, typer.Argument(help="A plan (P-…), a dispute or complaint (C-…), a request for a person (H-…).")
    ],
    file: Annotated[Path, typer.Argument(help="The JSON file to write.", dir_okay=False)],
) -> None:
    """Write one case as JSON: the conversation, what was quoted and booked, and every entry of the trail about it.

    It holds what the borrower said. That it was handed out is an entry of the trail as well.
    """
    require_tables()
    with transaction() as session:
        try:
            found = case_file(session, reference)
        except UnknownReferenceError as error:
            give_up(str(error))
        trail.record(
            session, actor=operator(), action="case_exported", subject=f"case:{reference}", details={}, at=utc_now()
        )
        write_file(file, json.dumps(found, ensure_ascii=False, indent=2).encode())
    console.print(f"[green]✓[/green] {file} holds the case of {reference}.", soft_wrap=True)
