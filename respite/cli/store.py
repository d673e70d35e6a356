"""The database: its tables, and the demo loan book in it."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from respite.cli.console import console, give_up
from respite.clock import lender_clock
from respite.policies.load import policy
from respite.settings import settings
from respite.store import demo_book, migrations
from respite.store.session import store, transaction


def migrate() -> None:
    """Create the tables, or bring those of an older version up to date."""
    migrations.upgrade(store().kw["bind"])
    console.print("[green]✓[/green] The database is up to date.")


def seed(
    borrowers: Annotated[int, typer.Option(min=1, help="How many borrowers to invent.")] = demo_book.USUAL_SIZE,
    fresh: Annotated[bool, typer.Option("--fresh", help="Empty the database of a demonstration first.")] = False,
) -> None:
    """Fill an empty database with the demo loan book: invented borrowers in every situation.

    The same loan book comes out every time; only its dates follow the business date.
    """
    business_date = lender_clock(policy().lender.timezone, settings()).business_date()
    with transaction() as session:
        if fresh:
            _clear(session)
        if demo_book.holds_borrowers(session):
            console.print("[green]✓[/green] The database holds a loan book already. (--fresh makes a new one.)")
            return
        loans = demo_book.seed(session, policy(), business_date, borrowers)
    console.print(f"[green]✓[/green] {borrowers} invented borrowers have {loans} loans, as of {business_date}.")


def has_tables() -> bool:
    """Whether there is a database with all tables of this version; looking for it does not create it."""
    address = make_url(settings().store_url)
    is_embedded = address.get_backend_name() == "sqlite"
    if is_embedded and not Path(address.database or "").is_file():
        return False
    return migrations.is_up_to_date(store().kw["bind"])


def require_tables() -> None:
    """End the command unless the database has all tables of this version."""
    if not has_tables():
        give_up("The database is not up to date. Run `respite migrate` first.")


def _clear(session: Session) -> None:
    try:
        demo_book.clear(session)
    except demo_book.NotADemoBookError as error:
        give_up(str(error))
