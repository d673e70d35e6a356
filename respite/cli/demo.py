"""`respite demo`: what `make demo` runs once both environments are there."""

from respite.cli.rasa import train
from respite.cli.store import migrate, seed
from respite.cli.up import up


def demo() -> None:
    """Show the bot: train it if needed, invent a loan book if there is none, start it and introduce three borrowers."""
    train()
    migrate()
    seed()
    up(demo=True)
