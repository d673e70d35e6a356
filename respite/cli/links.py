"""`respite links`: in which chats a borrower is signed in, and a way into one on Telegram, for staff."""

from typing import Annotated

import typer
from rich.table import Table

from respite.cli.console import console, give_up, operator
from respite.cli.people import BorrowerReference, find_borrower
from respite.cli.store import require_tables
from respite.cli.telegram import BotError, bot_address
from respite.clock import utc_now
from respite.identity import link_tokens
from respite.identity import links as stored
from respite.settings import settings
from respite.store.session import reading, transaction

links = typer.Typer(no_args_is_help=True, add_completion=False)


@links.callback()
def sign_ins() -> None:
    """The chats in which a borrower is signed in, for staff."""


@links.command("list")
def list_links(reference: BorrowerReference) -> None:
    """List the chats in which a borrower is signed in."""
    require_tables()
    table = Table("Chat", "Channel", "Signed in at")
    with reading() as session:
        for link in stored.links(session, find_borrower(session, reference).id):
            table.add_row(link.id, link.channel, str(link.verified_at))
    console.print(table)


@links.command()
def invite(reference: BorrowerReference) -> None:
    """Print a link that signs a borrower in on Telegram: for whoever opens it first, so give it to them alone."""
    require_tables()
    try:
        address = bot_address(settings())
    except BotError as error:
        give_up(str(error))
    with transaction() as session:
        link = link_tokens.make(session, find_borrower(session, reference).id, operator(), utc_now())
    console.print(f"{address}?start={link.token}", soft_wrap=True)
    console.print(f"It works once, until {link.expires_at:%H:%M} UTC.")


@links.command()
def revoke(
    reference: BorrowerReference,
    chat: Annotated[str | None, typer.Option(help="Only this chat, as `respite links list` names it.")] = None,
) -> None:
    """Sign a borrower out of every chat, or of one: it is found no more by whoever held it."""
    require_tables()
    with transaction() as session:
        found = stored.links(session, find_borrower(session, reference).id)
        ended = [link for link in found if chat in (None, link.id)]
        if not ended:
            give_up(f"{reference} is signed in {f'in no chat {chat}' if chat else 'nowhere'}.")
        for link in ended:
            stored.revoke(session, link, operator(), utc_now())
    console.print(f"[green]✓[/green] {reference} is signed out of {len(ended)} chats.")
