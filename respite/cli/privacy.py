"""`respite privacy`: what is kept about a borrower, handed out and erased."""

import json
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import create_engine, inspect, text

from respite.cli.console import console, operator, write_file
from respite.cli.people import BorrowerReference, find_borrower
from respite.cli.store import require_tables
from respite.clock import lender_clock, utc_now
from respite.policies.load import policy
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
    _forget_in_rasa(erasure.conversations)
    console.print(f"[green]✓[/green] Erased: what was said in {len(erasure.conversations)} conversations.")
    for kept in erasure.kept:
        until = f", until {kept.until}" if kept.until else ""
        console.print(f"Kept: {kept.what}, because {kept.why}{until}.", soft_wrap=True)
    if not erasure.kept:
        console.print("Erased: the borrower's name and number. Settled loans stay in the books without a name.")


def _forget_in_rasa(conversations: tuple[str, ...]) -> None:
    """Rasa remembers the last turns of each conversation in a database of its own."""
    engine = create_engine(f"sqlite:///{settings().tracker_database}")
    if inspect(engine).has_table("trackers"):
        with engine.begin() as connection:
            for conversation in conversations:
                connection.execute(text("DELETE FROM trackers WHERE sender_id = :id"), {"id": conversation})
    engine.dispose()
