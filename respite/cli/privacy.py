"""`respite privacy`: what is kept about a borrower, handed out and erased."""

import json
from pathlib import Path
from typing import Annotated

import typer

from respite.cli.console import console, operator, write_file
from respite.cli.people import BorrowerReference, find_borrower
from respite.cli.store import require_tables
from respite.clock import lender_clock, utc_now
from respite.policies.load import policy
from respite.privacy import rasa_memory
from respite.privacy.erasing import erase as erase_borrower
from respite.privacy.personal_data import personal_data
from respite.settings import settings
from respite.store import audit
from respite.store.session import transaction

privacy = typer.Typer(no_args_is_help=True, add_completion=False)


@privacy.callback()
def personal() -> None:
    """What is kept about a borrower: hand it out, or erase it."""


@privacy.command()
def export(
    reference: BorrowerReference,
    file: Annotated[Path, typer.Argument(help="The JSON file to write.", dir_okay=False)],
) -> None:
    """Write everything that is kept about a borrower as JSON, amounts in minor units."""
    require_tables()
    with transaction() as session:
        borrower = find_borrower(session, reference)
        content = personal_data(session, borrower)
        audit.record(
            session,
            actor=operator(),
            action="borrower_exported",
            subject=f"borrower:{reference}",
            details={},
            at=utc_now(),
        )
        write_file(file, json.dumps(content, ensure_ascii=False, indent=2).encode())
    console.print(f"[green]✓[/green] {file} holds what is kept about {reference}.", soft_wrap=True)


@privacy.command()
def erase(reference: BorrowerReference) -> None:
    """Erase what a borrower said, and who they are where no law asks for it any more. What is kept is said with why."""
    require_tables()
    rules = policy()
    with transaction() as session:
        erasure = erase_borrower(
            session,
            find_borrower(session, reference),
            rules,
            lender_clock(rules.lender.timezone, settings()).business_date(),
            operator(),
            utc_now(),
        )
    rasa_memory.forget_for_good(settings().tracker_database, erasure.conversations)
    console.print(f"[green]✓[/green] Erased: what was said in {len(erasure.conversations)} conversations.")
    for kept in erasure.kept:
        until = f", until {kept.until}" if kept.until else ""
        console.print(f"Kept: {kept.what}, because {kept.why}{until}.", soft_wrap=True)
    if not erasure.kept:
        console.print("Erased: the borrower's name and number. Settled loans stay in the books without a name.")
