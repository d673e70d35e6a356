"""`respite keys`: the keys under which personal data is encrypted."""

import typer

from respite.cli.console import console, give_up, operator
from respite.cli.rasa import encrypt_conversations_anew
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.settings import settings
from respite.store import audit, encryption
from respite.store.rotation import encrypt_anew
from respite.store.session import transaction

keys = typer.Typer(no_args_is_help=True, add_completion=False)


@keys.callback()
def key_ring() -> None:
    """The keys under which personal data is encrypted."""


@keys.command()
def new() -> None:
    """Print a new key, for RESPITE_ENCRYPTION_KEY."""
    console.print(encryption.new_key())


@keys.command()
def rotate() -> None:
    """Encrypt all personal data under a new key, in one transaction. Stop the bot before, start it afterwards.

    With RESPITE_ENCRYPTION_KEY, first put the new key before the present one, a space between; afterwards take the
    old one away.
    """
    require_tables()
    is_our_file = settings().encryption_key is None
    if is_our_file:
        encryption.write_keys(encryption.key_file(), encryption.new_key(), *encryption.keys())
    elif len(encryption.keys()) == 1:
        give_up("RESPITE_ENCRYPTION_KEY holds one key only. Put a new one before it (`respite keys new` makes one).")
    encryption.cipher.cache_clear()
    with console.status("Encrypting …"), transaction() as session:
        rows = encrypt_anew(session)
        audit.record(
            session, actor=operator(), action="keys_rotated", subject="keys", details={"rows": rows}, at=utc_now()
        )
    encrypt_conversations_anew(settings())
    if is_our_file:
        encryption.write_keys(encryption.key_file(), encryption.keys()[0])
    console.print(f"[green]✓[/green] {rows:,} rows are encrypted under the new key.")
